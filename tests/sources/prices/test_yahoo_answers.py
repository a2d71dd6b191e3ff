"""What Yahoo's JSON means, in answers of the recorded shape."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.calendar import NYSE
from bot.prices.bars import ActionKind
from bot.sources.prices.yahoo_answers import NoPrices, read_chart, read_quotes

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "prices" / "responses" / "yahoo"
recorded = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="BOT_TEST_DATA names no folder with recorded prices"
)

MONDAY = date(2025, 11, 17)
WEEK = [date(2025, 11, day) for day in (17, 18, 19, 20, 21)]
EVENING = datetime(2025, 11, 21, 23, 0, tzinfo=UTC)
Json = dict[str, Any]


def seconds(day: date) -> int:
    return int(NYSE.open_at(day).timestamp())


def a_chart(
    closes: Sequence[float | None] = (10, 11, 12, 13, 14),
    *,
    days: Sequence[date] = WEEK,
    volumes: Sequence[float | None] = (100, 100, 100, 100, 100),
    splits: Sequence[tuple[date, float, float]] = (),
    dividends: Sequence[tuple[date, float]] = (),
    **meta: object,
) -> Json:
    prices = {name: list(closes) for name in ("open", "high", "low", "close")}
    events = {
        "splits": {
            str(seconds(day)): {"date": seconds(day), "numerator": new, "denominator": old}
            for day, new, old in splits
        },
        "dividends": {
            str(seconds(day)): {"date": seconds(day), "amount": cash} for day, cash in dividends
        },
    }
    result = {
        "meta": {"currency": "USD", "fullExchangeName": "NasdaqGS", **meta},
        "timestamp": [seconds(day) for day in days],
        "events": events,
        "indicators": {"quote": [{**prices, "volume": list(volumes)}]},
    }
    return {"chart": {"result": [result], "error": None}}


def read(said: Json, *, until: date = WEEK[-1], now: datetime = EVENING) -> Any:
    return read_chart("ACME", said, since=MONDAY, until=until, now=now)


def test_a_price_in_32_bits_is_the_one_that_was_paid() -> None:
    closes = [float(np.float32(price)) for price in (211.21, 0.0123, 1234.56, 4999.99, 33.333)]

    bars, _ = read(a_chart(closes))

    assert closes[0] != 211.21
    assert bars.close.tolist() == [211.21, 0.0123, 1234.56, 4999.99, 33.333]


def test_a_volume_that_is_missing_is_unknown_and_not_zero() -> None:
    bars, _ = read(a_chart(volumes=[100, None, 0, 100, 100]))

    assert np.isnan(bars.volume[1])
    assert bars.volume[2] == 0


def test_an_open_of_zero_is_unknown_and_its_close_a_bar() -> None:
    said = a_chart()
    said["chart"]["result"][0]["indicators"]["quote"][0]["open"][0] = 0

    bars, _ = read(said)

    assert np.isnan(bars.open[0])
    assert bars.close[0] == 10


@pytest.mark.parametrize("close", [None, 0.0, -1.0, float("inf"), float("nan")])
def test_a_row_without_a_positive_close_is_no_bar(close: float | None) -> None:
    bars, _ = read(a_chart([10, close, 12, 13, 14]))

    assert [date.fromordinal(int(day)) for day in bars.days] == [WEEK[0], *WEEK[2:]]


def test_a_split_keeps_its_day_where_the_bar_of_that_day_is_missing() -> None:
    days = [WEEK[0], WEEK[1], WEEK[3]]

    bars, actions = read(
        a_chart([25, 26, 27], days=days, volumes=[40] * 3, splits=[(WEEK[2], 4, 1)])
    )

    assert bars.close.tolist() == [100, 104, 27]
    assert bars.volume.tolist() == [10, 10, 40]
    assert [action.ex_day for action in actions] == [WEEK[2]]


def test_a_split_after_the_span_is_in_the_closes_and_not_among_the_actions() -> None:
    bars, actions = read(a_chart(splits=[(WEEK[4], 2, 1)]), until=WEEK[1])

    assert bars.close.tolist() == [20, 22]
    assert actions == []


def test_a_dividend_is_what_was_paid_on_the_share_basis_of_its_day() -> None:
    _, actions = read(a_chart(dividends=[(WEEK[1], 0.13)], splits=[(WEEK[2], 4, 1)]))

    assert [(a.kind, a.cash_usd) for a in actions] == [
        (ActionKind.DIVIDEND, 0.52),
        (ActionKind.SPLIT, None),
    ]


def test_a_day_that_comes_twice_is_one_bar_the_one_with_a_close() -> None:
    bars, _ = read(a_chart([10, 11, None, 12, 12.5], days=[*WEEK[:3], WEEK[2], WEEK[2]]))

    assert bars.close.tolist() == [10, 11, 12]


def test_a_ticker_in_other_money_is_refused_with_the_money() -> None:
    with pytest.raises(NoPrices, match="EUR"):
        read(a_chart(currency="EUR"))


def test_no_result_is_an_unknown_ticker() -> None:
    with pytest.raises(NoPrices, match="does not know"):
        read({"chart": {"result": [], "error": None}})


@pytest.mark.parametrize(
    ("told", "exchange"),
    [
        ("NasdaqGS", "NasdaqGS"),
        ("OTC Markets OTCPK", "OTC"),
        ("Other OTC", "OTC"),
        ("", None),
        (None, None),
    ],
)
def test_every_market_over_the_counter_is_otc(told: str | None, exchange: str | None) -> None:
    bars, _ = read(a_chart(fullExchangeName=told))

    assert bars.exchange == exchange


def a_quote(**given: object) -> Json:
    raw = {
        "symbol": "ACME",
        "currency": "USD",
        "regularMarketPrice": 269.7,
        "regularMarketTime": 1763758801,
        "postMarketPrice": 270.75,
        "preMarketPrice": 268.0,
    }
    return {"quoteResponse": {"result": [raw | given], "error": None}}


def test_a_quote_without_forward_figures_has_none_and_no_method() -> None:
    quote = read_quotes({"ACME": "ACME"}, a_quote(), EVENING)["ACME"]

    assert quote.price_usd == 269.7
    assert (quote.pe_forward, quote.forward_eps_usd, quote.forward_method) == (None, None, None)
    assert (quote.previous_close_usd, quote.volume, quote.exchange) == (None, None, None)


def test_an_expected_loss_is_told_without_a_p_e() -> None:
    said = a_quote(epsForward=-1.2, forwardPE=-224.75)

    quote = read_quotes({"ACME": "ACME"}, said, EVENING)["ACME"]

    assert (quote.forward_eps_usd, quote.pe_forward) == (-1.2, None)
    assert quote.forward_method is not None


def test_a_formatted_number_is_read_by_its_raw_part() -> None:
    said = a_quote(
        regularMarketPrice={"raw": 269.7, "fmt": "269.70"},
        regularMarketTime={"raw": 1763758801, "fmt": "4:00PM EDT"},
        forwardPE={},
    )

    quote = read_quotes({"ACME": "ACME"}, said, EVENING)["ACME"]

    assert quote.price_usd == 269.7
    assert quote.pe_forward is None


@pytest.mark.parametrize(
    "given",
    [
        {"regularMarketPrice": None},
        {"regularMarketPrice": 0},
        {"regularMarketTime": None},
        {"currency": "EUR"},
        {"symbol": "OTHER"},
    ],
)
def test_what_is_no_price_in_dollars_of_a_ticker_asked_for_is_no_quote(given: Json) -> None:
    assert read_quotes({"ACME": "ACME"}, a_quote(**given), EVENING) == {}


@recorded
def test_a_recorded_chart_gives_every_session_of_its_half_year() -> None:
    said = json.loads((RECORDED / "chart_v8_AAPL.json").read_text())
    now = datetime(2025, 10, 29, 23, 0, tzinfo=UTC)

    bars, actions = read_chart(
        "AAPL", said, since=date(2025, 4, 30), until=date(2025, 10, 29), now=now
    )

    assert (len(bars), bars.close[-1], bars.volume[-1]) == (127, 269.7, 43332154)
    assert (bars.open[-1], bars.high[-1], bars.exchange) == (269.275, 271.41, "NasdaqGS")
    assert [(a.ex_day, a.cash_usd) for a in actions] == [
        (date(2025, 5, 12), 0.26),
        (date(2025, 8, 11), 0.26),
    ]


@recorded
def test_recorded_quotes_tell_the_regular_price_and_the_next_fiscal_year() -> None:
    said = json.loads((RECORDED / "quote_v7_AAPL-MSFT.json").read_text())
    now = datetime(2025, 10, 30, 1, 0, tzinfo=UTC)

    quotes = read_quotes({"AAPL": "AAPL", "MSFT": "MSFT"}, said, now)

    aapl = quotes["AAPL"]
    assert set(quotes) == {"AAPL", "MSFT"}
    assert (aapl.price_usd, aapl.previous_close_usd, aapl.volume) == (269.7, 269.0, 43332154)
    assert (aapl.forward_eps_usd, aapl.pe_forward) == (8.31, 32.454872)
    assert aapl.at == datetime(2025, 10, 29, 20, 0, 1, tzinfo=UTC)
    assert aapl.forward_method is not None
    assert "next fiscal year" in aapl.forward_method


@recorded
def test_a_recorded_answer_about_an_unknown_symbol_and_one_in_euros_have_no_quote() -> None:
    for name in ("unknown_symbol", "no_forward_fields_GS2C.DE"):
        said = json.loads((RECORDED / f"quote_v7_{name}.json").read_text())

        assert read_quotes({"GS2C-DE": "GS2C-DE"}, said, EVENING) == {}
