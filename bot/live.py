"""The resident bot: jobs on a schedule, a watch on the clock, and an orderly end."""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, monotonic, system_clock
from bot.collect import Collector
from bot.outbox import Outgoing
from bot.schedule import JobTrouble, Lane, Mishap, Schedule
from bot.store import Store, Trouble

_LOOK = timedelta(seconds=5)
_JUMP = timedelta(seconds=30)
_PATIENCE = timedelta(seconds=4)
_SEND = timedelta(seconds=0.5)


class LiveBot:
    """Collects, judges and delivers until it is told to stop."""

    def __init__(
        self,
        store: Store,
        collector: Collector,
        outgoing: Outgoing,
        *,
        poll_every: timedelta,
        send_every: timedelta = _SEND,
        clock: Clock = system_clock,
    ) -> None:
        self._store, self._clock = store, clock
        self._stopping = threading.Event()
        self._log: FilteringBoundLogger = structlog.get_logger()
        self._schedule = Schedule(clock, self._note)
        self._schedule.every(poll_every, "edgar", collector.poll, lane=Lane.POLL)
        self._schedule.every(send_every, "outbox", outgoing.deliver, lane=Lane.OUTBOX)

    def run(self) -> bool:
        """Work until ``stop``; False where something still ran when patience ended."""
        self._schedule.start()
        self._log.info("bot.started", store=str(self._store.path))
        watch = _ClockWatch(self._clock)
        while not self._stopping.wait(_LOOK.total_seconds()):
            if jump := watch.jump():
                told = f"{jump:+.0f} s"
                self._note(JobTrouble(job="clock", mishap=Mishap.JUMP, told=told))
                self._schedule.wake_all()
        ended = self._schedule.stop(_PATIENCE)
        self._log.info("bot.stopped", orderly=ended)
        return ended

    def stop(self) -> None:
        """Ask for the end; safe in a signal handler and from any thread."""
        self._stopping.set()

    def _note(self, trouble: JobTrouble) -> None:
        self._log.warning("job.trouble", job=trouble.job, mishap=trouble.mishap, told=trouble.told)
        self._store.collection.note(
            Trouble(
                at=self._clock(),
                job=trouble.job,
                trouble=str(trouble.mishap),
                told=trouble.told[:500],
            )
        )


class _ClockWatch:
    """Compares the clock of the wall with one that never jumps."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = monotonic) -> None:
        self._clock, self._steady = clock, steady
        self._wall, self._ticks = clock(), steady()

    def jump(self) -> float | None:
        """By how many seconds the clock jumped since the last look; None where it did not."""
        wall, ticks = self._clock(), self._steady()
        off = (wall - self._wall).total_seconds() - (ticks - self._ticks)
        self._wall, self._ticks = wall, ticks
        return off if abs(off) >= _JUMP.total_seconds() else None


def stop_on_signals(stop: Callable[[], None]) -> None:
    """End in good order on SIGTERM and SIGINT."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
