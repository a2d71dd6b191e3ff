"""What goes wrong at the EDGAR on loopback, and that it does so when it is asked to."""

from datetime import timedelta

import httpx
import pytest

from bot.clock import system_clock
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sandbox.edgar_faults import FaultKind, Faults
from bot.sources.edgar.feed import read_feed
from tests.sandbox.visitor import SALE_AT, path_of, the_sale, visiting

SALE = the_sale()
FEED = "/cgi-bin/browse-edgar?action=getcurrent&type=4&output=atom"


@pytest.mark.parametrize(
    ("kind", "status"), [(FaultKind.TOO_MANY, 429), (FaultKind.UNAVAILABLE, 503)]
)
def test_an_overload_says_when_to_come_again_and_passes(kind: FaultKind, status: int) -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(kind, retry_after="7")
        refused = visitor.get(FEED)
        after = visitor.get(FEED)

    assert (refused.status_code, refused.headers["Retry-After"]) == (status, "7")
    assert after.status_code == 200


def test_a_web_page_comes_with_status_200() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.WEB_PAGE)
        answer = visitor.get(path_of(SALE))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.text.startswith("<!DOCTYPE html")


def test_a_cut_body_is_shorter_than_it_says() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.CUT)
        with pytest.raises(httpx.RemoteProtocolError):
            visitor.get(path_of(SALE))
        assert visitor.get(path_of(SALE)).content == SALE.body


def test_a_truncated_body_can_only_be_told_by_its_end() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.TRUNCATED)
        body = visitor.get(path_of(SALE)).content

    assert len(body) == int(len(SALE.body) * 0.6)
    assert SALE.body.startswith(body)


def test_a_reset_connection_gives_nothing_and_is_logged_without_status() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.RESET)
        with pytest.raises(httpx.ReadError):
            visitor.get(path_of(SALE))

    assert [request.status for request in visitor.edgar.requests] == [0]


def test_a_slow_answer_comes_whole_after_its_time() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.SLOW, seconds=0.05)
        asked = system_clock()
        body = visitor.get(path_of(SALE)).content

    assert body == SALE.body
    assert system_clock() - asked >= timedelta(seconds=0.049)


def test_a_feed_without_entries_or_with_another_root_is_no_news() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.EMPTY_FEED)
        visitor.edgar.faults.add(FaultKind.OTHER_ROOT)
        with pytest.raises(SourceUnavailable, match="no entries"):
            visitor.feed()
        with pytest.raises(SourceUnreadable, match="root is rss"):
            visitor.feed()
        assert visitor.feed().listed == 22


def test_a_stale_page_is_one_of_some_seconds_ago() -> None:
    with visiting(at=SALE_AT) as visitor:
        visitor.edgar.faults.add(FaultKind.STALE, seconds=2)
        stale = visitor.feed()
        fresh = visitor.feed()

    assert stale.updated == SALE_AT - timedelta(seconds=2)
    assert stale.entries == fresh.entries[2:]


def test_a_fault_waits_for_its_path_and_its_turn() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.UNAVAILABLE, path="getcurrent", times=2, after=1)
        elsewhere = visitor.get(path_of(SALE)).status_code
        here = [visitor.get(FEED).status_code for _ in range(4)]

    assert elsewhere == 200
    assert here == [200, 503, 503, 200]


def test_a_fault_without_end_lasts_until_it_is_cleared() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.UNAVAILABLE, times=None)
        during = [visitor.get(FEED).status_code for _ in range(3)]
        visitor.edgar.faults.clear()
        after = visitor.get(FEED).status_code

    assert (during, after) == ([503, 503, 503], 200)


def test_random_faults_keep_to_their_rate_and_come_again_with_their_seed() -> None:
    def drawn(seed: int) -> list[str]:
        faults = Faults()
        faults.at_random(0.2, seed=seed)
        found = [faults.draw(FEED) for _ in range(1000)]
        return [fault.kind.value if fault else "" for fault in found]

    assert drawn(3) == drawn(3) != drawn(4)
    assert 150 < sum(bool(kind) for kind in drawn(3)) < 250


def test_faults_of_the_feed_never_befall_a_filing() -> None:
    faults = Faults()
    faults.at_random(1.0, seed=1, kinds=[FaultKind.EMPTY_FEED, FaultKind.OTHER_ROOT])

    assert all(faults.draw(path_of(SALE)) is None for _ in range(20))
    assert all(faults.draw(FEED) is not None for _ in range(20))


def test_a_feed_read_through_a_cut_connection_is_never_half_read() -> None:
    with visiting() as visitor:
        visitor.edgar.faults.add(FaultKind.TRUNCATED)
        body = visitor.feed_body()

    with pytest.raises(SourceUnavailable):
        read_feed(body, where="feed")
