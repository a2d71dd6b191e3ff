"""A resident bot as a process, beside an EDGAR and a Slack on loopback, and what it has done."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import system_clock
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import Publication, accepted_again, publication_of
from bot.sandbox.edgar_routes import NO_REPORTS, Reports
from bot.sandbox.slack import SlackServer
from bot.store import Store
from tests.markets import some_filings
from tests.processes import write_config

CHANNELS = ("sales", "purchases", "crowds")


RULES = """
rules:
- id: any-sale
  on: insider_trade
  where: side == sell and class == open_market
  when: value_usd >= $1M
  to: "#sales"
  message: "{ticker}: {owner_name} sold {value_usd:money}"
- id: any-purchase
  on: insider_trade
  where: side == buy and class == open_market
  when: value_usd >= $100k
  to: "#purchases"
  message: "{ticker}: {owner_name} bought {value_usd:money}"
- id: sellers-gather
  on: insider_trade
  where: side == sell and class == open_market
  let:
    sellers: {distinct: person_key, over: 30d}
    sold: {sum: value_usd, over: 30d}
  when: sellers >= 2 and sold >= $2M
  fire: rise
  to: "#crowds"
  message: "{ticker}: {sellers} insiders sold {sold:money} in 30 days"
"""


Servers = tuple[SandboxEdgar, SlackServer]


@contextmanager
def servers(*more: Publication, reports: Reports = NO_REPORTS) -> Iterator[Servers]:
    """An EDGAR with three filings of the last hour and perhaps more, and a Slack."""
    hour_ago = system_clock() - timedelta(hours=1)
    market = SandboxMarket([*accepted(3, hour_ago, every=timedelta(minutes=1)), *more])
    edgar = SandboxEdgar(market, requests_per_second=None, reports=reports)
    with edgar, SlackServer(channels=CHANNELS) as slack:
        yield edgar, slack


def accepted(count: int, since: datetime, *, every: timedelta, seed: int = 1) -> list[Publication]:
    """Filings accepted one after another; those of one seed are the same filings."""
    filings = [publication_of(f) for f in some_filings(count, seed=seed, companies=4)]
    if seed != 1:
        filings = [_renumbered(f, seed) for f in filings]
    return [accepted_again(f, since + place * every) for place, f in enumerate(filings)]


def _renumbered(publication: Publication, seed: int) -> Publication:
    number = publication.accession_number[:-6] + f"{seed}{publication.accession_number[-5:]}"
    return Publication(
        accession_number=number,
        form=publication.form,
        accepted_at=publication.accepted_at,
        parties=publication.parties,
        body=publication.body.replace(publication.accession_number.encode(), number.encode()),
        document=publication.document,
        period=publication.period,
        ticker=publication.ticker,
        schema=publication.schema,
    )


def a_config(folder: Path, servers: Servers, name: str = "bot", **sections: str) -> Path:
    edgar, slack = servers
    (folder / "rules.yaml").write_text(RULES)
    return write_config(folder / f"{name}.toml", edgar.url, slack_url=slack.api_url, **sections)


def has_polled(store: Path) -> bool:
    """Whether the bot of a store has looked at the feed once."""
    if not store.exists():
        return False
    opened = Store(store)
    try:
        return opened.facts.count().get("source_poll", 0) > 0
    finally:
        opened.close()


def is_done(path: Path, documents: int) -> bool:
    """Whether so many documents are judged and nothing waits to be sent."""
    store = Store(path)
    try:
        judged = store.decisions.judged_seq() >= store.facts.newest_seq()
        waiting = store.outbox.unfinished()
        unread = store.documents.unread(1)
        return store.documents.count() == documents and judged and not unread and not waiting
    finally:
        store.close()


def decided(store: Store) -> Counter[tuple[Any, ...]]:
    names = ("rule", "key", "fact_id", "fate", "message")
    return Counter(tuple(each[name] for name in names) for each in store.decisions.all())


def alert_ids(slack: SlackServer, channel: str) -> list[int]:
    """The alerts that stand in a channel."""
    messages = slack.messages(channel)
    return [message["metadata"]["event_payload"]["alert_id"] for message in messages]
