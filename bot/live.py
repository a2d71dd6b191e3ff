"""The resident bot: jobs on a schedule, a watch on the clock, and an orderly end."""

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from types import FrameType

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, monotonic, system_clock
from bot.collect import Collector
from bot.errors import StoreLost
from bot.outbox import Outgoing
from bot.schedule import JobTrouble, Lane, Mishap, Schedule
from bot.store import Store, Trouble

_LOOK = timedelta(seconds=5)
_JUMP = timedelta(seconds=30)
_PATIENCE = timedelta(seconds=2)  # of the five that are promised: a busy machine takes its part
_SEND = timedelta(seconds=0.5)
_TICK = timedelta(seconds=5)
_LOOK_AT_COMPANIES = timedelta(seconds=30)
_LOOK_AT_PRICES = timedelta(seconds=15)
_LOOK_AT_VALUATIONS = timedelta(seconds=30)
_LOOK_AT_FED = timedelta(seconds=2)
_LOOK_AT_RELEASES = timedelta(seconds=15)
_LOOK_AT_CHAT = timedelta(seconds=5)
_LOOK_AT_CHARTS = timedelta(seconds=2)
_LOOK_AT_RULES = timedelta(seconds=2)


class Ending:
    """The wish to end: said in a signal handler or by another thread, heard by the one that waits.

    Saying it takes no lock, for the thread that the signal interrupts may hold it.
    """

    def __init__(self) -> None:
        self._said = False
        self._wake: SimpleQueue[None] = SimpleQueue()

    def ask(self) -> None:
        self._said = True
        self._wake.put(None)

    def asked(self, within: timedelta) -> bool:
        """Whether the end is asked for; waits for that so long."""
        if not self._said:
            with suppress(Empty):
                self._wake.get(timeout=within.total_seconds())
        return self._said


class LiveBot:
    """Collects, judges and delivers until it is told to stop.

    reload: looks whether the rules have changed.  tick: judges what falls due without a fact.
    companies: reads the lists of filings that are due.
    prices: asks for prices that are due, beside all else: a slow provider keeps no filing waiting.
    valuations: tells what is paid for earnings, beside all else: documents of 5 MB take time.
    fed: looks at the Federal Reserve and does what is due, beside all else too.
    releases: looks whether releases of a calendar have come, beside all else.
    chat: lets the bot be asked in Slack, which then goes on by itself.
    charts: draws for an alert that stands in its channel, beside all else.
    hang_up: ends requests that are under way and are not worth waiting for.
    lost: tells somebody that the file of the store is gone; it can not be queued any more.
    clock: the machine's, by which jobs run.  watch: tells its jumps, asked every ``look_every``.
    """

    def __init__(
        self,
        store: Store,
        collector: Collector,
        outgoing: Outgoing,
        *,
        poll_every: timedelta,
        reload: Callable[[], object] | None = None,
        tick: Callable[[], object] | None = None,
        companies: Callable[[], object] | None = None,
        prices: Callable[[], object] | None = None,
        valuations: Callable[[], object] | None = None,
        fed: Callable[[], object] | None = None,
        releases: Callable[[], object] | None = None,
        chat: Callable[[], object] | None = None,
        charts: Callable[[], object] | None = None,
        hang_up: Callable[[], object] = lambda: None,
        lost: Callable[[StoreLost], object] = lambda _: None,
        send_every: timedelta = _SEND,
        look_every: timedelta = _LOOK,
        clock: Clock = system_clock,
        watch: "ClockWatch | None" = None,
    ) -> None:
        self._store, self._clock = store, clock
        self._watch, self._look_every = watch or ClockWatch(clock), look_every
        self._lost, self._hang_up = lost, hang_up
        self._ending = Ending()
        self._log: FilteringBoundLogger = structlog.get_logger()
        self._schedule = Schedule(clock, self._note)
        self._schedule.every(poll_every, "edgar", collector.poll, lane=Lane.POLL)
        self._schedule.every(send_every, "outbox", outgoing.deliver, lane=Lane.OUTBOX)
        if companies is not None:
            self._schedule.every(_LOOK_AT_COMPANIES, "companies", companies, lane=Lane.POLL)
        if prices is not None:
            self._schedule.every(_LOOK_AT_PRICES, "prices", prices, lane=Lane.PRICES, may_last=True)
        if valuations is not None:
            self._schedule.every(
                _LOOK_AT_VALUATIONS, "valuations", valuations, lane=Lane.VALUATIONS, may_last=True
            )
        if fed is not None:
            self._schedule.every(_LOOK_AT_FED, "fed", fed, lane=Lane.FED, may_last=True)
        if releases is not None:
            self._schedule.every(
                _LOOK_AT_RELEASES, "releases", releases, lane=Lane.RELEASES, may_last=True
            )
        if chat is not None:
            self._schedule.every(_LOOK_AT_CHAT, "chat", chat, lane=Lane.CHAT, may_last=True)
        if charts is not None:
            self._schedule.every(_LOOK_AT_CHARTS, "charts", charts, lane=Lane.CHARTS, may_last=True)
        if tick is not None:
            self._schedule.every(_TICK, "tick", tick, lane=Lane.POLL)
        if reload is not None:
            self._schedule.every(_LOOK_AT_RULES, "rules", reload, lane=Lane.RULES, may_last=True)

    def run(self) -> bool:
        """Work until ``stop``; False where something still ran when patience ended.

        Raises StoreLost where the file of the store was removed or replaced, once nothing works on
        it any more or patience has ended.
        """
        self._schedule.start()
        self._log.info("bot.started", store=str(self._store.path))
        try:
            while not self._ending.asked(self._look_every):
                self._store.check_file()
                if jump := self._watch.jump():
                    self._take_up_after(jump)
        except StoreLost as error:
            self._give_up(error)
            raise
        self._hang_up()
        ended = self._schedule.stop(_PATIENCE)
        self._log.info("bot.stopped", orderly=ended)
        return ended

    def stop(self) -> None:
        """Ask for the end; safe in a signal handler and from any thread."""
        self._ending.ask()

    def wake(self) -> None:
        """Make every job due now, from any thread, as after a jump of the time that it lives in."""
        self._schedule.wake_all()

    def _give_up(self, error: StoreLost) -> None:
        self._log.error("store.lost", why=error.what, store=error.where, mend=error.mend)
        self._hang_up()
        self._schedule.stop(_PATIENCE)
        self._lost(error)

    def _take_up_after(self, jump: timedelta) -> None:
        """Waits that were to end at an instant would last longer by what the clock was set back."""
        told = f"{jump.total_seconds():+.0f} s"
        self._note(JobTrouble(job="clock", mishap=Mishap.JUMP, told=told))
        if jump < timedelta():
            self._store.outbox.bring_forward(-jump)
        else:
            self._store.outbox.doubt_longer(jump)
        self._schedule.wake_all()

    def _note(self, trouble: JobTrouble) -> None:
        self._log.warning("job.trouble", job=trouble.job, mishap=trouble.mishap, told=trouble.told)
        with suppress(StoreLost):  # told by the one that waits for the end
            self._keep(trouble)

    def _keep(self, trouble: JobTrouble) -> None:
        self._store.collection.note(
            Trouble(
                at=self._clock(),
                job=trouble.job,
                trouble=str(trouble.mishap),
                told=trouble.told[:500],
            )
        )


class ClockWatch:
    """Compares the clock of the wall with one that never jumps."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = monotonic) -> None:
        self._clock, self._steady = clock, steady
        self._wall, self._ticks = clock(), steady()

    def jump(self) -> timedelta | None:
        """How far the clock jumped since the last look; None where it did not."""
        wall, ticks = self._clock(), self._steady()
        off = wall - self._wall - timedelta(seconds=ticks - self._ticks)
        self._wall, self._ticks = wall, ticks
        return off if abs(off) >= _JUMP else None


def stop_on_signals(stop: Callable[[], None]) -> None:
    """End in good order on SIGTERM and SIGINT."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
