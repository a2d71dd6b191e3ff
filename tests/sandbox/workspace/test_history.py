"""History, threads and changes of messages, and the list of channels."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.slack import SlackServer
from tests.sandbox.workspace.calls import ManualClock, refused, section, texts_of


def filled(client: WebClient, clock: ManualClock, count: int) -> list[str]:
    """So many messages, a minute apart: their places, oldest first."""
    places = []
    for n in range(count):
        metadata = {"event_type": "bot_alert", "event_payload": {"alert_id": n}}
        posted = client.chat_postMessage(channel="#alerts", text=f"m{n}", metadata=metadata)
        places.append(str(posted["ts"]))
        clock.advance(60)
    return places


def test_history_is_newest_first_and_comes_in_pages(
    slack: SlackServer, client: WebClient, clock: ManualClock
) -> None:
    filled(client, clock, 5)
    channel = slack.channel("alerts").id

    pages = [texts_of(page) for page in client.conversations_history(channel=channel, limit=2)]

    assert pages == [["m4", "m3"], ["m2", "m1"], ["m0"]]


def test_history_keeps_to_its_bounds(
    slack: SlackServer, client: WebClient, clock: ManualClock
) -> None:
    places = filled(client, clock, 4)
    channel = slack.channel("alerts").id

    between = client.conversations_history(channel=channel, oldest=places[0], latest=places[3])
    including = client.conversations_history(channel=channel, oldest=places[2], inclusive=True)

    assert texts_of(between) == ["m2", "m1"]
    assert texts_of(including) == ["m3", "m2"]


def test_history_shows_what_metadata_holds_only_when_asked(
    slack: SlackServer, client: WebClient, clock: ManualClock
) -> None:
    filled(client, clock, 1)
    channel = slack.channel("alerts").id

    without = client.conversations_history(channel=channel)["messages"][0]
    with_all = client.conversations_history(channel=channel, include_all_metadata=True)

    assert without["metadata"] == {"event_type": "bot_alert"}
    assert with_all["messages"][0]["metadata"]["event_payload"] == {"alert_id": 0}


def test_metadata_can_be_dropped_as_slack_may_do(slack: SlackServer, client: WebClient) -> None:
    slack.workspace.drops_metadata = True

    client.chat_postMessage(
        channel="#alerts", text="x", metadata={"event_type": "a", "event_payload": {}}
    )

    assert "metadata" not in slack.messages("alerts")[0]


def test_replies_stand_in_their_thread_and_not_in_history(
    slack: SlackServer, client: WebClient
) -> None:
    parent = client.chat_postMessage(channel="#alerts", text="parent")["ts"]
    client.chat_postMessage(channel="#alerts", text="reply", thread_ts=parent)
    channel = slack.channel("alerts").id

    assert texts_of(client.conversations_history(channel=channel)) == ["parent"]
    thread = client.conversations_replies(channel=channel, ts=str(parent))
    assert texts_of(thread) == ["parent", "reply"]


def test_an_update_changes_the_message_in_its_place(slack: SlackServer, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="#alerts", text="before", blocks=[section("b")])

    client.chat_update(channel=str(posted["channel"]), ts=str(posted["ts"]), text="after")

    (message,) = slack.messages("alerts")
    assert message["text"] == "after"
    assert message["ts"] == posted["ts"]
    assert message["blocks"][0]["text"]["text"] == "b"  # blocks left out stay


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"ts": "1.000001"}, "message_not_found"),
        ({"channel": "#alerts"}, "channel_not_found"),
        ({"text": "x" * 4_001}, "msg_too_long"),
    ],
)
def test_an_update_that_breaks_a_rule_is_refused(
    client: WebClient, changed: dict[str, Any], error: str
) -> None:
    posted = client.chat_postMessage(channel="#alerts", text="before")
    given = {"channel": posted["channel"], "ts": posted["ts"], "text": "after", **changed}

    assert refused(client.chat_update, **given)["error"] == error


def test_channels_are_listed_and_told_one_by_one(slack: SlackServer, client: WebClient) -> None:
    slack.channel("insiders").is_archived = True

    listed = client.conversations_list(exclude_archived=True)["channels"]
    told = client.conversations_info(channel=slack.channel("insiders").id)["channel"]

    assert [channel["name"] for channel in listed] == ["alerts"]
    assert told["is_archived"] is True
    assert told["is_member"] is True
