"""The poll of the feed and the reconciler, with the real client against a feed that moves."""

from datetime import timedelta

import pytest

from bot.errors import ConfigError, SourceUnavailable
from bot.sources.edgar.names import FORM_4, OWNERSHIP_FORMS
from bot.sources.edgar.pace import Stopped
from bot.sources.edgar.walk import Walk
from tests.sources.edgar.benches import Bench, numbers
from tests.sources.edgar.local_edgar import Reply
from tests.sources.edgar.moving_feed import text_of
from tests.sources.edgar.pages import THRESHOLD, UNAVAILABLE, UNDECLARED
from tests.sources.edgar.recorded import needs_recorded, recorded


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
