"""Who only greets the bot is told what could be asked."""

import pytest

from bot.chat.greeting import asks_nothing
from bot.sandbox.slack import SlackServer
from tests.chat.conversation.hands import answered, posted
from tests.chat.talk import Talk


@pytest.mark.parametrize(
    "text",
    [
        "", "?", ":wave:", "hi", "Hello", "hello!", "hey there :wave:", "Hi bot", "Thanks",
        "thank you", "thanks a lot 🙏", "good morning everyone", "ok thanks",
        "Hello, good evening!", ":raised_hands::skin-tone-3:",
    ],
)  # fmt: skip
def test_a_greeting_asks_nothing(text: str) -> None:
    assert asks_nothing(text)


@pytest.mark.parametrize(
    "text",
    ["HI", "$HI", "good", "morning", "hello OKLO", "thanksgiving", "reactor", "12", "you", "buy",
     "hi 30d", "team", "all"],
)  # fmt: skip
def test_words_that_can_be_meant_are_asked_for(text: str) -> None:
    assert not asks_nothing(text)


def test_the_name_alone_and_a_greeting_in_a_direct_message_are_answered_with_help(
    slack: SlackServer, talk: Talk
) -> None:
    slack.mention("insiders", "")
    posted(slack, "insiders", 2)
    slack.say("@alex", "Thanks")
    posted(slack, "@alex", 2)

    assert talk.texts == ["help", "help"]


@pytest.mark.parametrize("text", ["thanks", "hello!", "ok thanks 🙏"])
def test_a_greeting_in_a_channel_is_answered_with_one_line(
    slack: SlackServer, talk: Talk, text: str
) -> None:
    slack.mention("insiders", text)

    *_, answer = posted(slack, "insiders", 2)
    assert answer["text"].startswith("At your service: ")
    assert len(answer["blocks"]) == 1
    assert talk.texts == []


def test_behind_the_command_every_word_is_searched_for(slack: SlackServer, talk: Talk) -> None:
    slack.command("/alerts hello")
    slack.command("/alerts")
    answered(slack, 2)

    assert sorted(talk.texts) == ["", "hello"]
