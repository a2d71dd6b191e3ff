"""One run: alerts are queued, faults fall, the process that delivers is killed again and again."""

import multiprocessing
import random
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.store import Delivery, Store
from tests.chaos.alerts import change_some, correct_one, queue_one
from tests.chaos.checks import Findings, findings
from tests.chaos.slack import RoughSlack, Weather
from tests.chaos.worker import Way, deliver_for_ever

CHANNELS = ("#alerts", "#insiders", "#fed", "#prices")
_ENOUGH_S = 240.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run does.

    span_s: within it alerts come and kills fall.  settle_s: as the outbox waits.
    lag_s: of histories.  outage_s: so long Slack is away.
    """

    seed: int
    alerts: int = 80
    kills: int = 16
    span_s: float = 14.0
    settle_s: float = 1.5
    lag_s: float = 0.0
    drops_metadata: bool = False
    outage_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of a run."""

    plan: Plan
    messages: int
    faults: int
    kills: int
    seconds: float
    findings: Findings


class Deliverer:
    """The process that delivers: started, killed, started again."""

    def __init__(self, way: Way) -> None:
        self._way, self.kills = way, 0
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.chaos.worker"])
        self.start()

    def start(self) -> None:
        self._process = self._context.Process(
            target=deliver_for_ever, args=(self._way,), daemon=True
        )
        self._process.start()

    def kill(self) -> None:
        """At once, as kill -9 does it."""
        self._process.kill()
        self._process.join()

    def kill_and_start(self) -> None:
        self.kills += self._process.is_alive()
        self.kill()
        self.start()


def run(plan: Plan, folder: Path) -> Report:
    """Raises nothing for what goes wrong: that is what it reports."""
    began, dice, weather = time.monotonic(), random.Random(plan.seed), Weather(seed=plan.seed)
    path = folder / f"chaos-{plan.seed}.db"
    with RoughSlack(CHANNELS, weather) as slack, closing(Store(path)) as store:
        slack.workspace.history_lag_s = plan.lag_s
        slack.workspace.drops_metadata = plan.drops_metadata
        way = Way(store=path, api_url=slack.api_url, token=slack.token, settle_s=plan.settle_s)
        deliverer = Deliverer(way)
        try:
            _storm(plan, store, weather, deliverer, dice)
        finally:
            deliverer.kill()
        return Report(
            plan=plan, messages=len(store.outbox.all()), faults=weather.faults,
            kills=deliverer.kills, seconds=time.monotonic() - began,
            findings=findings(store, slack),
        )  # fmt: skip


def _storm(
    plan: Plan, store: Store, weather: Weather, deliverer: Deliverer, dice: random.Random
) -> None:
    """Alerts come, kills and an outage fall where they fall, until everything is told."""
    begin = time.monotonic()
    alerts_at = sorted(dice.uniform(0, plan.span_s * 0.8) for _ in range(plan.alerts))
    kills_at = sorted(dice.uniform(0, plan.span_s) for _ in range(plan.kills))
    away_from = plan.span_s * 0.4
    while (now := time.monotonic() - begin) < _ENOUGH_S:
        weather.is_away = away_from <= now < away_from + plan.outage_s
        if kills_at and now >= kills_at[0]:
            kills_at.pop(0)
            deliverer.kill_and_start()
        elif alerts_at and now >= alerts_at[0]:
            alerts_at.pop(0)
            number = plan.alerts - len(alerts_at)
            queue_one(store, number, CHANNELS, dice)
            correct_one(store, number, dice)
            change_some(store, dice)
        elif not kills_at and not alerts_at and not _is_left(store):
            return
        else:
            time.sleep(0.003 if kills_at or alerts_at else 0.05)


def _is_left(store: Store) -> bool:
    """Whether something is still to be sent, looked for or changed."""
    ended = (Delivery.SENT, Delivery.DIGEST, Delivery.DEAD)
    return any(
        row.state not in ended or (row.state is Delivery.SENT and row.wanted > row.revision)
        for row in store.outbox.all()
    )
