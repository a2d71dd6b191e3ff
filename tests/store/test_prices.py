"""Bars, actions and identities as the store keeps them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prices.bars import Action, ActionKind, Bars
from bot.prices.identity import Identity
from bot.store import Followed, Store
from bot.store.prices import Kept
from tests.prices_of import a_series, a_split, sessions

DAYS = sessions("2025-09-26", 6)  # over the end of a quarter
CLOSES = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0]


@pytest.fixture
def store() -> Iterator[Store]:
    with closing(Store(None)) as opened:
        yield opened


def keep(store: Store, bars: Bars, seen_at: int = 1) -> Kept:
    return store.prices.keep(bars, source="folder", seen_at=seen_at)


def days_of(bars: Bars) -> list[date]:
    return [date.fromordinal(day) for day in bars.days.tolist()]


def test_bars_come_back_as_they_were_traded_and_in_order(store: Store) -> None:
    bars = a_series("OKLO", DAYS, CLOSES, exchange="NYSE")

    keep(store, bars)
    read = store.prices.traded(["OKLO", "NONE"])

    assert list(read) == ["OKLO"]
    for name in ("days", "open", "high", "low", "close", "volume"):
        assert np.array_equal(getattr(read["OKLO"], name), getattr(bars, name)), name
    assert read["OKLO"].exchange == "NYSE"


@given(st.permutations(range(6)), st.integers(1, 5))
def test_the_order_in_which_sessions_come_changes_nothing(order: list[int], cut: int) -> None:
    with closing(Store(None)) as store:
        new: list[date] = []
        for part in (order[:cut], order[cut:]):
            places = sorted(part)
            bars = a_series("OKLO", [DAYS[i] for i in places], [CLOSES[i] for i in places])
            new += keep(store, bars).new

        read = store.prices.traded(["OKLO"])["OKLO"]

        assert days_of(read) == DAYS
        assert read.close.tolist() == CLOSES
        assert sorted(new) == DAYS


def test_each_ticker_has_its_own_bars_between_two_days(store: Store) -> None:
    keep(store, a_series("A", DAYS, CLOSES))
    keep(store, a_series("B", DAYS[3:], [7.0, 8.0, 9.0]))

    read = store.prices.traded(["B", "A"], since=DAYS[1], until=DAYS[4])

    assert days_of(read["A"]) == DAYS[1:5]
    assert days_of(read["B"]) == DAYS[3:5]
    assert read["B"].close.tolist() == [7.0, 8.0]


def test_a_ticker_without_a_bar_in_the_span_is_left_out(store: Store) -> None:
    keep(store, a_series("A", DAYS, CLOSES))

    assert store.prices.traded(["A"], since=date(2026, 1, 2)) == {}


def test_a_restated_bar_is_kept_as_it_reads_now_and_what_it_was_is_remembered(
    store: Store,
) -> None:
    keep(store, a_series("OKLO", DAYS, CLOSES))

    kept = keep(store, a_series("OKLO", DAYS[2:3], [99.5]), seen_at=5)

    (was,) = store.prices.restated("OKLO")
    assert kept == Kept(new=(), restated=(DAYS[2],))
    assert (was.session, was.until, was.before["close"]) == (DAYS[2], 5, 102.0)
    assert store.prices.traded(["OKLO"])["OKLO"].close[2] == 99.5


def test_the_last_digits_of_a_price_that_was_brought_back_are_no_restatement(store: Store) -> None:
    keep(store, a_series("OKLO", DAYS, CLOSES))

    kept = keep(store, a_series("OKLO", DAYS, [close * (1 + 1e-9) for close in CLOSES]))

    assert kept == Kept(new=(), restated=())
    assert store.prices.traded(["OKLO"])["OKLO"].close.tolist() == CLOSES


def test_an_unknown_open_that_stays_unknown_is_no_restatement(store: Store) -> None:
    bars = replace(a_series("OKLO", DAYS, CLOSES), open=np.full(6, np.nan))
    keep(store, bars)

    assert keep(store, bars).restated == ()
    assert keep(store, a_series("OKLO", DAYS[:1], CLOSES[:1])).restated == (DAYS[0],)
    assert store.prices.restated("OKLO")[0].before["open"] is None


def test_a_series_stands_on_the_share_basis_of_the_day_asked_for(store: Store) -> None:
    keep(store, a_series("OKLO", DAYS, [100.0, 100.0, 100.0, 10.0, 10.0, 10.0]))
    store.prices.keep_actions([a_split("OKLO", DAYS[3], 10)], seen_at=1)

    now = store.prices.series(["OKLO"])["OKLO"]
    then = store.prices.series(["OKLO"], as_of=DAYS[2])["OKLO"]

    assert now.close == pytest.approx([10.0] * 6)
    assert then.close.tolist() == [100.0] * 3


def test_an_action_told_again_on_a_neighbouring_day_is_the_same_one(store: Store) -> None:
    store.prices.keep_actions([a_split("NVDA", date(2024, 6, 7), 10)], seen_at=1)
    store.prices.mark_applied("NVDA", date(2024, 6, 7))

    store.prices.keep_actions([a_split("NVDA", date(2024, 6, 10), 10)], seen_at=2)

    (held,) = store.prices.actions(["NVDA"])["NVDA"]
    assert held.ex_day == date(2024, 6, 10)
    assert store.prices.to_apply("NVDA", date(2024, 6, 10)) == []


def test_two_splits_of_one_year_are_two(store: Store) -> None:
    days = [date(2024, 1, 5), date(2024, 6, 5)]
    store.prices.keep_actions([a_split("X", day, 2) for day in days], seen_at=1)

    assert [each.ex_day for each in store.prices.actions(["X"])["X"]] == days


def test_two_dividends_of_one_week_are_two_and_adjust_nothing(store: Store) -> None:
    told = [
        Action(ticker="X", ex_day=day, kind=ActionKind.DIVIDEND, cash_usd=0.5, source="folder")
        for day in DAYS[1:3]
    ]
    keep(store, a_series("X", DAYS, CLOSES))

    store.prices.keep_actions(told, seen_at=1)

    assert store.prices.actions(["X"])["X"] == told
    assert store.prices.to_apply("X", DAYS[5]) == []
    assert store.prices.series(["X"])["X"].close.tolist() == CLOSES


def test_an_action_is_applied_from_its_first_session_on_and_once(store: Store) -> None:
    split = a_split("OKLO", DAYS[3], 10)
    store.prices.keep_actions([split], seen_at=1)

    assert store.prices.to_apply("OKLO", DAYS[2]) == []
    assert store.prices.to_apply("OKLO", DAYS[3]) == [split]

    store.prices.mark_applied("OKLO", DAYS[3])
    store.prices.keep_actions([split], seen_at=2)
    assert store.prices.to_apply("OKLO", DAYS[3]) == []


def test_what_is_known_of_asking_for_a_ticker_is_kept(store: Store) -> None:
    noted = Followed(
        ticker="SIVB", told=DAYS[1], since=DAYS[0], asked=DAYS[3], gap=DAYS[2],
        tries=2, not_before=99, refused="unknown symbol",
    )  # fmt: skip

    store.followed.note([noted])
    keep(store, a_series("SIVB", DAYS[:2], CLOSES[:2], exchange="NMS"))

    assert store.followed.all() == [replace(noted, exchange="NMS", first=DAYS[0], last=DAYS[1])]
    assert store.prices.sessions("SIVB", DAYS[1]) == {DAYS[1]}


def test_whom_a_ticker_means_is_kept_as_it_was_told_last(store: Store) -> None:
    told = Identity(ticker="OKLO", valid_from=date(2024, 5, 10), before="AltC Acquisition")
    store.prices.keep_identities([replace(told, before=None), told])

    assert store.prices.identities(["OKLO", "BBBY"]) == {"OKLO": told}
