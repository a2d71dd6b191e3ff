"""Instants and days: one width of text, and nothing lost between their forms."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock

MS = st.integers(-62_135_596_800_000, 253_402_300_799_999)  # the years 1 to 9999
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(MS)
def test_milliseconds_survive_every_form(ms: int) -> None:
    assert clock.to_ms(clock.from_ms(ms)) == ms
    assert clock.to_ms(clock.from_text(clock.to_text(clock.from_ms(ms)))) == ms


@given(MS, MS)
def test_stored_instants_sort_as_time_does(one: int, other: int) -> None:
    texts = [clock.to_text(clock.from_ms(ms)) for ms in (one, other)]

    assert (texts[0] < texts[1]) == (one < other)
    assert len(texts[0]) == len(texts[1]) == 24


@given(st.integers(0, 4 * 10**12), ZONES, st.integers(0, 999))
def test_an_instant_is_the_same_in_every_zone_and_cut_down_to_its_millisecond(
    ms: int, zone: timezone, microseconds: int
) -> None:
    instant = clock.from_ms(ms) + timedelta(microseconds=microseconds)

    assert clock.to_ms(instant.astimezone(zone)) == ms


def test_an_instant_before_1970_is_cut_down_too() -> None:
    assert clock.to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2026-03-18T18:00:00Z", "2026-03-18T18:00:00.000Z"),
        ("2026-03-18T14:00:00-04:00", "2026-03-18T18:00:00.000Z"),
        ("2026-03-18 14:00:00.123999-04:00", "2026-03-18T18:00:00.123Z"),
    ],
)
def test_an_instant_is_written_in_one_way(text: str, stored: str) -> None:
    assert clock.to_text(clock.from_text(text)) == stored


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime.fromisoformat("2026-03-18T18:00:00")

    with pytest.raises(ValueError, match="time zone"):
        clock.to_ms(naive)
    with pytest.raises(ValueError, match="time zone"):
        clock.from_text("2026-03-18T18:00:00")


@given(st.dates())
def test_a_day_survives_its_number(day: date) -> None:
    assert clock.from_day_number(clock.to_day_number(day)) == day


def test_days_are_counted_from_1970() -> None:
    assert clock.to_day_number(date(1970, 1, 1)) == 0
    assert clock.to_day_number(date(1969, 12, 31)) == -1


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2025-01-15T04:59:59Z", date(2025, 1, 14)),
        ("2025-01-15T05:00:00Z", date(2025, 1, 15)),
        ("2025-07-15T03:59:59Z", date(2025, 7, 14)),
        ("2025-07-15T04:00:00Z", date(2025, 7, 15)),
    ],
)
def test_the_day_of_an_instant_is_that_of_new_york(instant: str, day: date) -> None:
    assert clock.new_york_day(clock.from_text(instant)) == day


def test_the_system_clock_tells_what_the_store_can_keep() -> None:
    now = clock.system_clock()

    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0
