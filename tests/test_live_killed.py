"""A resident bot killed again and again tells everything once."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from bot.clock import system_clock
from bot.sandbox.slack import Fault, SlackServer
from bot.sandbox.slack import FaultKind as SlackFault
from bot.store import Delivery, Store
from tests.live import (
    CHANNELS,
    a_config,
    accepted,
    alert_ids,
    decided,
    has_polled,
    is_done,
    servers,
)
from tests.processes import LONG, command, environment, until

KILLS = int(os.environ.get("BOT_KILLS", "4"))
"""How often the live bot is killed; 20 in a full run: BOT_KILLS=20."""


# A bot that is killed.


def test_a_bot_killed_again_and_again_keeps_decides_and_tells_everything_once(
    tmp_path: Path,
) -> None:
    chance = random.Random(20)
    with servers() as (edgar, slack):
        slack.faults += [Fault(SlackFault.DELAY, accepted=True, seconds=0.15)] * 1_000
        killed = a_config(tmp_path, (edgar, slack), "killed", slack='settle = "5s"')
        calm = a_config(tmp_path, (edgar, slack), "calm")
        with command("--config", calm, "run", heard=False) as undisturbed:
            with _running(killed, slack):
                until(lambda: all(has_polled(f.with_suffix(".db")) for f in (killed, calm)))
            new = accepted(
                6 + 3 * KILLS, system_clock() + timedelta(seconds=1), seed=2,
                every=timedelta(seconds=0.3),
            )  # fmt: skip
            edgar.market.publish(*new)
            ends = [
                _run_and_kill(killed, slack, after_s=chance.uniform(0.4, 2.0)) for _ in range(KILLS)
            ]
            with _running(killed, slack) as last:
                until(
                    lambda: is_done(killed.with_suffix(".db"), 3 + len(new)),
                    within=2 * LONG + 4 * KILLS,
                )
                last.terminate()
                assert last.wait(LONG) == 0
            until(lambda: is_done(calm.with_suffix(".db"), 3 + len(new)))
            undisturbed.terminate()
            assert undisturbed.wait(LONG) == 0

    assert ends == [-signal.SIGKILL] * KILLS
    of_killed, of_calm = Store(killed.with_suffix(".db")), Store(calm.with_suffix(".db"))
    try:
        published = {p.accession_number for p in edgar.market.publications}
        assert sorted(of_killed.documents.keys("edgar")) == sorted(published)
        assert max(decided(of_killed).values()) == 1
        assert decided(of_killed) == decided(of_calm)
        assert any(each["fate"] == "fired" for each in of_killed.decisions.all())
        _check_deliveries(of_killed, slack)
    finally:
        of_killed.close()
        of_calm.close()


def _running(config: Path, slack: SlackServer) -> AbstractContextManager[subprocess.Popen[str]]:
    environ = environment(SLACK_BOT_TOKEN=slack.token)
    return command("--config", config, "run", environ=environ, heard=False)


def _run_and_kill(config: Path, slack: SlackServer, *, after_s: float) -> int:
    with _running(config, slack) as process:
        time.sleep(after_s)
        process.kill()
        return process.wait()


def _check_deliveries(store: Store, slack: SlackServer) -> None:
    """One row an alert and channel; each sent, or told in a digest that was."""
    rows = {message.id: message for message in store.outbox.all()}
    queued = Counter((m.message_id, m.channel) for m in rows.values())
    fired = {each["message_id"] for each in store.decisions.all(fate="fired")}
    assert {message_id for message_id, _ in queued if message_id > 0} == fired
    assert set(queued.values()) == {1}
    arrived = {f"#{name}": Counter(alert_ids(slack, name)) for name in CHANNELS}
    assert max(count for counts in arrived.values() for count in counts.values()) == 1
    for message in rows.values():
        count = arrived[message.channel][message.message_id]
        match message.state:
            case Delivery.SENT:
                assert count == 1
            case Delivery.DIGEST:
                assert count == 0
                assert rows[message.digest_id or 0].state is Delivery.SENT
            case state:
                raise AssertionError(f"{message.id} is still {state}")
    known = {(m.channel, m.message_id) for m in rows.values()}
    assert {(name, each) for name, counts in arrived.items() for each in counts} <= known
