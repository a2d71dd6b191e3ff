"""The process that delivers, and is killed: one store, one notifier, nothing else."""

import logging
import signal
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from bot.clock import system_clock
from bot.notifiers.slack import SlackNotifier
from bot.notifiers.slack_client import WriteClient  # loaded before processes are forked
from bot.outbox import Outgoing, Patience
from bot.store import Store
from bot.store.lock import only_one

__all__ = ["Way", "WriteClient", "deliver_for_ever"]

TIMEOUT_S = 0.25


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a process needs to deliver; settle_s must outlast time-out, late landing and lag."""

    store: Path
    api_url: str
    token: str
    settle_s: float


def deliver_for_ever(way: Way) -> None:
    """As the resident bot does it, until somebody kills it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    notifier = SlackNotifier(
        way.token, api_url=way.api_url, timeout_s=TIMEOUT_S,
        spacing=timedelta(milliseconds=20), edit_spacing=timedelta(milliseconds=20),
    )  # fmt: skip
    settle = timedelta(seconds=way.settle_s)
    with only_one(way.store), closing(Store(way.store)) as store:
        outgoing = Outgoing(store, notifier, clock=system_clock, patience=Patience.settling(settle))
        while True:
            outgoing.deliver()
            time.sleep(0.01)
