"""Splits and what looks like one: no move, whoever told of it and whenever."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.facts import PRICE_BAR
from tests.market.closes import DAYS, FLAT, LAST, PAST, a_market
from tests.market.trading import evening, listing, trading
from tests.prices_of import a_split


def split_closes(at: int, ratio: float) -> list[float]:
    """As traded: flat before a split and after it."""
    return [100.0 if n < at else 100.0 / ratio for n in range(len(DAYS))]


def test_a_split_between_two_looks_is_no_move(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        split = a_split("OKLO", LAST[2], 10)
        a_market(place, split_closes(len(PAST) + 2, 10), actions=[split])

        place.evenings(LAST[:4])

        assert [place.fact("OKLO", day)["return_1d"] for day in LAST[1:4]] == [0.0, 0.0, 0.0]
        assert [place.fact("OKLO", day)["close_usd"] for day in LAST[1:4]] == [10.0, 10.0, 10.0]


def test_stored_closes_are_told_anew_on_the_basis_since_a_split_and_nobody_judges_them(
    tmp_path: Path,
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, split_closes(len(PAST) + 2, 10), actions=[a_split("OKLO", LAST[2], 10)])

        place.evenings(LAST[:3])

        counted = place.facts("OKLO")
        assert {fact["close_usd"] for fact in counted} == {10.0}
        assert {fact["volume"] for fact in counted[:-1]} == {10_000.0}
        assert [fact["id"] for fact in counted if not fact["retold"]] == [f"bar:OKLO:{LAST[2]}"]
        judged = place.store.facts.after(0, 10**6, PRICE_BAR)
        assert len([row for row in judged if row["ticker"] == "OKLO"]) == 32


def test_prices_not_brought_over_a_split_that_is_told_are_no_move(tmp_path: Path) -> None:
    closes, split = [100.0] * len(DAYS), a_split("OKLO", LAST[2], 10)  # as if it had been none
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, closes, actions=[split])

        place.evenings(LAST[:4])

        assert [place.fact("OKLO", day)["return_1d"] for day in LAST[1:4]] == [0.0, 0.0, 0.0]
        assert [place.fact("OKLO", day)["close_usd"] for day in LAST[2:4]] == [100.0, 100.0]


def test_a_step_that_a_told_split_should_explain_is_held_back_then_told_without_a_return(
    tmp_path: Path,
) -> None:
    split = a_split("OKLO", LAST[2], 4)
    closes = split_closes(len(PAST) + 2, 16)  # volumes do not say which side is right
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, closes, actions=[split])

        place.evenings(LAST[:3])
        assert LAST[2] not in {fact["session"] for fact in place.facts("OKLO")}
        place.evenings(LAST[3:5])

        assert place.told("OKLO") == LAST[2:5]
        fact = place.fact("OKLO", LAST[2])
        assert (fact["return_1d"], fact["since_listing"], fact["quality"]) == (
            None, None, "suspect_split",
        )  # fmt: skip
        after = place.fact("OKLO", LAST[4])
        assert (after["return_1d"], after["return_5d"], after["high_252d"]) == (0.0, None, None)
        assert place.fact("OKLO", LAST[1])["return_21d"] == 0.0


def test_a_true_crash_on_an_ex_day_is_told_at_once(tmp_path: Path) -> None:
    split = a_split("OKLO", LAST[2], 4)
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, split_closes(len(PAST) + 2, 6.5), actions=[split])

        place.evenings(LAST[:3])

        assert place.fact("OKLO", LAST[2])["return_1d"] == pytest.approx(4 / 6.5 - 1)


def test_a_split_that_nobody_told_is_held_back_until_the_action_comes(tmp_path: Path) -> None:
    closes, split = split_closes(len(PAST) + 2, 10), a_split("OKLO", LAST[2], 10)
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, closes, actions=[split], untold=[LAST[2]])
        place.evenings(LAST[:3])
        assert place.told("OKLO") == [LAST[1]]

        a_market(place, closes, actions=[split])
        place.look(evening(LAST[2]) + timedelta(minutes=20))

        assert place.told("OKLO")[-1] == LAST[2]
        fact = place.fact("OKLO", LAST[2])
        assert (fact["return_1d"], fact["quality"]) == (0.0, None)


def test_a_crash_that_looks_like_a_split_is_told_when_the_next_session_has_closed(
    tmp_path: Path,
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, split_closes(len(PAST) + 2, 2))

        place.evenings(LAST[:4])

        assert place.told("OKLO") == LAST[1:4]
        fact = place.fact("OKLO", LAST[2])
        assert (fact["return_1d"], fact["quality"]) == (-0.5, "suspect_split")
        assert place.fact("OKLO", LAST[3])["quality"] is None


def test_a_crash_of_a_ticker_that_then_stops_trading_is_told_too(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["SIVB"]) as place:
        days = DAYS[:-3]
        place.lists(
            listing("IWM", DAYS, FLAT),
            listing("SIVB", days, [100.0] * (len(days) - 1) + [50.0]),
        )

        place.evenings(LAST[:4])

        assert place.told("SIVB") == LAST[1:3]


def test_a_price_of_another_basis_that_is_taken_back_is_no_bar(tmp_path: Path) -> None:
    closes = [1_000.0 if day == LAST[2] else 100.0 for day in DAYS]
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, closes)

        place.evenings(LAST[:4])

        assert place.told("OKLO") == [LAST[1], LAST[3]]
        assert place.fact("OKLO", LAST[3])["return_1d"] == 0.0


def test_a_split_told_a_day_late_puts_right_what_was_told_meanwhile(tmp_path: Path) -> None:
    closes, split = split_closes(len(PAST) + 2, 10), a_split("OKLO", LAST[2], 10)
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, closes, actions=[split], untold=[LAST[2]])
        place.evenings(LAST[:4])
        assert place.fact("OKLO", LAST[2])["return_1d"] == pytest.approx(-0.9)

        a_market(place, closes, actions=[split])
        place.look(evening(LAST[4]))

        fact = place.fact("OKLO", LAST[2])
        assert (fact["return_1d"], fact["retold"], fact["id"]) == (0, 1, f"bar:OKLO:{LAST[2]}~2")
        assert {place.fact("OKLO", day)["close_usd"] for day in LAST[:5]} == {10.0}


def test_a_split_that_its_provider_takes_back_is_undone(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        a_market(place, FLAT, actions=[a_split("OKLO", LAST[2], 10)])
        place.evenings(LAST[:4])
        assert place.fact("OKLO", LAST[1])["close_usd"] == 10.0

        a_market(place, FLAT)
        place.look(evening(LAST[4]))

        assert place.store.prices.actions(["OKLO"]) == {}
        assert {fact["close_usd"] for fact in place.facts("OKLO")} == {100.0}
        assert place.fact("OKLO", LAST[2])["return_1d"] == 0
