"""Prices and P/Es of the Oklo story of autumn 2025, for the demo: every figure of it stands here.

Oklo's closes of ``OKLO_TOLD`` are public ones of those days, and P/Es and fair values are those of
the market article that the project started from.  All else is made up: the days between, funds
(levels that rise by as much as the funds did), the maker of chips and its split.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from bot.calendar import NYSE
from bot.config import Prices, Secret
from bot.market.asking import SETTLED
from bot.prices.bars import Action, ActionKind
from bot.sandbox.market import KELLOGG, NORTHWIND, OKLO
from bot.sandbox.prices import Listing, PriceMarket, TradedBar, through, wandering
from bot.sandbox.prices_alpaca import KEY, SECRET

TO_BE_WHOLE = SETTLED + timedelta(minutes=2)
"""After the close the demo waits so long for a session's bar."""

FIRST, LAST = date(2024, 8, 15), date(2025, 10, 13)
"""Sessions of the story; the first lies more than the 252 of signals before."""


def _day(month: int, day: int, year: int = 2025) -> date:
    return date(year, month, day)


OKLO_TOLD = {
    _day(9, 12): 82.71, _day(9, 15): 95.68, _day(9, 18): 104.97, _day(9, 19): 135.23,
    _day(9, 23): 142.65, _day(9, 26): 110.53, _day(9, 30): 111.63, _day(10, 6): 138.56,
    _day(10, 13): 171.01,
}  # fmt: skip
OKLO_MADE_UP = {
    FIRST: 8.00, _day(10, 9, 2024): 9.15, _day(12, 31, 2024): 21.00, _day(4, 11): 22.50,
    _day(6, 11): 52.40, _day(6, 12): 53.10, _day(8, 20): 66.57, _day(8, 29): 76.00,
    _day(9, 8): 78.00, _day(9, 11): 80.00, _day(9, 24): 139.80, _day(9, 25): 134.00,
    _day(10, 8): 138.00, _day(10, 10): 147.00,
}  # fmt: skip
"""So that it had doubled on 19 September, was armed again on the 30th, and doubled once more on
13 October: +107 % in 21 sessions, +660 % in 126, +1,769 % in 252."""

_CLOSES: Mapping[str, tuple[str, float, Mapping[date, float]]] = {
    OKLO.ticker: ("NYSE", 0.055, OKLO_MADE_UP | OKLO_TOLD),
    NORTHWIND.ticker.removeprefix("NASDAQ: "): (
        "NasdaqGS", 0.005,
        {FIRST: 30.00, _day(7, 30): 34.25, _day(9, 18): 37.20, _day(9, 25): 37.00,
         _day(9, 26): 35.89, LAST: 36.20},
    ),
    KELLOGG.ticker: (  # bought for $23.00 in cash on 26 September, and trades no more
        "NYSE", 0.001,
        {FIRST: 17.20, _day(7, 9): 17.50, _day(7, 10): 22.90, _day(9, 25): 22.99},
    ),
    "IWM": (
        "NYSEArca", 0.004,
        {FIRST: 215.00, _day(11, 25, 2024): 262.00, _day(12, 31, 2024): 220.00,
         _day(6, 30): 230.00, _day(8, 20): 226.00, _day(9, 12): 238.00, _day(9, 19): 243.63,
         _day(9, 30): 242.00, LAST: 244.06},
    ),
    "SPY": (
        "NYSEArca", 0.003,
        {FIRST: 560.00, _day(2, 19): 700.00, _day(6, 30): 620.00, _day(9, 30): 655.00,
         LAST: 663.00},
    ),
    "IWV": (
        "NYSEArca", 0.003,
        {FIRST: 318.00, _day(2, 19): 397.00, _day(6, 30): 352.00, _day(9, 30): 372.00,
         LAST: 376.50},
    ),
    "IWO": ("NYSEArca", 0.004, {FIRST: 280.00, _day(11, 25, 2024): 342.00, LAST: 318.00}),
}  # fmt: skip
"""By ticker its exchange, about how much it moves a day, and closes that it goes through."""

CHIPS = "LODE"
_SPLIT = Action(
    ticker=CHIPS,
    ex_day=_day(9, 29),
    kind=ActionKind.SPLIT,
    price_ratio=10.0,
    eps_ratio=10.0,
    source="sandbox",
)

LOOKED_AT = (
    *(_day(9, day) for day in (19, 24, 25, 26, 29, 30)),
    *(_day(10, day) for day in (6, 10)),
    LAST,
)
"""Sessions after whose close the demo looks; what closed between them comes with the next."""

WATCHED = (OKLO.ticker, CHIPS, "SPY", "IWM", "IWV", "IWO")

_METHOD = "losses excluded,fund sites"
_TABLES = {
    "index_pe.csv": (
        "ticker,as_of,pe_forward,method,source",
        f"SPY,2025-09-26,22.50,{_METHOD}",
        f"IWV,2025-09-26,22.32,{_METHOD}",
        f"IWM,2025-09-26,24.64,{_METHOD}",
        f"IWO,2025-09-26,36.38,{_METHOD}",
    ),
    "fair_values.csv": (
        "ticker,as_of,fair_value_usd,source",
        f"{KELLOGG.ticker},2025-09-26,27.80,an article",
        "NWIN,2025-09-26,45.90,an article",
    ),
}
"""The tables that a user of the bot keeps, from ``TABLES_AT`` on: by then KLG is bought."""

TABLES_AT = NYSE.close_at(_day(9, 26)) + TO_BE_WHOLE


def story_market() -> PriceMarket:
    """What everybody traded at."""
    return PriceMarket(_listings())


def write_tables(folder: Path) -> tuple[str, ...]:
    """The user's tables; their names."""
    folder.mkdir()
    for name, lines in _TABLES.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return tuple(_TABLES)


def story_prices(folder: Path, url: str) -> Prices:
    """The configuration of the demo: a sandbox Alpaca, and a folder for the user's tables."""
    return Prices(
        provider="alpaca",
        path=folder,
        watch=WATCHED,
        url=url,
        alpaca_key=Secret(KEY),
        alpaca_secret=Secret(SECRET),
    )


def _listings() -> Iterator[Listing]:
    for ticker, (exchange, moves, closes) in _CLOSES.items():
        yield _listing(ticker, exchange, through(ticker, closes, daily_ratio=moves))
    bars = wandering(CHIPS, FIRST, LAST, start_usd=1150.0, daily_ratio=0.015, actions=[_SPLIT])
    yield Listing(ticker=CHIPS, bars=bars, actions=[_SPLIT], exchange="NasdaqGS")


def _listing(ticker: str, exchange: str, bars: list[TradedBar]) -> Listing:
    return Listing(ticker=ticker, bars=bars, exchange=exchange, fund=exchange == "NYSEArca")
