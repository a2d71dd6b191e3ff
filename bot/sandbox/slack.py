"""A Slack on loopback: its Web API, its webhook and its Socket Mode, with faults on request.

with SlackServer(channels=("alerts",)) as slack:
    slack.faults.append(Fault(FaultKind.DROP, accepted=True))
    ...                                # a bot posts to slack.api_url with slack.token
    slack.messages("#alerts")
    slack.command("/alerts OKLO 30d")  # goes to the bot that has connected by slack.app_token
    slack.until(lambda: slack.answers())
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Any, TypeVar

from bot.clock import Clock, monotonic, system_clock
from bot.sandbox.slack_acts import Acts
from bot.sandbox.slack_changes import Changes
from bot.sandbox.slack_channel import Channel
from bot.sandbox.slack_content import SlackRefusal
from bot.sandbox.slack_faults import Answer, Fault, FaultKind, json_answer, rate_limited, word
from bot.sandbox.slack_http import Handler, Http
from bot.sandbox.slack_page import Page
from bot.sandbox.slack_people import APP, Json
from bot.sandbox.slack_socket import Envelope
from bot.sandbox.slack_workspace import Workspace

__all__ = ["Call", "Envelope", "Fault", "FaultKind", "SlackServer"]

_WEBHOOK_PATH = "/services/T0SANDBOX/B0SANDBOX/sandbox"
_SEEN = ("chat", "views", "files", "webhook", "response_url")
"""Families of methods after which people may see something else."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it arrived: when, what for, and the HTTP status of its answer (0: none)."""

    at: datetime
    method: str
    channel: str | None
    status: int


class SlackServer(Acts):
    """Serves from entering its context until leaving it; what people do stands in ``Acts``.

    channels: their names; the webhook leads to the first.
    burst: messages a channel takes at once; then one a second, and HTTP 429.
    port: 0 takes a free one.
    faults: befall the next requests, the first one first; append to it.
    socket: connections of Socket Mode, their faults, and what went through them.
    is_down: every request is reset; go_down() breaks the connections of Socket Mode too.
    """

    def __init__(
        self,
        *,
        channels: tuple[str, ...] = ("alerts",),
        token: str = "xoxb-sandbox",
        app_token: str = "xapp-sandbox",
        clock: Clock = system_clock,
        burst: int = 5,
        port: int = 0,
    ) -> None:
        super().__init__(Workspace(channels, token=token, clock=clock), clock, Changes())
        self.page = Page(self, self._changed)
        self.token, self.app_token, self._burst = token, app_token, burst
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.webhook_removed = self.is_down = False
        self._hook_channel = channels[0]
        self._tokens: dict[str, tuple[float, datetime]] = {}
        self.closing = Event()
        self._http = Http(("127.0.0.1", port), Handler)
        self._http.slack = self
        self.workspace.url = self.url
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
        with self._changed:
            return list(self.channel(channel).messages)

    def until(self, done: Callable[[], T], *, timeout_s: float = 60.0) -> T:
        """Wait until something is so, asked anew at each change; what it was at the end."""
        deadline = monotonic() + timeout_s
        with self._changed:
            while not (found := done()) and (left := deadline - monotonic()) > 0:
                self._changed.wait(left)
            return found

    def go_down(self) -> None:
        """An outage: until ``is_down`` is False again nothing is answered."""
        self.is_down = True
        self.socket.reset()

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
        self.socket.close()
        with self._changed:
            self._changed.notify_all()  # whoever waits for news goes home
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def take_fault(self, method: str) -> Fault | None:
        """The first fault that befalls this method; it is used up."""
        with self._changed:
            fault = next((each for each in self.faults if each.befalls(method)), None)
            if fault is not None:
                self.faults.remove(fault)
            return fault

    def note(self, method: str, given: Mapping[str, Any], status: int) -> None:
        channel = given.get("channel")
        told = str(channel) if channel else None
        call = Call(at=self._clock(), method=method, channel=told, status=status)
        with self._changed:
            self.calls.append(call)

    def method(self, path: str) -> str | None:
        """What a path asks for: a method of the Web API, or the name of another door."""
        if path == _WEBHOOK_PATH:
            return "webhook"
        if self.responses.knows(path):
            return "response_url"
        if path.startswith("/upload/v1/"):
            return "upload"
        return path.removeprefix("/api/") if path.startswith("/api/") else None

    def answer(self, method: str, given: Mapping[str, Any], token: str | None) -> Answer:
        """Carry a request out."""
        with self._changed:
            try:
                return self._answer(method, given, token)
            except SlackRefusal as refusal:
                return json_answer(refusal.answer)
            finally:
                if method.partition(".")[0] in _SEEN:
                    self._changed.notify_all()

    def _answer(self, method: str, given: Mapping[str, Any], token: str | None) -> Answer:
        match method:
            case "webhook":
                return self._webhook_answer(given)
            case "response_url":
                return self._response_answer(given)
            case "upload":
                file = str(given["path"]).rpartition("/")[2]
                return word(self.workspace.files.upload(file, given["kind"], given["body"]))
            case "apps.connections.open":
                return json_answer(self._connection_opened(token))
            case "chat.postMessage" if wait := self._too_fast(given.get("channel")):
                return rate_limited(wait)
        return json_answer(self.workspace.call(method, given, token))

    def _connection_opened(self, token: str | None) -> Json:
        if token != self.app_token:
            known = token == self.token
            raise SlackRefusal("not_allowed_token_type" if known else "invalid_auth")
        address = self.url.replace("http://", "ws://")
        ticket = self.socket.ticket()
        return {"ok": True, "url": f"{address}/link/?ticket={ticket}&app_id={APP}"}

    def _response_answer(self, given: Mapping[str, Any]) -> Answer:
        try:
            told = json.loads(given["body"])
            self.responses.take(given["path"], told)
        except ValueError:
            return word("invalid_payload", 400)
        except SlackRefusal as refusal:
            gone = str(refusal) in ("used_url", "expired_url")
            return json_answer(refusal.answer, 404 if gone else 200)
        return word("ok")

    def _webhook_answer(self, given: Mapping[str, Any]) -> Answer:
        if self.webhook_removed:
            return word("no_service", 404)
        if wait := self._too_fast(self._hook_channel):
            return word("rate_limited", 429, wait)
        try:
            self.workspace.post({**given, "channel": self._hook_channel})
        except SlackRefusal as refusal:
            code = str(refusal)
            gone = {"is_archived": ("channel_is_archived", 410), "no_text": ("no_text", 400)}
            return word(*gone.get(code, (code, 404 if code == "channel_not_found" else 400)))
        return word("ok")

    def shown(self, path: str) -> Answer:
        """What a browser is shown: the page, or a file."""
        if part := self.page.file(path):
            return part
        family, _, rest = path.removeprefix("/").partition("/")
        named = rest.partition("/")[0]
        file = self.workspace.files.shown(named) if family == "files-pri" else None
        if file is None or file.body is None:
            return word("not_found", 404)
        return Answer(body=file.body, kind=file.kind)

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
