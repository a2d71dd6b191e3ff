"""Scenarios of delivery by their ids: refusals, lost answers, kills, bursts, several bots."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.config import load_config
from bot.errors import ConfigError
from bot.notifiers import NotSent
from bot.notifiers.slack import SlackNotifier
from bot.outbox import Outgoing
from bot.running import resident_bot
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.store import Delivery, Reconciled, Store
from tests.builders import a_rule
from tests.channels import Channels
from tests.collect.bots import RULES
from tests.notifiers.faults import LATE, PATIENCE
from tests.outgoing import Time, a_card, a_store, queue
from tests.processes import LONG, write_config
from tests.routed import Routed


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def slack(time: Time) -> Iterator[SlackServer]:
    with SlackServer(channels=("a", "b"), clock=time, burst=300) as server:
        yield server


def an_outgoing(
    store: Store, slack: SlackServer, time: Time, *, timeout_s: float = LONG
) -> Outgoing:
    notifier = SlackNotifier(slack.token, api_url=slack.api_url, timeout_s=timeout_s, clock=time)
    return Outgoing(store, notifier, clock=time)


def run(outgoing: Outgoing, time: Time, seconds: float, step: float = 1) -> None:
    outgoing.deliver()
    for _ in range(int(seconds / step)):
        time.passes(step)
        outgoing.deliver()


def alerts(slack: SlackServer, channel: str = "a") -> list[int]:
    return [int(m["blocks"][0]["block_id"].split(":")[1]) for m in slack.messages(channel)]


def test_x1_a_channel_that_refuses_at_first_gets_it_once_and_the_good_one_at_once(
    time: Time,
) -> None:
    begin = time.now

    class RefusesUntil(Channels):
        def send(self, channel: str, *args: Any, **told: Any) -> Any:
            if channel == "#b" and time.now < begin + timedelta(seconds=4.5):
                return NotSent(why="ConnectionRefusedError")
            return super().send(channel, *args, **told)

    store, channels = Store(None), RefusesUntil()
    outgoing = Outgoing(store, channels, clock=time)
    time.passes(1)
    queue(store, (1, "#a"), (1, "#b"), at=time.now)

    outgoing.deliver()
    assert channels.posts == [("#a", 1)]
    run(outgoing, time, 10, step=0.5)

    assert channels.posts == [("#a", 1), ("#b", 1)]


def test_x2_what_was_accepted_and_answered_too_late_is_found_not_repeated(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#a"))
    slack.faults.append(Fault(FaultKind.DELAY, accepted=True, seconds=LATE))

    run(an_outgoing(store, slack, time, timeout_s=PATIENCE), time, 3_600, step=5)

    assert alerts(slack) == [1]
    assert store.outbox.all()[0].reconciled is Reconciled.FOUND


def test_x3_after_a_reload_nothing_is_told_again_and_the_cooldown_counts_on() -> None:
    line = Routed(a_rule(when="value_usd > $0", cooldown="10s"))
    line.at(2).see(line.trade("1"))

    line.at(3).wire()
    line.run()
    line.at(11).see(line.trade("2"))
    line.at(12).see(line.trade("3"))

    assert len(line.told()) == 2
    assert [fate for _, fate in line.fates()] == ["fired", "in cooldown", "fired"]


def test_x4_what_was_delivered_before_the_kill_is_found_at_the_start_not_repeated(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#a"), (2, "#a"))
    store.outbox.mark_sending(store.outbox.all()[0], at=time.now)
    SlackNotifier(slack.token, api_url=slack.api_url).send("#a", a_card(1))  # and then kill -9

    run(an_outgoing(store, slack, time), time, 120, step=5)

    assert alerts(slack) == [1, 2]


def test_x5_what_waits_for_slack_survives_a_kill_and_is_delivered_after_the_start(
    tmp_path: Path, time: Time
) -> None:
    store = Store(tmp_path / "bot.db")
    queue(store, (1, "#a"), at=time.now)
    with SlackServer(channels=("a",), clock=time) as away:
        api_url = away.api_url
    notifier = SlackNotifier(away.token, api_url=api_url, clock=time)
    run(Outgoing(store, notifier, clock=time), time, 10)
    assert store.outbox.all()[0].state is Delivery.PENDING
    store.close()

    again = Store(tmp_path / "bot.db")
    with SlackServer(channels=("a",), clock=time) as slack:
        run(an_outgoing(again, slack, time), time, 60)
        assert alerts(slack) == [1]
    again.close()


def test_x6_a_burst_into_a_full_channel_waits_is_told_in_a_digest_and_loses_nothing(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#a"), (2, "#b"))
    slack.faults.append(Fault(FaultKind.RATE_LIMIT, seconds=30))
    outgoing = an_outgoing(store, slack, time)
    outgoing.deliver()
    queue(store, *[(number, "#a") for number in range(3, 203)], at=time.now)

    run(outgoing, time, 29)
    assert (alerts(slack), alerts(slack, "b")) == ([], [2])
    run(outgoing, time, 10)

    assert alerts(slack) == [1, -3]
    digests = [row for row in store.outbox.all() if row.state is Delivery.DIGEST]
    assert [row.message_id for row in digests] == list(range(3, 203))
    assert "200 alerts" in slack.messages("a")[1]["text"]


def test_x8_of_three_bots_on_one_store_one_works_and_the_others_are_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    config = load_config(write_config(tmp_path / "bot.toml", "http://127.0.0.1:9"))
    console = Console(quiet=True)

    with resident_bot(config, console=console), ExitStack() as others:
        for _ in range(2):
            with pytest.raises(ConfigError, match="another bot works on this store"):
                others.enter_context(resident_bot(config, console=console))
