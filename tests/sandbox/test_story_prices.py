"""The prices and tables of the demo: they tell what the story of autumn 2025 tells."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.prices.adjust import adjusted
from bot.prices.bars import Bars
from bot.sandbox.prices import Listing
from bot.sandbox.story_prices import (
    CHIPS,
    LAST,
    LOOKED_AT,
    OKLO_TOLD,
    WATCHED,
    story_market,
    write_tables,
)
from bot.signals.last import last_signals
from bot.valuation.tables import read_fair_values, read_index_pes

MARKET, OCTOBER = story_market(), date(2025, 10, 1).toordinal()


def listing(ticker: str) -> Listing:
    found = MARKET.get(ticker)
    assert found is not None
    return found


def bars(ticker: str) -> Bars:
    """On the share basis of the last session."""
    its = listing(ticker)
    opened, high, low, close, volume = (
        np.array([getattr(bar, name) for bar in its.bars])
        for name in ("open", "high", "low", "close", "volume")
    )
    days = np.array([bar.day.toordinal() for bar in its.bars], np.int32)
    traded = Bars(
        ticker=ticker, days=days, open=opened, high=high, low=low, close=close, volume=volume
    )
    return adjusted(traded, its.actions, LAST)


def values(ticker: str, at: date) -> dict[str, object]:
    (last,) = last_signals([bars(ticker)], bars("IWM"), at=at)
    return last.fact_values()


@pytest.mark.parametrize(
    ("session", "gain", "ahead"),
    [(date(2025, 9, 19), 1.0314, 0.9534), (date(2025, 10, 13), 1.067586, 1.042118)],
)
def test_oklo_doubles_twice_by_as_much_as_it_did_and_as_far_ahead_of_small_caps(
    session: date, gain: float, ahead: float
) -> None:
    told = values("OKLO", session)

    assert told["return_21d"] == pytest.approx(gain, abs=5e-5)
    assert told["excess_21d"] == pytest.approx(ahead, abs=5e-4)


def test_oklo_is_armed_between_and_crosses_the_line_on_no_other_day() -> None:
    close, days = bars("OKLO").close, bars("OKLO").days
    gains = dict(zip(days[21:].tolist(), close[21:] / close[:-21] - 1, strict=True))
    autumn = {day: gain for day, gain in gains.items() if day >= date(2025, 9, 22).toordinal()}

    assert gains[date(2025, 9, 18).toordinal()] < 1
    assert gains[date(2025, 9, 30).toordinal()] < 0.5
    october = [date.fromordinal(d) for d, g in autumn.items() if g >= 1 and d >= OCTOBER]
    assert october == [LAST]


def test_the_closes_of_the_story_are_gone_through() -> None:
    closes = {bar.day: bar.close for bar in listing("OKLO").bars}

    assert OKLO_TOLD.items() <= closes.items()


def test_a_split_takes_nine_tenths_of_the_close_and_nothing_of_the_return() -> None:
    traded = {bar.day: bar.close for bar in listing(CHIPS).bars}

    assert traded[date(2025, 9, 29)] < traded[date(2025, 9, 26)] / 9
    assert values(CHIPS, date(2025, 9, 29))["return_1d"] == pytest.approx(0, abs=0.05)


def test_what_was_bought_trades_no_more_though_somebody_tells_its_fair_value(
    tmp_path: Path,
) -> None:
    write_tables(tmp_path / "mine")
    fair = read_fair_values((tmp_path / "mine" / "fair_values.csv").read_text(), "fair_values.csv")
    (row,) = (each for each in fair.rows if each.ticker == "KLG")

    assert fair.problems == ()
    assert listing("KLG").bars[-1].day < row.as_of
    assert listing("KLG").bars[-1].close < float(row.fair_value_usd)


def test_the_pes_of_the_story_stand_in_the_users_table_by_one_method(tmp_path: Path) -> None:
    write_tables(tmp_path / "mine")
    told = read_index_pes((tmp_path / "mine" / "index_pe.csv").read_text(), "index_pe.csv")

    assert told.problems == ()
    pes = {row.ticker: row.pe_forward for row in told.rows}
    assert pes == {"SPY": 22.50, "IWV": 22.32, "IWM": 24.64, "IWO": 36.38}
    assert {row.method for row in told.rows} == {"losses excluded"}


def test_everything_that_is_watched_trades_on_each_session_that_the_demo_looks_at() -> None:
    for ticker in WATCHED:
        assert {bar.day for bar in listing(ticker).bars} >= set(LOOKED_AT)
