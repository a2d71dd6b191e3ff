"""A company's past through a real child process and an EDGAR on loopback."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.backfill import Backfilled, Landing, backfill, landing_of
from bot.calendar import start_of
from bot.collect import Watch
from bot.errors import BotError, ConfigError, QueryError, SourceUnavailable
from bot.pipeline import read_documents
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import SandboxMarket
from bot.sources.edgar.backfill import AskedForSilence, Hosts
from bot.sources.edgar.pace import Stopped
from bot.sources.edgar.shared_pace import SharedPace
from bot.store import Coverage, Store
from bot.store.lock import only_one
from tests.markets import some_filings, with_symbol

SINCE = date(2025, 1, 1)
OFTEN = 1_000.0
"""Requests a second: the pace is no matter of most tests."""


class Past:
    """A market of the past, and a store that is to hold it."""

    def __init__(self, edgar: SandboxEdgar, store: Store, folder: Path) -> None:
        self.edgar, self.store, self.folder = edgar, store, folder
        self.progress: list[tuple[int, int]] = []

    @property
    def accessions(self) -> list[str]:
        """Of TA, in the order of acceptance."""
        return [p.accession_number for p in self.edgar.market.publications if p.ticker == "TA"]

    def bring(
        self,
        company: str = "TA",
        *,
        per_second: float = OFTEN,
        since: date = SINCE,
        watch: Watch | None = None,
        deadline: timedelta = timedelta(minutes=1),
        progress: Callable[[int, int], None] | None = None,
    ) -> Backfilled:
        hosts = Hosts(
            contact="Test test@example.org",
            www_url=self.edgar.url,
            data_url=self.edgar.url,
            pace_file=self.folder / "pace",
            per_second=per_second,
        )
        return backfill(
            self.store,
            company,
            hosts,
            since=since,
            clock=self.edgar.clock,
            progress=progress or (lambda came, wanted: self.progress.append((came, wanted))),
            watch=watch or Watch(),
            deadline=deadline,
        )

    def kept(self) -> list[tuple[str, bool]]:
        """Accession number and quietness of every document, in the order in which they are kept."""
        return [(each.key, each.quiet) for each in self.store.documents.unread(1_000)]


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    filings = [with_symbol(each) for each in some_filings(24, companies=3)]
    clock = SandboxClock(start=filings[-1].accepted_at + timedelta(hours=1), speed=0)
    store = Store(tmp_path / "bot.db")
    with SandboxEdgar(SandboxMarket.of(filings), clock, requests_per_second=None) as edgar:
        yield Past(edgar, store, tmp_path)
    store.close()


def test_past_filings_are_kept_quietly_in_the_order_of_their_acceptance(past: Past) -> None:
    found = past.bring()

    assert past.kept() == [(accession, True) for accession in past.accessions]
    assert (found.listed, found.new, found.failed) == (len(past.accessions), found.new, {})
    assert found.new == len(past.accessions) > 3
    assert past.progress[-1] == (found.new, found.new)
    assert read_documents(past.store).unreadable == 0


def test_a_cik_and_a_ticker_in_small_letters_name_the_company_too(past: Past) -> None:
    by_ticker = past.bring("ta")
    again = past.bring(str(by_ticker.cik).lstrip("0"))

    assert again.cik == by_ticker.cik == "0009200000"
    assert (again.listed, again.new) == (by_ticker.listed, 0)


def test_what_it_covers_is_noted(past: Past) -> None:
    found = past.bring()

    covered = Coverage(kind="insider_trade", subject=found.cik, since=start_of(SINCE))
    assert past.store.collection.coverage() == [covered]


def test_filings_before_the_day_asked_for_are_left_out(past: Past) -> None:
    newest = past.edgar.market.publications[-1].filed_on

    found = past.bring(since=newest)

    assert found.listed < len(past.accessions)


def test_filings_that_do_not_come_are_told_and_nothing_is_covered(past: Past) -> None:
    first, second, third = past.accessions[:3]
    past.edgar.faults.add(FaultKind.UNAVAILABLE, path=f"{first}.txt")
    past.edgar.faults.add(FaultKind.WEB_PAGE, path=f"{second}.txt")
    past.edgar.faults.add(FaultKind.TRUNCATED, path=f"{third}.txt")

    found = past.bring()

    assert found.failed.keys() == {first, second, third}
    assert "503" in found.failed[first]
    assert [accession for accession, _ in past.kept()] == past.accessions[3:]
    assert past.store.collection.coverage() == []


def test_a_text_that_holds_another_filing_is_a_failure_and_not_kept(past: Past) -> None:
    first, other = [p for p in past.edgar.market.publications if p.ticker == "TA"][:2]
    past.edgar.market.publish(replace(first, body=other.body))

    found = past.bring()

    assert other.accession_number in found.failed[first.accession_number]
    assert [accession for accession, _ in past.kept()] == past.accessions[1:]


def test_a_run_that_broke_off_goes_on_with_the_rest_only(past: Past) -> None:
    past.edgar.faults.add(FaultKind.RESET, path=".txt", after=2, times=None)
    broken = past.bring()
    past.edgar.faults.clear()
    asked = len(past.edgar.requests)

    whole = past.bring()

    assert (broken.new, whole.new) == (2, len(past.accessions) - 2)
    assert whole.failed == {}
    texts = [r.path for r in past.edgar.requests[asked:] if r.path.endswith(".txt")]
    assert len(texts) == whole.new
    assert {accession for accession, _ in past.kept()} == set(past.accessions)


def test_the_child_is_killed_at_the_deadline_and_what_it_saved_stays(past: Past) -> None:
    past.edgar.faults.add(FaultKind.SLOW, path=".txt", after=2, times=None, seconds=120)
    began = time.monotonic()

    with pytest.raises(SourceUnavailable, match=r"TA.* broke off: 0:00:04 have passed"):
        past.bring(deadline=timedelta(seconds=4))

    assert time.monotonic() - began < 60
    assert len(past.kept()) == (past.progress[-1][0] if past.progress else 0)
    assert past.store.collection.coverage() == []


def test_what_a_failing_disk_has_cut_is_asked_for_again(past: Past) -> None:
    first, second = (
        p for p in past.edgar.market.publications if p.accession_number in past.accessions[:2]
    )
    landing = Landing(landing_of(past.store))
    landing.lay_down(first.accession_number, first.body)
    landing.lay_down(second.accession_number, second.body[:-40])

    found = past.bring()

    texts = [r.path for r in past.edgar.requests if r.path.endswith(".txt")]
    assert len(texts) == found.new - 1 == len(past.accessions) - 1
    assert past.kept() == [(accession, True) for accession in past.accessions]
    assert not landing.folder.exists()


def test_what_a_killed_run_left_of_another_company_is_kept_and_not_counted(past: Past) -> None:
    (left, *_) = (p for p in past.edgar.market.publications if p.ticker == "TB")
    Landing(landing_of(past.store)).lay_down(left.accession_number, left.body)

    found = past.bring("TA")

    assert found.new == found.listed == len(past.accessions)
    assert {key for key, _ in past.kept()} == {*past.accessions, left.accession_number}


def test_a_name_that_leads_elsewhere_is_not_laid_down(tmp_path: Path) -> None:
    landing = Landing(tmp_path / "landing")

    with pytest.raises(ValueError, match="no accession number"):
        landing.lay_down("../bot", b"x")

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_nothing_is_told_with_its_place(past: Past) -> None:
    landing_of(past.store).write_text("in the way")

    with pytest.raises(ConfigError, match="can not be laid down: File exists") as raised:
        past.bring()

    assert raised.value.where == str(landing_of(past.store))


def test_two_back_fills_of_one_store_do_not_meet(past: Past) -> None:
    with only_one(landing_of(past.store), worker="back-fill"), pytest.raises(ConfigError) as raised:
        past.bring()

    assert raised.value.what.startswith("another back-fill works on this store")


def test_the_oldest_filings_come_first_so_that_a_broken_run_leaves_no_hole(past: Past) -> None:
    past.edgar.faults.add(FaultKind.TOO_MANY, path=".txt", after=3, times=None)

    with pytest.raises(SourceUnavailable, match=r"TA after 3 of \d+ filings broke off"):
        past.bring()

    assert past.kept() == [(accession, True) for accession in past.accessions[:3]]
    assert not landing_of(past.store).exists()


def test_where_the_sec_wants_a_declaration_the_mend_begins_with_it(past: Past) -> None:
    past.edgar.faults.add(FaultKind.UNDECLARED, path=".txt", times=None)

    with pytest.raises(SourceUnavailable) as raised:
        past.bring()

    assert raised.value.mend.startswith("mend [edgar] contact first, then give the same command")


@pytest.mark.parametrize("company", ["OKLOO", "1234567"])
def test_an_unknown_company_is_an_error_that_tells_what_to_write(past: Past, company: str) -> None:
    with pytest.raises(QueryError) as raised:
        past.bring(company)

    assert raised.value.what == f"EDGAR has no company {company}"
    assert "CIK" in raised.value.mend
    assert past.store.documents.count() == 0


def test_after_a_refusal_that_asks_for_silence_nothing_more_is_asked(past: Past) -> None:
    past.edgar.faults.add(FaultKind.TOO_MANY, path=".txt", after=1, times=None)

    with pytest.raises(SourceUnavailable, match="asks for silence"):
        past.bring()

    assert past.edgar.requests[-1].status == 429
    assert [r.status for r in past.edgar.requests].count(429) == 1
    assert len(past.kept()) == 1


def test_a_block_by_the_sec_is_kept_for_the_bot_and_the_next_run(past: Past) -> None:
    past.edgar.faults.add(FaultKind.BLOCKED, path=".txt", after=1)
    end = past.edgar.clock() + timedelta(minutes=10)

    with pytest.raises(AskedForSilence, match="Rate Threshold Exceeded"):
        past.bring()
    assert past.store.collection.silent_until("edgar", past.edgar.clock()) == end
    asked = len(past.edgar.requests)
    with pytest.raises(Stopped):
        past.bring()

    assert len(past.edgar.requests) == asked
    assert len(past.kept()) == 1


def test_a_block_that_the_live_bot_meets_ends_a_back_fill_beside_it(past: Past) -> None:
    def meet(came: int, _wanted: int) -> None:
        if came == 1:
            end = past.edgar.clock() + timedelta(minutes=10)
            past.store.collection.keep_silence("edgar", end)

    with pytest.raises(Stopped):
        past.bring(per_second=10, progress=meet)

    assert 1 <= len(past.kept()) < len(past.accessions)


def test_an_edgar_that_does_not_answer_is_told(past: Past) -> None:
    past.edgar.faults.add(FaultKind.RESET, times=None)

    with pytest.raises(BotError) as raised:
        past.bring()

    assert isinstance(raised.value, SourceUnavailable)
    assert "Connection" in raised.value.what


def test_its_requests_keep_the_shared_pace(past: Past) -> None:
    past.bring(per_second=20)

    asked = [request.at for request in past.edgar.requests]
    gaps = [after - before for before, after in pairwise(asked)]
    assert sum(gaps, timedelta()) >= timedelta(seconds=(len(asked) - 1) / 20 - 0.1)


def test_a_turn_taken_by_another_process_is_waited_for(past: Past) -> None:
    began = time.monotonic()
    SharedPace(past.folder / "pace", 0.5)()

    past.bring(
        per_second=0.5, since=past.edgar.market.publications[-1].filed_on + timedelta(days=1)
    )

    assert time.monotonic() - began >= 2


def test_what_was_accepted_since_the_bot_started_alerts_where_the_company_is_watched(
    past: Past,
) -> None:
    started = _between(past, 2)
    past.store.collection.start(started)

    past.bring()

    assert past.kept() == [(a, number <= 2) for number, a in enumerate(past.accessions)]


def test_what_was_accepted_since_the_bot_started_is_quiet_for_others(past: Past) -> None:
    past.store.collection.start(_between(past, 2))

    past.bring(watch=Watch(ciks=frozenset({"0009200001"})))  # TB

    assert past.kept() == [(accession, True) for accession in past.accessions]


def test_what_a_watched_issuer_filed_since_the_bot_started_alerts(past: Past) -> None:
    past.store.collection.start(_between(past, 2))

    past.bring(watch=Watch(ciks=frozenset({"0009200000"})))

    assert past.kept() == [(a, number <= 2) for number, a in enumerate(past.accessions)]


def _between(past: Past, place: int) -> datetime:
    """An instant after that filing of TA and before the next."""
    accepted = [p.accepted_at for p in past.edgar.market.publications if p.ticker == "TA"]
    assert accepted[place] < accepted[place + 1]
    return accepted[place]
