"""A desk that watches a Federal Reserve on loopback, on a clock that the test moves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from typing import Any

from bot.central_bank.desk import FedDesk
from bot.facts import FED_DECISION, FED_RELEASE, SOURCE_POLL
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_replies import Reply
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_record import PRESS, Document, FedRecord, eastern
from bot.sandbox.fed_story import DECIDED, story
from bot.sources.fed.client import FedClient
from bot.store import Store

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BEFORE = DECIDED - timedelta(minutes=20)
STATEMENT = "fed:pressreleases/monetary20250917a"

Row = dict[str, Any]


class PickyFed(SandboxFed):
    """One that refuses requests for some paths, as a host does whose addresses have changed."""

    refused: frozenset[str] = frozenset()

    def answer(self, url: str, headers: Message) -> Reply:
        return Reply(status=400) if url in self.refused else super().answer(url, headers)


class World:
    def __init__(self, fed: SandboxFed, clock: SandboxClock, store: Store | None = None) -> None:
        self.fed, self.clock, self.store = fed, clock, store or Store(None)
        self.waits: list[float] = []
        self.judged = 0
        self.clients: list[FedClient] = []
        self.restart()

    def restart(self, regional: Sequence[str] = ()) -> None:
        """A new desk on the same store."""
        for client in self.clients:
            client.close()
        client = FedClient(
            clock=self.clock, url=self.fed.url, sleep=self.waits.append, jitter=lambda: 0.0,
            pace=lambda: None,
        )  # fmt: skip
        self.clients.append(client)
        self.desk = FedDesk(
            self.store, client, clock=self.clock, every=MINUTE, regional=regional,
            judge=self._judge,
        )  # fmt: skip

    def _judge(self) -> None:
        self.judged += 1

    def look(self, at: datetime | None = None) -> None:
        if at is not None:
            self.clock.move_to(at)
        self.desk.look()

    def watch(self, until: datetime, step: timedelta = 2 * SECOND) -> None:
        """Look again and again, as the schedule does."""
        while self.clock() < until:
            self.clock.move_to(min(self.clock() + step, until))
            self.desk.look()

    def releases(self, *, quiet: bool | None = None) -> list[Row]:
        return self._rows(FED_RELEASE, quiet)

    def decisions(self, *, quiet: bool | None = None) -> list[Row]:
        return self._rows(FED_DECISION, quiet)

    def polls(self) -> list[Row]:
        return self.store.facts.select(SOURCE_POLL, limit=1000)[::-1]

    def _rows(self, kind: Any, quiet: bool | None) -> list[Row]:
        rows = self.store.facts.select(kind, limit=1000)[::-1]
        return [row for row in rows if quiet is None or bool(row["quiet"]) is quiet]

    def told(self) -> list[str]:
        """Slugs of the releases that are news, in the order of their arrival."""
        rows = sorted(self.releases(quiet=False), key=lambda row: row["seq"])
        return [row["id"].rsplit("/", 1)[-1] for row in rows]

    def asked(self, path: str) -> int:
        return sum(each.path == path for each in self.fed.requests)

    def release(self, *documents: Document) -> None:
        """Let the record have more documents."""
        record = self.fed.record
        self.fed.record = replace(record, documents=[*record.documents, *documents])


@contextmanager
def a_world(
    at: datetime = BEFORE, record: FedRecord | None = None, *, refused: frozenset[str] = frozenset()
) -> Iterator[World]:
    clock = SandboxClock(start=at, speed=0)
    with PickyFed(record or story(), clock) as fed:
        fed.refused = refused
        world = World(fed, clock)
        try:
            yield world
        finally:
            world.desk.close()
            world.store.close()


def a_press_release(slug: str, at: datetime, title: str = "A release", **more: Any) -> Document:
    known: dict[str, Any] = {
        "paragraphs": ("Synthetic.",), "category": "Other Announcements", **more
    }  # fmt: skip
    return Document(path=f"{PRESS}{slug}.htm", title=title, published_at=at, **known)


def without(record: FedRecord, *slugs: str) -> FedRecord:
    kept = [d for d in record.documents if not any(slug in d.path for slug in slugs)]
    return replace(record, documents=kept)


def changed(record: FedRecord, slug: str, **more: Any) -> FedRecord:
    """The record with another document at one slug."""
    return replace(
        record,
        documents=[
            replace(d, **more) if d.path.endswith(f"/{slug}.htm") else d for d in record.documents
        ],
    )


__all__ = ["BEFORE", "DECIDED", "MINUTE", "SECOND", "STATEMENT", "World", "a_press_release",
           "a_world", "changed", "eastern", "without"]  # fmt: skip
