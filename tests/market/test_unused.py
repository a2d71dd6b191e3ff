"""Rows of the user's tables that a reading leaves out: in the log, its marks, its reason."""

from pathlib import Path

import pytest

from tests.market.trading import listing, sessions_before
from tests.market.valued import Valued, valued

DAYS = sessions_before("2025-12-12", 8)
FRIDAY = DAYS[-1]
HEADING = "ticker,as_of,pe_forward,pe_trailing,method,source\n"

Printed = pytest.CaptureFixture[str]


def a_market(place: Valued, *tickers: str) -> None:
    for ticker in ("IWM", "SPY", *tickers):
        place.trading.lists(listing(ticker, DAYS, [88.0] * len(DAYS)))


def test_a_row_that_is_too_old_is_told_once_and_marks_the_reading(
    tmp_path: Path, capsys: Printed
) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", HEADING + "IWM,2025-06-30,24.64,25,all,x\n")
        place.evening(FRIDAY)
        place.later(minutes=5)

        told = place.reading("IWM")
        log = capsys.readouterr().out
    assert log.count("table.unused") == 1
    assert "index_pe.csv:2" in log
    assert (told["pe_forward"], told["quality"]) == (None, "index_pe_old")
    assert told["pe_missing"] == "not_told"


def test_a_row_of_a_day_to_come_is_told_and_marks_the_reading(
    tmp_path: Path, capsys: Printed
) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", HEADING + "IWM,2025-12-24,24.64,,all,x\n")
        place.evening(FRIDAY)

        told = place.reading("IWM")
        log = capsys.readouterr().out
    assert log.count("table.unused") == 1
    assert told["quality"] == "index_pe_ahead"


def test_a_fund_of_which_only_a_forward_ratio_is_told_has_its_own_reason(tmp_path: Path) -> None:
    with valued(tmp_path) as place:
        a_market(place)
        place.table("index_pe.csv", HEADING + f"IWM,{FRIDAY},24.64,,all,x\n")
        place.evening(FRIDAY)

        assert place.reading("IWM")["pe_missing"] == "not_told"


@pytest.mark.parametrize(
    ("rows", "mark"),
    [
        ("OKLO,60,2025-12-01\n", "holdings_refused"),
        ("OKLO,100,2025-06-30\n", "holdings_old"),
        ("OKLO,100,2025-12-24\n", "holdings_ahead"),
    ],
)
def test_holdings_that_can_not_be_used_mark_the_reading_of_their_fund(
    tmp_path: Path, rows: str, mark: str
) -> None:
    with valued(tmp_path) as place:
        a_market(place, "OKLO")
        place.table("holdings/IWM.csv", "ticker,weight,as_of\n" + rows)
        place.evening(FRIDAY)

        told = place.reading("IWM")
    assert (told["pe_missing"], told["quality"]) == ("not_told", mark)
