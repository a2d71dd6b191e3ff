"""Commands from Slack: the asker, the answer, and what asks nothing."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.chat.answer import Answer
from bot.chat.asker import Via
from bot.chat.slack_payloads import Press, Question, read_envelope
from bot.clock import NEW_YORK
from bot.sandbox.slack import SlackServer
from tests.chat.conversation.hands import answered, posted
from tests.chat.talk import Talk

# Commands.


def test_a_command_is_answered_to_the_asker_alone(slack: SlackServer, talk: Talk) -> None:
    slack.command("/alerts OKLO 30d", channel="insiders")

    (answer,) = answered(slack)
    assert answer["text"] == "You said: OKLO 30d"
    assert answer["channel"] == slack.channel("insiders").id
    assert slack.messages("insiders") == []


def test_the_asker_is_known_by_id_name_channel_and_time_zone(
    slack: SlackServer, talk: Talk
) -> None:
    slack.command("/alerts", user="mira", channel="insiders")
    slack.until(lambda: slack.answers("mira"))

    ((_, asker),) = talk.asked
    assert (asker.user, asker.name, asker.via) == ("U0MIRA", "mira", Via.SLACK)
    assert asker.channel == slack.channel("insiders").id
    assert asker.zone == ZoneInfo("Europe/Berlin")


def test_without_the_scope_for_people_times_are_new_yorks_and_the_name_is_the_payloads(
    slack: SlackServer, talk: Talk
) -> None:
    slack.workspace.refusals["users.info"] = "missing_scope"

    slack.command("/alerts", user="mira")
    slack.until(lambda: slack.answers("mira"))

    assert (talk.asked[0][1].name, talk.asked[0][1].zone) == ("mira", NEW_YORK)


def test_slack_is_asked_once_for_a_person_who_asks_often(slack: SlackServer, talk: Talk) -> None:
    for count in (1, 2, 3):
        slack.command("/alerts")
        answered(slack, count)

    assert [call.method for call in slack.calls].count("users.info") == 1


def test_an_answer_for_all_stands_in_the_channel(slack: SlackServer, talk: Talk) -> None:
    talk.says = lambda text: Answer(headline=text, public=True)

    slack.command("/alerts OKLO", channel="insiders")

    (message,) = posted(slack, "insiders")
    assert message["text"] == "OKLO"
    assert slack.answers() == []


def test_a_question_that_breaks_the_desk_is_answered_all_the_same(
    slack: SlackServer, talk: Talk
) -> None:
    def fail(text: str) -> Answer:
        raise RuntimeError("the store is gone")

    talk.says = fail
    with capture_logs() as logs:
        slack.command("/alerts OKLO")
        (answer,) = answered(slack)

    assert "went wrong" in answer["text"]
    assert "the store is gone" not in answer["text"]
    assert [log["why"] for log in logs if log["event"] == "chat.failed"] == [
        "RuntimeError: the store is gone"
    ]


# What a payload says.


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"type": "hello"},
        {"type": "slash_commands"},
        {"type": "slash_commands", "payload": []},
        {
            "type": "slash_commands",
            "payload": {"command": "/other", "user_id": "U", "channel_id": "C"},
        },
        {"type": "slash_commands", "payload": {"command": "/alerts", "user_id": 7}},
        {"type": "interactive", "payload": {"type": "block_actions", "actions": []}},
        {"type": "interactive", "payload": {"type": "block_actions", "actions": [7]}},
        {"type": "interactive", "payload": {"type": "view_submission"}},
        {
            "type": "events_api",
            "payload": {"event": {"type": "message", "channel": "C", "user": "U"}},
        },
        {"type": "events_api", "payload": {"event": {"type": "app_mention"}}},
    ],
)
def test_what_asks_nothing_is_not_answered(envelope: dict[str, Any]) -> None:
    assert read_envelope(envelope) is None


def test_the_option_of_a_menu_is_the_value_of_its_press() -> None:
    action = {"type": "overflow", "action_id": "mute", "selected_option": {"value": "12 rule 7d"}}
    payload = {
        "type": "block_actions", "user": {"id": "U1", "username": "mira"}, "actions": [action],
        "channel": {"id": "C1"}, "container": {"type": "message", "message_ts": "1.000001"},
    }  # fmt: skip

    read = read_envelope({"type": "interactive", "payload": payload})

    assert isinstance(read, Press)
    assert (read.action, read.value, read.name, read.message) == (
        "mute", "12 rule 7d", "mira", "1.000001",
    )  # fmt: skip


def test_the_name_of_the_bot_is_no_part_of_a_question() -> None:
    event = {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.000001"}
    texts = ("<@U0SANDBOX> OKLO", "<@U0SANDBOX|alerts>  OKLO", "<@U0SANDBOX> <@U0SANDBOX> OKLO")

    read = [
        read_envelope({"type": "events_api", "payload": {"event": {**event, "text": text}}})
        for text in texts
    ]

    assert all(isinstance(each, Question) and each.text == "OKLO" for each in read)
