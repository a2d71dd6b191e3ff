"""The busiest day: 2,164 filings and a burst of 600 in a minute, with faults, polled every 10 s.

At 8 requests a second 600 filings take 75 s to fetch: in the burst a queue is unavoidable.
The shipped rules judge without their caps a day: those would leave few alerts to time.
A filing counts as missed that no poll has found ten minutes after EDGAR closed, though the index of
the day, which is read on the next one, would bring it.  The faults are random by the order of the
requests, and that by how fast the machine is: each run meets others.

Time is the market's: it runs on by what the bot waits, between requests and polls, and by what its
work really takes, so that a day passes in minutes and the latencies are those of a real one.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks import Figure, Options
from bot.app import load_rule_paths
from bot.cli.logs import log_lines
from bot.clock import NEW_YORK, from_ms
from bot.collect import Collector
from bot.errors import BotError
from bot.judge import Judge
from bot.notifiers.slack import SlackNotifier
from bot.outbox import Outgoing
from bot.pipeline import read_documents
from bot.routes import everything_to
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_busy import BUSY_DAY, busy_day, with_noise
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import Publication, publication_of
from bot.sandbox.slack import SlackServer
from bot.sources.edgar.client import EdgarClient
from bot.store import Delivery, Message, Store

FILINGS, BURST = 2_164, 600
_POLL, _SEND = timedelta(seconds=10), timedelta(seconds=0.5)
_FAULTS = 0.01
_BURST = datetime(BUSY_DAY.year, BUSY_DAY.month, BUSY_DAY.day, 16, 31, tzinfo=NEW_YORK)
_AFTER_BURST = timedelta(minutes=3)
_OPENS = datetime(BUSY_DAY.year, BUSY_DAY.month, BUSY_DAY.day, 5, 55, tzinfo=NEW_YORK)


class Day:
    """A bot that lives through the day."""

    def __init__(self, path: Path, edgar: SandboxEdgar, slack: SlackServer, clock: SandboxClock):
        self.clock, self.store = clock, Store(path)
        self.client = EdgarClient(
            contact="Bench bench@example.org",
            clock=clock,
            sleep=lambda seconds: clock.advance(timedelta(seconds=seconds)),
            www_url=edgar.url,
            data_url=edgar.url,
        )
        shipped = load_rule_paths([Path("rules")]).or_raise()
        rules = [replace(rule, max_per_day=None) for rule in shipped]
        self.judge = Judge(self.store, rules, clock=clock, route=everything_to("#alerts"))
        notifier = SlackNotifier(slack.token, api_url=slack.api_url)
        self.outgoing = Outgoing(self.store, notifier, clock=clock)
        self.collector = Collector(
            self.store, self.client, clock=clock, line=self.line, done=self.outgoing.tell_digest
        )

    def line(self) -> None:
        """Read, judge and deliver; the time it takes passes in the market too."""
        began = time.perf_counter()
        while read_documents(self.store).documents:
            pass
        while self.judge.judge():
            pass
        self.outgoing.deliver()
        self.clock.advance(timedelta(seconds=time.perf_counter() - began))

    def live(self, until: datetime) -> None:
        while self.clock() < until:
            began = self.clock()
            with suppress(BotError):
                self.collector.poll()
            while self.clock() < began + _POLL:
                self.clock.advance(_SEND)
                if self.store.outbox.unfinished():
                    self.outgoing.deliver()


def measure(options: Options) -> Iterator[Figure]:
    """Missed and doubled filings, latency from publication to post, requests in a second."""
    log_lines(logging.CRITICAL)
    filings = [publication_of(each) for each in busy_day(FILINGS, burst=BURST)]
    published = [*_the_day_before(filings), *filings]
    clock = SandboxClock(start=_OPENS, speed=0)
    market = SandboxMarket(with_noise(published))
    path = options.folder / "day.db"
    for old in options.folder.glob("day.db*"):
        old.unlink()
    began = time.perf_counter()
    edgar = SandboxEdgar(market, clock, gate_clock=clock)
    with edgar, SlackServer(channels=("#alerts",), clock=clock) as slack:
        edgar.faults.at_random(_FAULTS, seed=1)
        day = Day(path, edgar, slack, clock)
        day.live(until=_OPENS + timedelta(hours=16, minutes=15))
        yield from _figures(day.store, filings, edgar, slack)
        day.client.close()
        day.store.close()
    yield Figure(name="the day took", value=time.perf_counter() - began, unit="s")


def _the_day_before(filings: list[Publication]) -> Iterator[Publication]:
    """A few filings of the evening before, so that the first look at the feed finds some."""
    for place, filing in enumerate(filings[:5]):
        accession = f"0009999989-25-{place + 1:06d}"
        at = _OPENS - timedelta(hours=9, minutes=place)
        body = filing.body.replace(filing.accession_number.encode(), accession.encode())
        yield replace(filing, accession_number=accession, accepted_at=at, body=body)


def _figures(
    store: Store, filings: list[Publication], edgar: SandboxEdgar, slack: SlackServer
) -> Iterator[Figure]:
    kept = set(store.documents.keys("edgar"))
    missed = sum(filing.accession_number not in kept for filing in filings)
    yield Figure(name="filings missed", value=missed, unit="", limit=0, note=f"of {len(filings)}")
    decisions = store.decisions.all()
    keys = {(each["rule"], each["key"], each["fact_id"]) for each in decisions}
    doubled = len(decisions) - len(keys)
    yield Figure(name="decisions doubled", value=doubled, unit="", limit=0,
                 note=f"of {len(decisions):,}")  # fmt: skip
    posted = len(slack.messages("#alerts"))
    messages = {message.id: message for message in store.outbox.all()}
    sent = [m for m in messages.values() if m.state is Delivery.SENT]
    told = [m for m in messages.values() if m.message_id > 0]
    yield Figure(name="posts too many", value=posted - len(sent), unit="", limit=0,
                 note=f"{len(told)} alerts in {posted} posts")  # fmt: skip
    waits = list(_waits(store, messages, {each["id"]: each for each in decisions}))
    calm = [wait for at, wait in waits if not _BURST <= at < _BURST + _AFTER_BURST]
    burst = [wait for at, wait in waits if _BURST <= at < _BURST + _AFTER_BURST]
    yield _p95("publication to post, p95 of the day", calm, limit=15)
    yield _p95("the same in the burst of 600 a minute", burst, limit=None)
    yield Figure(name="requests in a second, most", value=edgar.most_in_a_second(), unit="",
                 limit=8, note=f"{len(edgar.requests):,} in all")  # fmt: skip


def _p95(name: str, waits: list[float], limit: float | None) -> Figure:
    waits = sorted(waits)
    note = f"{len(waits)} alerts, median {waits[len(waits) // 2]:.1f} s, worst {waits[-1]:.1f} s"
    return Figure(name=name, value=quantiles(waits, n=20)[-1], unit="s", limit=limit, note=note)


def _waits(
    store: Store, messages: Mapping[int, Message], decisions: Mapping[int, Mapping[str, Any]]
) -> Iterator[tuple[datetime, float]]:
    """When each alert's filing was accepted, and the seconds to its post, alone or in a digest."""
    for message in messages.values():
        post = messages[message.digest_id] if message.digest_id else message
        if message.message_id > 0 and post.sent_at is not None:
            decision = decisions[message.message_id]
            fact = store.facts.by_seq(decision["kind"], decision["fact_seq"])
            wait = (post.sent_at - fact["known_at"]) / 1000
            yield from_ms(fact["known_at"]), wait
