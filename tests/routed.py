"""A bot whose alerts are routed and delivered, at a time that a test moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cards import Card
from bot.clock import to_ms
from bot.facts import Fact
from bot.judge import Judge
from bot.judge.withheld import FRESH
from bot.notifiers import Outcome
from bot.outbox import Outgoing
from bot.routes import Route, everything_to
from bot.rules.model import Rule
from bot.store import Arrival, Store
from tests.builders import a_trade, instant
from tests.channels import Channels


class Posts(Channels):
    """Keeps the time of each message too."""

    def __init__(self, clock: "Routed") -> None:
        super().__init__()
        self.clock, self.timed = clock, list[tuple[datetime, str, Card]]()

    def send(self, channel: str, card: Card, **told: Any) -> Outcome:
        self.timed.append((self.clock.now, channel, card))
        return super().send(channel, card, **told)


class Routed:
    """Store, judge, outbox and channels; ``now`` moves by ``at`` and ``passes``."""

    def __init__(
        self,
        *rules: Rule,
        start: str = "2025-09-02 12:00 ET",
        route: Route | None = None,
        path: Path | None = None,
        fresh: timedelta = FRESH,
        stale_after: timedelta | None = None,
    ) -> None:
        self.now, self.rules, self.fresh = instant(start).astimezone(UTC), rules, fresh
        self.route, self.stale_after = route or everything_to("#a"), stale_after
        self.start, self.posts = self.now, Posts(self)
        self.store = Store(path)
        self.wire()

    def wire(self) -> None:
        """The steps as a start of the bot wires them."""
        self.judge = Judge(self.store, self.rules, clock=lambda: self.now, route=self.route,
                           fresh=self.fresh, stale_after=self.stale_after)  # fmt: skip
        self.outgoing = Outgoing(self.store, self.posts, clock=lambda: self.now)

    def restart(self) -> None:
        path = self.store.path
        self.store.close()
        self.store = Store(path)
        self.wire()

    def at(self, seconds: float) -> "Routed":
        """Move the time to so many seconds after the start; earlier is no time to go to."""
        self.now = max(self.now, self.start + timedelta(seconds=seconds))
        return self

    def see(self, *facts: Fact) -> None:
        """Facts that become known and arrive now, judged and delivered."""
        arrivals = [Arrival(fact=fact, seen_at=to_ms(self.now)) for fact in facts]
        self.store.facts.add(arrivals)
        self.run()

    def trade(self, id: str, **values: Any) -> Fact:
        """A sale that becomes known now."""
        return replace(a_trade(id=id, **values), known_at=self.now)

    def arrival(self, id: str, *, document: int | None = None) -> Arrival:
        """A sale that becomes known and arrives now."""
        return Arrival(fact=self.trade(id), seen_at=to_ms(self.now), document_id=document)

    def run(self) -> None:
        self.judge.tick()
        self.outgoing.tell_digest()
        self.outgoing.deliver()

    def told(self) -> Sequence[tuple[str, str]]:
        """Channel and text of each post."""
        return [(channel, card.text) for _, channel, card in self.posts.timed]

    def fates(self) -> list[tuple[str, str]]:
        return [(each["fact_id"], each["fate"]) for each in self.store.decisions.all()]
