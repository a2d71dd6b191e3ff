"""A bot that collects from an EDGAR on loopback, polled when a test says so."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from bot.collect import INSIDERS, Collector, Watch
from bot.judge import Judge
from bot.outbox import Outgoing
from bot.pipeline import read_documents
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.sandbox.edgar_clock import SandboxClock
from bot.sources.edgar.client import EdgarClient
from bot.store import Store
from tests.channels import Channels
from tests.outgoing import Time

MARKET = Watch()
"""All issuers."""

RULES = """
rules:
- id: any-sale
  on: insider_trade
  where: side == sell and class == open_market
  when: value_usd >= $1M
  message: "{ticker}: {owner_name} sold {value_usd:money}"
- id: sellers-gather
  on: insider_trade
  where: side == sell and class == open_market
  let:
    sellers: {distinct: person_key, over: 30d}
    sold: {sum: value_usd, over: 30d}
  when: sellers >= 2 and sold >= $2M
  fire: rise
  cooldown: 2d
  message: "{ticker}: {sellers} insiders sold {sold:money} in 30 days"
"""


class Live:
    """A bot on a store, without its schedule: a test says when it polls."""

    def __init__(
        self,
        url: str,
        clock: SandboxClock,
        path: Path | None,
        watch: Watch,
        forms: Mapping[str, frozenset[str]] = INSIDERS,
    ) -> None:
        self.store, self.channel = Store(path), Channels()
        wall = Time()
        self.client = EdgarClient(
            contact="test test@example.org",
            clock=wall,
            www_url=url,
            data_url=url,
            sleep=wall.passes,
        )
        rules = load_rules([("rules.yaml", RULES)]).or_raise()
        self.judge = Judge(
            self.store,
            rules,
            clock=clock,
            route=everything_to("#alerts"),
            stale_after=timedelta(hours=24),
        )
        self.outgoing = Outgoing(self.store, self.channel, clock=clock)
        self.collector = Collector(
            self.store,
            self.client,
            clock=clock,
            line=self.line,
            done=self.outgoing.tell_digest,
            watch=lambda: watch,
            forms=forms,
        )

    def line(self) -> None:
        while read_documents(self.store).documents:
            pass
        while self.judge.judge():
            pass

    def poll(self) -> None:
        self.collector.poll()
        self.outgoing.deliver()

    def close(self) -> None:
        self.client.close()
        self.store.close()
