"""The next quarterly results by those of the past."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import NYSE
from bot.valuation.results_day import next_results, quarterly
from tests.valuation.reports import day


def days(*texts: str) -> list[date]:
    return [day(text) for text in texts]


OKLO = days("2024-05-14", "2024-08-13", "2024-11-14", "2025-03-24", "2025-05-13", "2025-08-11")


def test_the_next_results_are_those_of_a_year_ago_and_364_days() -> None:
    estimate = next_results(OKLO, day("2025-10-24"))

    assert estimate is not None
    assert estimate.day == day("2025-11-13")
    assert estimate.method == "results of 2024-11-14 + 364 days"


def test_a_share_of_two_past_estimates_is_unknown() -> None:
    estimate = next_results(OKLO, day("2025-10-24"))

    assert estimate is not None
    assert estimate.confidence is None


def steady(since: str, quarters: int) -> list[date]:
    return [day(since) + timedelta(days=91 * n) for n in range(quarters)]


def test_a_company_that_keeps_its_weeks_has_full_confidence() -> None:
    told = steady("2022-02-03", 16)

    estimate = next_results(told, told[-1])

    assert estimate is not None
    assert estimate.day == told[-1] + timedelta(days=91)
    assert estimate.confidence == 1


def test_confidence_counts_estimates_that_missed() -> None:
    told = steady("2022-02-03", 12)
    told[11] += timedelta(days=10)  # eight estimates, the last of them missed

    estimate = next_results(told, told[-1])

    assert estimate is not None
    assert estimate.confidence == 7 / 8


@pytest.mark.parametrize(("later", "hit"), [(7, True), (8, False)])
def test_five_sessions_are_near_and_six_are_not(later: int, hit: bool) -> None:
    told = steady("2022-02-03", 8)
    told[7] += timedelta(days=later)  # a Thursday: 7 days are 5 sessions

    estimate = next_results(told, told[-1])

    assert estimate is not None
    assert estimate.confidence == (1 if hit else 3 / 4)


def test_an_estimate_after_which_nothing_came_is_a_miss() -> None:
    told = steady("2022-02-03", 12)
    del told[9]

    estimate = next_results(told, told[-1])

    assert estimate is not None
    assert estimate.confidence == 7 / 8


def test_results_that_came_early_are_not_expected_again() -> None:
    told = [*OKLO, day("2025-11-06")]

    estimate = next_results(told, day("2025-11-07"))

    assert estimate is not None
    assert estimate.day == day("2026-03-23")


def test_an_overdue_estimate_stays_for_five_sessions() -> None:
    told = OKLO[:-1]  # those of August 2025 did not come

    def expected(as_of: str) -> date | None:
        estimate = next_results(told, day(as_of))
        return estimate.day if estimate else None

    assert expected("2025-08-19") == day("2025-08-12")  # five sessions later
    assert expected("2025-08-20") == day("2025-11-13")


def test_late_results_are_not_taken_for_the_next_quarters() -> None:
    told = days("2024-02-22", "2024-04-24", "2024-07-24", "2024-10-23", "2025-03-18")

    estimate = next_results(told, day("2025-03-19"))

    assert estimate is not None
    assert estimate.day == day("2025-04-23")


def test_first_figures_and_the_whole_are_one_quarters_results() -> None:
    told = days("2024-02-20", "2024-05-07", "2025-01-13", "2025-02-18", "2025-02-25", "2025-05-06")

    assert quarterly(told) == days("2024-02-20", "2024-05-07", "2025-02-18", "2025-05-06")


def test_an_estimate_on_a_closed_day_is_the_next_session() -> None:
    estimate = next_results(days("2024-07-05"), day("2025-06-02"))

    assert estimate is not None
    assert estimate.day == day("2025-07-07")  # 364 days on is the Fourth


@pytest.mark.parametrize("told", [[], days("2022-05-10"), days("2026-05-10")])
def test_without_results_of_a_year_ago_there_is_no_estimate(told: list[date]) -> None:
    assert next_results(told, day("2025-10-24")) is None


@given(
    st.lists(st.dates(date(2018, 1, 1), date(2026, 12, 31)), max_size=30),
    st.dates(date(2019, 1, 1), date(2026, 1, 1)),
)
def test_later_results_never_change_an_estimate(told: list[date], as_of: date) -> None:
    estimate = next_results(told, as_of)

    assert estimate == next_results([each for each in told if each <= as_of], as_of)
    if estimate is not None:
        assert NYSE.is_session(estimate.day)
        assert estimate.confidence is None or 0 <= estimate.confidence <= 1
