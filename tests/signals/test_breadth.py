"""Breadth: who carried a rally, with the weights of its start."""

import random
from datetime import date

import numpy as np
import pytest

from bot.facts.prices import MARKET_BREADTH
from bot.prices.bars import Bars
from bot.signals.breadth import breadth
from tests.signals.series import UNKNOWN, bars, sessions, walk

DAYS = sessions(64)
FIRST, LAST = DAYS[0], DAYS[-1]


def grown(ticker: str, by: float, *, start: float = 10.0) -> Bars:
    """A member whose close grows by that share over the span, at once on the last day."""
    return bars([start] * 63 + [start * (1 + by)], ticker=ticker)


def test_contributions_are_weights_at_the_start_times_returns() -> None:
    members = {"A": grown("A", 1.0), "B": grown("B", 0.1), "C": grown("C", -0.2)}

    told = breadth({"A": 50, "B": 30, "C": 20}, FIRST, members, LAST)

    assert told.since == FIRST
    assert told.index_return == pytest.approx(0.49)
    assert [c.ticker for c in told.top] == ["A", "B", "C"]
    assert told.top[0].contribution == pytest.approx(0.5)
    assert told.equal_weight_return == pytest.approx(0.3)
    assert told.median_return == pytest.approx(0.1)
    assert told.beating_share == pytest.approx(1 / 3)
    assert told.top10_share == pytest.approx(1.0)
    assert told.effective_members == pytest.approx(1 / 0.38)
    assert (told.members, told.coverage) == (3, 1.0)


def test_half_a_point_at_156_percent_takes_a_third_of_a_percent_of_weight() -> None:
    members = {"ALAB": grown("ALAB", 1.558), "REST": grown("REST", 0.0)}

    told = breadth({"ALAB": 0.321, "REST": 99.679}, FIRST, members, LAST)

    assert told.top[0].contribution == pytest.approx(0.005, rel=1e-3)


@pytest.mark.parametrize("day", [FIRST, DAYS[20], LAST])
def test_weights_of_any_day_lead_back_to_those_of_the_start(day: date) -> None:
    rng = random.Random(4)
    members = {name: bars(walk(rng, 64), ticker=name) for name in "ABCDEFGHIJKLMNO"}
    at = DAYS.index(day)
    shares = {name: rng.randrange(1, 100) for name in members}
    value = {name: shares[name] * members[name].close for name in members}
    whole = np.sum(list(value.values()), axis=0)

    told = breadth({name: float(value[name][at]) for name in members}, day, members, LAST)

    assert told.index_return == pytest.approx(whole[-1] / whole[0] - 1)
    assert told.top[0].weight == pytest.approx(value[told.top[0].ticker][0] / whole[0])


def test_ten_of_many_carry_their_share() -> None:
    members = {f"T{n:02}": grown(f"T{n:02}", 0.5 if n < 10 else 0.1) for n in range(20)}

    told = breadth(dict.fromkeys(members, 1.0), FIRST, members, LAST)

    assert told.top10_share == pytest.approx(5 / 6)
    assert len(told.top) == 10


def test_a_fall_has_no_share_of_the_ten_largest() -> None:
    told = breadth({"A": 1.0}, FIRST, {"A": grown("A", -0.1)}, LAST)

    assert told.index_return == pytest.approx(-0.1)
    assert told.top10_share is None


def test_members_without_a_close_lower_the_coverage_and_count_as_nothing_else() -> None:
    lacking = grown("B", 0.5)
    lacking.close[-1] = UNKNOWN
    members = {"A": grown("A", 0.2), "B": lacking}

    told = breadth({"A": 94, "B": 3, "GONE": 3}, FIRST, members, LAST)

    assert (told.members, told.coverage) == (1, 0.94)
    assert told.index_return == pytest.approx(0.2)


def test_under_nine_tenths_of_the_weight_nothing_is_known_of_the_whole() -> None:
    told = breadth({"A": 89, "GONE": 11}, FIRST, {"A": grown("A", 0.2)}, LAST)

    assert (told.members, told.coverage) == (1, 0.89)
    assert told.index_return is None
    assert told.beating_share is None
    assert told.effective_members is None
    assert told.top == ()


def test_weights_of_a_closed_day_are_those_of_the_session_before() -> None:
    saturday = date(2023, 11, 4)
    members = {"A": bars([1.0, 1.0, 2.0] + [2.0] * 61, ticker="A"), "B": grown("B", 0.0)}

    told = breadth({"A": 20, "B": 10}, saturday, members, LAST)

    assert told.top[0].weight == pytest.approx(0.5)


@pytest.mark.parametrize("weight", [-1.0, UNKNOWN, 0.0])
def test_weights_that_are_none_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weights must be numbers"):
        breadth({"A": weight}, FIRST, {"A": grown("A", 0.1)}, LAST)


def test_every_value_has_a_field_of_the_kind_and_the_kind_no_other() -> None:
    told = breadth({"A": 1.0}, FIRST, {"A": grown("A", 0.1)}, LAST)

    own = {field.name for field in MARKET_BREADTH.fields}
    assert told.fact_values().keys() == own
