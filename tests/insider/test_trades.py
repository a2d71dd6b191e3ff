"""Rows merged into trades: what is one trade, and sums that keep every digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insider.trades import Trade, price_range, told_range, trades_of
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import a_filing, a_form, a_row, lots

RANGE = "Weighted average price; sold in trades at prices ranging from $9.90 to $10.20."


def the_trade(*rows: object, **values: object) -> Trade:
    (trade,) = trades_of(a_filing(*rows, **values))  # type: ignore[arg-type]
    return trade


def test_lots_at_different_prices_are_one_trade() -> None:
    trade = the_trade(*lots(["10", "11.5", "12.25"]))

    assert trade.shares == 300
    assert trade.value_usd == Decimal("3375.00")
    assert trade.price_usd == Decimal("11.2500")
    assert len(trade.lines) == 3


@pytest.mark.parametrize(
    "other",
    [
        {"code": "P"},
        {"security": "Class B Common Stock"},
        {"flag": "A"},
        {"derivative": True},
        {"note": "Sold to the underwriters."},
    ],
)
def test_code_flag_class_security_and_table_keep_trades_apart(other: dict[str, str]) -> None:
    rows = (a_row(), a_row(**{"code": "S", **other}))
    assert len(trades_of(a_filing(*rows))) == 2


def test_days_and_ways_of_holding_do_not_keep_trades_apart() -> None:
    assert the_trade(a_row(day="2025-09-18"), a_row(nature="By Trust")).shares == 200


def test_holdings_are_no_trades() -> None:
    xml = a_form().xml().replace("nonDerivativeTransaction", "nonDerivativeHolding")
    cut = xml[: xml.index("<transactionDate>")] + xml[xml.index("<postTransactionAmounts>") :]
    assert trades_of(read_filing(cut.encode(), name="form4.xml")) == []


def test_a_missing_price_leaves_its_row_out_of_the_value_and_is_marked() -> None:
    trade = the_trade(a_row(price="10"), a_row(price=None, note="See remarks."))

    assert (trade.shares, trade.value_usd, trade.price_usd) == tuple(map(Decimal, (200, 1000, 10)))
    assert trade.quality == ("price_missing",)


def test_a_price_that_is_nowhere_gives_no_value() -> None:
    trade = the_trade(a_row(price=None))
    assert (trade.shares, trade.value_usd, trade.price_usd) == (Decimal(100), None, None)


def test_a_price_of_zero_is_a_value_of_zero() -> None:
    trade = the_trade(a_row("A", price="0"))
    assert (trade.value_usd, trade.price_usd) == (Decimal(0), Decimal(0))


def test_a_value_in_table_two_is_never_in_dollars_of_stock() -> None:
    trade = the_trade(a_row("M", derivative=True, price="2.5"))
    assert (trade.shares, trade.value_usd) == (Decimal(100), None)


def test_shares_that_are_not_stated_are_unknown() -> None:
    xml = a_form(a_row("C", derivative=True)).xml()
    valued = xml.replace("transactionShares>", "transactionTotalValue>")
    (trade,) = trades_of(read_filing(valued.encode(), name="form4.xml"))
    assert trade.shares is None
    assert "shares_missing" in trade.quality


@pytest.mark.parametrize(
    ("shares", "price", "value"),
    [
        ("1", "0.005", "0.01"),
        ("1", "0.0049", "0.00"),
        ("35.944", "404.88", "14553.01"),
        ("148514", "336.67", "50000208.38"),
        ("999999999999.9999", "999999999999.9999", "999999999999999800000000.00"),
    ],
)
def test_values_are_exact_and_rounded_once_half_up(shares: str, price: str, value: str) -> None:
    assert the_trade(a_row(shares=shares, price=price)).value_usd == Decimal(value)


@given(
    st.lists(
        st.tuples(st.decimals(0, 10**9, places=4), st.decimals(0, 10**5, places=4)),
        min_size=1,
        max_size=6,
    )
)
def test_the_value_is_the_sum_of_the_rows_to_the_cent(rows: list[tuple[Decimal, Decimal]]) -> None:
    trade = the_trade(*(a_row(shares=shares, price=price) for shares, price in rows))

    cents = sum(int(shares.scaleb(4)) * int(price.scaleb(4)) for shares, price in rows)
    assert trade.shares == sum(shares for shares, _ in rows)
    assert trade.value_usd is not None
    assert abs(int(trade.value_usd.scaleb(2)) * 10**6 - cents) <= 5 * 10**5


@pytest.mark.parametrize(
    ("cik", "shares", "price", "marks"),
    [
        ("0001849056", "65122", "73680", ("price_implausible",)),
        ("0001849056", "50000000", "140", ("value_implausible",)),
        ("0001849056", "10", "2400000", ("price_implausible",)),
        ("0001849056", "99", "10001", ()),
        ("0001849056", "100", "9999.99", ()),
        ("0001067983", "100", "695417", ()),
        ("0001067983", "300000", "695417", ("value_implausible",)),
    ],
)
def test_what_is_likely_mistyped_is_marked_and_kept_as_filed(
    cik: str, shares: str, price: str, marks: tuple[str, ...]
) -> None:
    filed = a_form(a_row(shares=shares, price=price)).xml().replace("0001849056", cik)
    (trade,) = trades_of(read_filing(filed.encode(), name="form4.xml"))

    assert trade.quality == marks
    assert trade.value_usd == Decimal(shares) * Decimal(price)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        (RANGE, ("9.90", "10.20")),
        ("at prices between $1,012.03 and $1,012.38, inclusive", ("1012.03", "1012.38")),
        ("The range of prices was $3.00-$3.50", ("3.00", "3.50")),
        ("prices ranging from $9.90 per share to $10.20 per share", ("9.90", "10.20")),
        ("Weighted average price of $12.23", ()),
        (
            "Weighted average prices. Sold at prices ranging from (1) $10.00 to $10.99, (2) $11.00 "
            "to $11.50 and (3) $12 through $12.99, inclusive.",
            ("10.00", "10.99", "11.00", "11.50", "12", "12.99"),
        ),
        (
            "Sold at prices ranging from $3.10 to $3.20 in 4 to 5 trades.",
            ("3.10", "3.20"),
        ),
    ],
)
def test_ranges_of_prices_are_read_from_notes(text: str, bounds: tuple[str, ...]) -> None:
    assert told_range(text) == tuple(map(Decimal, bounds))


def test_the_range_of_a_note_widens_that_of_the_rows() -> None:
    filing = a_filing(a_row(price="10.05", note=RANGE), a_row(price="10.3"))
    (trade,) = trades_of(filing)

    prices = price_range(filing, trade.lines)

    assert (prices.low_usd, prices.high_usd) == (Decimal("9.90"), Decimal("10.3"))
    assert prices.is_average


def test_a_range_far_from_the_price_is_of_something_else() -> None:
    filing = a_filing(a_row(price="100", note=RANGE))
    (trade,) = trades_of(filing)
    assert price_range(filing, trade.lines).low_usd == 100
