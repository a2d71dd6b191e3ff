"""The way back to the asker, also where Slack takes an answer later."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.chat.answer import Answer, Button
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.sandbox.slack_people import BOT_USER
from tests.chat.conversation.hands import Hands, answered, posted
from tests.chat.talk import Talk

# The way back.


def test_an_answer_that_comes_after_half_an_hour_goes_by_another_way(
    slack: SlackServer, talk: Talk, clock: Hands
) -> None:
    def late(text: str) -> Answer:
        clock.now += timedelta(minutes=31)
        return Answer(headline=text)

    talk.says = late
    slack.command("/alerts OKLO")

    assert answered(slack)[0]["text"] == "OKLO"
    assert "chat.postEphemeral" in {call.method for call in slack.calls}
    assert "response_url" not in {call.method for call in slack.calls}


def test_an_answer_that_the_response_url_refuses_goes_by_another_way(
    slack: SlackServer, talk: Talk
) -> None:
    slack.faults.append(Fault(FaultKind.STATUS, status=404, method="response_url"))

    slack.command("/alerts OKLO")

    assert answered(slack)[0]["text"] == "You said: OKLO"
    assert "chat.postEphemeral" in {call.method for call in slack.calls}


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.RESET, FaultKind.STATUS])
def test_an_answer_that_may_have_arrived_is_not_given_again(
    slack: SlackServer, talk: Talk, kind: FaultKind
) -> None:
    slack.faults.append(Fault(kind, accepted=True, method="response_url"))

    slack.command("/alerts OKLO")
    answered(slack)
    slack.command("/alerts NVDA")

    assert [each["text"] for each in answered(slack, 2)] == ["You said: OKLO", "You said: NVDA"]


@pytest.mark.parametrize(
    "url",
    [
        "https://slack.com.example.org/actions/1",
        "https://example.org/actions/slack.com",
        "http://192.0.2.1/actions/1",
        "https://hooks.slack.com/actions/1",  # true elsewhere, but not beside a local Slack
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_nothing_is_done_for_a_payload_whose_answer_would_not_go_to_slack(
    slack: SlackServer, talk: Talk, url: str
) -> None:
    payload = {"command": "/alerts", "text": "mute OKLO 7d", "user_id": "U1", "channel_id": "C1"}

    with capture_logs() as logs:
        talk.conversation.handle(
            {"type": "slash_commands", "payload": {**payload, "response_url": url}}
        )

    assert talk.asked == []
    assert [log["event"] for log in logs] == ["chat.response_url_refused"]


# What Slack refuses for its content.


@pytest.fixture
def unshown(talk: Talk) -> Talk:
    """A bot whose answers have a block that Slack does not know."""
    talk.written = lambda answer: {"text": answer.headline, "blocks": [{"type": "poem"}]}
    return talk


def test_an_answer_to_a_command_that_slack_refuses_comes_as_words_and_is_logged(
    slack: SlackServer, unshown: Talk
) -> None:
    with capture_logs() as logs:
        slack.command("/alerts show 1")
        (answer,) = answered(slack)

    assert answer["text"].startswith("You said: show 1\nSlack refused this answer")
    assert {"event": "chat.answer_refused", "via": "response_url", "why": "invalid_blocks",
            "log_level": "error"} in logs  # fmt: skip


def test_an_answer_that_can_not_be_written_is_told_of(slack: SlackServer, talk: Talk) -> None:
    talk.says = lambda text: Answer(
        headline=text, buttons=(Button(label="Next", command="x" * 2_001),)
    )

    slack.command("/alerts OKLO")

    assert answered(slack)[0]["text"].startswith("That went wrong on my side")


def test_an_answer_to_a_mention_that_slack_refuses_comes_as_words_and_is_logged(
    slack: SlackServer, unshown: Talk
) -> None:
    with capture_logs() as logs:
        slack.mention("insiders", "show 1")
        *_, answer = posted(slack, "insiders", 2)

    assert answer["text"].startswith("You said: show 1\nSlack refused this answer")
    assert {"event": "chat.answer_refused", "via": "chat.postMessage", "why": "invalid_blocks",
            "log_level": "error"} in logs  # fmt: skip


# What Slack takes later.


def test_an_answer_that_slack_takes_later_comes_later(slack: SlackServer, talk: Talk) -> None:
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=0.05, method="chat.postMessage"))

    for number in range(3):
        slack.mention("alerts", f"last {number + 1}")

    assert slack.until(lambda: len(texts_of_the_bot(slack)) == 3)
    assert sorted(texts_of_the_bot(slack)) == [f"You said: last {each}" for each in (1, 2, 3)]


def test_who_asks_elsewhere_does_not_wait_for_a_channel_that_takes_nothing(
    slack: SlackServer, talk: Talk
) -> None:
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=30, method="chat.postMessage"))
    for number in range(6):
        slack.mention("alerts", f"last {number + 1}")
    slack.until(lambda: len(talk.texts) == 6)

    slack.mention("insiders", "OKLO")

    assert slack.until(lambda: "You said: OKLO" in texts_of_the_bot(slack, "insiders"))


def test_a_private_answer_that_slack_takes_later_comes_later(
    slack: SlackServer, talk: Talk
) -> None:
    slack.faults.append(Fault(FaultKind.STATUS, status=404, method="response_url"))
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=0.05, method="chat.postEphemeral"))

    slack.command("/alerts OKLO")

    assert [each["text"] for each in answered(slack)] == ["You said: OKLO"]


def texts_of_the_bot(slack: SlackServer, channel: str = "alerts") -> list[str]:
    """What the bot said in a channel, in threads too."""
    return [each["text"] for each in slack.messages(channel) if each.get("user") == BOT_USER]


@pytest.mark.parametrize("said", ["OKLO 30d @alerts", "OKLO @alerts 30d"])
def test_the_name_of_the_bot_is_no_term_wherever_it_stands(
    slack: SlackServer, talk: Talk, said: str
) -> None:
    slack.say("alerts", said)

    assert slack.until(lambda: talk.texts) == ["OKLO 30d"]
