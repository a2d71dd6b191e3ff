"""The bot's ear in Slack: two connections, a watch on both, and workers that answer.

Two, because one that Slack asks to reconnect loses a command now and then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import structlog
from structlog.typing import FilteringBoundLogger

from bot.chat.slack_gate import REFUSALS
from bot.clock import monotonic

if TYPE_CHECKING:
    from bot.chat.slack_connection import Connection

CONNECTIONS = 2
CLOSING = "chat-closing"
"""The name of threads that tidy up after a connection has ended."""
_WORKERS = 4
_LOOK_EVERY = timedelta(seconds=1)
_SETTLED_S = 0.05  # after which slack_sdk knows too that a connection broke
_DEAF = timedelta(seconds=30)
_ENDED = None
Payload = Mapping[str, Any]


def nothing(_envelope: Payload) -> None:
    """What is said with most acknowledgements."""
    return


def never(_envelope: Payload) -> bool:
    """Of a bot whose envelopes can all wait."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """How one connection is.

    connected: it stands.  greeted: Slack has said hello on it.  heard: a pong has come on it.
    refused: Slack's code where it gives no address; None: it does.
    """

    connected: bool
    greeted: bool
    heard: bool
    refused: str | None


class SlackSocket:
    """Listens from ``start`` on, until ``close``.

    app_token: xapp-….  api_url: Slack's Web API.
    handle: answers one envelope, in one of a few threads; what it raises is logged.
    said: what is said with an acknowledgement, by the thread that receives, so at once.
    urgent: whether an envelope is of use for seconds only, so that it has a thread to itself.
    tell: told once of what only an operator mends: what, and the mend.
    """

    def __init__(
        self,
        *,
        app_token: str,
        api_url: str,
        handle: Callable[[Payload], object],
        tell: Callable[[str, str], object],
        said: Callable[[Payload], dict[str, Any] | None] = nothing,
        urgent: Callable[[Payload], bool] = never,
        ping_every: timedelta | None = None,
        deaf_after: timedelta = _DEAF,
        look_every: timedelta = _LOOK_EVERY,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self._app_token, self._api_url = app_token, api_url
        self._handle, self._tell, self._said, self._urgent = handle, tell, said, urgent
        self._ping_every, self._deaf_after, self._steady = ping_every, deaf_after, steady
        self._look_every = look_every
        self._waiting: SimpleQueue[Payload | None] = SimpleQueue()
        self._hurried: SimpleQueue[Payload | None] = SimpleQueue()
        self._connections: list[Connection] = []
        self._pulses: dict[int, tuple[tuple[object, ...], float]] = {}
        self._told: set[str] = set()
        self._disabled = False
        self._wake, self._closed = Event(), Event()
        self._log: FilteringBoundLogger = structlog.get_logger()

    def start(self) -> None:
        """Begin, where it has not begun."""
        if self._connections or self._closed.is_set():
            return
        from bot.chat.slack_connection import PING_EVERY, Connection

        self._connections = [
            Connection(
                app_token=self._app_token,
                api_url=self._api_url,
                heard=self._hear,
                said=self._say,
                lost=self._wake.set,
                disabled=self._end_it,
                ping_every=self._ping_every or PING_EVERY,
            )
            for _ in range(CONNECTIONS)
        ]
        for number, queue in enumerate([self._waiting] * _WORKERS + [self._hurried]):
            Thread(target=self._work, args=(queue,), name=f"chat-{number}", daemon=True).start()
        Thread(target=self._watch, name="chat-watch", daemon=True).start()

    def ears(self) -> list[Ear]:
        """How the connections are; none before the start."""
        return [
            Ear(
                connected=each.is_connected(),
                greeted=each.greeted,
                heard=each.is_connected() and each.pulse()[1] is not None,
                refused=each.gate.refused,
            )
            for each in self._connections
        ]

    def close(self) -> None:
        """End at once, from any thread; what is not answered yet stays unanswered."""
        self._closed.set()
        self._wake.set()
        self._hang_up()
        for queue in [self._waiting] * _WORKERS + [self._hurried]:
            queue.put(_ENDED)

    def _hear(self, envelope: Payload) -> None:
        (self._hurried if self._urgent(envelope) else self._waiting).put(envelope)

    def _say(self, envelope: Payload) -> dict[str, Any] | None:
        """Nothing where it fails: an acknowledgement has to go out."""
        try:
            return self._said(envelope)
        except Exception as error:
            self._log.error("chat.failed", why=f"{type(error).__name__}: {error}")
            return None

    def _watch(self) -> None:
        """A look every second, and soon after a connection broke."""
        while not self._closed.is_set():
            try:
                self._look()
            except Exception as error:  # such as a store that takes no word of a refusal
                self._log.error("chat.failed", why=f"{type(error).__name__}: {error}")
            if self._wake.wait(self._look_every.total_seconds()):
                self._wake.clear()
                self._closed.wait(_SETTLED_S)

    def _look(self) -> None:
        """Connect what is not, and connect anew what has gone silent.

        One connection a look, so that Slack does not ask both to leave at the same instant.
        """
        if self._disabled:
            self._give_up()
            return
        for number, connection in enumerate(self._connections):
            if self._look_at(number, connection):
                return

    def _end_it(self) -> None:
        self._disabled = True
        self._wake.set()

    def _look_at(self, number: int, connection: "Connection") -> bool:
        """Whether it was tried to connect it."""
        now, pulse = self._steady(), connection.pulse()
        before, since = self._pulses.get(number, (None, now))
        if pulse != before:
            self._pulses[number] = (pulse, now)
            since = now
        deaf = now - since > self._deaf_after.total_seconds()
        if connection.is_connected() and not deaf:
            self._told.clear()
            return False
        if deaf and connection.is_connected():
            self._log.warning("chat.deaf", connection=number, silent_s=round(now - since))
        if tried := connection.gate.is_open:
            self._connect(connection, force=deaf)
            self._pulses[number] = (connection.pulse(), self._steady())
        if connection.gate.refused:
            self._tell_once(connection.gate.refused)
        return tried

    def _connect(self, connection: "Connection", *, force: bool) -> None:
        """force: although it seems connected; else the client may have done it meanwhile."""
        try:
            connection.connect_to_new_endpoint(force=force)
        except Exception as error:  # the client lets anything through that a broken answer causes
            self._log.warning("chat.not_connected", why=type(error).__name__)

    def _give_up(self) -> None:
        if "link_disabled" not in self._told:
            self._hang_up()
            self._tell_once("link_disabled")

    def _tell_once(self, code: str) -> None:
        if code not in self._told:
            self._told.add(code)
            self._log.error("chat.refused", code=code, mend=REFUSALS[code])
            self._tell(code, REFUSALS[code])

    def _hang_up(self) -> None:
        for connection in self._connections:
            connection.hang_up()
            closing = Thread(target=connection.close, name=CLOSING, daemon=True)
            closing.start()  # it joins the threads of the connection, one of which may connect

    def _work(self, queue: "SimpleQueue[Payload | None]") -> None:
        while (envelope := queue.get()) is not None:
            if self._closed.is_set():
                return
            try:
                self._handle(envelope)
            except Exception as error:
                self._log.error("chat.failed", why=f"{type(error).__name__}: {error}")
