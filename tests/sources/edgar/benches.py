"""A feed that moves, the client that asks it, and what was kept of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.live import PollResult, ReconcileResult, poll, reconcile
from bot.sources.edgar.names import FORM_4
from tests.sources.edgar.local_edgar import LocalServer
from tests.sources.edgar.moving_feed import Filing, Kept, MovingFeed


@dataclass
class Bench:
    """A feed, the client that asks it, and what was kept of it."""

    server: LocalServer
    client: EdgarClient
    feed: MovingFeed
    kept: Kept

    def poll(
        self, *, forms: Collection[str] = FORM_4, max_pages: int = 51, page: int = 20
    ) -> PollResult:
        result = poll(
            self.client,
            self.kept.known,
            self.kept.fetched,
            clock=self.server.clock,
            pending=list(self.kept.pending.values()),
            forms=forms,
            max_pages=max_pages,
            page=page,
        )
        self.kept.remember(result.pending)
        return result

    def reconcile(self, day: date) -> ReconcileResult:
        return reconcile(
            self.client,
            day,
            self.kept.known,
            self.kept.fetched,
            clock=self.server.clock,
            pending=list(self.kept.pending.values()),
        )

    def asked_for(self, text: str) -> int:
        return sum(text in path for path in self.server.paths)


def a_bench(server: LocalServer, client: EdgarClient) -> Bench:
    feed = MovingFeed(clock=server.clock)
    server.respond = feed.respond
    return Bench(server=server, client=client, feed=feed, kept=Kept())


def numbers(filings: list[Filing]) -> list[str]:
    return [filing.accession_number for filing in filings]
