"""Jobs that run on the machine's clock, in lanes, and what is told of their troubles."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.schedule import JobTrouble, Lane, Mishap, Schedule
from bot.store import Store
from tests.processes import LONG, until

OFTEN = timedelta(seconds=0.02)
HOURLY = timedelta(hours=1)
AT_ONCE = timedelta(seconds=0.05)
LATER = timedelta(seconds=LONG)


class Jobs:
    """A schedule, what it told, and a gate that its work may wait at."""

    def __init__(self) -> None:
        self.troubles: list[JobTrouble] = []
        self.runs: list[str] = []
        self.gate = threading.Event()
        self.seconds = 0.0
        self.schedule = Schedule(system_clock, self.troubles.append, steady=lambda: self.seconds)

    def note(self, name: str) -> Callable[[], None]:
        return lambda: self.runs.append(name)

    def wait_at_the_gate(self) -> None:
        self.runs.append("begun")
        self.gate.wait(LONG)
        self.runs.append("ended")

    def fail(self) -> None:
        self.runs.append("failed")
        raise ValueError("too bad")


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    jobs.gate.set()
    jobs.schedule.stop(LATER)


def test_a_job_runs_at_once_and_again_and_again(jobs: Jobs) -> None:
    jobs.schedule.every(OFTEN, "often", jobs.note("often"), lane=Lane.POLL)
    jobs.schedule.every(HOURLY, "hourly", jobs.note("hourly"), lane=Lane.POLL)
    jobs.schedule.start()

    until(lambda: jobs.runs.count("often") >= 3)

    assert jobs.runs.count("hourly") == 1
    assert jobs.troubles == []


def test_a_job_whose_time_is_long_past_runs_once_for_all_that_it_missed() -> None:
    jobs = Jobs()
    jobs.schedule = Schedule(lambda: system_clock() - timedelta(days=1), jobs.troubles.append)
    jobs.schedule.every(HOURLY, "hourly", jobs.note("hourly"), lane=Lane.POLL)
    jobs.schedule.every(OFTEN * 50, "other", jobs.note("other"), lane=Lane.POLL)
    jobs.schedule.start()

    until(lambda: jobs.runs.count("other") >= 2)
    jobs.schedule.stop(LATER)

    assert jobs.runs.count("hourly") == 1
    assert jobs.troubles == []


def test_an_error_is_told_and_the_job_runs_again(jobs: Jobs) -> None:
    jobs.schedule.every(OFTEN, "bad", jobs.fail, lane=Lane.POLL)
    jobs.schedule.start()

    until(lambda: len(jobs.troubles) >= 2)

    told = JobTrouble(job="bad", mishap=Mishap.ERROR, told="ValueError: too bad")
    assert jobs.troubles[:2] == [told, told]


def test_a_run_that_outlasts_many_others_is_told_of_once_an_hour_and_with_how_long_it_took(
    jobs: Jobs,
) -> None:
    def slow() -> None:
        jobs.seconds += 7.5
        jobs.wait_at_the_gate()

    jobs.schedule.every(OFTEN, "slow", slow, lane=Lane.POLL)
    jobs.schedule.every(OFTEN, "quick", jobs.note("quick"), lane=Lane.OUTBOX)
    jobs.schedule.start()

    until(lambda: jobs.troubles)
    seen = len(jobs.runs)
    until(lambda: len(jobs.runs) >= seen + 5)
    assert jobs.runs.count("begun") == 1
    jobs.seconds += 3_600
    until(lambda: len(jobs.troubles) == 2)

    assert jobs.troubles == [
        JobTrouble(
            job="slow",
            mishap=Mishap.OVERRUN,
            told=f"it was due while it still ran, for {took} then",
        )
        for took in ("7.5 s", "3607.5 s")
    ]


def test_a_job_that_comes_late_because_of_another_names_it(jobs: Jobs) -> None:
    jobs.schedule.every(HOURLY, "slow", jobs.wait_at_the_gate, lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.runs)
    jobs.seconds += 12

    jobs.schedule.every(OFTEN, "late", jobs.note("late"), lane=Lane.POLL)

    until(lambda: jobs.troubles)
    told = "it was due while slow (12.0 s so far) still ran"
    assert jobs.troubles == [JobTrouble(job="late", mishap=Mishap.OVERRUN, told=told)]


def test_a_job_that_may_last_is_in_no_trouble_while_it_does(jobs: Jobs) -> None:
    jobs.schedule.every(OFTEN, "slow", jobs.wait_at_the_gate, lane=Lane.POLL, may_last=True)
    jobs.schedule.every(OFTEN, "quick", jobs.note("quick"), lane=Lane.OUTBOX)
    jobs.schedule.start()
    until(lambda: "begun" in jobs.runs)

    seen = len(jobs.runs)
    until(lambda: len(jobs.runs) >= seen + 5)

    assert jobs.troubles == []
    assert jobs.runs.count("begun") == 1


def test_one_lane_does_not_wait_for_another(jobs: Jobs) -> None:
    jobs.schedule.every(HOURLY, "slow", jobs.wait_at_the_gate, lane=Lane.POLL)
    jobs.schedule.every(OFTEN, "quick", jobs.note("quick"), lane=Lane.OUTBOX)
    jobs.schedule.start()

    until(lambda: "begun" in jobs.runs and jobs.runs.count("quick") >= 3)

    assert "ended" not in jobs.runs


def test_work_of_one_lane_runs_one_after_another(jobs: Jobs) -> None:
    jobs.schedule.every(HOURLY, "slow", jobs.wait_at_the_gate, lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.runs)
    jobs.schedule.every(HOURLY, "next", jobs.note("next"), lane=Lane.POLL)
    assert jobs.runs == ["begun"]

    jobs.gate.set()

    until(lambda: len(jobs.runs) == 3)
    assert jobs.runs == ["begun", "ended", "next"]


def test_jobs_that_are_woken_are_due_at_once(jobs: Jobs) -> None:
    jobs.schedule.every(HOURLY, "hourly", jobs.note("hourly"), lane=Lane.POLL)
    jobs.schedule.daily(6, 0, "daily", jobs.note("daily"), lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.runs)

    jobs.schedule.wake_all()

    until(lambda: sorted(jobs.runs) == ["daily", "hourly", "hourly"])


def test_stopping_waits_for_what_runs(jobs: Jobs) -> None:
    jobs.schedule.every(OFTEN, "slow", jobs.wait_at_the_gate, lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.runs)
    threading.Timer(AT_ONCE.total_seconds(), jobs.gate.set).start()

    assert jobs.schedule.stop(LATER)

    assert jobs.runs == ["begun", "ended"]


def test_stopping_tells_where_patience_ended_first(jobs: Jobs) -> None:
    jobs.schedule.every(OFTEN, "slow", jobs.wait_at_the_gate, lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.runs)

    assert not jobs.schedule.stop(AT_ONCE)


def test_what_waits_in_a_lane_when_it_stops_never_begins() -> None:
    jobs, before = Jobs(), threading.active_count()
    jobs.schedule.every(HOURLY, "slow", jobs.wait_at_the_gate, lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.runs)
    jobs.schedule.every(HOURLY, "next", jobs.note("next"), lane=Lane.POLL)
    jobs.schedule.every(HOURLY, "other", jobs.note("other"), lane=Lane.OUTBOX)
    until(lambda: "other" in jobs.runs)  # and so the one before it stands in its lane
    jobs.schedule.stop(timedelta())

    jobs.gate.set()

    until(lambda: threading.active_count() <= before)
    assert sorted(jobs.runs) == ["begun", "ended", "other"]


def test_what_the_store_refuses_is_told_with_its_file_and_the_mend(
    jobs: Jobs, tmp_path: Path
) -> None:
    store = Store(tmp_path / "bot.db")

    def write() -> None:
        with store.writing():
            raise sqlite3.OperationalError("database or disk is full")

    jobs.schedule.every(HOURLY, "poll", write, lane=Lane.POLL)
    jobs.schedule.start()
    until(lambda: jobs.troubles)
    store.close()

    assert jobs.troubles[0].told == (
        f"OperationalError: database or disk is full ({tmp_path / 'bot.db'}); "
        "mend: free some space, or move the store"
    )
