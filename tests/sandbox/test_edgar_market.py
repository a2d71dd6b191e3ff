"""Markets of the sandbox EDGAR: folders of documents, busy days, and the time they play in."""

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clock import NEW_YORK, new_york_day
from bot.sandbox.edgar_busy import busy_day, with_noise
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import RECORDED, Delays, SandboxMarket
from bot.sandbox.edgar_publication import (
    ISSUER,
    Publication,
    publication_from,
    publications_in,
)
from bot.sandbox.filings import SyntheticFiling
from bot.sandbox.market import damaged, filings, write_market
from bot.sources.edgar.feed import read_feed
from bot.sources.edgar.names import FORM_4
from bot.sources.edgar.ownership import read_filing
from tests.sandbox.visitor import story, visiting
from tests.sources.edgar.local_edgar import ManualClock

SALE = story()[6]
BUSY = busy_day()
NOISY = with_noise(SandboxMarket.of(BUSY).publications)


def minutes(day: list[SyntheticFiling]) -> Counter[str]:
    return Counter(f"{f.accepted_at.astimezone(NEW_YORK):%H:%M}" for f in day)


def test_a_folder_of_submissions_is_served_as_it_stands(tmp_path: Path) -> None:
    write_market(tmp_path)

    market, refused = SandboxMarket.from_folder(tmp_path)

    assert [p.body for p in market.publications] == [f.submission() for f in filings()]
    assert refused.keys() == damaged().keys()
    assert "Request Rate Threshold Exceeded" in refused["block-page.txt"]


def test_bare_xml_gets_a_container_of_the_evening_of_its_signature() -> None:
    publication = publication_from(SALE.xml().encode(), name="sale.xml")

    read = read_filing(publication.body, name="")
    assert read.accession_number == publication.accession_number
    assert read.accepted_at == publication.accepted_at.replace(microsecond=0)
    assert new_york_day(publication.accepted_at) == new_york_day(SALE.accepted_at)
    assert 16 <= publication.accepted_at.astimezone(NEW_YORK).hour < 21
    assert read.lines == read_filing(SALE.submission(), name="").lines


def test_bare_xml_keeps_the_accession_number_of_its_name() -> None:
    publication = publication_from(SALE.xml().encode(), name="x-4-0001234567-25-000123.xml")

    assert publication.accession_number == "0001234567-25-000123"


def test_the_same_document_is_the_same_filing_whatever_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text(SALE.xml())
    alone, _ = publications_in(tmp_path)
    (tmp_path / "a.xml").write_text(story()[0].xml())
    beside, _ = publications_in(tmp_path)

    assert alone[0] in beside
    assert len({p.accession_number for p in beside}) == 2


def test_a_document_signed_on_a_holiday_is_accepted_on_the_next_business_day() -> None:
    xml = SALE.xml().replace(
        f"{SALE.accepted_at:%Y-%m-%d}</signatureDate>", "2025-07-04</signatureDate>"
    )

    publication = publication_from(xml.encode(), name="sale.xml")

    assert publication.filed_on == date(2025, 7, 7)


def test_of_two_files_of_one_filing_the_one_that_states_its_acceptance_is_taken(
    tmp_path: Path,
) -> None:
    (tmp_path / f"{SALE.accession}.xml").write_text(SALE.xml())
    (tmp_path / "whole.txt").write_bytes(SALE.submission())

    (publication,), _ = publications_in(tmp_path)

    assert publication.body == SALE.submission()


@pytest.mark.parametrize(
    ("form", "hour", "minute", "filed"),
    [("4", 21, 59, 24), ("4", 22, 1, 25), ("424B2", 17, 30, 24), ("424B2", 17, 31, 25)],
)
def test_ownership_forms_keep_their_day_until_ten_in_the_evening(
    form: str, hour: int, minute: int, filed: int
) -> None:
    publication = Publication(
        accession_number="0009999999-25-000001", form=form, parties=(), body=b"", document="x",
        accepted_at=datetime(2025, 9, 24, hour, minute, tzinfo=NEW_YORK),
    )  # fmt: skip

    assert publication.filed_on == date(2025, 9, filed)


def test_a_busy_day_has_the_count_the_peak_and_the_evening_of_the_busiest_one() -> None:
    after_the_bell = [f for f in BUSY if f.accepted_at.astimezone(NEW_YORK).hour >= 16]

    assert len(BUSY) == len({f.accession for f in BUSY}) == 2164
    assert minutes(BUSY).most_common(1) == [("16:30", 32)]
    assert minutes(BUSY).most_common(2)[1][1] < 32
    assert len(after_the_bell) / len(BUSY) == pytest.approx(0.73, abs=0.001)
    assert [f.accepted_at for f in BUSY] == sorted(f.accepted_at for f in BUSY)


def test_some_filings_of_a_busy_day_have_several_owners_and_some_are_amendments() -> None:
    owners = Counter(len(f.owners) for f in BUSY)

    assert owners[1] / len(BUSY) == pytest.approx(0.975, abs=0.01)
    assert max(owners) == 10
    assert {f.form for f in BUSY} == FORM_4


def test_every_filing_of_a_busy_day_can_be_read() -> None:
    read = [read_filing(f.submission(), name="") for f in BUSY[::20]]

    assert [r.accession_number for r in read] == [f.accession for f in BUSY[::20]]
    assert not [r.quality for r in read if r.quality]


def test_a_busy_day_is_the_same_for_the_same_seed_only() -> None:
    assert busy_day(200, peak_per_minute=9, seed=5) == busy_day(200, peak_per_minute=9, seed=5)
    assert busy_day(200, peak_per_minute=9, seed=5) != busy_day(200, peak_per_minute=9, seed=6)


def test_a_burst_comes_within_one_minute_on_top() -> None:
    day = busy_day(300, peak_per_minute=12, burst=600)

    assert len(day) == 900
    assert minutes(day)["16:31"] >= 600


def test_a_peak_that_no_day_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="do not make a day"):
        busy_day(5000, peak_per_minute=3)
    with pytest.raises(ValueError, match="accepts nothing"):
        busy_day(day=date(2025, 7, 4))


def test_a_third_of_what_type_4_lists_is_of_other_forms_and_none_with_owner_only() -> None:
    with visiting(SandboxMarket(NOISY)) as visitor:
        bodies = [visitor.feed_body(start=start) for start in range(0, 5000, 100)]
        owned = [visitor.feed(start=start, query="type=4&owner=only")
                 for start in range(0, 4500, 100)]  # fmt: skip

    every = [read_feed(body, where="feed", forms={*FORM_4, "424B2"}) for body in bodies]
    forms = Counter(entry.form for page in every for entry in page.entries)
    listed = sum(page.listed for page in every)
    assert (forms["4"] + forms["4/A"]) / listed == pytest.approx(0.64, abs=0.02)
    assert forms["424B2"] > forms["4/A"] > 0
    assert sum(page.listed for page in owned) == sum(len(page.entries) for page in owned)
    assert {e.accession_number for page in owned for e in page.entries} == {
        f.accession for f in BUSY
    }


def test_a_page_of_a_busy_day_is_served_in_milliseconds() -> None:
    with visiting(SandboxMarket(NOISY)) as visitor:
        visitor.feed_body()
        asked = time.process_time()  # of the server too, which is a thread of this process
        for start in range(0, 2500, 100):
            visitor.feed_body(start=start)
        took = time.process_time() - asked

    assert took / 25 < 0.1


def test_a_stray_filing_is_listed_above_later_ones_and_only_now_and_then() -> None:
    market = SandboxMarket(NOISY, delays=Delays(stray_every=500))
    with visiting(market, at=BUSY[-1].accepted_at + timedelta(hours=1)) as visitor:
        at = [e.at for start in range(0, 4500, 100)
              for e in visitor.feed(start=start, query="type=4&owner=only").entries]  # fmt: skip

    inversions = sum(later > earlier for earlier, later in pairwise(at))
    assert 1 <= inversions <= 20


def test_the_newest_entry_is_as_old_as_recorded() -> None:
    at = BUSY[-1].accepted_at + timedelta(seconds=34)
    with visiting(SandboxMarket.of(BUSY, delays=RECORDED), at=at) as visitor:
        page = visitor.feed()

    assert page.updated
    assert page.updated - max(e.at for e in page.entries) > timedelta(seconds=34)


def test_a_filing_published_while_the_market_is_served_is_listed() -> None:
    market = SandboxMarket.of(story()[:3])
    late = publication_from(SALE.submission(), name="")
    with visiting(market, at=SALE.accepted_at.astimezone(UTC)) as visitor:
        before = visitor.feed().listed
        market.publish(late)
        after = visitor.feed()

    assert after.listed == before + 2
    assert after.entries[0].accession_number == SALE.accession


def test_a_market_day_is_played_in_seconds() -> None:
    real, start = ManualClock(), datetime(2025, 9, 24, 10, tzinfo=UTC)
    clock = SandboxClock(start=start, speed=3600, real=real)

    real.advance(2.5)

    assert clock() == start + timedelta(hours=2.5)
    assert clock.real_seconds_until(start + timedelta(hours=3.5)) == pytest.approx(1)
    assert clock.real_seconds_until(start) == 0


def test_a_clock_that_is_to_run_slower_goes_on_from_where_it_is() -> None:
    start = datetime(2025, 9, 24, 10, tzinfo=UTC)
    real = ManualClock()
    clock = SandboxClock(start=start, speed=5, real=real)
    real.advance(10)

    clock.run_at(1)
    real.advance(10)

    assert clock() == start + timedelta(seconds=60)


def test_a_clock_that_stands_still_moves_when_it_is_moved_and_never_back() -> None:
    start = datetime(2025, 9, 24, 10, tzinfo=UTC)
    clock = SandboxClock(start=start, speed=0, real=ManualClock())

    clock.advance(timedelta(minutes=5))

    assert clock() == start + timedelta(minutes=5)
    assert clock.real_seconds_until(start + timedelta(hours=1)) == float("inf")
    with pytest.raises(ValueError, match="not go back"):
        clock.move_to(start)


def test_an_issuer_is_known_by_every_symbol_it_filed_under() -> None:
    old, new = SandboxMarket.of(story()).publications[:2]
    issuer = old.party(ISSUER)
    market = SandboxMarket([publication_from(
        story()[0].submission().replace(b">OKLO<", b">ALCC<"), name=""), new])  # fmt: skip

    assert issuer
    assert market.symbols["ALCC"].cik == issuer.cik
