"""A web server on the loopback that answers as a test says, and a clock that only tests move."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.pace import Turns

CONTACT = "Jane Doe jane@example.org"


@dataclass
class ManualClock:
    """Time stands still but for ``sleep`` and ``advance``."""

    now: datetime = datetime(2025, 12, 12, 23, 4, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)


@dataclass
class Reply:
    """An answer; ``parts`` are sent one by one, ``length`` may lie about their sum."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    parts: Iterable[bytes] | None = None
    length: int | None = None


Respond = Callable[[str], Reply]


@dataclass
class LocalServer:
    url: str
    respond: Respond
    paths: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    at: list[datetime] = field(default_factory=list)
    clock: ManualClock = field(default_factory=ManualClock)

    def client(
        self,
        *,
        jitter: Callable[[], float] = lambda: 0.5,
        requests_per_second: float = 8,
        timeout_s: float = 5,
        largest_body: int = 64 * 1024 * 1024,
        turns: Turns | None = None,
    ) -> EdgarClient:
        return EdgarClient(
            contact=CONTACT,
            clock=self.clock,
            www_url=self.url,
            data_url=self.url,
            sleep=self.clock.sleep,
            jitter=jitter,
            requests_per_second=requests_per_second,
            timeout_s=timeout_s,
            largest_body=largest_body,
            turns=turns,
        )


@contextmanager
def serving(respond: Respond) -> Iterator[LocalServer]:
    """A server for the length of a test; set ``respond`` to change its mind."""
    local = LocalServer(url="", respond=respond)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            local.paths.append(self.path)
            local.agents.append(self.headers.get("User-Agent", ""))
            local.at.append(local.clock())
            _send(self, local.respond(self.path))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    local.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield local
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    parts = [reply.body] if reply.parts is None else reply.parts
    length = len(reply.body) if reply.length is None else reply.length
    head = f"HTTP/1.1 {reply.status} -\r\nContent-Length: {length}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
    pending = f"{head}\r\n".encode("latin-1")
    sent = 0
    try:
        for part in parts:
            handler.wfile.write(pending + part)
            pending, sent = b"", sent + len(part)
        if sent < length:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the client has gone
        handler.close_connection = True
