"""One agency's plan: which of its releases wait, and what has become of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.errors import BotError, StoreLost
from bot.fed.absence import Outcome, Publication, Status, matched, outcome
from bot.fed.due import Slot
from bot.sources.edgar.client import Ended
from bot.sources.releases.agency import Agency, Answer

REMEMBERED = timedelta(days=60)
"""A release that has not come for so long is waited for no longer: it was cancelled."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
_ASKED_EVERY = timedelta(minutes=1)
_OVERDUE_ASKED_EVERY = timedelta(minutes=10)
_SEEN_WITHIN = timedelta(minutes=15)
"""A look without a release says when it came only if the next one follows so soon."""


class Agenda:
    """Reads the calendar of an agency now and then, and asks about what is due.

    since: releases that were due before are nobody's news.
    """

    def __init__(self, agency: Agency, *, grace: timedelta, since: datetime) -> None:
        self.agency, self._grace, self._since = agency, grace, since
        self._slots: dict[str, Slot] = {}
        self._missed: dict[str, Slot] = {}
        self._came: set[str] = set()
        self._taken: set[str] = set()
        self._read_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._answered_at: dict[str, datetime] = {}
        self._pause = timedelta()
        self._log: FilteringBoundLogger = structlog.get_logger().bind(agency=agency.name)

    def overdue(self, now: datetime) -> Sequence[Slot]:
        """What was told as missing, has not come and is still waited for."""
        return [s for s in self._missed.values() if now - s.scheduled_at < REMEMBERED]

    def remember(self, slot: Slot, status: Status, url: str | None) -> None:
        """What was told of a slot before, in this run or an earlier one."""
        if status is Status.MISSING:
            if slot.key not in self._came:
                self._missed[slot.key] = slot
            return
        self._came.add(slot.key)
        self._missed.pop(slot.key, None)
        if url is not None:
            self._taken.add(url)

    def look(self, now: datetime) -> tuple[list[Outcome], BotError | None, bool]:
        """What has become of releases that are due; what did not answer; whether it was asked."""
        asked, trouble = self._read_calendar(now)
        waiting = list(self._waiting(now))
        if not waiting or not self._is_time(now, waiting):
            return [], trouble, asked
        self._asked_at = now
        answer = self._ask({slot.title for slot in waiting})
        found = list(self._outcomes(waiting, answer, now))
        self._answered_at |= dict.fromkeys(answer.found, now)
        return found, answer.trouble or trouble, True

    def _read_calendar(self, now: datetime) -> tuple[bool, BotError | None]:
        """When the last one is out of date; after one that did not come less and less often."""
        if self._read_at is not None and now - self._read_at < (
            self._pause or self.agency.plan_lasts
        ):
            return False, None
        self._read_at = now
        try:
            slots = self.agency.slots()
        except (StoreLost, Ended):
            raise
        except BotError as error:
            self._pause = min(self._pause * 2 or _FIRST_PAUSE, _LONGEST_PAUSE)
            self._log.warning("releases.calendar_not_read", reason=error.what, mend=error.mend)
            return True, error
        self._slots, self._pause = {slot.key: slot for slot in slots}, timedelta()
        return True, None

    def _ask(self, titles: Collection[str]) -> Answer:
        try:
            return self.agency.published(titles)
        except (StoreLost, Ended):
            raise
        except BotError as error:
            return Answer(found={}, trouble=error)

    def _waiting(self, now: datetime) -> Iterator[Slot]:
        """Due, in the calendar or told as missing, and not come."""
        due = (slot for slot in self._slots.values() if self._since < slot.scheduled_at <= now)
        for slot in {**{slot.key: slot for slot in due}, **self._missed}.values():
            if slot.key not in self._came and now - slot.scheduled_at < REMEMBERED:
                yield slot

    def _is_time(self, now: datetime, waiting: Iterable[Slot]) -> bool:
        """Whether to ask: often while something may come any minute, else now and then."""
        fresh = any(slot.key not in self._missed for slot in waiting)
        every = _ASKED_EVERY if fresh else _OVERDUE_ASKED_EVERY
        return self._asked_at is None or now - self._asked_at >= every

    def _outcomes(
        self, waiting: Sequence[Slot], answer: Answer, now: datetime
    ) -> Iterator[Outcome]:
        for title, publications in answer.found.items():
            slots = [slot for slot in waiting if slot.title == title]
            filled: Mapping[str, Publication] = matched(
                slots, publications, planned=self._slots, taken=self._taken
            )
            before = self._answered_at.get(title)
            for slot in slots:
                told = outcome(
                    slot,
                    filled.get(slot.key),
                    now=now,
                    grace=self._grace,
                    missed=slot.key in self._missed,
                    looked_before=before is not None and now - before <= _SEEN_WITHIN,
                    healthy=True,
                )
                if told is not None:
                    came = told.publication
                    self.remember(slot, told.status, None if came is None else came.url)
                    yield told
