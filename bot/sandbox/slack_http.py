"""The door of the local Slack: requests are read, maybe spoilt, carried out, answered."""

import json
import socket
import struct
import sys
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox.slack_faults import Answer, Fault, FaultKind, json_answer, spoilt, word
from bot.sandbox.slack_page import read_act

if TYPE_CHECKING:
    from bot.sandbox.slack import SlackServer


class Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    slack: "SlackServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error of the server's; anything else is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Http
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        slack, path = self.server.slack, urlsplit(self.path).path
        if slack.is_down:
            self._reset()
            return
        method = slack.method(path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path.startswith("/web/") and self._is_from_here():
            given = read_act(self.headers.get("Content-Type", ""), body)
            act = path.removeprefix("/web/")
            self._reply(word("bad_request", 400) if given is None else slack.page.act(act, given))
            return
        if method is None:
            self._reply(word("no_service" if "/services/" in self.path else "not_found", 404))
            return
        given, token = self._read(method, body)
        if given is None:
            self._reply(word("invalid_payload", 400) if method == "webhook" else _invalid_json())
            return
        fault = slack.take_fault(method)
        if fault is not None and fault.kind is FaultKind.DELAY and not fault.accepted:
            slack.closing.wait(fault.seconds)
        carried_out = fault is None or fault.accepted or fault.kind is FaultKind.DELAY
        answer = slack.answer(method, given, token) if carried_out else json_answer({"ok": False})
        answer = answer if fault is None else spoilt(fault, answer, method)
        slack.note(method, given, 0 if fault is not None and fault.is_mute else answer.status)
        self._give(fault, answer)

    def do_GET(self) -> None:
        slack, address = self.server.slack, urlsplit(self.path)
        if slack.is_down:
            self._reset()
        elif self.headers.get("Upgrade", "").lower() == "websocket":
            self._upgrade(dict(parse_qsl(address.query)).get("ticket"))
        elif slack.method(address.path):
            self.do_POST()
        elif not self._is_from_here():
            self._reply(word("not_found", 404))
        elif address.path == "/web/state":
            self._reply(slack.page.state(dict(parse_qsl(address.query))))
        else:
            self._reply(slack.shown(address.path))

    def _is_from_here(self) -> bool:
        """Whether a browser has asked by an address of this machine, not by a name that leads to
        it, so that no page of another site reads this one."""
        return self.headers.get("Host", "").rpartition(":")[0] in ("127.0.0.1", "localhost")

    def _upgrade(self, ticket: str | None) -> None:
        """Hand the line over to Socket Mode until it ends."""
        head = f"{self.requestline}\r\n{self.headers.as_string()}".replace("\r\n", "\n")
        request = head.strip().replace("\n", "\r\n").encode() + b"\r\n\r\n"
        self.close_connection = True
        self.rfile.close()  # else the line would stay open where it is to be reset
        if not self.server.slack.socket.attend(self.connection, request, ticket):
            self._reply(word("link_disabled", 403))

    def _read(self, method: str, body: bytes) -> tuple[dict[str, Any] | None, str | None]:
        """The arguments, from the query and from a JSON or form body, and the token."""
        given: dict[str, Any] = dict(parse_qsl(urlsplit(self.path).query))
        kind = self.headers.get("Content-Type", "")
        try:
            if method in ("upload", "response_url"):
                given |= {"path": urlsplit(self.path).path, "kind": kind, "body": body}
            elif "json" in kind:
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

    def _give(self, fault: Fault | None, answer: Answer) -> None:
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

    def _reply(self, answer: Answer, *, cut: bool = False) -> None:
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("X-OAuth-Scopes", ",".join(self.server.slack.workspace.scopes))
            for name, value in answer.headers:
                self.send_header(name, value)
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


def _invalid_json() -> Answer:
    return json_answer({"ok": False, "error": "invalid_json"})
