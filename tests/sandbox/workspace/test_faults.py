"""Webhooks, and faults as they look on the line."""

import http.client
import json
import socket
import struct
import threading
import urllib.error
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator

from bot.notifiers.transport import opener_for
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from tests.processes import until
from tests.sandbox.workspace.calls import ManualClock, section


def hooked(slack: SlackServer, body: bytes, path: str | None = None) -> tuple[int, str]:
    """Status and word with which the webhook answers."""
    url = slack.webhook_url if path is None else f"{slack.url}{path}"
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with opener_for(url).open(request, timeout=60) as answer:
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
        connection = http.client.HTTPConnection(slack.url.removeprefix("http://"), timeout=60)
        connection.request("POST", "/api/chat.postMessage", b"{}")

    with pytest.raises(ConnectionResetError):  # http.client's RemoteDisconnected is one
        connection.getresponse()
    connection.close()


def test_an_app_that_goes_away_without_farewell_is_no_error_of_the_server(
    slack: SlackServer, capsys: pytest.CaptureFixture[str]
) -> None:
    host, port = slack.url.removeprefix("http://").split(":")
    others = set(threading.enumerate())
    for _ in range(20):
        with socket.create_connection((host, int(port))) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.sendall(b"POST /api/auth.test HT")  # and the rest is a reset

    with urllib.request.urlopen(slack.url) as page:  # taken after all of those
        page.read()
    until(lambda: set(threading.enumerate()) <= others)
    assert capsys.readouterr().err == ""
