"""What goes wrong at Alpaca: keys, limits, outages and answers that are none."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.errors import BotError, ConfigError, SourceUnavailable, SourceUnreadable
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.prices_alpaca import SECRET
from bot.sources.prices.alpaca import AlpacaProvider
from bot.sources.prices.breaker import Resting
from tests.processes import LONG, until
from tests.sources.edgar.local_edgar import ManualClock
from tests.sources.prices.alpaca_market import (
    EVENING,
    SINCE,
    UNTIL,
    Desk,
    asked_for,
    flat,
    provider_at,
    trading,
)
from tests.sources.prices.answered import answered

THURSDAY, DAY = date(2025, 12, 11), "2025-12-11T05:00:00Z"


BAR = {"t": DAY, "o": 10, "h": 11, "l": 9, "c": 10.5, "v": 100, "n": 3, "vw": 10.2}


def ask(desk: Desk) -> int:
    """How many bars come."""
    return len(desk.provider.daily(["ACME"], UNTIL, UNTIL).bars["ACME"])


@pytest.mark.parametrize(
    ("key", "secret"), [(None, "x"), ("x", None), ("", ""), ("a\nb", "x"), ("clé", "x")]
)
def test_without_both_keys_nothing_starts(key: str | None, secret: str | None) -> None:
    with pytest.raises(ConfigError, match="ALPACA_KEY, ALPACA_SECRET") as told:
        AlpacaProvider(key=key, secret=secret, clock=ManualClock())

    assert "free: alpaca.markets" in told.value.mend


def test_refused_keys_are_told_with_their_mend_and_not_tried_again_for_an_hour() -> None:
    with trading(flat("ACME"), key="PKWRONG") as desk, capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(ConfigError, match="refuses the keys") as told:
                ask(desk)
        within = len(desk.alpaca.asked)
        desk.clock.advance(3601)
        with pytest.raises(ConfigError):
            desk.provider.quotes(["ACME"])

    assert "ALPACA_KEY" in told.value.where
    assert "start again" in told.value.mend
    assert (within, len(desk.alpaca.asked)) == (1, 2)
    assert [log["event"] for log in logs] == ["alpaca.keys_refused"] * 2


def test_no_error_log_or_print_tells_the_keys() -> None:
    errors: list[BotError] = []
    with trading(flat("ACME"), key="PKWRONG") as desk, capture_logs() as logs:
        for fault in (None, FaultKind.WEB_PAGE, FaultKind.CUT, FaultKind.EMPTY):
            desk.clock.advance(7200)
            if fault:
                desk.alpaca.faults.add(fault, times=3)
            with pytest.raises(BotError) as told:
                ask(desk)
            errors.append(told.value)
        shown = "".join(
            [*map(repr, errors), *map(str, errors), str(logs), repr(vars(desk.provider))]
        )

    assert len(errors) == 4
    assert "PKWRONG" not in shown
    assert SECRET not in shown


def test_a_clock_that_runs_ahead_is_told_as_such() -> None:
    with trading(flat("ACME")) as desk:
        ahead = ManualClock(EVENING.replace(hour=12))
        desk.alpaca.clock = lambda: ahead() - timedelta(hours=1)
        provider = provider_at(desk.alpaca.url, ahead)
        ahead.now = EVENING.replace(hour=16, minute=30)
        with pytest.raises(SourceUnavailable, match="recent SIP data") as told:
            provider.daily(["ACME"], UNTIL, UNTIL)
        provider.close()

    assert "set the clock of this machine right" in told.value.mend


@pytest.mark.parametrize(
    "fault",
    [
        FaultKind.UNAVAILABLE,
        FaultKind.CUT,
        FaultKind.RESET,
        FaultKind.EMPTY,
        FaultKind.WEB_PAGE,
        FaultKind.TRUNCATED,
    ],
)
def test_a_passing_trouble_is_got_over(fault: FaultKind) -> None:
    with trading(flat("ACME")) as desk:
        desk.alpaca.faults.add(fault, times=2)

        assert ask(desk) == 1


@pytest.mark.parametrize(
    "fault",
    [
        FaultKind.UNAVAILABLE,
        FaultKind.CUT,
        FaultKind.RESET,
        FaultKind.EMPTY,
        FaultKind.WEB_PAGE,
        FaultKind.TRUNCATED,
    ],
)
def test_a_lasting_trouble_is_worth_another_try_later(fault: FaultKind) -> None:
    with trading(flat("ACME")) as desk:
        desk.alpaca.faults.add(fault, times=3)
        with pytest.raises(SourceUnavailable, match="after 3 attempt"):
            ask(desk)

        assert ask(desk) == 1


def test_a_server_that_hangs_is_given_up() -> None:
    with trading(flat("ACME"), timeout_s=0.1) as desk:
        desk.alpaca.faults.add(FaultKind.SLOW, times=None, seconds=60)
        with pytest.raises(SourceUnavailable, match="Timeout"):
            ask(desk)


def test_a_provider_that_does_not_answer_is_left_in_peace() -> None:
    with trading(flat("ACME")) as desk:
        desk.alpaca.faults.add(FaultKind.UNAVAILABLE, times=None)
        for _ in range(5):
            with pytest.raises(SourceUnavailable):
                ask(desk)
        before = len(desk.alpaca.asked)
        with pytest.raises(Resting):
            ask(desk)
        resting = len(desk.alpaca.asked)
        desk.alpaca.faults.clear()
        desk.clock.advance(301)
        answered = ask(desk)

    assert resting == before
    assert answered == 1
    assert [change.retry_at is None for change in desk.breaker.changes()] == [False, True]


def test_a_limit_that_ends_soon_is_waited_for() -> None:
    with trading(flat("ACME"), at=EVENING + timedelta(seconds=50)) as desk:
        desk.alpaca.faults.add(FaultKind.TOO_MANY)
        bars = ask(desk)

    assert bars == 1
    assert 10 in desk.clock.slept  # until the minute is over, as X-RateLimit-Reset says


def test_a_limit_that_lasts_is_told_and_kept_to() -> None:
    with trading(flat("ACME")) as desk:
        desk.alpaca.faults.add(FaultKind.TOO_MANY)
        with pytest.raises(SourceUnavailable, match="too many requests"):
            ask(desk)
        with pytest.raises(Resting):
            ask(desk)

        assert len(asked_for(desk.alpaca, "/bars")) == 1


def test_who_ends_is_not_held_up_by_a_request() -> None:
    with trading(flat("ACME"), timeout_s=120) as desk:
        desk.alpaca.faults.add(FaultKind.SLOW, times=None, seconds=120)
        told: list[BaseException] = []

        def run() -> None:
            try:
                ask(desk)
            except SourceUnavailable as error:
                told.append(error)

        thread = Thread(target=run)
        thread.start()
        until(lambda: desk.alpaca.asked)
        desk.provider.close()
        thread.join(LONG)

        assert not thread.is_alive()
        assert len(told) == 1


def with_bars(*bars: Any) -> Callable[[str], Any]:
    def told(path: str) -> Any:
        if "/bars" in path:
            return {"bars": {"ACME": list(bars), "ZED": [BAR]}, "next_page_token": None}
        return {"corporate_actions": {}, "next_page_token": None}

    return told


def both(provider: AlpacaProvider) -> Any:
    return provider.daily(["ACME", "ZED"], SINCE, UNTIL)


@pytest.mark.parametrize("close", [None, math.nan, math.inf, 0, -1, "10.5", True])
def test_a_bar_without_a_close_above_zero_is_none(close: Any) -> None:
    told = answered(with_bars({**BAR, "c": close}), both)

    assert (len(told.bars["ACME"]), len(told.bars["ZED"])) == (0, 1)


def test_other_columns_that_are_no_numbers_are_unknown() -> None:
    bar = {**BAR, "o": None, "h": "11", "l": math.nan, "v": -5}
    bars = answered(with_bars(bar), both).bars["ACME"]

    assert bars.close.tolist() == [10.5]
    assert all(math.isnan(getattr(bars, name)[0]) for name in ("open", "high", "low", "volume"))


@pytest.mark.parametrize("t", ["2025-12-13T05:00:00Z", "2025-11-27T05:00:00Z"])
def test_a_bar_off_the_calendar_is_none(t: str) -> None:
    assert len(answered(with_bars({**BAR, "t": t}), both).bars["ACME"]) == 0


@pytest.mark.parametrize("bar", [{**BAR, "t": "soon"}, {**BAR, "t": None}, {}, 7, None])
def test_a_ticker_with_unreadable_bars_is_refused_and_the_others_come(bar: Any) -> None:
    told = answered(with_bars(bar), both)

    assert list(told.bars) == ["ZED"]
    assert "without a readable time" in told.refused["ACME"]


@pytest.mark.parametrize("told", [{"bars": []}, {"bars": "x"}, [], "x"])
def test_an_answer_of_another_shape_is_unreadable(told: Any) -> None:
    with pytest.raises(SourceUnreadable):
        answered(lambda _: told, both)


def test_pages_that_come_round_in_a_circle_are_unreadable() -> None:
    with pytest.raises(SourceUnreadable, match="in a circle"):
        answered(lambda _: {"bars": {}, "next_page_token": "again"}, both)


def test_a_refused_request_that_names_no_symbol_is_ours_to_mend() -> None:
    with pytest.raises(SourceUnreadable, match="invalid timeframe"):
        answered(lambda _: {"message": "invalid timeframe: 1Dy"}, both, status=400)


def test_keys_do_not_follow_to_another_address() -> None:
    paths: list[str] = []

    def bodies(path: str) -> Any:
        paths.append(path)
        return b""

    with pytest.raises(SourceUnreadable, match="HTTP 302"):
        answered(bodies, both, status=302)
    assert len(paths) == 1


def with_actions(**groups: Any) -> Callable[[str], Any]:
    def told(path: str) -> Any:
        if "/bars" in path:
            return {"bars": {"ACME": [BAR], "ZED": [BAR]}, "next_page_token": None}
        return {"corporate_actions": groups, "next_page_token": None}

    return told


SPLIT = {"symbol": "ACME", "ex_date": "2025-12-01", "new_rate": 4, "old_rate": 1}


def test_an_action_that_is_told_twice_counts_once() -> None:
    told = answered(with_actions(forward_splits=[SPLIT, {**SPLIT, "id": "amended"}]), both)

    assert [action.price_ratio for action in told.actions] == [4]


def test_a_legal_date_without_trading_becomes_the_first_session() -> None:
    saturday = {**SPLIT, "ex_date": "2025-11-29"}
    told = answered(with_actions(forward_splits=[saturday]), both)

    assert [action.ex_day for action in told.actions] == [date(2025, 12, 1)]


def test_a_stock_dividend_of_five_percent_divides_prices_and_earnings() -> None:
    dividend = {"symbol": "ACME", "ex_date": "2025-12-01", "rate": 0.05}
    (action,) = answered(with_actions(stock_dividends=[dividend]), both).actions

    assert (action.price_ratio, action.eps_ratio) == (1.05, 1.05)


@pytest.mark.parametrize(
    "flaw", [{"new_rate": 0}, {"old_rate": None}, {"new_rate": math.nan}, {"ex_date": None}]
)
def test_a_ticker_whose_split_can_not_be_read_is_refused(flaw: dict[str, Any]) -> None:
    told = answered(with_actions(forward_splits=[{**SPLIT, **flaw}]), both)

    assert told.actions == []
    assert told.refused["ACME"].startswith("the price ratio of its split of ")
    assert list(told.bars) == ["ZED"]


def test_a_dividend_of_unknown_cash_adjusts_nothing_and_refuses_nobody() -> None:
    dividend = {"symbol": "ACME", "ex_date": "2025-12-01", "rate": None}
    told = answered(with_actions(cash_dividends=[dividend]), both)

    assert [action.cash_usd for action in told.actions] == [None]
    assert told.refused == {}


@pytest.mark.parametrize(
    "snapshot",
    [
        None,
        {},
        {"latestTrade": None, "dailyBar": None, "prevDailyBar": None},
        {"latestTrade": {"t": "2025-12-12T16:00:00Z", "p": 0}},
        {"latestTrade": {"t": "now", "p": 10}},
        {"dailyBar": {**BAR, "c": math.nan}},
    ],
)
def test_a_snapshot_without_a_price_is_no_quote(snapshot: Any) -> None:
    assert answered(lambda _: {"ACME": snapshot}, lambda p: p.quotes(["ACME"])) == {}


def test_snapshots_are_read_as_both_documentations_show_them() -> None:
    def told(path: str) -> Any:
        if "snapshots" not in path:
            return {"corporate_actions": {}}
        return {"snapshots": {"ACME": {"dailyBar": BAR}}}

    quotes = answered(told, lambda p: p.quotes(["ACME"]))

    assert quotes["ACME"].price_usd == 10.5
    assert quotes["ACME"].at == datetime(2025, 12, 11, 21, tzinfo=UTC)
