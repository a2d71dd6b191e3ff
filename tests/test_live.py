"""The resident bot on the machine's own clock: its beginning, its end, and what it refuses."""

import resource
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from bot.clock import system_clock
from bot.errors import BotError
from bot.facts import SOURCE_POLL
from bot.live import Ending
from bot.sandbox.edgar_faults import FaultKind
from bot.sources.edgar.client import EdgarClient, Ended
from bot.store import Store
from tests.live import a_config, accepted, has_polled, is_done, servers
from tests.processes import IN_TIME, LONG, command, environment, seconds_to_end, until


def test_a_signal_ends_it_in_good_order(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both)
        for number in (signal.SIGTERM, signal.SIGINT):
            with command("--config", config, "run") as process:
                polled = len(both[0].requests)
                until(lambda before=polled: len(both[0].requests) > before)  # type: ignore[misc]
                assert seconds_to_end(process, number) < IN_TIME
                assert process.returncode == 0


def test_a_signal_in_the_middle_of_a_long_poll_ends_it_in_time(
    tmp_path: Path,
) -> None:
    with servers() as both:
        both[0].faults.add(FaultKind.SLOW, path="getcurrent", times=None, seconds=600)
        with command("--config", a_config(tmp_path, both), "run") as process:
            until(lambda: both[0].requests)
            assert seconds_to_end(process) < IN_TIME
            assert process.returncode == 0
            with closing(Store(tmp_path / "bot.db")) as store:
                assert store.facts.select(SOURCE_POLL, limit=1) == []
                assert store.collection.troubles(9) == []


def test_a_request_that_hangs_is_ended_at_once_and_nothing_is_asked_after_it() -> None:
    with servers() as (edgar, _):
        edgar.faults.add(FaultKind.SLOW, path="getcurrent", times=None, seconds=600)
        raised = list[BotError]()

        def ask() -> None:
            try:
                client.feed(0)
            except BotError as error:
                raised.append(error)

        client = EdgarClient(contact="a b@c.org", clock=system_clock, www_url=edgar.url)
        with client:
            asking = Thread(target=ask)
            asking.start()
            until(lambda: edgar.requests)
            client.hang_up()
            asking.join(LONG)

            assert [type(error) for error in raised] == [Ended]
            with pytest.raises(Ended):
                client.company_tickers()
            assert len(edgar.requests) == 1


def test_a_signal_while_it_starts_ends_it(tmp_path: Path) -> None:
    with servers() as both:
        both[0].faults.add(FaultKind.SLOW, path="company_tickers", times=None, seconds=600)
        contact = 'contact = "test@example.org"\nwatch = ["T1"]'
        with command("--config", a_config(tmp_path, both, edgar=contact), "run") as process:
            until(lambda: both[0].requests)

            assert seconds_to_end(process) < IN_TIME
            assert process.returncode == 0


def test_the_first_poll_comes_at_once_and_its_start_costs_less_than_a_second_and_a_half(
    tmp_path: Path,
) -> None:
    """In seconds of the processor, so that a busy machine changes nothing; of one on which Python
    itself starts slowly it takes so much more."""
    with servers() as both:
        hourly = 'contact = "test@example.org"\nevery = "1h"'
        config, costs = a_config(tmp_path, both, edgar=hourly), list[float]()
        allowed_s = 1.5 * max(1.0, _start_of_python_s() / 0.15)
        while not costs or (min(costs) > allowed_s and len(costs) < 3):
            before, asked = _children_s(), len(both[0].requests)
            with command("--config", config, "run"):
                until(lambda asked=asked: len(both[0].requests) > asked)  # type: ignore[misc]
            costs.append(_children_s() - before)

    assert min(costs) <= allowed_s


def _start_of_python_s() -> float:
    """What it costs at least to start Python with a few modules of its own."""
    modules, costs = "asyncio, email.message, http.client, json, sqlite3, ssl, unittest", []
    for _ in range(3):
        before = _children_s()
        subprocess.run([sys.executable, "-c", f"import {modules}"], check=True)
        costs.append(_children_s() - before)
    return min(costs)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_second_bot_on_the_same_store_is_refused_and_told_of_the_first(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both)
        with command("--config", config, "run") as first:
            until(lambda: has_polled(tmp_path / "bot.db"))
            with command("--config", config, "run") as second:
                _, told = second.communicate(timeout=LONG)
            assert second.returncode == 2
            assert f"another bot works on this store (process {first.pid})" in told
            assert "mend:" in told
            assert first.poll() is None


@pytest.mark.parametrize("replaced", [False, True])
def test_a_store_that_is_taken_away_ends_it_loudly(tmp_path: Path, replaced: bool) -> None:
    ops = 'channel = "#sales"\nops_channel = "#crowds"'
    with servers() as both:
        config = a_config(tmp_path, both, alerts=ops)
        environ = environment(SLACK_BOT_TOKEN=both[1].token)
        with command("--config", config, "run", environ=environ) as process:
            until(lambda: has_polled(tmp_path / "bot.db"))
            if replaced:
                Store(tmp_path / "other.db").close()
                (tmp_path / "other.db").replace(tmp_path / "bot.db")
            else:
                (tmp_path / "bot.db").unlink()
            _, told = process.communicate(timeout=LONG)
        (message,) = both[1].messages("crowds")

    what = "replaced by another one" if replaced else "removed"
    assert process.returncode == 2
    assert f"bot.db: the file of the store was {what} while the bot ran" in told
    assert "store.lost" in told
    assert "mend:" in told
    assert "Traceback" not in told
    assert f"The bot has ended: the file of the store was {what}" in message["text"]
    assert (tmp_path / "bot.db").exists() == replaced


def test_without_a_contact_it_does_not_start_and_tells_the_mend(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both, edgar="")
        with command("--config", config, "run") as process:
            _, told = process.communicate(timeout=LONG)

    assert process.returncode == 2
    assert "no contact is set" in told
    assert 'contact = "Jane Doe jane@example.org"' in told
    assert not both[0].requests


def test_a_ticker_that_the_sec_does_not_know_is_told_loudly_and_the_others_are_watched(
    tmp_path: Path,
) -> None:
    watch = 'contact = "test@example.org"\nwatch = ["ZZZQ", "0009200000"]'
    ops = 'channel = "#sales"\nops_channel = "#crowds"'
    with servers() as both:
        config = a_config(tmp_path, both, edgar=watch, alerts=ops)
        environ = environment(SLACK_BOT_TOKEN=both[1].token)
        with command("--config", config, "doctor", environ=environ) as process:
            shown, _ = process.communicate(timeout=LONG)
        for _ in range(2):
            asked = len(both[0].requests)
            with command("--config", config, "run", environ=environ) as process:
                until(lambda asked=asked: len(both[0].requests) >= asked + 2)  # type: ignore[misc]
                until(lambda: both[1].messages("crowds"))
                process.terminate()
                _, told = process.communicate(timeout=LONG)
            assert "watch.unknown" in told
        (message,) = both[1].messages("crowds")

    assert "warn watch list 1 watched, but the SEC's map of tickers has no ZZZQ" in (
        " ".join(shown.split())
    )
    assert "Not watched: the SEC's map of tickers has no ZZZQ" in message["text"]


def test_with_no_ticker_that_the_sec_knows_it_does_not_start(tmp_path: Path) -> None:
    watch = 'contact = "test@example.org"\nwatch = ["ZZZQ"]'
    with servers() as both:
        config = a_config(tmp_path, both, edgar=watch)
        with command("--config", config, "run") as process:
            _, told = process.communicate(timeout=LONG)

    assert process.returncode == 2
    assert "[edgar] watch: the SEC's map of tickers has no ZZZQ" in told
    assert "take it out of [edgar] watch" in told


def test_without_a_slack_token_alerts_go_to_the_terminal(tmp_path: Path) -> None:
    with servers() as both:
        with command("--config", a_config(tmp_path, both), "run") as process:
            until(lambda: has_polled(tmp_path / "bot.db"))
            soon = system_clock() + timedelta(seconds=1)
            both[0].market.publish(*accepted(9, soon, every=timedelta(), seed=2))
            until(lambda: is_done(tmp_path / "bot.db", 12))
            process.terminate()
            shown, _ = process.communicate(timeout=LONG)
        store = Store(tmp_path / "bot.db")
        (told, *_) = [each["message"] for each in store.decisions.all(fate="fired")]
        store.close()

    assert told.split(":")[0] in shown
    assert "Owner" in shown
    assert not both[1].calls


def test_the_wish_to_end_is_heard_at_once_and_stays() -> None:
    ending = Ending()
    assert not ending.asked(timedelta())

    Thread(target=ending.ask).start()

    assert ending.asked(timedelta(seconds=LONG))
    assert ending.asked(timedelta(seconds=LONG))
