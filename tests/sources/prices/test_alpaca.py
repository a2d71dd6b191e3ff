"""Bars, actions and quotes from an Alpaca on loopback, as a free key gets them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from bot.clock import from_text
from bot.prices.bars import Action, ActionKind, Bars
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.prices import sessions
from tests.sources.prices.alpaca_market import (
    EVENING,
    SINCE,
    SPLIT_DAY,
    UNTIL,
    a_spin_off,
    a_split,
    asked_for,
    flat,
    listed,
    new_york,
    tickers,
    trading,
)

THURSDAY = date(2025, 12, 11)
DIVIDEND = Action(
    ticker="ACME",
    ex_day=date(2025, 11, 20),
    kind=ActionKind.DIVIDEND,
    cash_usd=0.26,
    source="alpaca",
)


def days(bars: Bars) -> list[date]:
    return [date.fromordinal(int(day)) for day in bars.days]


def test_bars_come_as_traded_on_every_session_whatever_was_split() -> None:
    acme = listed("ACME", a_split())
    with trading(acme) as desk:
        told = desk.provider.daily(["ACME"], SINCE, UNTIL)

    bars = told.bars["ACME"]
    assert days(bars) == sessions(SINCE, UNTIL)
    for column in ("open", "high", "low", "close", "volume"):
        assert getattr(bars, column).tolist() == [getattr(bar, column) for bar in acme.bars]
    assert told.actions == [a_split()]
    assert told.refused == {}


def test_volume_is_that_of_all_exchanges() -> None:
    with trading(flat("ACME")) as desk:
        bars = desk.provider.daily(["ACME"], UNTIL, UNTIL).bars["ACME"]

    assert bars.volume.tolist() == [100]


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2025-12-12T08:00", THURSDAY),
        ("2025-12-12T12:00", THURSDAY),
        ("2025-12-12T16:10", THURSDAY),
        ("2025-12-12T16:16", UNTIL),
        ("2025-12-14T12:00", UNTIL),  # a Sunday
    ],
)
def test_a_session_is_told_when_a_free_key_gets_all_of_it(now: str, last: date) -> None:
    with trading(listed(), at=new_york(now)) as desk:
        bars = desk.provider.daily(["ACME"], SINCE, UNTIL).bars["ACME"]

    assert days(bars)[-1] == last


def test_what_a_free_key_does_not_get_is_asked_for_at_no_time_of_the_day() -> None:
    with trading(listed(), at=new_york("2025-12-12T00:00")) as desk:
        for _ in range(24 * 6):
            desk.provider.daily(["ACME"], THURSDAY, UNTIL + timedelta(days=3))
            asked = parse_qs(urlsplit(asked_for(desk.alpaca, "/bars")[-1]).query)
            assert desk.clock() - from_text(asked["end"][0]) >= timedelta(minutes=15)
            desk.clock.advance(600)


def test_winter_and_summer_days_are_new_yorks() -> None:
    since, until = date(2025, 10, 30), date(2025, 11, 4)  # the clock was set back on 2 November
    with trading(flat("ACME", since)) as desk:
        bars = desk.provider.daily(["ACME"], since, until).bars["ACME"]

    assert days(bars) == sessions(since, until)


def test_missing_and_empty_bars_are_no_bars() -> None:
    acme = listed(missing=frozenset({THURSDAY}), empty=frozenset({UNTIL}))
    with trading(acme) as desk:
        bars = desk.provider.daily(["ACME"], SINCE, UNTIL).bars["ACME"]

    assert days(bars) == sessions(SINCE, date(2025, 12, 10))
    assert bool(np.isfinite(bars.close).all())


def test_a_hundred_tickers_are_asked_for_at_once() -> None:
    many = list(tickers(250))
    with trading(*map(flat, many)) as desk:
        told = desk.provider.daily(many, UNTIL, UNTIL)
        calls = len(asked_for(desk.alpaca, "/bars"))

    assert calls == 3
    assert [len(bars) for bars in told.bars.values()] == [1] * 250


def test_all_pages_of_an_answer_are_read() -> None:
    many, since = list(tickers(100)), date(2025, 6, 2)
    with trading(*(flat(ticker, since) for ticker in many)) as desk:
        told = desk.provider.daily(many, since, UNTIL)
        calls = len(asked_for(desk.alpaca, "/bars"))

    assert calls == 2
    assert {len(bars) for bars in told.bars.values()} == {len(sessions(since, UNTIL))}


def test_class_shares_keep_the_name_that_the_sec_gives_them() -> None:
    with trading(listed("BRK-B", a_split("BRK-B"))) as desk:
        told = desk.provider.daily(["BRK-B"], SINCE, UNTIL)
        quotes = desk.provider.quotes(["BRK-B"])

    assert told.bars["BRK-B"].ticker == "BRK-B"
    assert [action.ticker for action in told.actions] == ["BRK-B"]
    assert quotes["BRK-B"].ticker == "BRK-B"


def test_a_known_ticker_that_did_not_trade_is_not_refused() -> None:
    acme = listed()
    quiet = replace(acme, bars=[bar for bar in acme.bars if bar.day < THURSDAY])
    with trading(quiet) as desk:
        told = desk.provider.daily(["ACME"], THURSDAY, UNTIL)

    assert len(told.bars["ACME"]) == 0
    assert told.refused == {}


def test_what_alpaca_calls_invalid_is_refused_and_the_others_come() -> None:
    with trading(flat("ACME"), flat("ZED")) as desk:
        told = desk.provider.daily(["ACME", "TOOLONGAAA", "TOOLONGBBB", "ZED"], UNTIL, UNTIL)
        quotes = desk.provider.quotes(["ACME", "TOOLONGAAA", "TOOLONGBBB", "ZED"])

    assert {ticker: len(bars) for ticker, bars in told.bars.items()} == {"ACME": 1, "ZED": 1}
    assert set(told.refused) == {"TOOLONGAAA", "TOOLONGBBB"}
    assert "invalid symbol" in told.refused["TOOLONGAAA"]
    assert set(quotes) == {"ACME", "ZED"}


def test_what_is_no_symbol_is_not_asked_for() -> None:
    with trading(flat("ACME")) as desk:
        told = desk.provider.daily(["^GSPC", "A,B", "brk.b", "ACME&feed=iex"], SINCE, UNTIL)
        asked = desk.alpaca.asked

    assert set(told.refused) == {"^GSPC", "A,B", "brk.b", "ACME&feed=iex"}
    assert asked == []


def test_of_a_span_without_a_closed_session_actions_are_told_all_the_same() -> None:
    acme = listed("ACME", a_split(day=UNTIL))
    with trading(acme, at=new_york("2025-12-12T08:00")) as desk:
        told = desk.provider.daily(["ACME"], UNTIL, UNTIL)
        bars_asked = asked_for(desk.alpaca, "/bars")

    assert len(told.bars["ACME"]) == 0
    assert told.actions == [a_split(day=UNTIL)]
    assert bars_asked == []


def test_a_dividend_is_told_on_its_day_though_it_is_paid_long_after_the_span() -> None:
    with trading(listed("ACME", DIVIDEND)) as desk:
        on_the_day = desk.provider.daily(["ACME"], DIVIDEND.ex_day, DIVIDEND.ex_day).actions
        later = desk.provider.daily(["ACME"], date(2025, 12, 1), UNTIL).actions

    assert on_the_day == [DIVIDEND]
    assert later == []


def test_actions_on_both_ends_of_the_span_are_told_and_no_others() -> None:
    acts = [a_split(day=day) for day in (date(2025, 11, 12), date(2025, 11, 13), SPLIT_DAY)]
    with trading(listed("ACME", *acts)) as desk:
        told = desk.provider.daily(["ACME"], date(2025, 11, 13), SPLIT_DAY).actions

    assert [action.ex_day for action in told] == [date(2025, 11, 13), SPLIT_DAY]


def test_a_reverse_split_divides_prices_by_less_than_one() -> None:
    with trading(listed("ACME", a_split(ratio=0.125))) as desk:
        (told,) = desk.provider.daily(["ACME"], SINCE, UNTIL).actions

    assert (told.kind, told.price_ratio, told.eps_ratio) == (ActionKind.REVERSE_SPLIT, 0.125, 0.125)


def test_the_ratio_of_a_spin_off_is_found_in_closes_with_and_without_it() -> None:
    acts = (a_spin_off(), a_spin_off(day=date(2025, 12, 4), ratio=1.05), a_split(day=THURSDAY))
    with trading(listed("ACME", *acts)) as desk:
        told = desk.provider.daily(["ACME"], SINCE, UNTIL).actions

    by_day = {action.ex_day: action for action in told}
    first, second = by_day[SPLIT_DAY], by_day[date(2025, 12, 4)]
    assert (first.price_ratio, second.price_ratio) == (1.324, 1.05)
    assert (first.kind, first.eps_ratio) == (ActionKind.SPINOFF, 1.0)


def test_a_ticker_with_a_spin_off_of_unknown_ratio_is_refused_and_the_others_come() -> None:
    unpriced = listed("ACME", invented=[a_spin_off()])
    with trading(unpriced, flat("ZED")) as desk:
        told = desk.provider.daily(["ACME", "ZED"], SINCE, UNTIL)
        after = desk.provider.daily(["ACME"], date(2025, 12, 2), UNTIL)

    assert told.refused == {"ACME": "the price ratio of its spinoff of 2025-12-01 is unknown"}
    assert list(told.bars) == ["ZED"]
    assert len(after.bars["ACME"]) > 0


def test_a_spin_off_of_today_without_a_ratio_yet_is_left_to_the_next_look() -> None:
    unpriced = listed("ACME", invented=[a_spin_off(day=UNTIL)])
    with trading(unpriced, at=new_york("2025-12-12T10:00")) as desk:
        morning = desk.provider.daily(["ACME"], SINCE, UNTIL)

    assert morning.actions == []
    assert days(morning.bars["ACME"])[-1] == THURSDAY


def test_where_alpaca_stops_answering_on_the_way_what_came_is_given() -> None:
    many = list(tickers(250))
    with trading(*map(flat, many)) as desk:
        desk.alpaca.faults.add(FaultKind.UNAVAILABLE, path="symbols=ADW", times=None)
        told = desk.provider.daily(many, UNTIL, UNTIL)

    assert list(told.bars) == many[:100]
    assert list(told.unanswered) == many[100:]
    assert "503" in told.unanswered[many[100]]


def test_a_quote_in_the_session_is_the_last_trade_beside_the_close_before() -> None:
    acme, now = listed(), new_york("2025-12-12T11:00")
    with trading(acme, at=now) as desk:
        quote = desk.provider.quotes(["ACME"])["ACME"]

    partial = acme.known(now)[-1]
    assert (quote.price_usd, quote.previous_close_usd) == (partial.close, acme.bars[-2].close)
    assert abs(quote.at - now) < timedelta(seconds=1)


def test_the_volume_of_one_exchange_is_no_volume() -> None:
    with trading(listed()) as desk:
        assert desk.provider.quotes(["ACME"])["ACME"].volume is None


@pytest.mark.parametrize(
    ("now", "closed", "last"),
    [
        ("2025-12-12T19:00", "2025-12-12T16:00", -1),
        ("2025-12-13T12:00", "2025-12-12T16:00", -1),
        ("2025-12-12T07:00", "2025-12-11T16:00", -2),
    ],
)
def test_before_and_after_hours_the_price_is_the_last_close(
    now: str, closed: str, last: int
) -> None:
    acme = listed()
    with trading(acme, at=new_york(now)) as desk:
        quote = desk.provider.quotes(["ACME"])["ACME"]

    assert quote.at == new_york(closed)
    assert (quote.price_usd, quote.previous_close_usd) == (
        acme.bars[last].close,
        acme.bars[last - 1].close,
    )


@pytest.mark.parametrize("action", [a_split(day=UNTIL), a_spin_off(day=UNTIL)])
def test_on_the_day_of_an_action_the_close_before_is_on_todays_basis(action: Action) -> None:
    acme = listed("ACME", action)
    with trading(acme, at=new_york("2025-12-12T11:00")) as desk:
        quote = desk.provider.quotes(["ACME"])["ACME"]

    expected = acme.bars[-2].close / action.price_ratio
    assert quote.previous_close_usd == pytest.approx(expected, rel=5e-4)


def test_before_the_opening_of_that_day_both_are_on_yesterdays_basis() -> None:
    acme = listed("ACME", a_split(day=UNTIL))
    with trading(acme, at=new_york("2025-12-12T08:00")) as desk:
        quote = desk.provider.quotes(["ACME"])["ACME"]

    assert (quote.price_usd, quote.previous_close_usd) == (
        acme.bars[-2].close,
        acme.bars[-3].close,
    )


def test_the_close_before_is_unknown_where_the_ratio_of_today_is() -> None:
    unpriced = listed("ACME", invented=[a_spin_off(day=UNTIL)])
    with trading(unpriced, at=new_york("2025-12-12T11:00")) as desk:
        assert desk.provider.quotes(["ACME"])["ACME"].previous_close_usd is None


def test_the_close_before_is_unknown_where_the_session_before_has_no_bar() -> None:
    acme = listed()
    thin = replace(acme, bars=[bar for bar in acme.bars if bar.day != THURSDAY])
    with trading(thin, at=new_york("2025-12-12T11:00")) as desk:
        assert desk.provider.quotes(["ACME"])["ACME"].previous_close_usd is None


def test_actions_are_asked_for_once_an_hour_however_often_quotes_are() -> None:
    with trading(listed(), at=new_york("2025-12-12T11:00")) as desk:
        for _ in range(5):
            desk.provider.quotes(["ACME"])
            desk.clock.advance(60)
        within = len(asked_for(desk.alpaca, "corporate-actions"))
        desk.clock.advance(3600)
        desk.provider.quotes(["ACME"])
        after = len(asked_for(desk.alpaca, "corporate-actions"))

    assert (within, after) == (1, 2)


def test_at_most_200_requests_start_in_a_minute() -> None:
    many = list(tickers(100))
    started: list[datetime] = []
    with trading(*(flat(ticker) for ticker in many)) as desk:
        for _ in range(250):
            desk.provider.daily(["AAA"], UNTIL, UNTIL)
            started.append(desk.clock())
        refused = desk.breaker.retry_at

    assert refused is None  # the server answers 429 above 200 a minute
    assert started[-1] - EVENING > timedelta(minutes=2)
