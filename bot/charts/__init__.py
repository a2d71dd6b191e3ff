"""Pictures of prices and valuations: what there is to tell in, the bytes of a PNG out.

Matplotlib is loaded at the first picture; the same input gives the same bytes.
"""

import importlib
from types import ModuleType
from typing import cast

from bot.charts.content import Band, InsiderTrades, Mark, PeChart, PriceChart, Side, band_of
from bot.errors import ConfigError


def price_chart(content: PriceChart) -> bytes:
    """A PNG of closes with the insider trades on them.

    QueryError where no close is known in the span; ConfigError without matplotlib.
    """
    return cast(bytes, _drawing("price").png(content))


def pe_chart(content: PeChart) -> bytes:
    """A PNG of a history of P/Es with its band.  Raises as ``price_chart`` does."""
    return cast(bytes, _drawing("valuation").png(content))


def price_words(content: PriceChart) -> str:
    """What ``price_chart`` shows, for those who can not see it."""
    return cast(str, _drawing("price").words(content))


def pe_words(content: PeChart) -> str:
    """What ``pe_chart`` shows, for those who can not see it."""
    return cast(str, _drawing("valuation").words(content))


def _drawing(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"bot.charts.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "matplotlib":
            raise
        what = "charts are drawn by matplotlib, which is not installed"
        raise ConfigError(what, where="charts", mend='pip install ".[charts]"') from error


__all__ = [
    "Band",
    "InsiderTrades",
    "Mark",
    "PeChart",
    "PriceChart",
    "Side",
    "band_of",
    "pe_chart",
    "pe_words",
    "price_chart",
    "price_words",
]
