"""A web server on loopback that a sandbox answers through, with what goes wrong on the way."""

import gzip
import socket
import struct
import sys
from abc import ABC, abstractmethod
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from bot.clock import Clock
from bot.sandbox.edgar_documents import http_date
from bot.sandbox.edgar_faults import shorter
from bot.sandbox.edgar_replies import Reply

_PACKED_FROM = 1024  # bytes
_IDLE_S = 60.0


class Loopback(ABC):
    """Serves from a port of its own until it is closed; a context manager.

    clock: dates its answers.  port: 0 takes a free one.
    """

    def __init__(self, clock: Clock, *, host: str, port: int, name: str) -> None:
        self.clock = clock
        self._closing = Event()
        self._server = _Server((host, port), _handler_of(self))
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.02,), name=name, daemon=True
        )

    @abstractmethod
    def answer(self, url: str, headers: Message) -> Reply:
        """The answer to a path with its query; headers are found in any case of letters."""

    @property
    def url(self) -> str:
        """What stands for the addresses of the hosts that it plays."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Serve until somebody closes it."""
        self._closing.wait()

    def close(self) -> None:
        """Drop every connection and stop."""
        self._closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.drop_connections()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until it is closed."""
        self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    """Knows its connections, so that closing it ends them."""

    request_queue_size = 128
    daemon_threads = False  # closing waits for them

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[Any] = set()
        self._lock = Lock()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def drop_connections(self) -> None:
        with self._lock:
            for request in self._open:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error of the server's; anything else is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _handler_of(loopback: Loopback) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.loopback = loopback
    return Handler


class _Handler(BaseHTTPRequestHandler):
    loopback: Loopback
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Sandbox", ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    timeout = _IDLE_S

    def do_GET(self) -> None:
        reply = self.loopback.answer(self.path, self.headers)
        if reply.delay_s:
            self.loopback.pause(reply.delay_s)
        if reply.reset:
            self._reset()
        else:
            self._send(reply)

    do_HEAD = do_GET

    def _send(self, reply: Reply) -> None:
        body, headers = reply.body, dict(reply.headers)
        if reply.status == 200 and self.headers.get("If-None-Match") == headers.get("ETag", ""):
            reply, body = Reply(status=304), b""
        elif self._packs() and len(body) >= _PACKED_FROM:
            body = gzip.compress(body, 1, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(shorter(body) if reply.cut else body)
        if reply.cut:
            self.close_connection = True

    def _packs(self) -> bool:
        return "gzip" in self.headers.get("Accept-Encoding", "")

    def _reset(self) -> None:
        """End the connection at once, without the usual farewell."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
        return http_date(self.loopback.clock())

    def log_message(self, format: str, *args: Any) -> None:
        pass
