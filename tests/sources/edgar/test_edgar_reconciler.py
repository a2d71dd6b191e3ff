"""The reconciler and the laws of polls: whatever arrives when, is kept exactly once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.names import FORM_4
from bot.sources.edgar.pace import Stopped
from tests.sources.edgar.benches import Bench, a_bench, numbers
from tests.sources.edgar.local_edgar import LocalServer, Reply, serving
from tests.sources.edgar.moving_feed import Killed, index_of
from tests.sources.edgar.pages import THRESHOLD

DAY = date(2025, 12, 12)


NEXT_MORNING = datetime(2025, 12, 13, 11, 0, tzinfo=UTC)  # 06:00 in New York


def test_the_reconciler_fetches_what_no_poll_has_seen(bench: Bench) -> None:
    arrived = bench.feed.arrivals(6)
    bench.poll()
    missed = [bench.feed.arrive(owners=2), bench.feed.arrive(form="4/A")]
    bench.feed.indexes["form.20251212.idx"] = index_of([*arrived, *missed], DAY)
    bench.server.clock.now = NEXT_MORNING
    result = bench.reconcile(DAY)
    assert (result.listed, result.missing, result.fetched) == (8, 2, 2)
    assert (result.whole, result.may_advance) == (True, True)
    assert bench.kept.accession_numbers[-2:] == numbers(missed)
    assert bench.kept.filings[-1].listed.filed_on == DAY
    assert bench.kept.filings[-1].listed.at is None
    assert bench.reconcile(DAY).missing == 0


def test_a_day_without_an_index_does_not_count_as_read(bench: Bench) -> None:
    result = bench.reconcile(DAY)
    assert (result.whole, result.may_advance) == (False, False)


def test_a_cut_index_gives_its_whole_rows_and_holds_the_watermark(bench: Bench) -> None:
    arrived = bench.feed.arrivals(3)
    bench.feed.indexes["form.20251212.idx"] = index_of(arrived, DAY)[:-40]
    bench.server.clock.now = NEXT_MORNING
    result = bench.reconcile(DAY)
    assert (result.whole, result.may_advance) == (False, False)
    assert result.fetched == 3


def test_before_six_in_new_york_the_next_day_an_index_may_still_grow(bench: Bench) -> None:
    bench.feed.indexes["form.20251212.idx"] = index_of(bench.feed.arrivals(1), DAY)
    bench.server.clock.now = NEXT_MORNING - timedelta(seconds=10)
    assert bench.reconcile(DAY).may_advance is False
    bench.server.clock.now = NEXT_MORNING
    assert bench.reconcile(DAY).may_advance is True


def test_an_indexed_filing_that_is_not_there_is_pending_and_does_not_hold_the_watermark(
    bench: Bench,
) -> None:
    (gone,) = bench.feed.arrivals(1)
    bench.feed.absent[gone.accession_number] = 100
    bench.feed.indexes["form.20251212.idx"] = index_of([gone], DAY)
    bench.server.clock.now = NEXT_MORNING
    result = bench.reconcile(DAY)
    assert [item.accession_number for item in result.pending] == [gone.accession_number]
    assert result.may_advance
    bench.kept.remember(result.pending)
    assert bench.reconcile(DAY).missing == 0


def test_a_block_while_reconciling_holds_the_watermark(bench: Bench) -> None:
    arrived = bench.feed.arrivals(2)
    for filing in arrived:
        owner_url = filing.url.replace(f"/{filing.ciks[1]}/", f"/{filing.ciks[0]}/")
        bench.feed.broken[owner_url] = Reply(status=403, body=THRESHOLD)
    bench.feed.indexes["form.20251212.idx"] = index_of(arrived, DAY)
    bench.server.clock.now = NEXT_MORNING
    result = bench.reconcile(DAY)
    assert isinstance(result.failure, Stopped)
    assert not result.may_advance


ARRIVAL = st.tuples(
    st.sampled_from(["4", "4", "4", "4/A", "424B2"]),  # form
    st.integers(1, 3),  # owners
    st.sampled_from([0, 0, 0, 0, 3]),  # rows below the top
    st.sampled_from([0, 0, 0, 0, 0, 2]),  # times not there
)


ROUND = st.tuples(
    st.lists(ARRIVAL, max_size=12),
    st.lists(st.integers(0, 2), max_size=4),  # arrivals after each page
    st.one_of(st.none(), st.none(), st.integers(0, 6)),  # killed after so many hand-overs
)


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[LocalServer, EdgarClient]]:
    with serving(lambda _: Reply()) as server, server.client() as client:
        yield server, client


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rounds=st.lists(ROUND, min_size=1, max_size=6))
def test_whatever_arrives_between_and_during_polls_is_kept_exactly_once(
    shared: tuple[LocalServer, EdgarClient],
    rounds: list[tuple[list[tuple[str, int, int, int]], list[int], int | None]],
) -> None:
    bench = a_bench(*shared)
    bench.feed.arrivals(1)
    for arrivals, during, kill_after in rounds:
        for form, owners, depth, absent in arrivals:
            filing = bench.feed.arrive(form=form, owners=owners, depth=depth)
            if kill_after is None:
                bench.feed.absent[filing.accession_number] = absent
        bench.feed.during = list(during)
        bench.kept.kill_at = None if kill_after is None else len(bench.kept.filings) + kill_after
        try:
            bench.poll(page=16)
        except Killed:
            bench.kept.kill_at = None
            bench.feed.during = []
            bench.poll(page=16)
        bench.server.clock.advance(30)
    bench.kept.kill_at, bench.feed.during = None, []
    for _ in range(5):
        bench.poll(page=16)
        bench.server.clock.advance(3600)
    wanted = [filing for filing in bench.feed.filings if filing.form in FORM_4]
    assert sorted(bench.kept.accession_numbers) == sorted(numbers(wanted))
