"""What cards about bars, quotes and breadth say, and what they say where things are not known."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.cards import Line
from bot.cards.prices import (
    bar_brief,
    bar_lines,
    breadth_lines,
    price_source,
    quote_lines,
    signed,
)
from bot.clock import to_day_number, to_ms
from bot.facts import MARKET_BREADTH, PRICE_BAR, QUOTE, Kind
from bot.signals.breadth import breadth
from tests.signals.series import bars, sessions

CLOSE = datetime(2025, 10, 13, 20, tzinfo=UTC)


def day(text: str) -> int:
    return to_day_number(date.fromisoformat(text))


def a_row(of: Kind, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(of.by_name)
    return {**row, "kind": of.name, "ticker": "OKLO", "known_at": to_ms(CLOSE), **values}


def as_stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the store with the values of a breadth."""
    kept = {
        name: to_day_number(value) if isinstance(value, date) else value
        for name, value in values.items()
    }
    return a_row(MARKET_BREADTH) | kept | {"top": json.dumps(values["top"])}


def told(describe: Callable[[Mapping[str, Any]], list[Line]], row: dict[str, Any]) -> list[str]:
    return [f"{line.label}: {line.text}" for line in describe(row)]


def test_a_bar_tells_each_return_with_its_first_day_and_the_benchmark() -> None:
    row = a_row(
        PRICE_BAR, session=day("2025-10-13"), close_usd=171.01, volume=18_234_100.0,
        volume_ratio=1.84, return_1d=0.163, return_21d=1.0676, excess_21d=1.0421,
        start_21d=day("2025-09-12"), return_252d=17.69, return_ytd=-0.05, excess_ytd=-0.15,
        start_ytd=day("2024-12-31"), benchmark="IWM", zscore_1d=-7.3266, high_252d=1, low_252d=0,
        drawdown_252d=0.0, gap=-0.031, since_listing=15.5, start_listing=day("2024-05-10"),
        missing_sessions=0,
    )  # fmt: skip

    assert told(bar_lines, row) == [
        "What: OKLO closed at $171.01 on 2025-10-13 · 18,234,100 sh · "
        "1.8 times the mean of 20 sessions",
        "Short: 1 session +16.3% · 21 sessions +106.8% from 2025-09-12 (IWM +2.6%)",
        "Long: 252 sessions +1,769%",
        "To date: year −5% from 2024-12-31 (IWM +10%) · first close +1,550% from 2024-05-10",
        "Stands: above all 252 closes before · −7.33 deviations of its 60 sessions before · "
        "opened −3.1%",
    ]


def test_a_bar_of_which_little_is_known_tells_that_little() -> None:
    row = a_row(PRICE_BAR, low_252d=1, drawdown_252d=-0.6, quality="suspect_split late_bar")

    assert told(bar_lines, row) == [
        "What: OKLO, session of an unknown day, close not known",
        "Stands: below all 252 closes before · 60% below the highest of 252 sessions",
        "Doubt: may lack a split · late bar",
    ]


@pytest.mark.parametrize(("missing", "said"), [(1, "1 session without"), (3, "3 sessions without")])
def test_a_bar_after_missing_sessions_says_how_many(missing: int, said: str) -> None:
    lines = told(bar_lines, a_row(PRICE_BAR, missing_sessions=missing))

    assert f"Missing: {said} a bar in the last year: spans reach back further" in lines


def test_a_bar_beside_another_fact_is_one_line_with_a_month_half_a_year_and_its_doubts() -> None:
    row = a_row(
        PRICE_BAR, exchange="OTC", session=day("2025-10-13"), close_usd=0.6, return_5d=0.1,
        return_21d=1.07, return_126d=2.16, start_126d=day("2025-04-11"), quality="late_bar",
    )  # fmt: skip

    assert bar_brief(row) == Line(
        label="Price",
        text="OKLO (over the counter) closed at $0.60 on 2025-10-13 · 21 sessions +107% · "
        "126 sessions +216% from 2025-04-11 · late bar",
    )


def test_a_quote_tells_its_move_and_when_it_was_seen() -> None:
    row = a_row(
        QUOTE, price_usd=120.12, previous_close_usd=139.44, return_1d=-0.1386, excess_1d=-0.1238,
        volume=9_000_000.0, benchmark="IWM",
    )  # fmt: skip

    assert told(quote_lines, row) == [
        "What: OKLO · $120.12, −13.9% on a close of $139.44 · IWM −1.5% · 9,000,000 sh so far",
        "When: while the exchange trades",
    ]
    assert told(quote_lines, a_row(QUOTE, price_usd=120.12))[0] == (
        "What: OKLO · $120.12, unknown on a close of unknown"
    )


def test_breadth_as_it_is_measured_tells_members_and_contributors_in_points() -> None:
    days = sessions(64)
    members = {
        "A": bars([10.0] * 63 + [20.0], ticker="A"),
        "B": bars([10.0] * 63 + [9.0], ticker="B"),
    }
    measured = breadth({"A": 60, "B": 40}, days[0], members, days[-1])

    assert told(breadth_lines, as_stored(measured.fact_values())) == [
        "What: OKLO +56% · all weighted alike +45% · median member +45%",
        "Members: 2 members with a return · 100% of the weight · 50% beat the index · "
        f"as broad as 2 equal members · weights of {days[0]}",
        "Top: all 2 make 100% of the rise · A 60 · B −4",
        f"When: {days[0]} to {days[-1]}",
    ]
    assert told(breadth_lines, a_row(MARKET_BREADTH))[1] == (
        "Members: an unknown number of members with a return · weights of an unknown day"
    )


def test_breadth_of_many_members_says_what_ten_of_them_make() -> None:
    days, tickers = sessions(64), [f"M{n:02}" for n in range(20)]
    members = {t: bars([10.0] * 63 + [11.0], ticker=t) for t in tickers}

    measured = breadth(dict.fromkeys(tickers, 1), days[0], members, days[-1])

    top = told(breadth_lines, as_stored(measured.fact_values()))[2]
    assert top.startswith("Top: ten of 20 make 50% of the rise · M00 0.5 · M01 0.5")


def test_prices_name_their_provider_and_link_nowhere() -> None:
    assert price_source(a_row(PRICE_BAR, source="yahoo")) == ("Daily bars: yahoo", None)
    assert price_source(a_row(QUOTE, source="alpaca")) == ("Quote: alpaca", None)
    assert price_source(a_row(QUOTE)) == (None, None)


@pytest.mark.parametrize("move", [0.0, -0.0, 0.0004, -0.0004])
def test_a_move_of_nothing_has_no_sign(move: float) -> None:
    assert signed(move) == "0%"
