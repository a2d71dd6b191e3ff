"""Asking for the figures of companies where answers are of no use: whose matter that is, and who
tells why."""

from pathlib import Path

import pytest

from bot.sandbox.edgar_faults import FaultKind
from tests.market.trading import listing, sessions_before
from tests.market.valued import CIKS, FOUR_QUARTERS, Valued, reported, valued

DAYS = sessions_before("2025-12-12", 8)
FRIDAY = DAYS[-1]
OKLO, NWD = CIKS["OKLO"], CIKS["NWD"]
CUT = reported("OKLO", *FOUR_QUARTERS)[:-9]
ELSE = reported("OKLO", *FOUR_QUARTERS)

Printed = pytest.CaptureFixture[str]


def a_market(place: Valued, *tickers: str) -> None:
    for ticker in ("IWM", "SPY", *tickers):
        place.trading.lists(listing(ticker, DAYS, [88.0] * len(DAYS)))


def test_a_cut_document_of_one_company_rests_no_other(tmp_path: Path) -> None:
    reports = {OKLO: CUT, NWD: reported("NWD", *FOUR_QUARTERS)}
    with valued(tmp_path, watch=["OKLO", "NWD"], reports=reports) as place:
        a_market(place, "OKLO", "NWD")
        place.trading.look(place.trading.offer.clock())

        place.valuing.look()
        place.valuing.look()

        assert NWD in place.asked()


def test_a_company_whose_document_is_of_no_use_is_asked_again_after_a_pause_of_its_own(
    tmp_path: Path,
) -> None:
    reports = {OKLO: CUT, NWD: reported("NWD", *FOUR_QUARTERS)}
    with valued(tmp_path, watch=["OKLO", "NWD"], reports=reports) as place:
        a_market(place, "OKLO", "NWD")
        place.evening(FRIDAY)
        assert place.asked().count(OKLO) == 1

        place.later(minutes=4)
        assert place.asked().count(OKLO) == 1
        place.reports[OKLO] = reported("OKLO", *FOUR_QUARTERS)
        place.later(minutes=2)

        assert place.asked().count(OKLO) == 2
        assert place.reading("OKLO")["pe_trailing"] == pytest.approx(20)


def test_why_each_company_has_no_figures_is_told_once_in_the_log_and_kept(
    tmp_path: Path, capsys: Printed
) -> None:
    with valued(tmp_path, watch=["OKLO", "NWD"], reports={OKLO: CUT, NWD: ELSE}) as place:
        a_market(place, "OKLO", "NWD")
        place.evening(FRIDAY)
        for _ in range(8):
            place.later(hours=1)

        log = capsys.readouterr().out
        asked = place.trading.store.figures.asked()

    lines = [line for line in log.splitlines() if "figures.not_answered" in line]
    assert sorted(cik for line in lines for cik in (OKLO, NWD) if f"CIK {cik}" in line) == [
        OKLO,
        NWD,
    ]
    assert "no JSON" in (asked[OKLO].reason or "")
    assert "another company" in (asked[NWD].reason or "")


def test_an_answer_ends_the_reason(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: CUT}) as place:
        a_market(place, "OKLO")
        place.evening(FRIDAY)
        place.reports[OKLO] = reported("OKLO", *FOUR_QUARTERS)
        place.later(minutes=6)

        assert place.trading.store.figures.asked()[OKLO].reason is None


def test_a_map_of_tickers_that_can_not_be_read_rests_no_company(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        place.evening(FRIDAY)
        place.edgar.faults.add(FaultKind.WEB_PAGE, times=None, path="company_tickers")

        place.later(days=8)

        assert place.asked().count(OKLO) == 2
