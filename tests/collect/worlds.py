"""A market on loopback with bots that look at it, on a clock that a test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.collect import Watch
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import Delays, SandboxMarket
from bot.sandbox.edgar_publication import Publication
from bot.sandbox.filings import SyntheticFiling
from tests.collect.bots import MARKET, Live
from tests.markets import some_filings


class World:
    """A market with bots that look at it; it begins with its first thirty filings published."""

    def __init__(self, edgar: SandboxEdgar, clock: SandboxClock, filings: list[SyntheticFiling]):
        self.edgar, self.clock, self.filings = edgar, clock, filings
        self.bots: list[Live] = []

    @property
    def end(self) -> datetime:
        return self.filings[-1].accepted_at + timedelta(minutes=1)

    def bot(self, path: Path | None = None, watch: Watch = MARKET) -> Live:
        self.bots.append(Live(self.edgar.url, self.clock, path, watch))
        return self.bots[-1]

    def play(self, until: datetime, *bots: Live, every: timedelta = timedelta(hours=1)) -> None:
        """Let time pass, and each of the bots poll at every step."""
        while self.clock() < until:
            self.clock.move_to(min(self.clock() + every, until))
            for bot in bots:
                bot.poll()


@contextmanager
def a_world(delays: Delays | None = None) -> Iterator[World]:
    filings = some_filings(240, companies=6)
    clock = SandboxClock(start=filings[29].accepted_at + timedelta(minutes=5), speed=0)
    market = SandboxMarket.of(filings, delays=delays)
    with SandboxEdgar(market, clock, requests_per_second=None) as edgar:
        world = World(edgar, clock, filings)
        yield world
        for bot in world.bots:
            bot.close()


def kept(bot: Live) -> set[str]:
    return set(bot.store.documents.keys("edgar"))


def new_ones(world: World, count: int) -> list[Publication]:
    """The next filings to come, which the market then lists."""
    coming = [p for p in world.edgar.market.publications if p.accepted_at > world.clock()][:count]
    world.clock.move_to(coming[-1].accepted_at + timedelta(seconds=5))
    return coming
