"""Laws of quiet times, against clocks that are looked at minute by minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.routes import QuietTime
from bot.routes.quiet import quiet_at, quiet_until

MINUTE = timedelta(minutes=1)
HALF_HOURS = [30 * n for n in range(49) if not 2 <= n <= 6]
"""Times of day, but none of the hours in which clocks change."""

STARTS = [datetime(2025, month, day, tzinfo=UTC) for month, day in
          ((1, 6), (3, 8), (4, 5), (10, 4), (11, 1))]  # fmt: skip


@st.composite
def quiet_times(draw: st.DrawFn) -> QuietTime:
    begins = draw(st.sampled_from(HALF_HOURS[:-1]))
    ends = draw(st.sampled_from([each for each in HALF_HOURS[1:] if each != begins]))
    zones = ("UTC", "America/New_York", "Australia/Sydney", "Asia/Kolkata")
    return QuietTime(
        name=draw(st.sampled_from("abc")),
        begins=begins,
        ends=ends,
        days=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        zone=ZoneInfo(draw(st.sampled_from(zones))),
    )


def holds(time: QuietTime, at: datetime) -> bool:
    """Whether a quiet time holds, by what its clocks and calendar show."""
    wall = at.astimezone(time.zone)
    minute, today, yesterday = 60 * wall.hour + wall.minute, wall.weekday(), wall.weekday() - 1
    if time.begins < time.ends:
        return today in time.days and time.begins <= minute < time.ends
    began_today = today in time.days and minute >= time.begins
    return began_today or (yesterday % 7 in time.days and minute < time.ends)


def first_awake(times: Sequence[QuietTime], at: datetime) -> datetime:
    while any(holds(time, at) for time in times):
        at += 30 * MINUTE
    return at


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(quiet_times(), min_size=1, max_size=3),
    st.sampled_from(STARTS),
    st.integers(0, 7 * 48),
)
@example([], STARTS[0], 0)
def test_it_is_quiet_until_the_first_half_hour_in_which_no_quiet_time_holds(
    times: list[QuietTime], start: datetime, half_hours: int
) -> None:
    at = start + half_hours * 30 * MINUTE
    if all(any(holds(t, at + n * 30 * MINUTE) for t in times) for n in range(8 * 48)):
        return  # without an end: of that another test tells

    quiet = quiet_until(times, at)

    assert (quiet.until if quiet else at) == first_awake(times, at)
    assert bool(quiet_at(times, at)) == any(holds(time, at) for time in times)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(quiet_times(), max_size=3), st.sampled_from(STARTS), st.integers(0, 7 * 48))
def test_what_comes_later_in_a_quiet_time_waits_for_the_same_end(
    times: list[QuietTime], start: datetime, half_hours: int
) -> None:
    at = start + half_hours * 30 * MINUTE
    quiet = quiet_until(times, at)
    if quiet is None or quiet.until - at >= timedelta(days=8):
        return

    between = at + (quiet.until - at) / 2
    later = quiet_until(times, between)

    assert later is not None
    assert later.until == quiet.until
    assert set(later.names) <= set(quiet.names) | set(quiet_at(times, between))
