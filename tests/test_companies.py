"""Lists of watched companies read from an EDGAR on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.companies import AT_ONCE, Companies
from bot.facts import COMPANY_FILING
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import FILER, Party, Publication
from bot.sources.edgar.client import EdgarClient
from bot.store import Store
from tests.outgoing import Time

CIK = "0001849056"
START = datetime(2025, 9, 2, 14, tzinfo=UTC)


def a_filing(number: int, form: str, at: datetime, items: str = "") -> Publication:
    return Publication(
        accession_number=f"{CIK}-25-{number:06d}",
        form=form,
        accepted_at=at,
        parties=(Party(cik=CIK, name="Oklo Inc.", role=FILER),),
        body=b"<SEC-DOCUMENT>\n</SEC-DOCUMENT>\n",
        document="report.htm",
        items=items,
    )


class World:
    def __init__(self, edgar: SandboxEdgar, clock: SandboxClock) -> None:
        self.edgar, self.clock, self.store = edgar, clock, Store(None)
        wall = Time()
        self.client = EdgarClient(
            contact="test test@example.org", clock=wall, www_url=edgar.url, data_url=edgar.url,
            sleep=wall.passes,
        )  # fmt: skip
        self.watched = frozenset({CIK})
        self.companies = Companies(
            self.store, self.client, clock=clock, every=timedelta(minutes=10),
            watched=lambda: self.watched,
        )  # fmt: skip

    def told(self) -> list[tuple[str, int]]:
        rows = self.store.facts.select(COMPANY_FILING)[::-1]
        return [(row["form"], row["quiet"]) for row in rows]


@contextmanager
def a_world() -> Iterator[World]:
    clock = SandboxClock(start=START, speed=0)
    market = SandboxMarket(
        [
            a_filing(1, "10-Q", START - timedelta(days=40)),
            a_filing(2, "8-K", START + timedelta(minutes=5), "2.02,9.01"),
        ]
    )
    with SandboxEdgar(market, clock, requests_per_second=None) as edgar:
        world = World(edgar, clock)
        yield world
        world.client.close()
        world.store.close()


def test_what_a_list_holds_at_first_is_quiet_and_what_comes_later_is_told() -> None:
    with a_world() as world:
        assert world.companies.look() == 1
        assert world.told() == [("10-Q", 1)]

        world.clock.advance(timedelta(minutes=10))
        assert world.companies.look() == 1

        assert world.told() == [("10-Q", 1), ("8-K", 0)]
        assert world.store.facts.select(COMPANY_FILING)[0]["items"] == "2.02 9.01"


def test_a_list_is_read_again_only_when_it_is_due() -> None:
    with a_world() as world:
        world.companies.look()
        world.clock.advance(timedelta(minutes=9))
        world.companies.look()
        assert len(world.edgar.requests) == 1


def test_the_store_knows_since_when_a_company_is_covered() -> None:
    with a_world() as world:
        world.companies.look()
        (covered,) = world.store.collection.coverage()
        assert (covered.kind, covered.subject) == ("company_filing", CIK)
        assert covered.since == datetime(2025, 7, 24, 4, tzinfo=UTC)  # New York's midnight


def test_a_list_that_does_not_come_covers_nothing_and_stops_no_other() -> None:
    with a_world() as world:
        world.watched = frozenset({CIK, "0000000007"})
        assert world.companies.look() == 1
        assert {each.subject for each in world.store.collection.coverage()} == {CIK}


def test_many_companies_are_read_in_turns() -> None:
    with a_world() as world:
        world.watched = frozenset(f"{number:010d}" for number in range(1, AT_ONCE + 6))
        world.companies.look()
        assert len(world.edgar.requests) == AT_ONCE
        world.companies.look()
        assert len(world.edgar.requests) == AT_ONCE + 5
        assert len({request.path for request in world.edgar.requests}) == AT_ONCE + 5
