"""A store, a folder of prices that grows with the clock, and a desk that looks after both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.calendar import NYSE
from bot.clock import NEW_YORK
from bot.facts import PRICE_BAR, Kind
from bot.market.closed import ClosedSessions
from bot.market.desk import Desk
from bot.market.quotes import Quotes
from bot.market.watching import Watching
from bot.prices.bars import Action
from bot.sandbox.prices import Listing, TradedBar
from bot.store import Store, loaded
from tests.sources.prices.offers import Offer, folder


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def evening(day: date) -> datetime:
    """Twenty minutes after the close."""
    return NYSE.close_at(day) + timedelta(minutes=20)


def sessions_before(day: str, count: int) -> list[date]:
    """So many sessions, the last on that day."""
    last = NYSE.session_number(date.fromisoformat(day))
    return [NYSE.session_day(last - back) for back in range(count - 1, -1, -1)]


def listing(
    ticker: str,
    days: Sequence[date],
    closes: Iterable[float],
    *,
    actions: Sequence[Action] = (),
    missing: Iterable[date] = (),
    untold: Iterable[date] = (),
) -> Listing:
    """A ticker that opens, peaks and ends each day at its close."""
    return Listing(
        ticker=ticker,
        bars=[
            TradedBar(day=day, open=close, high=close, low=close, close=close, volume=1_000)
            for day, close in zip(days, closes, strict=True)
        ],
        actions=actions,
        missing=frozenset(missing),
        untold=frozenset(untold),
    )


@dataclass
class Trading:
    """A folder that shows at each look what there is by then."""

    store: Store
    offer: Offer
    desk: Desk
    listings: dict[str, Listing] = field(default_factory=dict)

    def lists(self, *listings: Listing) -> None:
        self.listings |= {each.ticker: each for each in listings}

    def look(self, at: datetime) -> None:
        self.offer.clock.now = at
        for each in self.listings.values():
            self.offer.put(each)
        self.desk.look()

    def evenings(self, days: Iterable[date]) -> None:
        """A look after the close of each of these days."""
        for day in days:
            self.look(evening(day))

    def facts(self, ticker: str, of: Kind = PRICE_BAR) -> list[Mapping[str, Any]]:
        """Facts of a ticker that count, in the order in which they were stored."""
        rows = self.store.facts.select(of, ticker=ticker, limit=10_000)
        counted = [row for row in rows if row["gone_seq"] is None]
        return [
            loaded(of, row) | {"quiet": row["quiet"], "retold": row["retold"], "seq": row["seq"]}
            for row in sorted(counted, key=lambda row: int(row["seq"]))
        ]

    def told(self, ticker: str) -> list[date]:
        """The sessions of a ticker in the order in which they were told as news."""
        return [fact["session"] for fact in self.facts(ticker) if not fact["quiet"]]

    def fact(self, ticker: str, session: date) -> Mapping[str, Any]:
        (found,) = [fact for fact in self.facts(ticker) if fact["session"] == session]
        return found


@contextmanager
def trading(
    path: Path,
    *,
    watch: Sequence[str],
    benchmark: str = "IWM",
    insiders: bool = True,
    store: Path | None = None,
    after: Callable[[date], object] = lambda _: None,
) -> Iterator[Trading]:
    path.mkdir(exist_ok=True)
    with ExitStack() as opened:
        offer = opened.enter_context(folder(path))
        kept = Store(store)
        opened.callback(kept.close)
        watching = Watching(kept, benchmark=benchmark, watch=watch, insiders=insiders)
        closed = ClosedSessions(kept, offer.provider, watching)
        quotes = Quotes(kept, offer.provider, watching, every=timedelta(minutes=5))
        desk = Desk(kept, closed, quotes, clock=offer.clock, after=after)
        yield Trading(store=kept, offer=offer, desk=desk)
