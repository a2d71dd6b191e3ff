"""A Federal Reserve on loopback: feeds, archives, calendar and pages of a record, at its own time.

It answers as the Board was recorded to, and goes wrong on request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from threading import Lock

from bot.clock import Clock, system_clock
from bot.sandbox import fed_pages
from bot.sandbox.edgar_faults import Faults
from bot.sandbox.edgar_replies import HTML, Reply
from bot.sandbox.fed_record import FedRecord
from bot.sandbox.loopback import Loopback

FEED_ITEMS = 20
"""How many items a feed of the Board holds."""

_XML, _JSON = "text/xml", "application/json"  # without a charset, as the Board sends them
_NOT_FOUND = (
    b"<!DOCTYPE html>\n<html><head><title>Page not found</title></head>"
    b"<body><h1>Page not found</h1><p>Sandbox: no page of the Federal Reserve.</p></body></html>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, and the status of its answer."""

    path: str
    status: int
    agent: str


class SandboxFed(Loopback):
    """Serves a record from a port of its own until it is closed; a context manager.

    clock: its time.  port: 0 takes a free one.
    """

    def __init__(
        self,
        record: FedRecord,
        clock: Clock = system_clock,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        feed_items: int = FEED_ITEMS,
    ) -> None:
        super().__init__(clock, host=host, port=port, name="sandbox-fed")
        self.record = record
        self.faults = Faults()
        self._feed_items = feed_items
        self._asked: list[Asked] = []
        self._lock = Lock()

    @property
    def requests(self) -> Sequence[Asked]:
        """The requests answered so far, in the order of their answers."""
        return tuple(self._asked)

    def answer(self, url: str, headers: Message) -> Reply:
        """The answer to a path, noted in the log."""
        path = url.partition("?")[0]
        reply = self._reply(path)
        fault = self.faults.draw(url)
        reply = fault.befall(reply) if fault else reply
        status = 0 if reply.reset else reply.status
        with self._lock:
            agent = headers.get("User-Agent", "")
            self._asked.append(Asked(path=path, status=status, agent=agent))
        return reply

    def _reply(self, path: str) -> Reply:
        now, record = self.clock(), self.record
        if path in fed_pages.FOLDERS:
            title, folders = fed_pages.FOLDERS[path]
            if path.startswith("/feeds/"):
                listed = record.listed(now, *folders)[: self._feed_items]
                return Reply(body=fed_pages.feed(listed, title=title), kind=_XML)
            return Reply(body=fed_pages.archive(record.archived(now, *folders)), kind=_JSON)
        if path == "/json/calendar.json":
            return Reply(body=fed_pages.calendar(record.entries), kind=_JSON)
        if path == "/monetarypolicy/fomccalendars.htm":
            return Reply(body=fed_pages.meetings(record.meetings), kind=HTML)
        document = record.page(path, now)
        if document is None:
            return Reply(status=404, body=_NOT_FOUND)
        return Reply(body=fed_pages.page(document, now, request=len(self._asked)), kind=HTML)
