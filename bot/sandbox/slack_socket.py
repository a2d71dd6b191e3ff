"""Socket Mode of the local Slack: its connections, what is sent through them, and their faults.

Each payload goes to one of the open connections, in turn.  Payloads of commands and clicks are
never sent again; an event may be.  Source: docs.slack.dev, Using Socket Mode.
"""

import itertools
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING, Any

from bot.clock import Clock, monotonic
from bot.sandbox.slack_changes import Changes
from bot.sandbox.slack_people import APP

if TYPE_CHECKING:
    from bot.sandbox.slack_connection import Connection

Json = dict[str, Any]

ACK_WITHIN_S = 3.0
"""After which a person is told that the app did not answer."""

MOST_CONNECTIONS = 10
_TICK_S = 0.05
_PING_EVERY_S = 5.0
_FAREWELL_S = 0.5
_SESSION_S = 18_060


class Kind(StrEnum):
    """What an envelope holds."""

    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"
    EVENT = "events_api"


class Reason(StrEnum):
    """Why a connection is asked to leave."""

    WARNING = "warning"
    REFRESH = "refresh_requested"
    TOO_MANY = "too_many_websockets"
    LINK_DISABLED = "link_disabled"


@dataclass(slots=True, kw_only=True)
class SocketFaults:
    """How connections misbehave; it may be changed at any time.

    refresh_every_s: each connection is asked to leave after so long, as Slack does after hours.
    reset_every_s: each connection is reset after so long.
    silent: connections made from now on say hello and then nothing, not even a pong.
    fragment_bytes: of connections made from now on: messages come in such fragments.
    deliveries: how often an event is delivered; from the second on with a retry_attempt.
    """

    refresh_every_s: float | None = None
    reset_every_s: float | None = None
    silent: bool = False
    fragment_bytes: int | None = None
    deliveries: int = 1


@dataclass(slots=True, kw_only=True)
class Envelope:
    """A payload on its way to the app, and what came back.

    error: what the person is told instead, such as "dispatch_failed"; None: it was sent.
    took_s: seconds until the first acknowledgement; None where there was none yet.
    acks: the payload of each acknowledgement, None for an empty one.
    """

    id: str
    kind: Kind
    payload: Json
    at: datetime
    error: str | None = None
    took_s: float | None = None
    acks: list[Json | None] = field(default_factory=list)
    _sent: float = field(default_factory=monotonic)
    _acked: Event = field(default_factory=Event)

    def wait(self, seconds: float = ACK_WITHIN_S) -> bool:
        """Whether it was acknowledged in that time."""
        if self.error is not None:
            return False
        return self._acked.wait(seconds)

    def acknowledged(self, payload: Json | None) -> None:
        self.acks.append(payload)
        if self.took_s is None:
            self.took_s = monotonic() - self._sent
        self._acked.set()


class SocketMode:
    """The connections of one app.

    acted: told of an envelope and of what came with its acknowledgement.
    ack_within_s: how long people are kept waiting before they are told that nobody answered.
    """

    def __init__(
        self,
        clock: Clock,
        changed: Changes,
        acted: Callable[[Envelope, Json], None],
    ) -> None:
        self._clock, self._changed, self._acted = clock, changed, acted
        self._tickets: set[str] = set()
        self._numbers, self._turn = itertools.count(1), itertools.count()
        self._open: list[Connection] = []
        self._by_id: dict[str, Envelope] = {}
        self._closing = Event()
        self.ack_within_s = ACK_WITHIN_S
        self.faults = SocketFaults()
        self.envelopes: list[Envelope] = []

    @property
    def connections(self) -> int:
        """How many are open and not asked to leave."""
        with self._changed:
            return len(self._staying())

    def _staying(self) -> "list[Connection]":
        return [each for each in self._open if not each.is_leaving]

    def ticket(self) -> str:
        """What lets one connection in, once."""
        ticket = f"t{next(self._numbers):06d}"
        with self._changed:
            self._tickets.add(ticket)
        return ticket

    def attend(self, line: socket.socket, request: bytes, ticket: str | None) -> bool:
        """Serve a connection until it ends; whether its ticket was good."""
        from bot.sandbox.slack_connection import Connection  # only where sockets are used

        with self._changed:
            if ticket not in self._tickets:
                return False
            self._tickets.remove(ticket)
        connection = Connection(line, request, self.faults.fragment_bytes)
        if connection.accepted():
            self._welcome(connection)
            try:
                self._serve(connection)
            finally:
                self._forget(connection)
        return True

    def _welcome(self, connection: "Connection") -> None:
        """Hello first, so that no payload comes before it."""
        with self._changed:
            count = len(self._staying()) + 1
            hello = {"type": "hello", "num_connections": count, "debug_info": _debug_info(),
                     "connection_info": {"app_id": APP}}  # fmt: skip
            connection.send(json.dumps(hello))
            connection.is_silent = self.faults.silent
            self._open.append(connection)
            self._changed.notify_all()
        if count > MOST_CONNECTIONS:
            self._ask_to_leave(connection, Reason.TOO_MANY)

    def _serve(self, connection: "Connection") -> None:
        began = pinged = monotonic()
        told: float | None = None
        while not self._closing.is_set():
            texts = connection.received(_TICK_S)
            if texts is None:
                return
            for text in texts:
                self._take(text)
            now, faults = monotonic(), self.faults
            if connection.is_leaving:
                told = told or now
                if now - told >= _FAREWELL_S:
                    return
            elif faults.reset_every_s and now - began >= faults.reset_every_s:
                connection.reset()
                return
            elif faults.refresh_every_s and now - began >= faults.refresh_every_s:
                self._ask_to_leave(connection, Reason.REFRESH)
            elif now - pinged >= _PING_EVERY_S:
                connection.ping()
                pinged = now

    def _forget(self, connection: "Connection") -> None:
        with self._changed:
            self._open.remove(connection)
            self._changed.notify_all()
        connection.close()

    def _take(self, text: str) -> None:
        """An acknowledgement."""
        try:
            told = json.loads(text)
            envelope = self._by_id[told["envelope_id"]]
        except (ValueError, KeyError, TypeError):
            return
        payload = told.get("payload") or None
        with self._changed:
            envelope.acknowledged(payload)
            self._changed.notify_all()
        self._acted(envelope, payload or {})

    def send(self, kind: Kind, payload: Json) -> Envelope:
        """To one of the connections; without any its error is "dispatch_failed"."""
        envelope = self._sent(kind, payload, attempt=0)
        for attempt in range(1, self.faults.deliveries if kind is Kind.EVENT else 1):
            self._sent(kind, payload, attempt=attempt)
        return envelope

    def _sent(self, kind: Kind, payload: Json, *, attempt: int) -> Envelope:
        number = next(self._numbers)
        envelope = Envelope(
            id=f"{number:08d}-0000-4000-8000-sandbox", kind=kind, payload=payload, at=self._clock()
        )
        with self._changed:
            self.envelopes.append(envelope)
            self._by_id[envelope.id] = envelope
            open_now = self._staying()
        text = json.dumps(_enveloped(envelope, attempt))
        for _ in open_now:
            if open_now[next(self._turn) % len(open_now)].send(text):
                return envelope
        envelope.error = "dispatch_failed"
        return envelope

    def disconnect(self, reason: Reason = Reason.REFRESH) -> None:
        """Ask all connections to leave."""
        for connection in self._each():
            self._ask_to_leave(connection, reason)

    def _ask_to_leave(self, connection: "Connection", reason: Reason) -> None:
        told = {"type": "disconnect", "reason": reason, "debug_info": _debug_info()}
        connection.send(json.dumps(told))
        connection.is_leaving = reason is not Reason.WARNING

    def reset(self) -> None:
        """Reset all connections."""
        for connection in self._each():
            connection.reset()

    def silence(self) -> None:
        """Leave all connections half open: nothing comes through, no ping is answered."""
        for connection in self._each():
            connection.is_silent = True

    def close(self) -> None:
        self._closing.set()
        for connection in self._each():
            connection.close()

    def _each(self) -> "list[Connection]":
        with self._changed:
            return list(self._open)


def _enveloped(envelope: Envelope, attempt: int) -> Json:
    told: Json = {
        "envelope_id": envelope.id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.kind is not Kind.EVENT,
    }
    if envelope.kind is Kind.EVENT:
        told |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
    return told


def _debug_info() -> Json:
    return {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": _SESSION_S}
