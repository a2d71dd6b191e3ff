"""A provider that asks an Alpaca on loopback, both at a time that only tests move."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import NEW_YORK
from bot.prices.bars import Action, ActionKind
from bot.sandbox.prices import Listing, PriceMarket, TradedBar, sessions, wandering
from bot.sandbox.prices_alpaca import KEY, SECRET, SandboxAlpaca
from bot.sources.prices.alpaca import AlpacaProvider
from bot.sources.prices.breaker import Breaker
from tests.sources.edgar.local_edgar import ManualClock

SINCE, UNTIL = date(2025, 11, 3), date(2025, 12, 12)
SPLIT_DAY = date(2025, 12, 1)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


EVENING = new_york("2025-12-12T18:00")
"""Of a Friday, after the session."""


def a_split(ticker: str = "ACME", day: date = SPLIT_DAY, ratio: float = 4.0) -> Action:
    kind = ActionKind.SPLIT if ratio > 1 else ActionKind.REVERSE_SPLIT
    return Action(
        ticker=ticker, ex_day=day, kind=kind, price_ratio=ratio, eps_ratio=ratio, source="alpaca"
    )


def a_spin_off(ticker: str = "ACME", day: date = SPLIT_DAY, ratio: float = 1.324) -> Action:
    return Action(
        ticker=ticker, ex_day=day, kind=ActionKind.SPINOFF, price_ratio=ratio, source="alpaca"
    )


def listed(ticker: str = "ACME", *actions: Action, **given: object) -> Listing:
    """A ticker that has traded from SINCE to UNTIL."""
    bars = wandering(ticker, SINCE, UNTIL, actions=actions)
    return Listing(ticker=ticker, bars=bars, actions=actions, **given)  # type: ignore[arg-type]


def flat(ticker: str, since: date = SINCE) -> Listing:
    """A ticker that always trades at $10."""
    return Listing(
        ticker=ticker,
        bars=[
            TradedBar(day=day, open=10, high=10, low=10, close=10, volume=100)
            for day in sessions(since, UNTIL)
        ],
    )


@dataclass
class Desk:
    """Who asks, whom, and their clock."""

    alpaca: SandboxAlpaca
    clock: ManualClock
    provider: AlpacaProvider
    breaker: Breaker


def provider_at(
    url: str,
    clock: ManualClock,
    *,
    key: str | None = KEY,
    breaker: Breaker | None = None,
    timeout_s: float = 10,
) -> AlpacaProvider:
    return AlpacaProvider(
        key=key,
        secret=SECRET,
        clock=clock,
        url=url,
        breaker=breaker,
        sleep=clock.sleep,
        seconds=lambda: clock().timestamp(),
        timeout_s=timeout_s,
    )


@contextmanager
def trading(
    *listings: Listing, at: datetime = EVENING, key: str = KEY, timeout_s: float = 10
) -> Iterator[Desk]:
    """A provider beside an Alpaca that knows these listings."""
    clock = ManualClock(at)
    breaker = Breaker(clock)
    with SandboxAlpaca(PriceMarket(listings), clock) as alpaca:
        provider = provider_at(alpaca.url, clock, key=key, breaker=breaker, timeout_s=timeout_s)
        try:
            yield Desk(alpaca, clock, provider, breaker)
        finally:
            provider.close()


def asked_for(alpaca: SandboxAlpaca, path: str) -> list[str]:
    return [url for url in alpaca.asked if path in url]


def tickers(count: int) -> Iterable[str]:
    """AAA, AAB and so on."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (f"{letters[n // 676]}{letters[n // 26 % 26]}{letters[n % 26]}" for n in range(count))
