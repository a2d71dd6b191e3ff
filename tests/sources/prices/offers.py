"""Every provider of prices, each with its real client before its real local source.

To bring a new provider under the contract: one function here, and its line in ``OFFERS``.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.prices.bars import ActionKind
from bot.sandbox.edgar_faults import Faults
from bot.sandbox.prices import Listing, PriceMarket
from bot.sandbox.prices_alpaca import SandboxAlpaca
from bot.sandbox.prices_yahoo import SandboxYahoo
from bot.sources.prices.folder import FolderProvider
from bot.sources.prices.provider import PriceProvider
from bot.sources.prices.yahoo import YahooProvider
from tests.sources.edgar.local_edgar import ManualClock
from tests.sources.prices.alpaca_market import provider_at


@dataclass(kw_only=True)
class Offer:
    """A provider, and how a test has its way with the source behind it.

    put: make these listings known.  faults: what goes wrong on the way to it; None where there is
    no way.  renew: forget failures of earlier tests.
    """

    provider: PriceProvider
    clock: ManualClock
    put: Callable[[Listing], object]
    faults: Faults | None = None
    renew: Callable[[], object] = field(default=lambda: None)

    def list(self, *listings: Listing) -> None:
        for listing in listings:
            self.put(listing)


@contextmanager
def yahoo(folder: Path, timeout_s: float = 10) -> Iterator[Offer]:
    """yfinance, in its child process, before the local Yahoo."""
    del folder
    clock, market = ManualClock(), PriceMarket()
    with SandboxYahoo(market, clock) as server:
        timeout = timedelta(seconds=timeout_s)
        provider = YahooProvider(clock, url=server.url, requests=10_000, timeout=timeout)
        try:
            yield Offer(
                provider=provider,
                clock=clock,
                put=market.put,
                faults=server.faults,
                renew=provider.breaker.succeeded,
            )
        finally:
            provider.close()


@contextmanager
def folder(folder: Path, timeout_s: float = 10) -> Iterator[Offer]:
    """A folder of CSV files, closes as traded; a listing is a file."""
    del timeout_s
    clock = ManualClock()
    (folder / "bars").mkdir()
    (folder / "folder.toml").write_text('basis = "raw"')
    actions: dict[str, list[str]] = {}
    dividends: dict[str, list[str]] = {}

    def put(listing: Listing) -> None:
        bars = ["date,open,high,low,close,volume"]
        for bar in listing.known(clock()):
            numbers = (bar.open, bar.high, bar.low, bar.close, bar.volume)
            empty = bar.day in listing.empty
            bars.append(f"{bar.day}," + (",,,," if empty else ",".join(map(str, numbers))))
        (folder / "bars" / f"{listing.ticker}.csv").write_text("\n".join(bars))
        told = listing.told(clock())
        actions[listing.ticker] = [
            f"{a.ticker},{a.ex_day},{a.kind},{a.price_ratio},{a.eps_ratio}"
            for a in told
            if a.kind is not ActionKind.DIVIDEND
        ]
        dividends[listing.ticker] = [
            f"{a.ticker},{a.ex_day},{a.cash_usd}" for a in told if a.kind is ActionKind.DIVIDEND
        ]
        _table(folder / "splits.csv", "ticker,ex_date,kind,price_ratio,eps_ratio", actions)
        _table(folder / "dividends.csv", "ticker,ex_date,amount", dividends)

    yield Offer(
        provider=FolderProvider(folder, clock=clock, sleep=lambda _: None, settled_s=0),
        clock=clock,
        put=put,
    )


def _table(file: Path, head: str, lines: dict[str, list[str]]) -> None:
    file.write_text("\n".join([head, *(line for of in lines.values() for line in of)]))


@contextmanager
def alpaca(folder: Path, timeout_s: float = 10) -> Iterator[Offer]:
    """Its HTTP before the local Alpaca."""
    del folder
    clock, market = ManualClock(), PriceMarket()
    with SandboxAlpaca(market, clock) as server:
        provider = provider_at(server.url, clock, timeout_s=timeout_s)
        try:
            yield Offer(
                provider=provider,
                clock=clock,
                put=market.put,
                faults=server.faults,
                renew=provider.breaker.succeeded,
            )
        finally:
            provider.close()


Opener = Callable[..., AbstractContextManager[Offer]]

OFFERS: dict[str, Opener] = {"folder": folder, "yahoo": yahoo, "alpaca": alpaca}
"""Each takes a folder of its own to work in, and how long it waits for an answer."""

ASKED = ("yahoo", "alpaca")
"""Those that are asked over the network, so that they can fail."""

QUOTING = ("yahoo", "alpaca")
"""Those that know prices of this moment."""

SLOW_TO_OPEN = ("yahoo",)
"""Those whose start takes a second."""
