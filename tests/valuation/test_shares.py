"""Shares outstanding and the market's price for all of them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.valuation.shares import market_cap_cents, shares_outstanding
from tests.valuation.reports import Line, company, day, split

OKLO: Line = (None, "2025-03-21", 139_018_305, "2025-03-24")


def count(*lines: Line, as_of: str, form: str = "10-Q", split_at: str | None = None) -> object:
    actions = [split(split_at, 4)] if split_at else []
    of = company(form=form, EntityCommonStockSharesOutstanding=list(lines))
    return shares_outstanding(of, actions, day(as_of)).outstanding


def test_the_newest_cover_counts_from_its_filing_on() -> None:
    newer: Line = (None, "2025-05-09", 140_000_000, "2025-05-13")

    assert count(OKLO, newer, as_of="2025-05-12") == 139_018_305
    assert count(OKLO, newer, as_of="2025-05-13") == 140_000_000
    assert count(OKLO, as_of="2025-03-23") is None


def test_a_cap_is_shares_times_close_to_the_cent() -> None:
    shares = shares_outstanding(
        company(EntityCommonStockSharesOutstanding=[OKLO]), [], day("2025-09-26")
    )

    assert market_cap_cents(shares, 117.25) == 139_018_305 * 11_725
    assert market_cap_cents(shares, None) is None


def test_a_split_after_the_cover_multiplies_the_count() -> None:
    assert count(OKLO, as_of="2025-06-01", split_at="2025-06-01") == 4 * 139_018_305
    assert count(OKLO, as_of="2025-05-30", split_at="2025-06-01") == 139_018_305
    assert count(OKLO, as_of="2025-06-01", split_at="2025-03-21") == 139_018_305


def test_a_split_between_cover_and_filing_leaves_the_count_unknown() -> None:
    assert count(OKLO, as_of="2025-06-01", split_at="2025-03-24") is None


def test_a_count_of_years_ago_is_not_todays() -> None:
    assert count(OKLO, as_of="2025-10-07") is not None  # 200 days
    assert count(OKLO, as_of="2025-10-08") is None


def test_ordinary_shares_do_not_price_depositary_ones() -> None:
    assert count(OKLO, as_of="2025-04-01", form="20-F") is None
    assert count(OKLO, as_of="2025-04-01", form="40-F") == 139_018_305


def test_no_shares_at_all_is_unknown() -> None:
    assert count((None, "2025-03-21", 0, "2025-03-24"), as_of="2025-04-01") is None


@given(st.sampled_from([2, 3, 4, 10, 20, 0.125, 1.5]), st.integers(4, 190))
def test_a_split_changes_no_market_cap(ratio: float, days: int) -> None:
    ex_day = day("2025-03-21") + timedelta(days=days)
    of = company(EntityCommonStockSharesOutstanding=[OKLO])

    before = market_cap_cents(shares_outstanding(of, [], ex_day), 120.0)
    shares = shares_outstanding(of, [split(str(ex_day), ratio)], ex_day)
    after = market_cap_cents(shares, 120.0 / ratio)

    assert before is not None
    assert after == pytest.approx(before, rel=1e-12)
    assert shares.outstanding == Decimal(139_018_305) * Decimal(str(ratio))
