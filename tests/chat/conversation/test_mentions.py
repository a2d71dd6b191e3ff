"""Mentions, direct messages, files and groups."""

import pytest

from bot.chat.answer import Answer, File, Row
from bot.chat.slack_payloads import read_envelope
from bot.sandbox.slack import SlackServer
from bot.sandbox.slack_people import BOT_USER
from tests.chat.conversation.hands import answered, posted
from tests.chat.talk import Talk
from tests.processes import LONG

# Mentions and direct messages.


def test_a_mention_is_answered_in_a_thread_of_its_own(slack: SlackServer, talk: Talk) -> None:
    slack.mention("insiders", "OKLO 30d")

    asked, answer = posted(slack, "insiders", 2)
    assert talk.texts == ["OKLO 30d"]
    assert answer["thread_ts"] == asked["ts"]


def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: SlackServer, talk: Talk) -> None:
    card = slack.workspace.post({"channel": "insiders", "text": "an alert"})
    slack.mention("insiders", "why 12", thread=card["ts"])

    *_, answer = posted(slack, "insiders", 3)
    assert answer["thread_ts"] == card["ts"]
    assert talk.asked[0][1].thread == card["ts"]


def test_a_direct_message_is_answered_in_the_conversation(slack: SlackServer, talk: Talk) -> None:
    slack.say("@alex", "help")

    _, answer = posted(slack, "@alex", 2)
    assert answer["text"] == "You said: help"
    assert "thread_ts" not in answer


def test_an_event_that_is_delivered_three_times_is_answered_once(
    slack: SlackServer, talk: Talk
) -> None:
    slack.socket.faults.deliveries = 3
    slack.mention("insiders", "OKLO")
    slack.socket.faults.deliveries = 1
    slack.mention("insiders", "NVDA")
    posted(slack, "insiders", 4)
    slack.command("/alerts after it")
    answered(slack)

    assert sorted(talk.texts) == ["NVDA", "OKLO", "after it"]
    assert len(slack.messages("insiders")) == 4
    assert all(envelope.wait(LONG) for envelope in slack.socket.envelopes)


@pytest.mark.parametrize(
    "more",
    [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"user": BOT_USER, "bot_id": "B0SANDBOX"}],
)
def test_what_bots_say_and_what_is_changed_is_not_answered(more: dict[str, str]) -> None:
    event = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "ts": "1.1"}
    event |= {"text": "hello", **more}

    payload = {"type": "event_callback", "event_id": "Ev1", "event": event}
    assert read_envelope({"type": "events_api", "payload": payload}) is None


# Files.


def test_a_file_goes_into_the_direct_messages_of_the_asker_and_the_answer_says_so(
    slack: SlackServer, talk: Talk
) -> None:
    file = File(name="alerts.csv", body=b"id,ticker\n1,OKLO\n", title="Alerts of OKLO")
    talk.says = lambda text: Answer(headline=text, file=file)

    slack.command("/alerts export csv OKLO")

    (answer,) = answered(slack)
    assert "alerts.csv is in our direct messages" in answer["text"]
    (message,) = slack.messages("@alex")
    (shown,) = message["files"]
    kept = slack.workspace.files.shown(shown["id"])
    assert (shown["name"], shown["title"]) == ("alerts.csv", "Alerts of OKLO")
    assert kept is not None
    assert kept.body == file.body


@pytest.mark.parametrize("method", ["conversations.open", "files.getUploadURLExternal"])
def test_a_file_that_may_not_be_sent_is_told_with_the_scope_that_is_missing(
    slack: SlackServer, talk: Talk, method: str
) -> None:
    slack.workspace.refusals[method] = "missing_scope"
    file = File(name="alerts.csv", body=b"id\n", title="Alerts")
    talk.says = lambda text: Answer(headline=text, file=file, rows=(Row(text="a row"),))

    slack.command("/alerts export csv")

    (answer,) = answered(slack)
    assert "alerts.csv could not be sent: missing_scope" in answer["text"]
    assert "files:write" in answer["text"]


# Groups.


def test_members_of_a_group_are_found_by_its_handle_and_asked_for_rarely(
    slack: SlackServer, talk: Talk
) -> None:
    found = [talk.people.members("@desk") for _ in range(3)]

    assert found == [frozenset({"U0ALEX", "U0MIRA"})] * 3
    assert talk.people.members("S0DESK") == found[0]
    assert talk.people.members("nobody") == frozenset()
    assert [call.method for call in slack.calls].count("usergroups.users.list") == 1


def test_where_groups_may_not_be_read_nobody_is_a_member(slack: SlackServer, talk: Talk) -> None:
    slack.workspace.refusals["usergroups.list"] = "missing_scope"

    assert talk.people.members("desk") == frozenset()
