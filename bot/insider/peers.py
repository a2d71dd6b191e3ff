"""What others paid or got for the same shares on the same days, beside every price feed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.facts import Fact
from bot.insider.entries import Entry, entry_of
from bot.insider.filing import read_day
from bot.insider.market import DayPrices

ENOUGH = 2
"""So many filings of others can cast doubt on a price; one alone may be the mistyped one."""

_APART = 3
"""Prices of one day that differ by more are no market: one of them is mistyped."""


def peer_prices(fact: Fact, known: Sequence[Entry]) -> dict[date, DayPrices]:
    """The prices of others for the security of a trade on the market, by day.

    A price that is doubted by itself is held against a single other filing too.
    """
    entry = entry_of(fact)
    if entry.trade_class != "open_market":
        return {}
    days = {lot.day for lot in entry.lots}
    found: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for other in known:
        if _is_peer(other, entry):
            for lot in other.lots:
                if lot.price and lot.day in days and lot.day is not None:
                    found[lot.day][other.filing].append(lot.price)
    needed = 1 if entry.doubtful else ENOUGH
    return {
        day: prices
        for text, filings in found.items()
        if len(filings) >= needed
        and (day := read_day(text)) is not None
        and (prices := _prices(text, filings)) is not None
    }


def _is_peer(other: Entry, entry: Entry) -> bool:
    return (
        other.counts
        and other.filing != entry.filing
        and other.position == entry.position
        and other.trade_class == "open_market"
        and not other.doubtful
    )


def _prices(day: str, filings: dict[str, list[Decimal]]) -> DayPrices | None:
    prices = [price for told in filings.values() for price in told]
    if max(prices) > _APART * min(prices):
        return None
    others = f"{len(filings)} other filing{'s' * (len(filings) > 1)}"
    return DayPrices(
        source=f"{others} of trades on {day}", low_usd=min(prices), high_usd=max(prices)
    )
