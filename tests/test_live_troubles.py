"""The troubles of a live bot, and jumps of the clock."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import pytest

from bot.clock import system_clock
from bot.live import ClockWatch, LiveBot
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.edgar_market import SandboxMarket
from bot.store import NewMessage, Trouble
from tests.builders import NOW
from tests.collect.bots import MARKET, Live
from tests.markets import some_filings
from tests.outgoing import a_card
from tests.processes import LONG, until


class Jumpy:
    """The machine's clock, as somebody sets it."""

    def __init__(self) -> None:
        self.off = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.off


@contextmanager
def a_live_bot(
    folder: Path, *, every: timedelta, clock: Jumpy | None = None, faults: Sequence[FaultKind] = ()
) -> Iterator[tuple[Live, SandboxEdgar]]:
    """A resident bot in a thread, on a file in a folder; the faults befall its first polls."""
    filings = some_filings(3)
    market_clock = SandboxClock(start=filings[-1].accepted_at + timedelta(hours=1))
    market = SandboxMarket.of(filings)
    with SandboxEdgar(market, market_clock, requests_per_second=None) as edgar:
        for kind in faults:
            edgar.faults.add(kind, path="getcurrent", seconds=1.0)
        live = Live(edgar.url, market_clock, folder / "bot.db", MARKET)
        bot = LiveBot(
            live.store,
            live.collector,
            live.outgoing,
            poll_every=every,
            look_every=timedelta(seconds=0.02),
            watch=ClockWatch(clock or system_clock),
        )
        thread = Thread(target=bot.run)
        thread.start()
        try:
            yield live, edgar
        finally:
            bot.stop()
            thread.join()
            live.close()


def troubles(live: Live, job: str) -> list[Trouble]:
    return [each for each in live.store.collection.troubles(100) if each.job == job]


def test_a_poll_that_fails_is_noted_and_the_next_one_runs(tmp_path: Path) -> None:
    faults = [FaultKind.OTHER_ROOT]
    with a_live_bot(tmp_path, every=timedelta(seconds=0.1), faults=faults) as (live, _):
        until(lambda: live.store.documents.count() == 3)
        (error,) = [each for each in troubles(live, "edgar") if each.trouble != "overrun"]

    assert error.trouble == "error"
    assert error.told.startswith("SourceUnreadable: ")


def test_a_poll_that_lasts_through_many_others_is_noted_once(tmp_path: Path) -> None:
    faults = [FaultKind.SLOW]
    with a_live_bot(tmp_path, every=timedelta(seconds=0.05), faults=faults) as (live, _):
        until(lambda: live.store.documents.count() == 3)
        noted = [each.trouble for each in troubles(live, "edgar")]

    assert "overrun" in noted
    assert len(noted) < 10


def test_a_bot_that_is_woken_does_at_once_what_was_due_in_an_hour(tmp_path: Path) -> None:
    looks = SimpleQueue[datetime]()
    live = Live("http://127.0.0.1:9", SandboxClock(start=NOW), tmp_path / "bot.db", MARKET)
    bot = LiveBot(
        live.store, live.collector, live.outgoing, poll_every=timedelta(hours=1),
        prices=lambda: looks.put(system_clock()), watch=ClockWatch(system_clock),
    )  # fmt: skip
    thread = Thread(target=bot.run)
    thread.start()
    try:
        first = looks.get(timeout=LONG)
        bot.wake()
        second = looks.get(timeout=LONG)
    finally:
        bot.stop()
        thread.join()
        live.close()

    assert second - first < timedelta(seconds=10)  # prices are looked for every 15


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_jump_of_the_clock_is_noted_and_wakes_the_jobs(tmp_path: Path, hours: int) -> None:
    clock = Jumpy()
    with a_live_bot(tmp_path, every=timedelta(hours=1), clock=clock) as (live, edgar):
        until(lambda: live.store.facts.count().get("source_poll"))
        polled = len(edgar.requests)

        clock.off = timedelta(hours=hours)

        until(lambda: len(edgar.requests) > polled)
        (trouble,) = troubles(live, "clock")
    assert (trouble.trouble, trouble.told) == ("jump", f"{hours * 3600:+} s")


def test_a_message_that_waits_does_not_wait_longer_when_the_clock_is_set_back(
    tmp_path: Path,
) -> None:
    clock = Jumpy()
    with a_live_bot(tmp_path, every=timedelta(hours=1), clock=clock) as (live, _):
        until(lambda: live.store.facts.count().get("source_poll"))
        outbox = live.store.outbox
        message = NewMessage(message_id=1, channel="#a", created_at=1, text="t",
                             card=a_card(1).to_json())  # fmt: skip
        held_until = NOW + timedelta(days=400)
        with live.store.writing():
            outbox.add([message])
            outbox.pause("#a", at=NOW, until=held_until, parked=None)
        clock.off = timedelta(hours=-3)

        until(lambda: troubles(live, "clock"))
        until(lambda: outbox.pauses()["#a"] < (held_until.timestamp() - 3 * 3600 + 60) * 1000)


@pytest.mark.parametrize(("seconds", "jump"), [(29, None), (30, 30), (-30, -30), (-29, None)])
def test_the_clock_watch_tells_jumps_of_half_a_minute_both_ways(
    seconds: int, jump: int | None
) -> None:
    wall, ticks = [NOW], [100.0]
    watch = ClockWatch(lambda: wall[0], lambda: ticks[0])

    wall[0] += timedelta(seconds=5 + seconds)
    ticks[0] += 5

    assert watch.jump() == (None if jump is None else timedelta(seconds=jump))
    assert watch.jump() is None


def test_time_that_passes_in_a_long_sleep_of_the_machine_is_a_jump() -> None:
    wall, ticks = [NOW], [100.0]
    watch = ClockWatch(lambda: wall[0], lambda: ticks[0])

    wall[0] += timedelta(hours=8)
    ticks[0] += 5

    assert watch.jump() == timedelta(hours=8, seconds=-5)
