"""Socket Mode of the local Slack, seen through the client that slack_sdk brings."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.slack import SlackServer
from bot.sandbox.slack_socket import MOST_CONNECTIONS, Reason
from tests.builders import NOW
from tests.processes import LONG


class App:
    """Connects by Socket Mode, acknowledges at once, and keeps what it was sent."""

    def __init__(self, slack: SlackServer) -> None:
        self.requests: list[SocketModeRequest] = []
        self.raw: list[dict[str, Any]] = []
        self.came = threading.Condition()
        self.answer: dict[str, Any] | None = None
        web = WebClient(slack.token, base_url=slack.api_url, retry_handlers=[])
        self.client = SocketModeClient(slack.app_token, web_client=web, ping_interval=0.2)
        self.client.message_listeners.append(lambda _c, message, _raw: self._keep(message))
        self.client.socket_mode_request_listeners.append(self._take)

    def _keep(self, message: dict[str, Any]) -> None:
        with self.came:
            self.raw.append(message)
            self.came.notify_all()

    def _take(self, client: Any, request: SocketModeRequest) -> None:
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.answer))
        with self.came:
            self.requests.append(request)
            self.came.notify_all()

    def stop(self, slack: SlackServer) -> None:
        """Leave without coming back, which slack_sdk does not do by itself."""
        self.client.closed = True
        self.client.default_auto_reconnect_enabled = self.client.auto_reconnect_enabled = False
        monitor: Any = self.client.current_app_monitor
        monitor.shutdown()
        slack.socket.reset()  # else it would wait for its line to speak
        self.client.close()

    def got(self, count: int = 1) -> list[SocketModeRequest]:
        """What it was sent, once there are so many."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.requests) >= count, LONG)
            return list(self.requests)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=lambda: NOW) as server:
        yield server


@pytest.fixture
def app(slack: SlackServer) -> Iterator[App]:
    app = App(slack)
    app.client.connect()
    assert slack.until(lambda: slack.socket.connections == 1)
    yield app
    app.stop(slack)


@pytest.fixture
def bot(slack: SlackServer) -> WebClient:
    return WebClient(slack.token, base_url=slack.api_url, timeout=60, retry_handlers=[])


def opened(slack: SlackServer) -> str:
    """The address of one more connection."""
    client = WebClient(base_url=slack.api_url, retry_handlers=[])
    return str(client.apps_connections_open(app_token=slack.app_token)["url"])


def hello(line: ClientConnection) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(line.recv(LONG))
    return told


@pytest.mark.parametrize(
    ("token", "error"),
    [("xapp-other", "invalid_auth"), ("xoxb-sandbox", "not_allowed_token_type")],
)
def test_only_the_token_of_the_app_opens_a_connection(
    slack: SlackServer, token: str, error: str
) -> None:
    client = WebClient(base_url=slack.api_url, retry_handlers=[])

    with pytest.raises(SlackApiError) as refused:
        client.apps_connections_open(app_token=token)
    assert refused.value.response["error"] == error


def test_an_address_lets_one_connection_in_and_no_second(slack: SlackServer) -> None:
    address = opened(slack)

    with connect(address) as line:
        assert hello(line)["connection_info"]["app_id"]
        with pytest.raises(InvalidStatus):
            connect(address)


def test_a_command_reaches_the_bot_as_it_was_typed_and_escaped(
    slack: SlackServer, app: App
) -> None:
    envelope = slack.command("/alerts who:AT&T by:@mira in:#insiders", channel="#insiders")

    (request,) = app.got()
    assert request.type == "slash_commands"
    assert request.payload["command"] == "/alerts"
    assert request.payload["text"] == (
        f"who:AT&amp;T by:<@U0MIRA|mira> in:<#{slack.channel('insiders').id}|insiders>"
    )
    assert request.payload["channel_name"] == "insiders"
    assert request.payload["user_id"] == "U0ALEX"
    assert envelope.wait(LONG)
    assert envelope.took_s is not None
    assert 0 < envelope.took_s < LONG
    assert envelope.acks == [None]


def test_a_payload_in_the_acknowledgement_is_shown_to_who_asked(
    slack: SlackServer, app: App
) -> None:
    app.answer = {"text": "at once"}

    slack.command("/alerts help", user="mira")

    assert slack.until(lambda: slack.answers("mira"))[0]["text"] == "at once"
    assert slack.answers("alex") == []


def test_without_a_connection_a_command_fails_where_it_was_typed(slack: SlackServer) -> None:
    envelope = slack.command("/alerts")

    assert not envelope.wait()
    assert "dispatch_failed" in slack.answers()[0]["text"]


def test_each_payload_goes_to_one_connection_in_turn(slack: SlackServer) -> None:
    with connect(opened(slack)) as first, connect(opened(slack)) as second:
        assert [hello(first)["num_connections"], hello(second)["num_connections"]] == [1, 2]
        slack.command("/alerts one")
        slack.command("/alerts two")

        texts = {json.loads(line.recv(LONG))["payload"]["text"] for line in (first, second)}
        assert texts == {"one", "two"}


def test_a_click_tells_who_clicked_what_on_which_message(
    slack: SlackServer, app: App, bot: WebClient
) -> None:
    choice = {"text": {"type": "plain_text", "text": "1 day"}, "value": "mute 7 1d"}
    buttons = [
        {"type": "button", "action_id": "ack", "value": "7", "text": plain("Ack")},
        {"type": "overflow", "action_id": "mute", "options": [choice]},
    ]
    blocks = [{"type": "actions", "block_id": "al:7:1", "elements": buttons}]
    posted = bot.chat_postMessage(channel="#alerts", text="An alert", blocks=blocks)

    slack.click("#alerts", posted["ts"], "ack", user="mira")
    slack.click("#alerts", posted["ts"], "mute", "mute 7 1d")

    first, second = (request.payload for request in app.got(2))
    assert first["type"] == "block_actions"
    assert first["user"]["username"] == "mira"
    assert first["message"]["ts"] == first["container"]["message_ts"] == posted["ts"]
    assert (first["actions"][0]["block_id"], first["actions"][0]["value"]) == ("al:7:1", "7")
    assert second["actions"][0]["selected_option"] == choice
    assert first["response_url"] != second["response_url"]
    with pytest.raises(KeyError):
        slack.click("#alerts", posted["ts"], "mute", "mute 7 2d")


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def test_a_mention_is_told_with_its_thread_and_a_remark_is_not(
    slack: SlackServer, app: App, bot: WebClient
) -> None:
    thread = bot.chat_postMessage(channel="#alerts", text="An alert")["ts"]

    assert slack.say("#alerts", "just talking") is None
    slack.mention("#alerts", "OKLO 30d", thread)

    event = app.got()[0].payload["event"]
    assert event["type"] == "app_mention"
    assert event["text"] == "<@U0SANDBOX> OKLO 30d"
    assert event["thread_ts"] == thread
    assert slack.messages("alerts")[-1]["ts"] == event["ts"]


def test_a_direct_message_and_the_home_are_events_of_their_own(
    slack: SlackServer, app: App
) -> None:
    slack.say("@mira", "stats", user="mira")
    slack.open_home(user="mira")

    first, second = (request.payload["event"] for request in app.got(2))
    assert (first["type"], first["channel_type"]) == ("message", "im")
    assert (second["type"], second["tab"]) == ("app_home_opened", "home")
    assert first["channel"] == second["channel"] == slack.channel("@mira").id


def test_an_event_may_come_three_times_and_is_the_same_event(slack: SlackServer, app: App) -> None:
    slack.socket.faults.deliveries = 3

    slack.mention("#alerts", "OKLO")
    slack.command("/alerts")

    told = app.got(4)
    events = [request for request in told if request.type == "events_api"]
    assert len({request.payload["event_id"] for request in events}) == 1
    assert len({request.envelope_id for request in events}) == 3
    assert sorted(request.retry_attempt or 0 for request in events) == [0, 1, 2]


@pytest.mark.parametrize("reason", list(Reason))
def test_a_connection_is_told_why_it_is_to_leave(slack: SlackServer, reason: Reason) -> None:
    with connect(opened(slack)) as line:
        hello(line)
        slack.socket.disconnect(reason)

        assert json.loads(line.recv(LONG))["reason"] == reason


def test_after_a_refresh_the_client_is_back_and_answers(slack: SlackServer, app: App) -> None:
    slack.socket.disconnect()

    assert slack.until(lambda: slack.socket.connections == 1)
    assert slack.command("/alerts").wait(LONG)


def test_connections_are_refreshed_again_and_again(slack: SlackServer) -> None:
    slack.socket.faults.refresh_every_s = 0.1
    for _ in range(2):
        with connect(opened(slack)) as line:
            hello(line)

            assert json.loads(line.recv(LONG))["reason"] == "refresh_requested"
            with pytest.raises(ConnectionClosed):
                line.recv(LONG)


def test_a_reset_ends_a_connection_without_farewell(slack: SlackServer) -> None:
    with connect(opened(slack)) as line:
        hello(line)
        slack.socket.reset()

        with pytest.raises(ConnectionClosed) as closed:
            line.recv(LONG)
    assert closed.value.rcvd is None


def test_connections_are_reset_again_and_again(slack: SlackServer) -> None:
    slack.socket.faults.reset_every_s = 0.1
    for _ in range(2):
        with connect(opened(slack)) as line:
            hello(line)

            with pytest.raises(ConnectionClosed) as closed:
                line.recv(LONG)
        assert closed.value.rcvd is None


def test_a_half_open_connection_swallows_and_never_pongs(slack: SlackServer) -> None:
    with connect(opened(slack), close_timeout=0.1) as line:
        hello(line)
        slack.socket.silence()

        assert not slack.command("/alerts").wait(0.1)
        assert not line.ping().wait(0.1)
        with pytest.raises(TimeoutError):
            line.recv(0.1)


def test_a_message_may_come_in_fragments(slack: SlackServer) -> None:
    slack.socket.faults.fragment_bytes = 10
    with connect(opened(slack)) as line:
        hello(line)
        slack.command("/alerts OKLO")

        parts = list(line.recv_streaming())
    assert len(parts) > 10
    assert json.loads("".join(map(str, parts)))["payload"]["text"] == "OKLO"


def test_the_eleventh_connection_is_too_many(slack: SlackServer) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS + 1):
            last = stack.enter_context(connect(opened(slack)))
        hello(last)

        assert json.loads(last.recv(LONG))["reason"] == "too_many_websockets"


def test_an_outage_breaks_what_is_open_and_lets_nobody_in(
    slack: SlackServer, app: App, bot: WebClient
) -> None:
    slack.go_down()

    assert slack.until(lambda: slack.socket.connections == 0) is True
    with pytest.raises(ConnectionResetError):
        bot.auth_test()
    slack.is_down = False
    assert bot.auth_test()["ok"]
    assert slack.until(lambda: slack.socket.connections == 1)


def test_a_late_acknowledgement_counts_from_when_it_was_sent(slack: SlackServer) -> None:
    with connect(opened(slack)) as line:
        hello(line)
        envelope = slack.command("/alerts")
        told = json.loads(line.recv(LONG))
        assert envelope.took_s is None

        line.send(json.dumps({"envelope_id": told["envelope_id"], "payload": {}}))
        line.send(json.dumps({"envelope_id": told["envelope_id"]}))
        line.send("no JSON")
        assert slack.until(lambda: len(envelope.acks) == 2)
        assert envelope.acks == [None, None]
    assert slack.socket.envelopes == [envelope]
