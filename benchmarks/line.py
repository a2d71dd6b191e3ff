"""Documents to facts to 50 rules to the outbox, on one core."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta

from benchmarks import Figure, Options
from bot.cards import Card
from bot.cli.logs import log_lines
from bot.notifiers import Outcome, Place, Sent, Unseen
from bot.replay import Replay, find_documents
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.store import Store
from tests.markets import some_filings, write_filings

FILINGS = 2_000
_RULE = """
- id: rule-{n}
  on: insider_trade
  where: side == {side} and class == open_market
  let:
    sum: {{sum: value_usd, over: {days}d}}
    people: {{distinct: person_key, over: {days}d}}
  when: sum >= ${limit}M and people >= {people}
  fire: {fire}
  message: "{{ticker}}: {{people}} insiders, {{sum:money}}"
"""


class _Nobody:
    """Takes cards and shows them to nobody."""

    may_repeat = True
    spacing = edit_spacing = timedelta()

    def lane(self, channel: str) -> str:
        return channel

    def send(self, channel: str, card: Card, **_: object) -> Outcome:
        del channel, card
        return Sent()

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        del place, card, revision
        return Sent()

    def look(self, channel: str, **_: object) -> Unseen:
        return Unseen(why=f"{channel} is nowhere")


def measure(options: Options) -> Iterator[Figure]:
    """Filings a second through the whole line."""
    log_lines(logging.WARNING)
    folder = options.folder / f"filings-{FILINGS}"
    if not folder.exists():
        write_filings(folder, some_filings(FILINGS, companies=400))
    rules = load_rules([("rules.yaml", fifty_rules())]).or_raise()
    path = options.folder / "line.db"
    for old in options.folder.glob("line.db*"):
        old.unlink()
    store = Store(path)
    replay = Replay(store, rules, _Nobody(), route=everything_to("#alerts"))
    files = find_documents([folder]).files
    began = time.perf_counter()
    replay.run(files, progress=lambda _done: None)
    took = time.perf_counter() - began
    fates = store.decisions.count_by_fate()
    store.close()
    told = f"{FILINGS} filings, {sum(fates.values()):,} decisions, {fates.get('fired', 0)} alerts"
    yield Figure(name="documents to outbox, 50 rules", value=FILINGS / took, unit="filings/s",
                 limit=300, at_least=True, note=told)  # fmt: skip


def fifty_rules() -> str:
    """Rules of the sorts that people write, each with its own window and limit."""
    rules = [
        _RULE.format(
            n=n,
            side=("sell", "buy")[n % 2],
            days=(7, 10, 14, 30, 90, 180, 365)[n % 7],
            limit=20 * (1 + n % 9),
            people=1 + n % 3,
            fire=("rise", "every")[n % 5 == 0],
        )
        for n in range(50)
    ]
    return "rules:" + "".join(rules)
