"""Which periods make four quarters and a quarter: each limit, on it and a day beyond."""

from datetime import date, timedelta

import pytest

from bot.valuation.company_facts import Reported
from bot.valuation.periods import (
    four_quarters,
    known_periods,
    newest_four_quarters,
    quarter,
    year_before,
)
from tests.valuation.reports import company, day

END = day("2024-12-31")
JUNE = day("2025-06-30")


def lasting(days: int, end: date, value: float = 1.0) -> Reported:
    """A number of that many days, both ends counted."""
    (told,) = company(
        Revenues=[(str(end - timedelta(days=days - 1)), str(end), value, "2025-12-01")]
    ).of(["us-gaap:Revenues"], "USD")
    return told


def how(*reports: Reported, end: date) -> str | None:
    figure = four_quarters(known_periods(reports, day("2025-12-01")), end)
    return None if figure is None else figure.how


@pytest.mark.parametrize(
    ("days", "is_year"), [(349, False), (350, True), (380, True), (381, False)]
)
def test_a_year_has_350_to_380_days(days: int, is_year: bool) -> None:
    assert how(lasting(days, END), end=END) == ("FY" if is_year else None)


YEAR, HALF, PRIOR = lasting(366, END, 10), lasting(181, JUNE, 6), lasting(182, day("2024-06-30"), 4)


def test_a_year_and_a_part_less_the_same_part_before() -> None:
    figure = newest_four_quarters(known_periods([PRIOR, HALF, YEAR], day("2025-12-01")))

    assert figure is not None
    assert (figure.end, figure.how, float(figure.value)) == (JUNE, "FY+YTD-PY", 12.0)


@pytest.mark.parametrize(
    ("off", "fits"), [(-9, False), (-8, True), (0, True), (8, True), (9, False)]
)
def test_the_year_ends_within_eight_days_of_where_the_part_starts(off: int, fits: bool) -> None:
    year = lasting(366, END + timedelta(days=off))

    assert how(year, HALF, PRIOR, end=JUNE) == ("FY+YTD-PY" if fits else None)


@pytest.mark.parametrize(
    ("off", "fits"), [(-11, False), (-10, True), (0, True), (10, True), (11, False)]
)
def test_the_part_before_ends_within_ten_days_of_52_weeks_ago(off: int, fits: bool) -> None:
    prior = lasting(181, JUNE - timedelta(days=364 - off))

    assert how(YEAR, HALF, prior, end=JUNE) == ("FY+YTD-PY" if fits else None)


@pytest.mark.parametrize(
    ("off", "fits"), [(-11, False), (-10, True), (0, True), (10, True), (11, False)]
)
def test_the_part_before_is_as_long_within_ten_days(off: int, fits: bool) -> None:
    prior = lasting(181 + off, day("2024-06-30"))

    assert how(YEAR, HALF, prior, end=JUNE) == ("FY+YTD-PY" if fits else None)


@pytest.mark.parametrize(("days", "is_part"), [(79, False), (80, True)])
def test_a_part_of_a_year_has_80_days_or_more(days: int, is_part: bool) -> None:
    end = END + timedelta(days=days)
    before = lasting(days, end - timedelta(days=364))

    assert how(YEAR, lasting(days, end), before, end=end) == ("FY+YTD-PY" if is_part else None)


@pytest.mark.parametrize(
    ("days", "is_quarter"), [(79, False), (80, True), (100, True), (101, False)]
)
def test_a_quarter_has_80_to_100_days(days: int, is_quarter: bool) -> None:
    known = known_periods([lasting(days, JUNE)], day("2025-12-01"))

    assert (quarter(known, JUNE) is not None) == is_quarter


@pytest.mark.parametrize(("rest", "fits"), [(79, False), (80, True), (100, True), (101, False)])
def test_a_quarter_is_left_of_a_longer_period(rest: int, fits: bool) -> None:
    start = lasting(181 - rest, JUNE - timedelta(days=rest), 2)
    figure = quarter(known_periods([HALF, start], day("2025-12-01")), JUNE)

    told = figure and (figure.how, float(figure.value))
    assert told == (("YTD-YTD", 4.0) if fits else None)


@pytest.mark.parametrize(
    ("off", "found"), [(-11, False), (-10, True), (0, True), (10, True), (11, False)]
)
def test_a_year_before_is_52_weeks_within_ten_days(off: int, found: bool) -> None:
    end = JUNE - timedelta(days=364 - off)

    assert year_before(known_periods([lasting(91, end)], day("2025-12-01")), JUNE) == (
        [end] if found else []
    )
