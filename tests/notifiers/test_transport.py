"""What a request that broke proves: tried with real sockets, and for each way a post is made."""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.error import URLError

import pytest

from bot.notifiers import NotSent, Outcome, Uncertain
from bot.notifiers.slack import SlackNotifier
from bot.notifiers.transport import read_failure
from bot.notifiers.webhook import WebhookNotifier
from bot.sandbox.slack import SlackServer
from tests.cards.samples import a_card
from tests.notifiers.faults import PATIENCE
from tests.processes import LONG

Send = Callable[..., Outcome]
"""To an address; with LONG where something comes back."""


def _by_token(url: str, timeout_s: float = PATIENCE) -> Outcome:
    notifier = SlackNotifier("xoxb-1", api_url=f"{url}/api/", timeout_s=timeout_s)
    return notifier.send("#alerts", a_card())


def _by_webhook(url: str, timeout_s: float = PATIENCE) -> Outcome:
    return WebhookNotifier(f"{url}/s3cret", timeout_s=timeout_s).send("#alerts", a_card())


both_ways = pytest.mark.parametrize("send", [_by_token, _by_webhook])


@contextmanager
def listening(backlog: int | None) -> Iterator[socket.socket]:
    """A socket that never accepts; with None it does not even listen."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if backlog is not None:
            server.listen(backlog)
        yield server


def address(server: socket.socket, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def answering(head: bytes, piece: bytes, *, every: float) -> Iterator[str]:
    """The address of a server that goes on with an answer until nobody listens any more."""
    over = Event()

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(head)
            while not over.wait(every):
                connection.sendall(piece)

    with listening(1) as server:
        thread = Thread(target=serve, args=(server,))
        thread.start()
        try:
            yield address(server)
        finally:
            over.set()
            thread.join()


@both_ways
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n{"])
def test_an_answer_that_comes_byte_by_byte_for_ever_is_given_up(send: Send, head: bytes) -> None:
    with answering(head, b"a", every=PATIENCE / 10) as url:
        outcome = send(url)

    assert outcome == Uncertain(why="TimeoutError")


@both_ways
def test_an_answer_that_is_longer_than_any_of_slack_is_given_up(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.notifiers.deadline.LONGEST_ANSWER", 100_000)

    with answering(b"HTTP/1.1 200 OK\r\n\r\n{", b"a" * 10_000, every=0.001) as url:
        outcome = send(url, LONG)

    assert outcome == Uncertain(why="AnswerTooLong")


def test_an_ok_that_does_not_tell_where_the_message_stands_asks_for_a_look() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n"
    with answering(head + b'{"ok": true}', b"", every=PATIENCE) as url:
        outcome = _by_token(url, LONG)

    assert outcome == Uncertain(why="ok without a ts")


@both_ways
def test_a_server_that_refuses_the_connection_has_received_nothing(send: Send) -> None:
    with listening(None) as server:
        outcome = send(address(server))

    assert outcome == NotSent(why="ConnectionRefusedError: Connection refused")


@both_ways
def test_a_connection_that_is_never_made_has_carried_nothing(send: Send) -> None:
    with listening(0) as server, socket.socket() as first, socket.socket() as second:
        for queued in (first, second):  # the queue is full: the next one gets no answer
            queued.setblocking(False)
            queued.connect_ex(server.getsockname())

        outcome = send(address(server))

    assert outcome == NotSent(why="TimeoutError")


@both_ways
def test_a_tls_handshake_that_is_never_answered_has_carried_nothing(send: Send) -> None:
    with listening(5) as server:
        outcome = send(address(server, "https"))

    assert isinstance(outcome, NotSent)


@both_ways
def test_a_server_that_speaks_no_tls_has_received_nothing(slack: SlackServer, send: Send) -> None:
    outcome = send(slack.url.replace("http://", "https://"), LONG)

    assert isinstance(outcome, NotSent)
    assert outcome.why.startswith("SSLError")


@both_ways
def test_a_proxy_that_opens_no_tunnel_has_passed_on_nothing(
    slack: SlackServer, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, slack.url)

    outcome = send("https://slack.example", LONG)

    assert isinstance(outcome, NotSent)
    assert slack.calls == []


@pytest.mark.parametrize("token", ["xoxb-1\n2", "xoxb-1\u20132"])
def test_a_request_with_a_header_that_can_not_be_one_has_not_left(
    slack: SlackServer, token: str
) -> None:
    outcome = SlackNotifier(token, api_url=slack.api_url).send("#alerts", a_card())

    assert isinstance(outcome, NotSent)
    assert outcome.why in ("ValueError", "UnicodeEncodeError")
    assert slack.calls == []


def test_a_name_that_nobody_knows_was_sent_nothing() -> None:
    outcome = SlackNotifier("xoxb-1", api_url="https://slack.invalid/api/").send("#a", a_card())

    assert isinstance(outcome, NotSent)


@both_ways
def test_a_server_that_takes_a_request_and_stays_silent_may_have_it(send: Send) -> None:
    with listening(5) as server:
        outcome = send(address(server))

    assert outcome == Uncertain(why="TimeoutError")


@both_ways
def test_a_redirect_is_not_followed_as_the_first_server_may_have_the_message(send: Send) -> None:
    with listening(5) as server, listening(None) as nobody:
        answer = f"HTTP/1.1 302 -\r\nLocation: {address(nobody)}\r\nContent-Length: 0\r\n\r\n"

        def redirect() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer.encode())
                connection.recv(65_536)  # until the client has gone

        thread = Thread(target=redirect)
        thread.start()
        outcome = send(address(server), LONG)
        thread.join()

    assert isinstance(outcome, Uncertain)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connection refused"),
        socket.gaierror(-2, "Name or service not known"),
        ssl.SSLCertVerificationError(1, "certificate has expired"),
    ],
)
def test_what_can_only_happen_while_connecting_is_not_sent(error: OSError) -> None:
    assert isinstance(read_failure(URLError(error)), NotSent)
    assert isinstance(read_failure(error), NotSent)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("timed out"),
        URLError(TimeoutError("timed out")),
        ConnectionResetError(104, "Connection reset by peer"),
        URLError(ConnectionResetError(104, "Connection reset by peer")),
        URLError(BrokenPipeError(32, "Broken pipe")),
        URLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")),
        URLError("anything"),
        http.client.RemoteDisconnected("Remote end closed connection"),
        http.client.IncompleteRead(b"{"),
        http.client.BadStatusLine("?"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        LookupError("unknown encoding"),
        AttributeError("'list' object has no attribute 'get'"),
        OSError(101, "Network is unreachable"),  # of an open connection
    ],
)
def test_anything_else_may_have_arrived(error: Exception) -> None:
    assert isinstance(read_failure(error), Uncertain)


def test_the_words_of_a_library_are_not_repeated_as_they_may_hold_the_address() -> None:
    told = read_failure(http.client.InvalidURL("no good: https://hooks.slack.com/s3cret"))

    assert told == Uncertain(why="InvalidURL")
