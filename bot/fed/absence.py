"""What was published against what was due: on time, late, or not there.

A calendar tells neither that a release came nor which one came after a pause: when the government
was shut down in autumn 2025, some came weeks late under another date and some never.  So what was
published on the day of a slot is that slot's; anything else belongs to the oldest that still waits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.fed.due import Slot

_EARLY = timedelta(days=3)
"""A release may come so long before its day: a calendar is corrected later than the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One release of a series that came.

    day: in New York, as its address or its feed dates it.  at: the instant, where that is known.
    """

    day: date
    url: str
    at: datetime | None = None


class Status(StrEnum):
    """What became of a slot."""

    PUBLISHED = "published"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known of a slot now.

    delay: how long after it was due it came; None where it did not, or where nobody saw when.
    """

    slot: Slot
    status: Status
    publication: Publication | None = None
    delay: timedelta | None = None


def matched(
    slots: Iterable[Slot],
    publications: Sequence[Publication],
    *,
    planned: Collection[str],
    taken: Collection[str] = (),
) -> Mapping[str, Publication]:
    """What each slot of one series was filled with, by the key of the slot.

    taken: addresses of publications that filled other slots before.
    planned: keys of the slots that the calendar holds now.  One that it has dropped was put off:
    the next that comes is what it waited for, even where that has a slot of its own by now.
    """
    waiting = sorted(slots, key=lambda slot: slot.scheduled_at)
    ordered = sorted(publications, key=lambda each: each.day)
    by_day = {each.day: each for each in ordered}
    found = {slot.key: by_day[slot.day] for slot in waiting if slot.day in by_day}
    with_own_slot = [*found.values(), *(each for each in ordered if each.url in taken)]
    given: list[Publication] = []
    for slot in waiting:
        if slot.key in found:
            continue
        others = [*given, *(with_own_slot if slot.key in planned else ())]
        after = [e for e in ordered if e.day > slot.day - _EARLY and e not in others]
        if after:
            found[slot.key] = after[0]
            given.append(after[0])
    return found


def outcome(
    slot: Slot,
    publication: Publication | None,
    *,
    now: datetime,
    grace: timedelta,
    missed: bool,
    looked_before: bool,
    healthy: bool,
) -> Outcome | None:
    """What a slot has come to at ``now``; None while it may still come, or nobody can know.

    missed: whether it was told as missing before.
    looked_before: whether its source was seen without it, so that ``now`` is about when it came.
    healthy: whether its source has answered since the deadline.
    """
    if publication is None:
        overdue = healthy and not missed and now >= slot.deadline(grace)
        return Outcome(slot=slot, status=Status.MISSING) if overdue else None
    came = publication.at or (now if looked_before else None)
    delay = None if came is None else max(came - slot.scheduled_at, timedelta())
    late = missed or (delay is not None and delay > grace)
    return Outcome(
        slot=slot,
        status=Status.LATE if late else Status.PUBLISHED,
        publication=publication,
        delay=delay,
    )
