"""The door to APScheduler: which work runs when, and what went wrong with it.

Nothing is kept but in memory: every job is made anew from the configuration at each start, and the
store knows what is undone.  A late run is always made up for (``misfire_grace_time=None``), so
that none is ever missed; many late ones once (``coalesce``), and never two at a time
(``max_instances=1``).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import StrEnum
from typing import Any

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    JobEvent,
    JobExecutionEvent,
)
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import NEW_YORK, Clock, monotonic
from bot.errors import BotError
from bot.store.failures import store_failure


class Lane(StrEnum):
    """Work of one lane runs one after another; lanes do not wait for each other."""

    POLL = "poll"
    OUTBOX = "outbox"
    RULES = "rules"
    PRICES = "prices"
    FED = "fed"
    RELEASES = "releases"
    VALUATIONS = "valuations"
    CHAT = "chat"
    CHARTS = "charts"


class Mishap(StrEnum):
    """What can go wrong with a job."""

    ERROR = "error"  # it raised
    OVERRUN = "overrun"  # it was due while it still ran
    JUMP = "jump"  # the clock of the machine jumped


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTrouble:
    """One thing that went wrong with one job."""

    job: str
    mishap: Mishap
    told: str


Work = Callable[[], object]
_TOLD_AGAIN_S = 3_600
_MISHAPS = {
    EVENT_JOB_ERROR: Mishap.ERROR,
    EVENT_JOB_MAX_INSTANCES: Mishap.OVERRUN,
}


class Schedule:
    """Jobs that run until the schedule is stopped.

    clock: the time of the machine, by which jobs run.
    on_trouble: told of every error, in the thread that met it, and of overruns of a job once an
    hour: a machine that is busy for a day overruns all day.
    steady: seconds that never jump.
    """

    def __init__(
        self,
        clock: Clock,
        on_trouble: Callable[[JobTrouble], None],
        *,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self._clock, self._on_trouble, self._steady = clock, on_trouble, steady
        self._running, self._stopped = 0, False
        self._lanes: dict[str, Lane] = {}
        self._begun: dict[str, float] = {}  # of what runs now
        self._overrun: dict[str, float] = {}  # when that was told last
        self._lasting: set[str] = set()
        self._idle = threading.Condition()
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={lane.value: ThreadPoolExecutor(1) for lane in Lane},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        self._scheduler.add_listener(self._heard, sum(_MISHAPS))
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the listener tells it all

    def every(
        self, span: timedelta, name: str, work: Work, *, lane: Lane, may_last: bool = False
    ) -> None:
        """Run at once and then again and again.  may_last: that a run lasts is no trouble."""
        if may_last:
            self._lasting.add(name)
        trigger = IntervalTrigger(seconds=span.total_seconds(), timezone=UTC)
        self._add(name, work, lane, trigger, next_run_time=self._clock())

    def daily(self, hour: int, minute: int, name: str, work: Work, *, lane: Lane) -> None:
        """Run each day at a time of the New York clock."""
        self._add(name, work, lane, CronTrigger(hour=hour, minute=minute, timezone=NEW_YORK))

    def start(self) -> None:
        self._scheduler.start()

    def wake_all(self) -> None:
        """Make every job due now: after a jump of the clock its next time may be far off."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._clock())

    def stop(self, patience: timedelta) -> bool:
        """Start nothing more and wait for what runs; False where it still runs after that."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        with self._idle:
            self._stopped = True  # for what was handed to a lane already
            return self._idle.wait_for(lambda: self._running == 0, timeout=patience.total_seconds())

    def _add(self, name: str, work: Work, lane: Lane, trigger: Any, **more: Any) -> None:
        self._lanes[name] = lane
        self._scheduler.add_job(
            self._counted(name, work), trigger, id=name, name=name, executor=lane.value, **more
        )

    def _counted(self, name: str, work: Work) -> Work:
        def run() -> None:
            with self._idle:
                if self._stopped:
                    return
                self._running += 1
                self._begun[name] = self._steady()
            try:
                work()
            finally:
                with self._idle:
                    self._running -= 1
                    del self._begun[name]
                    self._idle.notify_all()

        return run

    def _heard(self, event: JobEvent) -> None:
        mishap, told = _MISHAPS[event.code], ""
        if mishap is Mishap.OVERRUN:
            with self._idle:
                if event.job_id in self._lasting or not self._is_news(event.job_id):
                    return
                told = self._told_overrun(event.job_id)
        if isinstance(event, JobExecutionEvent) and event.exception is not None:
            told = _told(event.exception)
        self._on_trouble(JobTrouble(job=event.job_id, mishap=mishap, told=told))

    def _is_news(self, name: str) -> bool:
        """Whether no overrun of a job was told within the hour; then this one is."""
        now = self._steady()
        if name in self._overrun and now - self._overrun[name] < _TOLD_AGAIN_S:
            return False
        self._overrun[name] = now
        return True

    def _told_overrun(self, name: str) -> str:
        """What of its lane runs, and for how long: the job itself, or the one it waits for."""
        now, lane = self._steady(), self._lanes[name]
        running = {each: now - at for each, at in self._begun.items() if self._lanes[each] is lane}
        if name in running:
            return f"it was due while it still ran, for {running[name]:.1f} s then"
        others = " and ".join(f"{each} ({s:.1f} s so far)" for each, s in running.items())
        return f"it was due while {others} still ran" if others else "it waited for its turn"


def _told(error: BaseException) -> str:
    """What went wrong, where, and how to mend it, in one line."""
    known = store_failure(error) or error
    if isinstance(known, BotError):
        return f"{type(error).__name__}: {known.what} ({known.where}); mend: {known.mend}"
    return f"{type(error).__name__}: {error}"
