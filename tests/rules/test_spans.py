"""Spans and windows: from which instant on a fact counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import NYSE
from bot.clock import NEW_YORK, from_ms
from bot.rules.spans import read_span, read_window
from tests.builders import ms

DAY = 86_400_000


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90d", 90 * DAY),
        ("2h", 7_200_000),
        ("30min", 1_800_000),
        ("1w", 7 * DAY),
        ("1.5d", DAY * 3 // 2),
        ("10s", 10_000),
    ],
)
def test_spans_of_seconds_to_weeks_are_elapsed_time(text: str, length: int) -> None:
    assert read_span(text).before(ms("2025-03-12")) == ms("2025-03-12") - length


def test_a_day_across_a_change_of_clocks_is_24_hours_and_not_the_same_time_of_day() -> None:
    noon_after_spring = ms("2025-03-09")

    assert read_span("1d").before(noon_after_spring) == ms("2025-03-08 11:00 ET")


@pytest.mark.parametrize(
    ("span", "instant", "before"),
    [
        ("1mo", "2025-03-31", "2025-02-28"),
        ("1mo", "2025-03-15", "2025-02-15"),  # across the change of clocks: noon stays noon
        ("6mo", "2025-08-31", "2025-02-28"),
        ("1y", "2024-02-29", "2023-02-28"),
        ("2y", "2025-06-02", "2023-06-02"),
    ],
)
def test_months_and_years_go_by_the_new_york_clock(span: str, instant: str, before: str) -> None:
    assert read_span(span).before(ms(instant)) == ms(before)


def test_a_cooldown_of_a_month_ends_at_the_same_time_of_the_next_one() -> None:
    assert read_span("1mo").after(ms("2025-01-31")) == ms("2025-02-28")


@pytest.mark.parametrize("text", ["90m", "1m"])
def test_a_bare_m_is_refused_because_it_could_be_minutes_or_months(text: str) -> None:
    with pytest.raises(ValueError, match=r"min or .*mo\?"):
        read_span(text)


@pytest.mark.parametrize("text", ["", "d", "10", "0d", "-1d", "10 d", "0mo", "61y", "1e3d", "10D"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_span(text)


@pytest.mark.parametrize(
    "text", ["0 sessions", "15001 sessions", "sessions", "1.5 sessions", "wtd"]
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_window(text)


def test_a_window_leaves_out_the_instant_exactly_its_length_ago() -> None:
    assert read_window("90d").first(ms("2025-09-23")) == ms("2025-09-23") - 90 * DAY + 1


@pytest.mark.parametrize(
    ("window", "at", "start"),
    [
        ("1 sessions", "2025-09-23", "2025-09-23"),
        ("1 session", "2025-09-23 20:00 ET", "2025-09-23"),
        ("2 sessions", "2025-09-23", "2025-09-22"),
        ("1 session", "2025-09-21", "2025-09-19"),  # Sunday belongs to Friday's session
        ("2 sessions", "2025-09-20", "2025-09-18"),
        ("2 sessions", "2025-09-02", "2025-08-29"),  # Labor Day between
        ("5 sessions", "2025-09-23", "2025-09-17"),
        ("ytd", "2025-09-23", "2025-01-01"),
        ("ytd", "2025-01-01 00:00 ET", "2025-01-01"),
        ("ytd", "2024-12-31 23:59 ET", "2024-01-01"),
        ("qtd", "2025-09-30", "2025-07-01"),
        ("mtd", "2025-09-30", "2025-09-01"),
    ],
)
def test_sessions_and_periods_start_at_midnight_in_new_york(
    window: str, at: str, start: str
) -> None:
    assert read_window(window).first(ms(at)) == ms(f"{start} 00:00 ET")


def test_a_period_starts_anew_at_midnight_in_new_york_and_not_in_greenwich() -> None:
    ytd = read_window("ytd")

    assert ytd.first(ms("2025-01-01 04:59:59Z")) == ms("2024-01-01 00:00 ET")
    assert ytd.first(ms("2025-01-01 05:00:00Z")) == ms("2025-01-01 00:00 ET")


@pytest.mark.parametrize(
    ("window", "day", "first"),
    [
        ("10d", date(2025, 3, 12), date(2025, 3, 3)),
        ("1mo", date(2025, 3, 12), date(2025, 2, 13)),
        ("2 sessions", date(2025, 9, 23), date(2025, 9, 22)),
        ("ytd", date(2025, 9, 23), date(2025, 1, 1)),
    ],
)
def test_a_window_of_days_ends_with_its_day(window: str, day: date, first: date) -> None:
    assert read_window(window).first_day(day) == first


WINDOWS = ("1s", "10d", "90d", "6mo", "2y", "1 session", "20 sessions", "ytd", "qtd", "mtd")


@given(
    st.sampled_from(WINDOWS),
    st.integers(ms("2000-01-01"), ms("2027-12-31")),
    st.integers(0, 40 * DAY),
)
def test_a_later_instant_never_opens_a_window_earlier(text: str, at: int, later: int) -> None:
    window = read_window(text)

    assert window.first(at) <= window.first(at + later)
    assert window.first(at) <= at


@given(st.integers(1, 60), st.integers(ms("2000-01-01"), ms("2027-12-31")))
def test_n_sessions_hold_n_days_of_trading(count: int, at: int) -> None:
    start = from_ms(read_window(f"{count} sessions").first(at)).astimezone(NEW_YORK).date()
    today = from_ms(at).astimezone(NEW_YORK).date()

    days = (start + timedelta(days=n) for n in range((today - start).days + 1))
    assert sum(map(NYSE.is_session, days)) == count
