"""Valuations of a session: by hand, from an EDGAR on loopback and small files."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.market.trading import evening, listing, sessions_before
from tests.market.valued import CIKS, FOUR_QUARTERS, Valued, reported, valued

DAYS = sessions_before("2025-12-12", 8)
FRIDAY = DAYS[-1]
OKLO = CIKS["OKLO"]


def a_market(place: Valued, *tickers: str, closes: float = 88.0) -> None:
    for ticker in ("IWM", "SPY", *tickers):
        place.trading.lists(listing(ticker, DAYS, [closes] * len(DAYS)))


def test_a_company_costs_its_close_over_the_earnings_of_four_quarters(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")

        place.evening(FRIDAY)

        told = place.reading("OKLO")
        assert told["eps_ttm_usd"] == 4.40
        assert told["pe_trailing"] == pytest.approx(88 / 4.40)
        assert told["pe_method"] == "GAAP diluted EPS of 4 quarters to 2025-09-30, filed 2025-11-05"
        assert told["issuer_cik"] == OKLO
        assert told["as_of"] == FRIDAY
        assert told["known_at"] == evening(FRIDAY) - timedelta(minutes=20)
        assert told["listed"] is True
        assert [part["value"] for part in told["sources"]["eps_ttm_usd"]] == ["4.0", "3.3", "2.9"]


def test_a_session_is_read_once_and_a_restart_adds_nothing(tmp_path: Path) -> None:
    with valued(tmp_path, reports={OKLO: reported("OKLO", *FOUR_QUARTERS)}) as place:
        a_market(place, "OKLO")
        assert place.evening(FRIDAY) == 3

        assert place.later(minutes=1) == 0
        place.restart()
        assert place.later(minutes=1) == 0

        assert [fact["id"] for fact in place.readings("OKLO")] == [f"valuation:OKLO:{FRIDAY}"]
