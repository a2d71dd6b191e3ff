"""The pace of requests to EDGAR, in threads and in processes."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest

from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.pace import MARGIN_S, Pace
from bot.sources.edgar.shared_pace import SharedPace
from tests.sources.edgar.local_edgar import (
    LocalServer,
    ManualClock,
)
from tests.sources.edgar.replies import PATH


def test_no_second_ever_holds_more_than_eight_requests(
    server: LocalServer, client: EdgarClient
) -> None:
    for n in range(40):
        client.filing_text(PATH)
        server.clock.advance(0.011 * (n % 3))
    longer = timedelta(seconds=1 + MARGIN_S)  # a second at the other end of an uneven way
    for first in server.at:
        assert sum(first <= at < first + longer for at in server.at) <= 8
    assert server.at[-1] - server.at[0] < timedelta(seconds=40 / 7.5)


def test_both_hosts_share_one_pace(server: LocalServer, client: EdgarClient) -> None:
    client.submissions("1")
    client.company_tickers()
    assert server.at[1] - server.at[0] >= timedelta(milliseconds=125)


def test_a_clock_set_back_an_hour_holds_nothing_up(
    server: LocalServer, client: EdgarClient
) -> None:
    client.filing_text(PATH)
    server.clock.advance(-3600)
    client.filing_text(PATH)
    assert sum(server.clock.slept) < 1


def test_threads_wait_for_each_other() -> None:
    clock = ManualClock()
    pace = Pace(requests_per_second=8, clock=clock, sleep=clock.sleep)
    threads = [Thread(target=pace.wait, args=("test",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(clock.slept) >= 7 * 0.125


class Told:
    """Turns that are always there, and what was told of them."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __call__(self) -> None:
        self.told.append("turn")

    def sent(self) -> None:
        self.told.append("sent")


def test_a_turn_shared_with_other_processes_is_taken_for_each_request_and_ends_when_it_has_left(
    server: LocalServer,
) -> None:
    turns = Told()
    with server.client(turns=turns) as client:
        client.filing_text(PATH)
        client.filing_text(PATH)
    assert turns.told == ["turn", "sent"] * 2


def test_a_connection_that_opens_slowly_moves_the_next_request_too() -> None:
    clock = ManualClock()
    pace = Pace(requests_per_second=8, clock=clock, sleep=clock.sleep)
    pace.wait("first")
    clock.advance(0.1)
    pace.sent()
    pace.wait("second")
    assert sum(clock.slept) == pytest.approx(0.13)


class Machine:
    """A steady clock that two processes read; whoever sleeps may sleep too long, and meanwhile
    the other may act."""

    def __init__(self, *, late_s: float = 0.0) -> None:
        self.now, self.late_s = 1000.0, late_s
        self.meanwhile: list[Callable[[], None]] = []

    def pace(self, file: Path) -> SharedPace:
        return SharedPace(file, 8, now=lambda: self.now, wait=self.wait)

    def wait(self, seconds: float) -> None:
        self.now += seconds + self.late_s
        if self.meanwhile:
            self.meanwhile.pop()()


def test_whoever_sleeps_too_long_hurries_nobody_after_it(tmp_path: Path) -> None:
    machine = Machine(late_s=0.06)
    pace = machine.pace(tmp_path / "pace")
    at = []
    for _ in range(20):
        pace()
        at.append(machine.now)
    assert all(after - before >= 0.13 - 1e-9 for before, after in pairwise(at))


def test_a_turn_that_another_process_took_meanwhile_is_waited_out(tmp_path: Path) -> None:
    machine, at = Machine(), list[float]()

    def turn() -> None:
        machine.pace(tmp_path / "pace")()
        at.append(machine.now)

    turn()
    machine.meanwhile.append(turn)
    turn()
    assert [after - before for before, after in pairwise(at)] == [pytest.approx(0.13)] * 2


def die() -> None:
    raise SystemExit


def test_a_process_that_dies_while_it_waits_leaves_no_turn_taken(tmp_path: Path) -> None:
    machine = Machine()
    machine.pace(tmp_path / "pace")()
    machine.meanwhile.append(die)
    with pytest.raises(SystemExit):
        machine.pace(tmp_path / "pace")()
    before = machine.now
    machine.pace(tmp_path / "pace")()
    assert machine.now == before


def test_a_machine_started_again_waits_for_no_turn_of_its_past(tmp_path: Path) -> None:
    machine = Machine()
    pace = machine.pace(tmp_path / "pace")
    pace()
    machine.now = 5.0
    pace()
    assert machine.now == 5.0
