"""The Slack on loopback behaves as Slack's documentation says, seen through slack_sdk."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator

from bot.cards import Card
from bot.cards.slack import Detail, slack_message
from bot.notifiers.transport import opener_for
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.sandbox.slack_blocks import breaches, too_long
from bot.sandbox.slack_workspace import Workspace
from tests.builders import NOW
from tests.cards.samples import cards


class ManualClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def slack(clock: ManualClock) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=clock, burst=3) as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    return WebClient(slack.token, base_url=slack.api_url, timeout=5, retry_handlers=[])


def refused(call: Any, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as error:
        call(**arguments)
    answer: dict[str, Any] = error.value.response.data
    return answer


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}, **more}


def test_a_token_that_works_says_whose_it_is(client: WebClient) -> None:
    answer = client.auth_test()

    assert answer["bot_id"]
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


@pytest.mark.parametrize(("token", "error"), [("xoxb-other", "invalid_auth"), (None, "not_authed")])
def test_a_wrong_token_and_none_are_told_apart(
    slack: SlackServer, token: str | None, error: str
) -> None:
    client = WebClient(token, base_url=slack.api_url, retry_handlers=[])

    assert refused(client.auth_test)["error"] == error


def test_a_post_is_answered_with_its_place_and_stands_in_the_channel(
    slack: SlackServer, client: WebClient
) -> None:
    answer = client.chat_postMessage(channel="#alerts", text="hello", blocks=[section("hello")])

    (message,) = slack.messages("alerts")
    assert answer["channel"] == slack.channel("alerts").id
    assert answer["ts"] == message["ts"] == f"{NOW.timestamp():.6f}"
    assert answer["message"] == message
    assert message["blocks"][0]["block_id"]


def test_the_channel_is_found_by_its_name_and_by_its_id(
    slack: SlackServer, client: WebClient
) -> None:
    for name in ("#alerts", "alerts", slack.channel("alerts").id):
        client.chat_postMessage(channel=name, text="hello")

    assert len(slack.messages("#alerts")) == 3


def test_places_are_unique_and_increase_even_when_time_stands_still(
    slack: SlackServer, client: WebClient
) -> None:
    for _ in range(3):
        client.chat_postMessage(channel="#alerts", text="hello")

    places = [message["ts"] for message in slack.messages("alerts")]
    assert places == sorted(set(places))


def test_an_address_in_a_text_comes_back_in_brackets(slack: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel="#alerts", text="see https://www.sec.gov/x and <https://a.b|c>")

    assert slack.messages("alerts")[0]["text"] == (
        "see <https://www.sec.gov/x> and <https://a.b|c>"
    )


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"is_archived": True}, "is_archived"),
        ({"is_member": False}, "not_in_channel"),
        ({"is_member": False, "is_private": True}, "channel_not_found"),
    ],
)
def test_a_channel_that_takes_no_posts_says_why(
    slack: SlackServer, client: WebClient, state: dict[str, bool], error: str
) -> None:
    for name, value in state.items():
        setattr(slack.channel("alerts"), name, value)

    assert refused(client.chat_postMessage, channel="#alerts", text="x")["error"] == error
    assert slack.messages("alerts") == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "#nowhere", "text": "x"}, "channel_not_found"),
        ({"channel": "#alerts", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        (
            {"channel": "#alerts", "text": "x", "blocks": [section("y" * 2_999)] * 5},
            "msg_blocks_too_long",
        ),
        ({"channel": "#alerts", "text": "x", "metadata": {}}, None),
        (
            {"channel": "#alerts", "text": "x", "metadata": {"event_type": "a b"}},
            "invalid_metadata_format",
        ),
        (
            {
                "channel": "#alerts",
                "text": "x",
                "metadata": {"event_type": "a", "event_payload": {"b": "c" * 9_000}},
            },
            "metadata_too_large",
        ),
    ],
)
def test_a_post_that_breaks_a_rule_is_refused_by_its_name(
    client: WebClient, arguments: dict[str, Any], error: str | None
) -> None:
    if error is None:
        client.chat_postMessage(**arguments)
    else:
        assert refused(client.chat_postMessage, **arguments)["error"] == error


def test_a_post_without_text_and_blocks_is_refused(client: WebClient) -> None:
    answer = refused(client.api_call, api_method="chat.postMessage", json={"channel": "#alerts"})

    assert answer["error"] == "no_text"


def test_wrong_blocks_are_told_with_their_place(client: WebClient) -> None:
    answer = refused(
        client.chat_postMessage,
        channel="#alerts",
        text="x",
        blocks=[section("a"), section("b" * 3_001)],
    )

    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


PLAIN = {"type": "plain_text", "text": "x"}
MARKDOWN = {"type": "mrkdwn", "text": "x"}


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "header", "text": MARKDOWN}, "/blocks/0/text"),
        ({"type": "header", "text": {**PLAIN, "text": "x" * 151}}, "/blocks/0/text/text"),
        ({"type": "header", "text": {**PLAIN, "text": "🔔" * 76}}, "/blocks/0/text/text"),
        ({"type": "header", "text": {**PLAIN, "text": ""}}, "/blocks/0/text/text"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "section", "text": {**PLAIN, "verbatim": True}}, "/blocks/0/text"),
        ({"type": "section", "text": "x"}, "/blocks/0/text"),
        ({"type": "section", "fields": [PLAIN] * 11}, "/blocks/0/fields"),
        ({"type": "section", "fields": []}, "/blocks/0/fields"),
        (
            {"type": "section", "fields": [PLAIN, {**PLAIN, "text": "x" * 2_001}]},
            "/blocks/0/fields/1/text",
        ),
        ({"type": "section", "text": PLAIN, "colour": "red"}, "/blocks/0"),
        ({"type": "section", "text": PLAIN, "block_id": "x" * 256}, "/blocks/0/block_id"),
        ({"type": "context", "elements": [PLAIN] * 11}, "/blocks/0/elements"),
        ({"type": "context"}, "/blocks/0/elements"),
        ({"type": "actions", "elements": [{"type": "button"}]}, "/blocks/0/elements/0/text"),
        ({"type": "image", "alt_text": "x"}, "/blocks/0"),
        ({"type": "headr", "text": PLAIN}, "/blocks/0/type"),
        ("header", "/blocks/0/type"),
    ],
)
def test_a_block_beyond_a_limit_is_found_at_its_place(block: object, pointer: str) -> None:
    (told,) = breaches([block])

    assert told.startswith("[ERROR] ")
    assert told.endswith(f"[json-pointer:{pointer}]")


def test_blocks_at_their_limits_are_accepted() -> None:
    button = {"type": "button", "text": PLAIN, "action_id": "ack", "value": "12"}
    blocks = [
        {"type": "header", "text": {**PLAIN, "text": "🔔" * 75}, "block_id": "x" * 255},
        {"type": "section", "text": {**MARKDOWN, "text": "x" * 3_000, "verbatim": True}},
        {"type": "section", "fields": [PLAIN] * 10},
        {"type": "context", "elements": [MARKDOWN] * 10},
        {"type": "actions", "elements": [button, {**button, "action_id": "mute"}]},
        {"type": "divider"},
        {"type": "image", "image_url": "https://x/y.png", "alt_text": "x"},
    ]

    assert breaches(blocks) == []


def test_names_may_not_be_given_twice_and_blocks_not_be_too_many() -> None:
    assert len(breaches([section("x", block_id="a"), section("y", block_id="a")])) == 1
    assert len(breaches([{"type": "divider"}] * 51)) == 1
    assert len(breaches({})) == 1


def uploaded(workspace: Workspace) -> str:
    """The id of a file that can be shown."""
    told = workspace.call("files.getUploadURLExternal", {"filename": "x.png", "length": 1}, "x")
    workspace.files.upload(told["file_id"], "image/png", b"x")
    done = {"files": [{"id": told["file_id"]}]}
    workspace.call("files.completeUploadExternal", done, "x")
    return str(told["file_id"])


@given(cards, st.sampled_from(Detail))
def test_every_message_that_cards_make_is_accepted(card: Card, detail: Detail) -> None:
    workspace = Workspace(("alerts",), token="x", clock=lambda: NOW)
    if card.picture is not None:
        card = replace(card, picture=replace(card.picture, file_id=uploaded(workspace)))
    message = json.loads(json.dumps(slack_message(card, detail=detail)))

    answer = workspace.call("chat.postMessage", {"channel": "alerts", **message}, "x")

    assert answer["ok"]
    assert not too_long(message.get("blocks", []))


def test_a_channel_takes_a_burst_then_a_message_a_second(
    slack: SlackServer, client: WebClient, clock: ManualClock
) -> None:
    for _ in range(3):
        client.chat_postMessage(channel="#alerts", text="x")

    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="#alerts", text="x")

    assert error.value.response.status_code == 429
    assert error.value.response["error"] == "ratelimited"
    assert error.value.response.headers["Retry-After"] == "1"
    client.chat_postMessage(channel="#insiders", text="another channel")
    clock.advance(1)
    client.chat_postMessage(channel="#alerts", text="x")
    assert len(slack.messages("alerts")) == 4
    assert [call.status for call in slack.calls] == [200, 200, 200, 429, 200, 200]


def filled(client: WebClient, clock: ManualClock, count: int) -> list[str]:
    """So many messages, a minute apart: their places, oldest first."""
    places = []
    for n in range(count):
        metadata = {"event_type": "bot_alert", "event_payload": {"alert_id": n}}
        posted = client.chat_postMessage(channel="#alerts", text=f"m{n}", metadata=metadata)
        places.append(str(posted["ts"]))
        clock.advance(60)
    return places


def texts_of(answer: Any) -> list[str]:
    return [message["text"] for message in answer["messages"]]


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


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.postMesage")["error"] == "unknown_method"


def test_the_date_of_answers_is_the_clock_of_the_workspace(client: WebClient) -> None:
    assert client.auth_test().headers["Date"] == "Wed, 01 Oct 2025 16:00:00 GMT"


def hooked(slack: SlackServer, body: bytes, path: str | None = None) -> tuple[int, str]:
    """Status and word with which the webhook answers."""
    url = slack.webhook_url if path is None else f"{slack.url}{path}"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with opener_for(url).open(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_webhook_answers_in_words(slack: SlackServer) -> None:
    good = json.dumps({"text": "x", "blocks": [section("x")]}).encode()
    bad = json.dumps({"text": "x", "blocks": [section("")]}).encode()

    assert hooked(slack, good) == (200, "ok")
    assert hooked(slack, b"{") == (400, "invalid_payload")
    assert hooked(slack, b"{}") == (400, "no_text")
    assert hooked(slack, good, "/services/T/B/other") == (404, "no_service")
    assert hooked(slack, bad) == (400, "invalid_blocks")
    assert len(slack.messages("alerts")) == 1


def test_a_webhook_into_an_archived_channel_says_so(slack: SlackServer) -> None:
    slack.channel("alerts").is_archived = True

    assert hooked(slack, b'{"text": "x"}') == (410, "channel_is_archived")


def test_a_fault_befalls_one_request_and_the_next_goes_well(
    slack: SlackServer, client: WebClient
) -> None:
    slack.faults.append(Fault(FaultKind.STATUS, status=502))

    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="#alerts", text="x")
    client.chat_postMessage(channel="#alerts", text="x")

    assert len(slack.messages("alerts")) == 1


def test_a_fault_of_a_method_leaves_the_others_alone(slack: SlackServer, client: WebClient) -> None:
    slack.faults.append(Fault(FaultKind.STATUS, method="conversations.history"))

    client.chat_postMessage(channel="#alerts", text="x")
    with pytest.raises(SlackApiError):
        client.conversations_history(channel=slack.channel("alerts").id)


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (FaultKind.DROP, http.client.RemoteDisconnected),
        (FaultKind.RESET, ConnectionResetError),
        (FaultKind.CUT, http.client.IncompleteRead),
        (FaultKind.HTML, SlackApiError),
        (FaultKind.ERROR, SlackApiError),
        (FaultKind.STATUS, SlackApiError),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
def test_a_fault_looks_as_it_does_on_the_line(
    slack: SlackServer,
    client: WebClient,
    kind: FaultKind,
    seen: type[Exception],
    accepted: bool,
) -> None:
    slack.faults.append(Fault(kind, accepted=accepted))

    with pytest.raises(seen) as error:
        client.chat_postMessage(channel="#alerts", text="x")

    assert type(error.value) is seen
    assert len(slack.messages("alerts")) == accepted


def test_the_retries_of_slack_sdk_post_twice_when_an_answer_is_lost(slack: SlackServer) -> None:
    slack.faults.append(Fault(FaultKind.DROP, accepted=True))
    at_once = FixedValueRetryIntervalCalculator(0)
    handler = ConnectionErrorRetryHandler(interval_calculator=at_once)
    client = WebClient(slack.token, base_url=slack.api_url, retry_handlers=[handler])

    client.chat_postMessage(channel="#alerts", text="x")

    assert len(slack.messages("alerts")) == 2  # why the notifier makes no retries


def test_closing_ends_requests_that_wait_for_ever(clock: ManualClock) -> None:
    with SlackServer(clock=clock) as slack:
        slack.faults.append(Fault(FaultKind.SILENCE))
        connection = http.client.HTTPConnection(slack.url.removeprefix("http://"), timeout=30)
        connection.request("POST", "/api/chat.postMessage", b"{}")

    with pytest.raises(ConnectionResetError):  # http.client's RemoteDisconnected is one
        connection.getresponse()
    connection.close()
