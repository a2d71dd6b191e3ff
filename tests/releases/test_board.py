"""Statements and minutes of the Fed against its calendar, as the store tells them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.clock import to_ms
from bot.facts import FED_RELEASE, MACRO_RELEASE, SOURCE_POLL, Fact
from bot.releases.board import Board
from bot.releases.watch import ReleaseWatch
from bot.store import Arrival, Store
from tests.releases.agencies import GRACE, Time, ny

DUE = ny("2025-10-29 14:00")


class Watched:
    """A store, a plan, and a watch over the Board alone."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, Time(ny("2025-10-29 09:00"))
        self.plan = [("statement", DUE), ("minutes", ny("2025-11-19 14:00")), ("beige_book", DUE)]
        board = Board(store, lambda: self.plan, clock=self.clock)
        self.watch = ReleaseWatch(store, [board], clock=self.clock, grace=GRACE)

    def released(self, sort: str, at: datetime, url: str = "https://example.org/a.htm") -> None:
        values = {"type": sort, "url": url}
        fact = Fact(kind=FED_RELEASE, id=f"{sort}{at}", subject="fed", known_at=at, values=values)
        self.store.facts.add([Arrival(fact=fact, seen_at=to_ms(at))])

    def answered(self, at: datetime, ok: bool = True) -> None:
        values = {"source": "fed", "ok": ok}
        fact = Fact(kind=SOURCE_POLL, id=f"poll:{at}", subject="fed", known_at=at, values=values)
        self.store.facts.add([Arrival(fact=fact, seen_at=to_ms(at))])

    def look(self, at: datetime) -> list[tuple[str, str]]:
        """What was told up to that look."""
        self.clock.now = at
        self.watch.look()
        rows = self.store.facts.select(MACRO_RELEASE, limit=100)
        return [(row["title"], row["status"]) for row in sorted(rows, key=lambda row: row["seq"])]


@pytest.fixture
def watched() -> Iterator[Watched]:
    store = Store(None)
    yield Watched(store)
    store.close()


def test_a_statement_of_the_minute_is_published(watched: Watched) -> None:
    watched.answered(DUE)
    watched.released("statement", DUE)

    assert watched.look(DUE + timedelta(minutes=1)) == [("FOMC statement", "published")]


def test_a_statement_that_does_not_come_is_missing_when_its_grace_has_ended(
    watched: Watched,
) -> None:
    watched.answered(DUE + GRACE - timedelta(minutes=1))

    assert watched.look(DUE + GRACE - timedelta(seconds=1)) == []
    assert watched.look(DUE + GRACE + timedelta(minutes=1)) == [("FOMC statement", "missing")]


def test_nothing_is_missing_while_the_board_does_not_answer(watched: Watched) -> None:
    watched.answered(DUE + GRACE, ok=False)
    watched.answered(DUE + GRACE - timedelta(minutes=20))

    assert watched.look(DUE + GRACE + timedelta(minutes=1)) == []


def test_another_document_of_the_day_is_no_statement(watched: Watched) -> None:
    watched.released("projections", DUE)
    watched.answered(DUE + GRACE)

    assert watched.look(DUE + GRACE) == [("FOMC statement", "missing")]


def test_minutes_are_watched_by_the_day_that_the_calendar_tells(watched: Watched) -> None:
    watched.answered(DUE)
    watched.released("statement", DUE)
    watched.look(DUE)
    due = ny("2025-11-18 14:00")
    watched.plan = [("minutes", due)]  # a day sooner, as in the week of Thanksgiving
    watched.answered(due)
    watched.released("minutes", due)

    assert watched.look(due)[1:] == [("FOMC minutes", "published")]


def test_what_the_board_publishes_without_a_trace_in_the_store_is_not_watched(
    watched: Watched,
) -> None:
    watched.answered(DUE + GRACE)

    assert "Beige Book" not in str(watched.look(DUE + GRACE))
