"""A Slack on loopback: its Web API and an incoming webhook, with faults on request.

with SlackServer(channels=("alerts",)) as slack:
    slack.faults.append(Fault(FaultKind.DROP, accepted=True))
    ...                                    # a bot posts to slack.api_url with slack.token
    slack.messages("#alerts")
"""

import json
import math
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.clock import Clock, system_clock
from bot.sandbox.slack_workspace import Channel, Json, SlackRefusal, Workspace

_WEBHOOK_PATH = "/services/T0SANDBOX/B0SANDBOX/sandbox"
_POSTS = ("chat.postMessage", "webhook")
_HTML = b"<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"
_SCOPES = "chat:write,channels:history,groups:history,channels:read,groups:read"


class FaultKind(StrEnum):
    """What can go wrong with a request, before or after it has been carried out."""

    STATUS = "an HTTP status"
    RATE_LIMIT = "429 with Retry-After"
    DELAY = "an answer that comes late"
    SILENCE = "no answer at all"
    DROP = "closed without an answer"
    RESET = "reset without an answer"
    CUT = "half an answer"
    HTML = "a web page instead of JSON"
    ERROR = "an error code although it may be done"


@dataclass(frozen=True, slots=True)
class Fault:
    """Befalls the next post, or the next call of ``method``.

    accepted: whether the request is carried out first.
    status: of STATUS.  seconds: of DELAY and RATE_LIMIT.  code: of ERROR.
    """

    kind: FaultKind
    accepted: bool = False
    status: int = 503
    seconds: float = 1
    code: str = "internal_error"
    method: str | None = None

    def befalls(self, method: str) -> bool:
        return method == self.method or (self.method is None and method in _POSTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it arrived: when, what for, and the HTTP status of its answer (0: none)."""

    at: datetime
    method: str
    channel: str | None
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What goes back over the line."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    retry_after: int | None = None


def _json(answer: Json, status: int = 200) -> _Answer:
    return _Answer(status=status, body=json.dumps(answer).encode())


def _word(word: str, status: int = 200, retry_after: int | None = None) -> _Answer:
    kind = "text/html; charset=utf-8"  # as Slack's webhooks answer
    return _Answer(status=status, body=word.encode(), kind=kind, retry_after=retry_after)


class SlackServer:
    """Serves from entering its context until leaving it.

    channels: their names; the webhook leads to the first.
    burst: messages a channel takes at once; then one a second, and HTTP 429.
    port: 0 takes a free one.
    faults: befall the next requests, the first one first; append to it.
    """

    def __init__(
        self,
        *,
        channels: tuple[str, ...] = ("alerts",),
        token: str = "xoxb-sandbox",
        clock: Clock = system_clock,
        burst: int = 5,
        port: int = 0,
    ) -> None:
        self.token, self._clock, self._burst = token, clock, burst
        self.workspace = Workspace(channels, token=token, clock=clock)
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.webhook_removed = False
        self._hook_channel = channels[0]
        self._tokens: dict[str, tuple[float, datetime]] = {}
        self._lock, self.closing = Lock(), Event()
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.slack = self
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def webhook_url(self) -> str:
        return f"{self.url}{_WEBHOOK_PATH}"

    def channel(self, name: str) -> Channel:
        """KeyError where there is none."""
        return self.workspace.channel(name)

    def messages(self, channel: str) -> list[Json]:
        """What stands in a channel, oldest first."""
        with self._lock:
            return list(self.channel(channel).messages)

    def now(self) -> datetime:
        return self._clock()

    def __enter__(self) -> "SlackServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def take_fault(self, method: str) -> Fault | None:
        """The first fault that befalls this method; it is used up."""
        with self._lock:
            fault = next((each for each in self.faults if each.befalls(method)), None)
            if fault is not None:
                self.faults.remove(fault)
            return fault

    def note(self, method: str, given: Mapping[str, Any], status: int) -> None:
        channel = given.get("channel")
        told = str(channel) if channel else None
        call = Call(at=self._clock(), method=method, channel=told, status=status)
        with self._lock:
            self.calls.append(call)

    def answer(self, method: str, given: Mapping[str, Any], token: str | None) -> _Answer:
        """Carry a request out."""
        with self._lock:
            if method == "webhook":
                return self._webhook_answer(given)
            try:
                if method == "chat.postMessage" and (wait := self._too_fast(given.get("channel"))):
                    body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
                    return _Answer(status=429, body=body, retry_after=wait)
                return _json(self.workspace.call(method, given, token))
            except SlackRefusal as refusal:
                return _json(refusal.answer)

    def _webhook_answer(self, given: Mapping[str, Any]) -> _Answer:
        if self.webhook_removed:
            return _word("no_service", 404)
        if wait := self._too_fast(self._hook_channel):
            return _word("rate_limited", 429, wait)
        try:
            self.workspace.post({**given, "channel": self._hook_channel})
        except SlackRefusal as refusal:
            code = str(refusal)
            gone = {"is_archived": ("channel_is_archived", 410), "no_text": ("no_text", 400)}
            return _word(*gone.get(code, (code, 404 if code == "channel_not_found" else 400)))
        return _word("ok")

    def _too_fast(self, channel: object) -> int:
        """Whole seconds until the channel takes another message; 0 when it does now."""
        try:
            key = self.workspace.channel(str(channel)).id
        except KeyError:
            return 0
        now = self._clock()
        left, at = self._tokens.get(key, (float(self._burst), now))
        left = min(left + max((now - at) / timedelta(seconds=1), 0), float(self._burst))
        if left < 1:
            self._tokens[key] = (left, now)
            return math.ceil(1 - left)
        self._tokens[key] = (left - 1, now)
        return 0


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    slack: SlackServer


class _Handler(BaseHTTPRequestHandler):
    """One request: read, maybe spoilt, carried out, answered."""

    server: _Http
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        slack, method = self.server.slack, self._method()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if method is None:
            self._reply(_word("no_service" if "/services/" in self.path else "not_found", 404))
            return
        given, token = self._read(body)
        if given is None:
            self._reply(_word("invalid_payload", 400) if method == "webhook" else _invalid_json())
            return
        fault = slack.take_fault(method)
        if fault is not None and fault.kind is FaultKind.DELAY and not fault.accepted:
            slack.closing.wait(fault.seconds)
        carried_out = fault is None or fault.accepted or fault.kind is FaultKind.DELAY
        answer = slack.answer(method, given, token) if carried_out else _json({"ok": False})
        answer = answer if fault is None else _spoilt(fault, answer, method)
        slack.note(method, given, 0 if fault is not None and _is_mute(fault) else answer.status)
        self._give(fault, answer)

    do_GET = do_POST

    def _method(self) -> str | None:
        path = urlsplit(self.path).path
        if path == _WEBHOOK_PATH:
            return "webhook"
        return path.removeprefix("/api/") if path.startswith("/api/") else None

    def _read(self, body: bytes) -> tuple[dict[str, Any] | None, str | None]:
        """The arguments, from the query and from a JSON or form body, and the token."""
        given: dict[str, Any] = dict(parse_qsl(urlsplit(self.path).query))
        try:
            if "json" in self.headers.get("Content-Type", ""):
                held = json.loads(body or b"{}")
                if not isinstance(held, dict):
                    return None, None
                given |= held
            else:
                given |= dict(parse_qsl(body.decode()))
        except ValueError:
            return None, None
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return given, token if scheme.lower() == "bearer" else given.get("token")

    def _give(self, fault: Fault | None, answer: _Answer) -> None:
        match fault.kind if fault else None:
            case FaultKind.SILENCE:
                self.server.slack.closing.wait()
                self.close_connection = True
            case FaultKind.DROP:
                self.close_connection = True
            case FaultKind.RESET:
                self._reset()
            case FaultKind.CUT:
                self._reply(answer, cut=True)
            case FaultKind.DELAY if fault and fault.accepted:
                self.server.slack.closing.wait(fault.seconds)
                self._reply(answer)
            case _:
                self._reply(answer)

    def _reset(self) -> None:
        """Close so that the other side reads a reset, not an end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.rfile.close()
        self.connection.close()

    def _reply(self, answer: _Answer, *, cut: bool = False) -> None:
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("X-OAuth-Scopes", _SCOPES)
            if answer.retry_after is not None:
                self.send_header("Retry-After", str(answer.retry_after))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        except OSError:  # the client has gone
            self.close_connection = True
        if cut:
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by the clock of the workspace."""
        del timestamp
        return format_datetime(self.server.slack.now().astimezone(UTC), usegmt=True)

    def log_message(self, *_: object) -> None:
        """Nothing: calls are kept instead."""


def _invalid_json() -> _Answer:
    return _json({"ok": False, "error": "invalid_json"})


def _is_mute(fault: Fault) -> bool:
    return fault.kind in (FaultKind.SILENCE, FaultKind.DROP, FaultKind.RESET)


def _spoilt(fault: Fault, answer: _Answer, method: str) -> _Answer:
    """The answer that a fault puts in the place of the true one."""
    match fault.kind:
        case FaultKind.STATUS:
            return _Answer(status=fault.status, body=b"upstream connect error", kind="text/plain")
        case FaultKind.RATE_LIMIT:
            body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
            return _Answer(status=429, body=body, retry_after=math.ceil(fault.seconds))
        case FaultKind.HTML:
            return _Answer(body=_HTML, kind="text/html; charset=utf-8")
        case FaultKind.ERROR if method == "webhook":
            return _word(fault.code, 500 if fault.code == "internal_error" else 400)
        case FaultKind.ERROR:
            return _json({"ok": False, "error": fault.code})
        case _:
            return answer
