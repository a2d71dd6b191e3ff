"""What of a store a chart is made from."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import numpy as np
import pytest

from bot.charts import Mark, Side, pe_chart
from bot.charts.valuation import headline
from bot.errors import QueryError
from bot.facts import VALUATION, Fact
from bot.pictures import (
    insider_trades,
    price_content,
    reported_pe_content,
    told_pe_content,
)
from bot.store import Arrival, Store
from tests.builders import a_trade, instant, ms
from tests.prices_of import a_series, a_split, sessions
from tests.valuation.recorded import (
    closes_as_traded,
    needs_recorded,
    recorded_actions,
    recorded_company,
)
from tests.valuation.reports import company

DAYS = sessions("2025-09-02", 30)


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(None)) as opened:
        yield opened


def add(store: Store, *facts: Fact) -> None:
    store.facts.add(Arrival(fact=each, seen_at=ms("2025-11-01")) for each in facts)


def sold(day: date, **values: Any) -> Fact:
    return a_trade(traded_on=day, common=True, **values)


def a_valuation(day: date, *, known: str = "2025-11-01", **values: Any) -> Fact:
    ticker = values.pop("ticker", "OKLO")
    return Fact(
        kind=VALUATION,
        id=f"{ticker}:{day}:{known}",
        subject=ticker,
        ticker=ticker,
        known_at=instant(known),
        values={"as_of": day, "pe_method": "GAAP", "source": "sec yahoo"} | values,
    )


def test_closes_stand_on_the_basis_of_the_last_day_asked_for(store: Store) -> None:
    closes = [100.0] * 10 + [10.0] * 20
    store.prices.keep(a_series("OKLO", DAYS, closes), source="folder", seen_at=1)
    store.prices.keep_actions([a_split("OKLO", DAYS[10], 10)], seen_at=1)

    whole = price_content(store, "OKLO")
    before = price_content(store, "OKLO", until=DAYS[9])

    assert whole.drawn[1].tolist() == [10.0] * 30
    assert before.drawn[1].tolist() == [100.0] * 10
    assert [action.ex_day for action in whole.actions] == [DAYS[10]]
    assert whole.source == "folder"


def test_the_benchmark_is_that_asked_for_and_never_the_ticker_itself(store: Store) -> None:
    for ticker in ("OKLO", "IWM"):
        store.prices.keep(a_series(ticker, DAYS, [20.0] * 30), source="folder", seen_at=1)

    beside = price_content(store, "OKLO", benchmark="IWM").benchmark

    assert beside is not None
    assert beside.ticker == "IWM"
    assert price_content(store, "IWM", benchmark="IWM").benchmark is None
    assert price_content(store, "OKLO", benchmark="SPY").benchmark is None


def test_a_ticker_without_a_bar_is_an_error_that_says_how_to_get_some(store: Store) -> None:
    with pytest.raises(QueryError, match="no bar of ZZZ is stored") as caught:
        price_content(store, "ZZZ")

    assert "[prices] watch" in caught.value.mend


def test_trades_on_the_open_market_are_marked_with_what_is_known_of_them(store: Store) -> None:
    add(
        store,
        sold(DAYS[1], value_usd=3_310_000_000, planned=True),
        sold(DAYS[0], side="buy", value_usd=None),
    )

    assert insider_trades(store, "OKLO").marks == [
        Mark(day=DAYS[0], side=Side.BUY, value_usd=None, planned=None),
        Mark(day=DAYS[1], side=Side.SELL, value_usd=33_100_000.0, planned=True),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"class": "gift", "side": "none"},
        {"class": "off_market"},
        {"ticker": "NVDA"},
        {"duplicate_of": "form4:1:1"},
        {"superseded_by": "form4:1:1"},
        {"common": False},
        {"traded_on": date(2024, 1, 2)},
    ],
)
def test_what_is_no_counted_trade_of_the_days_on_the_open_market_is_not_marked(
    store: Store, other: dict[str, Any]
) -> None:
    values: dict[str, Any] = {"traded_on": DAYS[3], "common": True} | other
    add(store, a_trade(**values))

    assert insider_trades(store, "OKLO", DAYS[0], DAYS[-1]).marks == []


def test_a_trade_that_was_amended_is_not_marked(store: Store) -> None:
    add(store, sold(DAYS[3], id="1"), sold(DAYS[4], id="2"))
    store.facts.supersede(["1"], by="2")

    assert [mark.day for mark in insider_trades(store, "OKLO").marks] == [DAYS[4]]


def test_p_es_that_were_told_are_drawn_by_day_a_loss_as_a_loss(store: Store) -> None:
    add(
        store,
        a_valuation(DAYS[0], pe_trailing=30.0),
        a_valuation(DAYS[1], pe_missing="loss"),
        a_valuation(DAYS[2], pe_missing="stale"),
        a_valuation(DAYS[3], pe_trailing=33.0),
        a_valuation(DAYS[3], pe_trailing=34.0, known="2025-11-02"),
        a_valuation(DAYS[3], pe_trailing=24.6, ticker="IWM"),
    )

    told = told_pe_content(store, "OKLO", benchmark="IWM")

    assert told.days.tolist() == [day.toordinal() for day in DAYS[:4]]
    assert np.array_equal(told.pe, [30.0, np.nan, np.nan, 34.0], equal_nan=True)
    assert told.losses.tolist() == [False, True, False, False]
    assert told.benchmark == "IWM"
    assert told.benchmark_pe is not None
    assert np.array_equal(told.benchmark_pe, [np.nan] * 3 + [24.6], equal_nan=True)


def test_no_p_e_told_is_an_error_that_says_how_to_get_some(store: Store) -> None:
    with pytest.raises(QueryError, match="no valuation of OKLO") as caught:
        told_pe_content(store, "OKLO")

    assert "--companyfacts" in caught.value.mend


def test_reports_are_named_unless_the_store_knows_that_the_ticker_is_their_companys(
    store: Store,
) -> None:
    store.prices.keep(a_series("OKLO", DAYS, [20.0] * 30), source="folder", seen_at=1)
    reports = company(EarningsPerShareDiluted=[("2024-07-01", "2025-06-30", 2.0, "2025-08-01")])

    unsure = reported_pe_content(store, "OKLO", reports)
    store.figures.keep_ciks({"OKLO": reports.cik}, instant("2025-11-01"))
    sure = reported_pe_content(store, "OKLO", reports)

    assert (unsure.reporter, sure.reporter) == ("Example Inc", None)
    assert headline(unsure)[1][0] == "by the reports of Example Inc"
    assert "Example Inc" in sure.source


@needs_recorded
def test_the_p_e_of_each_month_end_is_made_from_reports_as_known_then(store: Store) -> None:
    store.prices.keep(closes_as_traded("NVDA"), source="folder", seen_at=1)
    store.prices.keep_actions(recorded_actions("NVDA"), seen_at=1)

    content = reported_pe_content(store, "NVDA", recorded_company("NVDA"))

    by_day = dict(zip(content.days.tolist(), content.pe.tolist(), strict=True))
    assert by_day[date(2026, 5, 29).toordinal()] == pytest.approx(32.334, abs=5e-4)
    assert len(content.days) == 137  # 2015-01 … 2026-05
    assert pe_chart(content).startswith(b"\x89PNG")
