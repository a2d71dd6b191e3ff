"""A trade beside the prices of its day: right, a total, implausible, or not yet known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.facts import Fact
from bot.insider.facts import insider_trades
from bot.insider.market import DayPrices, Verdict, weighed
from tests.insider.forms import a_filing, a_row

DAY = date(2025, 9, 19)


def the_fact(*rows: Any) -> Fact:
    (fact,) = insider_trades(a_filing(*rows), accepted_at=None, digest="ef" * 32)
    return fact


def prices(low: str, high: str, **values: Any) -> DayPrices:
    return DayPrices(low_usd=Decimal(low), high_usd=Decimal(high), source="bars", **values)


@pytest.mark.parametrize(
    ("day", "price", "shares", "verdict"),
    [
        (prices("9", "10"), "100", "10", Verdict.OK),
        (prices("9", "10"), "100.01", "10", Verdict.TOTAL),
        (prices("9", "10"), "810", "100", Verdict.TOTAL),
        (prices("9", "10"), "809", "100", Verdict.IMPLAUSIBLE),
        (prices("9", "10"), "1100", "100", Verdict.TOTAL),
        (prices("9", "10"), "1101", "100", Verdict.IMPLAUSIBLE),
        (prices("9", "10", splits_since=Decimal(20)), "2000", "100", Verdict.OK),
        (prices("9", "10", splits_since=None), "101", "100", Verdict.PENDING),
        (DayPrices(close_usd=Decimal(10), source="bars"), "500", "100", Verdict.TOTAL),
        (DayPrices(close_usd=Decimal(10), source="bars"), "499", "100", Verdict.IMPLAUSIBLE),
        (DayPrices(close_usd=Decimal(10), source="bars"), "2000", "100", Verdict.TOTAL),
        (DayPrices(close_usd=Decimal(10), source="bars"), "2001", "100", Verdict.IMPLAUSIBLE),
    ],
)
def test_only_what_is_far_above_the_day_is_doubted_and_only_a_total_put_right(
    day: DayPrices, price: str, shares: str, verdict: Verdict
) -> None:
    assert day.verdict(Decimal(price), Decimal(shares)) is verdict


@pytest.mark.parametrize("known", [{}, {"low_usd": Decimal(1)}])
def test_prices_of_a_day_are_a_range_or_a_close(known: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="DayPrices"):
        DayPrices(source="bars", **known)


def test_a_price_of_the_day_stays_as_it_is() -> None:
    fact = the_fact(a_row(price="9.5"))
    assert weighed(fact, {DAY: prices("9", "10")}) == fact


def test_a_price_far_above_the_day_gives_no_value() -> None:
    values = weighed(the_fact(a_row(price="1000")), {DAY: prices("1", "2")}).values
    assert (values["value_usd"], values["price_usd"], values["price_high_usd"]) == (None,) * 3
    assert (values["value_as_filed_usd"], values["price_as_filed_usd"]) == (10_000_000, 1000.0)
    assert values["quality"] == "price_implausible"


def test_a_price_that_only_looked_mistyped_is_trusted_again() -> None:
    fact = the_fact(a_row(price="12000"))
    assert fact.values["value_usd"] is None

    values = weighed(fact, {DAY: prices("11900", "12100")}).values

    assert (values["value_usd"], values["value_as_filed_usd"]) == (120_000_000, None)
    assert values["quality"] is None


def test_a_value_beyond_all_trades_stays_unknown_at_any_price() -> None:
    fact = the_fact(a_row(shares="50000000", price="140"))
    values = weighed(fact, {DAY: prices("139", "141")}).values
    assert values["value_usd"] is None
    assert values["quality"] == "value_implausible"


def test_a_total_in_one_of_several_lots_is_put_right_alone() -> None:
    fact = the_fact(a_row(price="9.5"), a_row(shares="1000", price="9600"))

    values = weighed(fact, {DAY: prices("9", "10")}).values

    assert values["value_usd"] == 95_000 + 960_000
    assert (values["price_low_usd"], values["price_high_usd"]) == (9.5, 9.6)
    assert values["value_as_filed_usd"] == 95_000 + 960_000_000
    assert values["quality"] == "price_was_total"


def test_doubt_without_a_price_of_the_day_is_pending_and_ends_with_one() -> None:
    fact = the_fact(a_row("P", shares="73680", price="65122"))

    pending = weighed(fact, {})
    settled = weighed(pending, {DAY: prices("0.84", "0.90")})

    assert pending.values["quality"] == "price_implausible price_pending"
    assert pending.values["value_usd"] is None
    assert settled.values["value_usd"] == 6_512_200
    assert settled.values["quality"] == "price_was_total"
    assert weighed(settled, {DAY: prices("0.84", "0.90")}) == settled


def test_a_day_that_nobody_knows_leaves_what_was_not_doubted_alone() -> None:
    fact = the_fact(a_row(price="9.5"))
    assert weighed(fact, {}) == fact


def test_a_mistyped_day_is_compared_with_the_day_that_stands_in() -> None:
    fact = the_fact(a_row(day="2035-09-19", price="1000"), a_row(price="9.5"))
    values = weighed(fact, {DAY: prices("9.4", "10.5")}).values
    assert values["quality"] == "trade_date_implausible price_was_total"


@pytest.mark.parametrize(
    "row",
    [
        a_row("M", price="1000"),
        a_row(price="1000", security="Warrants"),
        a_row("P", price="1000", derivative=True),
        a_row(price="1000", note="The price is in Canadian dollars."),
    ],
)
def test_other_things_than_shares_sold_for_dollars_have_no_price_of_the_day(row: Any) -> None:
    fact = the_fact(row)
    assert weighed(fact, {DAY: prices("1", "2")}) == fact


def test_rows_that_another_filing_tells_are_left_out() -> None:
    fact = the_fact(a_row(price="9.5"), a_row(price="1000"))
    fact.values["rows"][1]["told_by"] = "form4:0001849056-25-000100:non_derivative1"
    assert weighed(fact, {DAY: prices("9", "10")}) == fact
