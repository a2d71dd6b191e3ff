"""Filings in time, late, and outside of the exchange's hours."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import SEC
from bot.clock import NEW_YORK
from bot.insider.filing import Line
from bot.insider.signals import filed_after_close, late
from tests.insider.forms import a_filing

ROW = a_filing().lines[0]


def rows(*days: str | None) -> list[Line]:
    return [replace(ROW, date=day) for day in days]


def is_late(
    *days: str | None, filed: str | None = "2025-10-15", form: str = "4", **values: str
) -> bool | None:
    lines = [replace(row, **values) for row in rows(*days)]  # type: ignore[arg-type]
    return late(lines, form=form, filed_on=date.fromisoformat(filed) if filed else None)


# Late


@pytest.mark.parametrize(
    ("traded", "filed", "found"),
    [
        ("2025-09-22", "2025-09-24", False),
        ("2025-09-22", "2025-09-25", True),
        ("2025-09-19", "2025-09-23", False),  # over a weekend
        ("2025-09-19", "2025-09-24", True),
        ("2025-10-13", "2025-10-15", False),  # Columbus Day: the NYSE trades, EDGAR is closed
        ("2025-10-13", "2025-10-16", True),
        ("2026-04-02", "2026-04-06", False),  # Good Friday: the NYSE is closed, EDGAR is not
        ("2026-04-02", "2026-04-07", True),
        ("2025-09-20", "2025-09-23", False),  # a Saturday
        ("2025-09-24", "2025-09-24", False),
    ],
)
def test_more_than_two_business_days_of_the_sec_are_late(
    traded: str, filed: str, found: bool
) -> None:
    assert is_late(traded, filed=filed) is found


@given(st.dates(date(2000, 1, 1), date(2027, 12, 1)), st.integers(0, 12))
def test_late_is_what_counting_the_days_one_by_one_gives(traded: date, after: int) -> None:
    filed = traded + timedelta(days=after)
    between = [traded + timedelta(days=n) for n in range(1, after + 1)]

    found = is_late(traded.isoformat(), filed=filed.isoformat())

    assert found is (len([day for day in between if SEC.is_business_day(day)]) >= 3)


def test_one_late_row_makes_the_trade_late() -> None:
    assert is_late("2025-10-14", "2025-10-08", "2025-10-15") is True
    assert is_late("2025-10-14", "2025-10-15") is False


def test_the_filers_own_mark_of_a_late_row_counts() -> None:
    assert is_late("2025-10-15", timeliness="L") is True
    assert is_late(None, filed=None, form="5", timeliness="L") is True
    assert late([ROW, replace(ROW, timeliness="L")], form="4/A", filed_on=None) is True


def test_a_row_told_early_is_not_late() -> None:
    assert is_late("2025-09-01", timeliness="E") is False


def test_the_deemed_execution_date_counts_where_it_is_given() -> None:
    assert is_late("2025-10-08", deemed_date="2025-10-10") is False
    assert is_late("2025-10-08", deemed_date="2025-10-09") is True


@pytest.mark.parametrize(
    "day", [None, "2025-10-16", "0022-10-14", "1934-06-05", "2025-13-01", "soon"]
)
def test_a_row_without_a_possible_day_leaves_it_open_unless_another_is_late(
    day: str | None,
) -> None:
    assert is_late(day) is None
    assert is_late("2025-10-14", day) is None
    assert is_late("2025-10-01", day) is True


@pytest.mark.parametrize("form", ["4/A", "5", "5/A", "3"])
def test_other_forms_and_amendments_have_another_term(form: str) -> None:
    assert is_late("2025-09-01", form=form) is None


def test_without_the_acceptance_lateness_is_unknown() -> None:
    assert is_late("2025-09-01", filed=None) is None


def test_the_first_day_of_the_law_is_a_possible_day() -> None:
    assert is_late("1934-06-06") is True


# Outside of the exchange's hours


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        ("2025-09-24 09:29:59", True),
        ("2025-09-24 09:30:00", False),
        ("2025-09-24 15:59:59", False),
        ("2025-09-24 16:00:00", True),
        ("2025-09-24 17:37:34", True),
        ("2025-09-24 22:00:00", True),
        ("2025-11-28 12:59:59", False),  # the half day after Thanksgiving
        ("2025-11-28 13:00:00", True),
        ("2025-11-27 12:00:00", True),  # Thanksgiving
        ("2025-10-13 12:00:00", False),  # Columbus Day: the NYSE trades
        ("2026-04-03 12:00:00", True),  # Good Friday
        ("2025-09-20 12:00:00", True),  # a Saturday
        ("2026-03-06 15:30:00", False),  # in winter 20:30 UTC
        ("2026-03-06 16:30:00", True),
        ("2026-03-07 12:00:00", True),
        ("2026-03-09 15:30:00", False),  # in summer 19:30 UTC
        ("2026-03-09 16:00:00", True),  # 20:00 UTC, at which the exchange was open on Friday
        ("2026-03-09 09:30:00", False),
        ("2026-07-02 16:00:00", True),
    ],
)
def test_filed_after_close_is_outside_of_the_session_of_that_day(
    accepted: str, found: bool
) -> None:
    assert filed_after_close(datetime.fromisoformat(accepted).replace(tzinfo=NEW_YORK)) is found
