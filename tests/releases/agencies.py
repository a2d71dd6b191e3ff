"""The BLS and the BEA on loopback: a plan of releases, of which some have come at a time."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

from bot.clock import NEW_YORK
from bot.facts import MACRO_RELEASE, SOURCE_POLL
from bot.releases.watch import ReleaseWatch
from bot.sandbox.edgar_replies import Reply
from bot.sandbox.loopback import Loopback
from bot.sources.fed.client import FedClient
from bot.sources.releases.bea import Bea
from bot.sources.releases.bls import WATCHED, Bls
from bot.store import Store, loaded

GRACE = timedelta(hours=1)
DENIED = Reply(
    status=403,
    body=b"<html><head><title>Access Denied</title></head><body>Access Denied</body></html>",
)


def ny(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


@dataclass
class Time:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Planned:
    """came: None where it has not; on what day its address says it did."""

    title: str
    at: datetime
    came: datetime | None = None


@dataclass
class Agencies(Loopback):
    """Answers at the addresses of both.  denied: paths that are refused, by a text in them."""

    plan: list[Planned] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __init__(self, clock: Time) -> None:
        super().__init__(clock, host="127.0.0.1", port=0, name="agencies")
        self.plan, self.denied, self.asked = [], set(), []

    def answer(self, url: str, headers: Message) -> Reply:  # noqa: ARG002
        self.asked.append(url)
        if any(part in url for part in self.denied):
            return DENIED
        if url.endswith(".ics"):
            return Reply(body=self._ics().encode(), kind="text/calendar")
        if url.endswith(".json"):
            return Reply(body=self._dates().encode(), kind="application/json")
        if url == "/rss/rss.xml":
            return Reply(body=self._news().encode(), kind="text/xml")
        return Reply(body=self._feed(url).encode(), kind="application/rss+xml")

    def _ics(self) -> str:
        events = [
            f"BEGIN:VEVENT\r\nDTSTART;TZID=US-Eastern:{each.at.astimezone(NEW_YORK):%Y%m%dT%H%M%S}"
            f"\r\nSUMMARY:{each.title}\r\nEND:VEVENT\r\n"
            for each in self.plan
        ]
        return f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n"

    def _dates(self) -> str:
        titles = dict.fromkeys(each.title for each in self.plan)
        rows = [
            f'"{title}": {{"release_dates": ['
            + ", ".join(f'"{each.at.isoformat()}"' for each in self.plan if each.title == title)
            + "]}"
            for title in titles
        ]
        return f"{{{', '.join(rows)}}}"

    def _out(self) -> Iterator[tuple[Planned, datetime]]:
        for each in self.plan:
            if each.came is not None and each.came <= self.clock():
                yield each, each.came

    def _feed(self, url: str) -> str:
        """Of one release, with one that came long before, as each of the BLS's feeds has."""
        name = url.split("/")[-1].removesuffix(".rss")
        days = [came for each, came in self._out() if WATCHED.get(each.title) == name]
        links = [
            f"https://www.bls.gov/news.release/archives/{name}_{day.astimezone(NEW_YORK):%m%d%Y}.htm"
            for day in [ny("2024-01-11 08:30"), *days]
        ]
        items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in links)
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'

    def _news(self) -> str:
        old = Planned("Gross Domestic Product", ny("2024-01-25 08:30"))
        items = "".join(
            f"<item><title>{each.title}, June 2025</title>"
            f"<link>https://www.bea.gov/news/2025/{number}</link>"
            f"<pubDate>{came.astimezone(NEW_YORK):%a, %d %b %Y %H:%M:%S} EDT</pubDate></item>"
            for number, (each, came) in enumerate([(old, old.at), *self._out()])
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'


@dataclass
class Looking:
    """A watch over both agencies, a store, and a clock that the test turns."""

    server: Agencies
    store: Store
    clock: Time
    client: FedClient
    watch: ReleaseWatch

    def look(self, *at: str) -> None:
        for each in at:
            self.clock.now = ny(each)
            self.watch.look()

    def restart(self, at: str) -> None:
        self.clock.now = ny(at)
        self.watch = watching(self)

    def told(self) -> list[dict[str, Any]]:
        """Facts of releases in the order in which they were stored."""
        rows = self.store.facts.select(MACRO_RELEASE, limit=100)
        return [loaded(MACRO_RELEASE, row) for row in sorted(rows, key=lambda row: row["seq"])]

    def statuses(self) -> list[tuple[str, str]]:
        return [(each["title"], each["status"]) for each in self.told()]

    def polls(self, source: str) -> list[bool]:
        rows = self.store.facts.select(SOURCE_POLL, limit=100)
        found = [row for row in rows if row["source"] == source]
        return [bool(row["ok"]) for row in sorted(found, key=lambda row: row["seq"])]


def watching(looking: Looking) -> ReleaseWatch:
    bls = Bls(looking.client, url=looking.server.url)
    bea = Bea(looking.client, url=looking.server.url)
    return ReleaseWatch(looking.store, [bls, bea], clock=looking.clock, grace=GRACE)


@contextmanager
def looking(at: str, plan: Sequence[Planned]) -> Iterator[Looking]:
    """Both agencies with a plan, and a watch that starts at a time of the New York clock."""
    with ExitStack() as opened:
        clock = Time(ny(at))
        server = opened.enter_context(Agencies(clock))
        server.plan = list(plan)
        store = Store(None)
        opened.callback(store.close)
        client = opened.enter_context(
            FedClient(clock=clock, contact="a@example.org", sleep=lambda _: None, pace=lambda: None)
        )
        held = Looking(server, store, clock, client, watch=None)  # type: ignore[arg-type]
        held.watch = watching(held)
        yield held
