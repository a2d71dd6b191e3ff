"""Trailing P/Es of real reports at real prices, against those worked out by other code."""

import pytest

from bot.valuation.earnings_per_share import EpsHistory, trailing_pe
from tests.valuation.recorded import (
    CIKS,
    needs_recorded,
    recorded_actions,
    recorded_company,
    rows,
)
from tests.valuation.reports import day

pytestmark = needs_recorded


def a_number(text: str) -> float | None:
    return float(text) if text else None


def agree(made: float | None, wanted: str) -> bool:
    """Both unknown, or equal to 1e-9."""
    if made is None or not wanted:
        return made is None and not wanted
    return made == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.parametrize("ticker", CIKS)
def test_every_recorded_pe_is_met(ticker: str) -> None:
    history = EpsHistory(recorded_company(ticker), recorded_actions(ticker))
    wanted = [row for row in rows("golden/pe.csv") if row["ticker"] == ticker]

    for row in wanted:
        earnings = history.at(day(row["as_of"]))
        pe, missing = trailing_pe(earnings, a_number(row["close_as_traded"]))

        eps = None if earnings.eps_usd is None else float(earnings.eps_usd)
        assert agree(eps, row["eps_ttm"])
        assert agree(pe, row["pe_trailing"])
        assert (missing or "") == row["reason"]
        assert str(earnings.period_end) == row["period_end"]
    assert len(wanted) == 10


@pytest.mark.parametrize(
    ("as_of", "eps"), [("2025-10-15", 6.59), ("2025-11-20", 7.46), ("2026-03-02", 7.90)]
)
def test_earnings_of_apple_on_days_between_reports(as_of: str, eps: float) -> None:
    history = EpsHistory(recorded_company("AAPL"), recorded_actions("AAPL"))

    assert float(history.at(day(as_of)).eps_usd or 0) == pytest.approx(eps, rel=1e-12)
