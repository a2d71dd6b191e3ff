"""Looks again and again whether releases have come that were due, and tells what became of them.

No agency stops another or anything else: what does not answer is a fact (``source_poll``) and a
line in the log, and of its releases nothing is told until it answers again.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import NEW_YORK, Clock, from_ms, to_ms
from bot.errors import BotError
from bot.facts import MACRO_RELEASE, Fact, source_poll
from bot.fed.absence import Outcome, Status
from bot.fed.due import Slot
from bot.releases.agenda import REMEMBERED, Agenda
from bot.sources.edgar.client import Ended
from bot.sources.releases.agency import Agency
from bot.store import Arrival, Store

_LOOKED_BACK = timedelta(days=1)
"""What was due so long before a start is still looked for: the bot may have been away."""

_NAMED = 8


class ReleaseWatch:
    """Looks after the releases of some agencies.

    grace: how long after its time a release may come and is not missing.
    """

    def __init__(
        self, store: Store, agencies: Sequence[Agency], *, clock: Clock, grace: timedelta
    ) -> None:
        self._store, self._clock = store, clock
        since = clock() - _LOOKED_BACK
        self._agendas = [Agenda(agency, grace=grace, since=since) for agency in agencies]
        self._log: FilteringBoundLogger = structlog.get_logger()
        self._take_up(clock())

    def look(self) -> None:
        """Read the calendars that are due and ask about releases that are.

        Raises nothing that an agency does.
        """
        now, outcomes = self._clock(), list[Outcome]()
        with suppress(Ended):  # it says nothing about anybody
            for agenda in self._agendas:
                outcomes += self._look_at(agenda, now)
        if outcomes:
            self._tell(outcomes, now)

    def _look_at(self, agenda: Agenda, now: datetime) -> list[Outcome]:
        found, trouble, asked = agenda.look(now)
        if asked and agenda.agency.source is not None:
            self._store.facts.add([_poll(agenda.agency.source, now, len(found), trouble)])
        return found

    def _take_up(self, now: datetime) -> None:
        """What earlier runs have told of releases that may still come, and of those that came."""
        by_name = {agenda.agency.name: agenda for agenda in self._agendas}
        since = to_ms(now - REMEMBERED)
        rows = self._store.facts.select(MACRO_RELEASE, limit=10_000)
        for row in sorted(rows, key=lambda each: int(each["seq"])):
            agenda = by_name.get(row["agency"])
            if agenda is not None and row["known_at"] >= since:
                slot = Slot(
                    agency=row["agency"],
                    title=row["title"],
                    period=row["period"],
                    scheduled_at=from_ms(row["scheduled_at"]),
                    url=row["url"],
                )
                agenda.remember(slot, Status(row["status"]), row["url"])

    def _tell(self, outcomes: Iterable[Outcome], now: datetime) -> None:
        overdue = sorted(
            (slot for agenda in self._agendas for slot in agenda.overdue(now)),
            key=lambda slot: (slot.scheduled_at, slot.series),
        )
        facts = [_fact(each, overdue, now) for each in outcomes]
        self._store.facts.add([Arrival(fact=fact, seen_at=to_ms(now)) for fact in facts])
        for each in outcomes:
            self._log.info("releases.told", release=each.slot.key, status=each.status)


def _fact(told: Outcome, overdue: Sequence[Slot], now: datetime) -> Fact:
    """The fact of an outcome.

    It is known from the instant of its publication, where that is told, else from now.
    """
    slot, publication = told.slot, told.publication
    others = [each for each in overdue if each.key != slot.key]
    known_at = publication.at if publication is not None and publication.at else now
    ended = "missing" if told.status is Status.MISSING else "came"
    return Fact(
        kind=MACRO_RELEASE,
        id=f"release:{slot.key}:{ended}",
        subject=slot.series,
        known_at=known_at,
        happened_at=slot.scheduled_at,
        values={
            "agency": slot.agency,
            "title": slot.title,
            "period": slot.period,
            "scheduled_at": slot.scheduled_at,
            "due": _due(slot),
            "published": publication is not None,
            "status": told.status.value,
            "delay_seconds": None if told.delay is None else told.delay.total_seconds(),
            "overdue": len(overdue),
            "also_overdue": _named(others) or None,
            "url": slot.url if publication is None else publication.url,
        },
    )


def _due(slot: Slot) -> str:
    return slot.scheduled_at.astimezone(NEW_YORK).strftime("%H:%M ET on %Y-%m-%d")


def _named(slots: Sequence[Slot]) -> str:
    told = [
        f"{slot.title} ({slot.agency}, due {slot.day.day} {slot.day:%b})" for slot in slots[:_NAMED]
    ]
    left = len(slots) - len(told)
    return ", ".join([*told, f"and {left} more"] if left else told)


def _poll(source: str, now: datetime, items: int, trouble: BotError | None) -> Arrival:
    error = f"{trouble.where}: {trouble.what}" if trouble else None
    fact = source_poll(source, now, ok=trouble is None, items=items, error=error)
    return Arrival(fact=fact, seen_at=to_ms(now))
