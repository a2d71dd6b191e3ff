"""The poll of the feed and the reconciler, with the real client against a feed that moves."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, SourceUnavailable
from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.live import PollResult, ReconcileResult, poll, reconcile
from bot.sources.edgar.names import FORM_4, OWNERSHIP_FORMS
from bot.sources.edgar.pace import Stopped
from bot.sources.edgar.walk import Walk
from tests.sources.edgar.local_edgar import LocalServer, Reply, serving
from tests.sources.edgar.moving_feed import Filing, Kept, Killed, MovingFeed, index_of, text_of
from tests.sources.edgar.pages import THRESHOLD, UNAVAILABLE, UNDECLARED
from tests.sources.edgar.recorded import needs_recorded, recorded


@dataclass
class Bench:
    """A feed, the client that asks it, and what was kept of it."""

    server: LocalServer
    client: EdgarClient
    feed: MovingFeed
    kept: Kept

    def poll(
        self, *, forms: Collection[str] = FORM_4, max_pages: int = 51, page: int = 20
    ) -> PollResult:
        result = poll(
            self.client,
            self.kept.known,
            self.kept.fetched,
            clock=self.server.clock,
            pending=list(self.kept.pending.values()),
            forms=forms,
            max_pages=max_pages,
            page=page,
        )
        self.kept.remember(result.pending)
        return result

    def reconcile(self, day: date) -> ReconcileResult:
        return reconcile(
            self.client,
            day,
            self.kept.known,
            self.kept.fetched,
            clock=self.server.clock,
            pending=list(self.kept.pending.values()),
        )

    def asked_for(self, text: str) -> int:
        return sum(text in path for path in self.server.paths)


def a_bench(server: LocalServer, client: EdgarClient) -> Bench:
    feed = MovingFeed(clock=server.clock)
    server.respond = feed.respond
    return Bench(server=server, client=client, feed=feed, kept=Kept())


@pytest.fixture
def bench() -> Iterator[Bench]:
    with serving(lambda _: Reply()) as server, server.client() as client:
        yield a_bench(server, client)


def numbers(filings: list[Filing]) -> list[str]:
    return [filing.accession_number for filing in filings]


def test_new_filings_are_fetched_once_each_in_the_order_of_their_acceptance(bench: Bench) -> None:
    arrived = [bench.feed.arrive(owners=n % 3 + 1) for n in range(5)]
    result = bench.poll()
    assert bench.kept.accession_numbers == numbers(arrived)
    assert bench.asked_for("/Archives/") == 5
    assert [filing.body for filing in bench.kept.filings] == [text_of(f) for f in arrived]
    assert [filing.listed.at for filing in bench.kept.filings] == [f.at for f in arrived]
    assert (result.new, result.fetched, result.failure) == (5, 5, None)


def test_a_filing_is_asked_for_at_its_issuer(bench: Bench) -> None:
    arrived = bench.feed.arrive(owners=2)
    bench.poll()
    assert bench.kept.filings[0].url.endswith(arrived.url)


def test_among_known_filings_one_page_is_enough(bench: Bench) -> None:
    bench.feed.arrivals(60)
    bench.poll()
    arrived = bench.feed.arrivals(3)
    result = bench.poll(page=100)
    assert (result.pages, result.new, result.overlapped) == (1, 3, True)
    assert bench.kept.accession_numbers[-3:] == numbers(arrived)


def test_after_an_outage_the_poll_pages_back_to_what_it_knows(bench: Bench) -> None:
    bench.feed.arrivals(20)
    bench.poll()
    bench.feed.arrivals(100)
    result = bench.poll()
    assert result.fetched == 100
    assert result.overlapped
    assert result.pages < 15


def test_a_first_poll_goes_no_further_back_than_it_is_told(bench: Bench) -> None:
    arrived = bench.feed.arrivals(60)
    result = bench.poll(max_pages=2)
    assert result.pages == 2
    assert not result.overlapped
    assert bench.kept.accession_numbers == numbers(arrived[-20:])
    bench.feed.arrivals(2)
    assert bench.poll().new == 2


def test_what_arrives_while_the_feed_is_paged_is_fetched_by_the_next_poll(bench: Bench) -> None:
    bench.feed.arrivals(40)
    bench.feed.during = [3, 1, 2]
    bench.poll()
    bench.poll()
    assert bench.kept.accession_numbers == numbers(bench.feed.filings)
    assert set(bench.feed.served.values()) == {1}


def test_forms_that_only_begin_with_4_are_not_fetched(bench: Bench) -> None:
    for form in ("424B2", "4", "40-APP", "497K", "4/A", "425"):
        bench.feed.arrive(form=form)
    result = bench.poll()
    assert [filing.listed.form for filing in bench.kept.filings] == ["4", "4/A"]
    assert result.listed == 2


def test_other_ownership_forms_are_lists_of_their_own(bench: Bench) -> None:
    for form in ("3", "5/A", "4", "SC 13D"):
        bench.feed.arrive(form=form)
    bench.poll(forms=OWNERSHIP_FORMS)
    assert [filing.listed.form for filing in bench.kept.filings] == ["3", "5/A", "4"]


def test_a_filing_listed_below_known_ones_is_found(bench: Bench) -> None:
    bench.feed.arrivals(30)
    bench.poll()
    late = bench.feed.arrive(depth=7)
    assert bench.poll().new == 1
    assert bench.kept.accession_numbers[-1] == late.accession_number


def test_filings_below_new_ones_and_across_a_page_edge_are_found(bench: Bench) -> None:
    bench.feed.arrivals(30)
    bench.poll()
    bench.feed.arrive(depth=6)
    bench.feed.arrivals(8)
    assert bench.poll().fetched == 9


def test_a_page_made_before_the_one_above_it_is_bridged(bench: Bench) -> None:
    bench.feed.arrivals(40)
    bench.feed.stale = (list(bench.feed.rows), bench.server.clock.now - timedelta(seconds=1))
    bench.feed.arrivals(3)
    result = bench.poll()
    assert bench.kept.accession_numbers == numbers(bench.feed.filings)
    assert result.overlapped


def test_a_page_that_cannot_be_bridged_leaves_a_doubt(bench: Bench) -> None:
    bench.feed.arrivals(40)
    bench.feed.stale = (list(bench.feed.rows), bench.server.clock.now - timedelta(seconds=1))
    bench.feed.arrivals(3)
    query = (
        "/cgi-bin/browse-edgar?action=getcurrent&type=4&owner=only&count=20&start=10&output=atom"
    )
    bench.feed.broken[query] = Reply(status=404)
    result = bench.poll()
    assert not result.overlapped
    assert result.fetched > 30


def test_when_a_page_fails_nothing_is_fetched_above_the_hole(bench: Bench) -> None:
    bench.feed.arrivals(40)
    query = (
        "/cgi-bin/browse-edgar?action=getcurrent&type=4&owner=only&count=20&start=20&output=atom"
    )
    bench.feed.broken[query] = Reply(status=503, body=UNAVAILABLE)
    with pytest.raises(SourceUnavailable):
        bench.poll()
    assert bench.kept.filings == []
    bench.feed.broken.clear()
    assert bench.poll().fetched == 40


def test_a_feed_without_entries_is_no_news_but_an_error(bench: Bench) -> None:
    with pytest.raises(SourceUnavailable, match="no entries"):
        bench.poll()


def test_an_error_below_a_page_that_was_not_full_is_the_end_of_the_feed(bench: Bench) -> None:
    bench.feed.arrivals(3)
    query = "/cgi-bin/browse-edgar?action=getcurrent&type=4&owner=only&count=20&start=6&output=atom"
    bench.feed.broken[query] = Reply(status=404)
    result = bench.poll()
    assert (result.fetched, result.overlapped) == (3, False)


def test_a_server_that_does_not_heed_the_start_is_not_paged_for_ever(bench: Bench) -> None:
    bench.feed.arrivals(10)
    body = bench.feed.respond("/cgi-bin/browse-edgar?type=4&count=20&start=0").body
    bench.server.respond = lambda path: (
        Reply(body=body) if path.startswith("/cgi-bin/") else bench.feed.respond(path)
    )
    result = bench.poll()
    assert (result.pages, result.fetched, result.overlapped) == (3, 10, False)


def test_a_filing_not_there_yet_waits_and_holds_nothing_up(bench: Bench) -> None:
    first, late, last = bench.feed.arrivals(3)
    bench.feed.absent[late.accession_number] = 4
    result = bench.poll()
    assert bench.kept.accession_numbers == numbers([first, last])
    (waiting,) = result.pending
    assert (waiting.accession_number, waiting.tries) == (late.accession_number, 1)
    assert "not there (404)" in waiting.reason


def test_a_waiting_filing_is_asked_for_again_when_due_and_not_before(bench: Bench) -> None:
    late = bench.feed.arrive()
    bench.feed.absent[late.accession_number] = 2
    bench.poll()
    asked = bench.asked_for(late.accession_number)
    bench.server.clock.advance(5)
    (waiting,) = bench.poll().pending
    assert bench.asked_for(late.accession_number) == asked
    assert waiting.tries == 1
    bench.server.clock.advance(20)
    result = bench.poll()
    assert (result.new, result.fetched, result.pending) == (0, 1, ())
    assert bench.kept.accession_numbers == [late.accession_number]


def test_a_filing_missing_at_its_issuer_is_found_at_its_owner(bench: Bench) -> None:
    filing = bench.feed.arrive()
    bench.feed.broken[filing.url] = Reply(status=404)
    assert bench.poll().fetched == 1
    assert f"/{filing.ciks[0]}/" in bench.kept.filings[0].url


def test_a_withdrawn_filing_is_buried_after_a_day_with_its_reason(bench: Bench) -> None:
    gone = bench.feed.arrive()
    bench.feed.absent[gone.accession_number] = 10_000
    for _ in range(40):
        result = bench.poll()
        bench.server.clock.advance(3600)
    assert bench.kept.buried == {gone.accession_number}
    assert (result.new, result.pending) == (0, ())
    assert bench.asked_for(gone.accession_number) < 80


def test_a_filing_fetched_meanwhile_by_another_way_waits_no_longer(bench: Bench) -> None:
    late = bench.feed.arrive()
    bench.feed.absent[late.accession_number] = 2
    bench.poll()
    bench.kept.buried.add(late.accession_number)
    bench.server.clock.advance(60)
    assert bench.poll().pending == ()
    assert bench.feed.served[late.accession_number] == 0


def test_a_block_by_rate_ends_the_run_and_the_next_poll_fetches_the_rest(bench: Bench) -> None:
    arrived = bench.feed.arrivals(4)
    bench.feed.broken[arrived[2].url] = Reply(status=403, body=THRESHOLD)
    result = bench.poll()
    assert isinstance(result.failure, Stopped)
    assert result.pending == ()
    assert bench.kept.accession_numbers == numbers(arrived[:2])
    bench.feed.broken.clear()
    with pytest.raises(Stopped):
        bench.poll()
    bench.server.clock.advance(600)
    assert bench.poll().fetched == 2
    assert bench.kept.accession_numbers == numbers(arrived)


def test_an_undeclared_tool_ends_the_run(bench: Bench) -> None:
    arrived = bench.feed.arrivals(2)
    bench.feed.broken[arrived[0].url] = Reply(status=403, body=UNDECLARED)
    result = bench.poll()
    assert isinstance(result.failure, ConfigError)
    assert result.fetched == 0


def test_one_broken_filing_is_remembered_and_three_in_a_row_end_the_run(bench: Bench) -> None:
    arrived = bench.feed.arrivals(8)
    for filing in (arrived[0], *arrived[2:6]):
        bench.feed.broken[filing.url] = Reply(status=500)
    result = bench.poll()
    assert bench.kept.accession_numbers == numbers(arrived[1:2])
    assert len(result.pending) == 4
    assert result.failure is not None
    bench.feed.broken.clear()
    bench.server.clock.advance(60)
    assert bench.poll().fetched == 7


def test_a_poll_says_how_far_behind_the_feed_is(bench: Bench) -> None:
    newest = bench.feed.arrivals(2)[-1]
    result = bench.poll()
    assert result.newest_at == newest.at.replace(microsecond=0)
    assert result.lag == timedelta(seconds=30)


@needs_recorded
def test_a_recorded_run_of_pages_is_walked_to_its_end(bench: Bench) -> None:
    def page(path: str) -> Reply:
        start = path.split("&start=")[1].split("&")[0]
        name = f"getcurrent/type4-2025-12-12/start-{start:>05}-count-100.atom.xml.gz"
        return Reply(body=recorded(name)) if start.endswith("00") or start == "0" else Reply(404)

    bench.server.respond = page
    walk = Walk(bench.client, "4", known=lambda _: set(), forms=FORM_4, page=100)
    walk.run(max_pages=100)
    new = walk.new()
    assert len({filing.accession_number for filing in new}) == len(new) == 1579
    assert all(filing.urls[0].startswith("https://www.sec.gov/Archives/") for filing in new)
    assert not walk.overlapped


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
