"""An EDGAR on loopback: the feed, the archive, the indexes and the JSON of a made-up market.

It answers as the SEC's hosts were recorded to, at the market's time, and goes wrong on request.
``www.sec.gov`` and ``data.sec.gov`` are one address here.
"""

import gzip
import socket
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any

from bot.clock import Clock, system_clock
from bot.sandbox.companyfacts import Report
from bot.sandbox.edgar_documents import http_date
from bot.sandbox.edgar_faults import FaultKind, Faults, shorter
from bot.sandbox.edgar_gate import Gate, Request, most_in_a_second
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_replies import Reply
from bot.sandbox.edgar_routes import NO_REPORTS, RECENT, Routes

_PACKED_FROM = 1024  # bytes
_IDLE_S = 60.0


class SandboxEdgar:
    """Serves a market from a port of its own until it is closed; a context manager.

    clock: the market's time.  port: 0 takes a free one.
    gate_clock: times the rate of requests; give the market's clock where the client runs on it.
    requests_per_second, block: above that rate it refuses, until the rate has stayed below for so
    long; None refuses nobody.
    reports: what companies have reported, by CIK; companyfacts tell it.
    """

    def __init__(
        self,
        market: SandboxMarket,
        clock: Clock = system_clock,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        gate_clock: Clock = system_clock,
        requests_per_second: int | None = 10,
        block: timedelta = timedelta(minutes=10),
        recent: int = RECENT,
        reports: Mapping[str, Sequence[Report]] = NO_REPORTS,
    ) -> None:
        self.market, self.clock = market, clock
        self.faults = Faults()
        self._gate = Gate(gate_clock, limit=requests_per_second, block=block)
        self._routes = Routes(market, recent=recent, reports=reports)
        self._log: list[Request] = []
        self._closing = Event()
        self._server = _Server((host, port), _handler_of(self))
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.02,), name="sandbox-edgar", daemon=True
        )

    @property
    def url(self) -> str:
        """What stands for https://www.sec.gov and https://data.sec.gov."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def requests(self) -> Sequence[Request]:
        """The requests answered so far, in the order of their answers."""
        return tuple(self._log)

    def most_in_a_second(self) -> int:
        """The most requests that came within one second of the gate's clock."""
        return most_in_a_second([request.at for request in self.requests])

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

    def __enter__(self) -> "SandboxEdgar":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def answer(self, url: str, agent: str) -> Reply:
        """The answer to a path with its query, noted in the log."""
        at, reply = self._gate.enter(agent)
        if reply is None:
            fault = self.faults.draw(url)
            now = self.clock()
            if fault and fault.kind is FaultKind.STALE:
                now -= timedelta(seconds=fault.seconds)
            reply = self._routes.answer(url, now)
            reply = fault.befall(reply) if fault else reply
        status = 0 if reply.reset else reply.status
        self._log.append(Request(at=at, path=url, status=status, agent=agent))
        return reply

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


def _handler_of(edgar: SandboxEdgar) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.edgar = edgar
    return Handler


class _Handler(BaseHTTPRequestHandler):
    edgar: SandboxEdgar
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Sandbox", ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    timeout = _IDLE_S

    def do_GET(self) -> None:
        reply = self.edgar.answer(self.path, self.headers.get("User-Agent", ""))
        if reply.delay_s:
            self.edgar.pause(reply.delay_s)
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
        return http_date(self.edgar.clock())

    def log_message(self, format: str, *args: Any) -> None:
        pass
