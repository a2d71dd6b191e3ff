"""What was published against what was due."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import NEW_YORK
from bot.fed.absence import Outcome, Publication, Status, matched, outcome
from bot.fed.due import Slot

GRACE = timedelta(hours=1)


def slot(day: str, title: str = "Consumer Price Index") -> Slot:
    at = datetime.fromisoformat(f"{day} 08:30").replace(tzinfo=NEW_YORK)
    return Slot(agency="BLS", title=title, scheduled_at=at.astimezone(UTC))


def came(day: str, at: datetime | None = None) -> Publication:
    return Publication(day=date.fromisoformat(day), url=f"https://example.org/{day}", at=at)


def days(found: Mapping[str, Publication], *slots: Slot) -> list[str | None]:
    return [str(found[each.key].day) if each.key in found else None for each in slots]


def test_a_release_of_its_day_fills_the_slot_of_that_day() -> None:
    september, october = slot("2025-09-11"), slot("2025-10-15")

    found = matched(
        [october, september],
        [came("2025-10-15"), came("2025-09-11")],
        planned={september.key, october.key},
    )

    assert days(found, september, october) == ["2025-09-11", "2025-10-15"]


def test_one_that_comes_on_another_day_fills_the_oldest_slot_that_waits() -> None:
    october, november = slot("2025-10-15"), slot("2025-11-13")

    found = matched([november, october], [came("2025-11-20")], planned={october.key, november.key})

    assert days(found, october, november) == ["2025-11-20", None]


def test_one_that_never_comes_does_not_take_the_next_that_is_on_time() -> None:
    october, november = slot("2025-10-15"), slot("2025-11-13")

    found = matched([october, november], [came("2025-11-13")], planned={october.key, november.key})

    assert days(found, october, november) == [None, "2025-11-13"]


def test_what_filled_a_slot_before_is_not_taken_again_for_one_that_waits() -> None:
    october = slot("2025-10-15")
    november = came("2025-11-13")

    waits = matched([october], [november], planned={october.key}, taken={november.url})
    put_off = matched([october], [november], planned={}, taken={november.url})

    assert (days(waits, october), days(put_off, october)) == ([None], ["2025-11-13"])


def test_one_that_the_calendar_put_off_came_with_its_new_slot() -> None:
    """CPI of September 2025 was due on 15 October and came on the 24th, as announced by then."""
    old, new = slot("2025-10-15"), slot("2025-10-24")

    found = matched([old, new], [came("2025-10-24")], planned={new.key})

    assert days(found, old, new) == ["2025-10-24", "2025-10-24"]


@pytest.mark.parametrize("still_planned", [True, False])
def test_two_that_wait_are_filled_in_their_order(still_planned: bool) -> None:
    first, second = slot("2025-10-15"), slot("2025-11-13")
    publications = [came("2025-12-02"), came("2025-11-20")]

    found = matched(
        [second, first], publications, planned={first.key, second.key} if still_planned else {}
    )

    assert days(found, first, second) == ["2025-11-20", "2025-12-02"]


def test_what_came_long_before_fills_nothing() -> None:
    october = slot("2025-10-15")

    assert matched([october], [came("2025-09-11")], planned={october.key}) == {}


def test_a_release_a_day_early_is_its_slot_s() -> None:
    october = slot("2025-10-15")

    assert days(matched([october], [came("2025-10-14")], planned={october.key}), october) == [
        "2025-10-14"
    ]


DUE = slot("2025-10-15")


def told(
    publication: Publication | None,
    after: timedelta,
    *,
    missed: bool = False,
    looked_before: bool = True,
    healthy: bool = True,
) -> Outcome | None:
    return outcome(
        DUE,
        publication,
        now=DUE.scheduled_at + after,
        grace=GRACE,
        missed=missed,
        looked_before=looked_before,
        healthy=healthy,
    )


def test_nothing_is_missing_before_its_grace_has_ended() -> None:
    moment = timedelta(milliseconds=1)

    assert told(None, GRACE - moment) is None
    assert told(None, GRACE) == Outcome(slot=DUE, status=Status.MISSING)


def test_nothing_is_missing_while_its_source_does_not_answer() -> None:
    assert told(None, timedelta(days=1), healthy=False) is None


def test_what_is_missing_is_told_once() -> None:
    assert told(None, timedelta(days=1), missed=True) is None


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (timedelta(), Status.PUBLISHED),
        (GRACE, Status.PUBLISHED),
        (GRACE + timedelta(seconds=1), Status.LATE),
    ],
)
def test_what_comes_within_its_grace_is_on_time(after: timedelta, status: Status) -> None:
    held = told(came("2025-10-15", at=DUE.scheduled_at + after), timedelta(days=2))

    assert held is not None
    assert (held.status, held.delay) == (status, after)


def test_what_was_missing_is_late_whenever_it_comes() -> None:
    held = told(came("2025-10-24"), timedelta(days=9), missed=True)

    assert held is not None
    assert (held.status, held.delay) == (Status.LATE, timedelta(days=9))


def test_when_it_came_is_unknown_where_nobody_looked_before() -> None:
    held = told(came("2025-10-15"), timedelta(hours=5), looked_before=False)

    assert held is not None
    assert (held.status, held.delay) == (Status.PUBLISHED, None)


def test_what_came_early_has_no_delay_below_zero() -> None:
    held = told(came("2025-10-15", at=DUE.scheduled_at - timedelta(minutes=1)), timedelta())

    assert held is not None
    assert held.delay == timedelta()
