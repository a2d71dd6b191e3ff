"""The child process: one chart of what the store knows of a ticker, as bytes of a PNG."""

import base64
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.charts import PriceChart, pe_chart, pe_words, price_chart, price_words
from bot.errors import ConfigError, QueryError
from bot.pictures import pe_content, price_content
from bot.sources.child import asked_by_parent, teller
from bot.store import Store

_SPAN = timedelta(days=365)
_PE_SPAN = timedelta(days=5 * 365)


def answer(asked: Mapping[str, Any]) -> dict[str, str]:
    """The picture and its words; else why there is none."""
    try:
        with closing(Store(Path(asked["store"]))) as store:
            png, shows = _drawn(store, asked)
    except QueryError as error:
        return {"nothing": error.what}
    except ConfigError as error:
        return {"missing": error.what, "mend": error.mend}
    return {"png": base64.b64encode(png).decode(), "shows": shows}


def _drawn(store: Store, asked: Mapping[str, Any]) -> tuple[bytes, str]:
    """A history of P/Es where one is asked for and known, else prices."""
    ticker, benchmark = asked["ticker"], asked["benchmark"]
    until = date.fromisoformat(asked["until"])
    if asked["chart"] == "pe":
        try:
            pes = pe_content(store, ticker, benchmark=benchmark, since=until - _PE_SPAN)
            return pe_chart(pes), pe_words(pes)
        except QueryError:
            pass
    prices = price_content(store, ticker, benchmark=benchmark, until=until)
    year = replace(prices, since=_first_of_year(prices, until))
    return price_chart(year), price_words(year)


def _first_of_year(prices: PriceChart, until: date) -> date:
    """The day from which a card counts its 252 sessions, so that both tell the same change; where
    fewer closes are known, the first of a calendar year.

    Raises QueryError where nothing was traded in that calendar year.
    """
    first, _ = replace(prices, since=until - _SPAN).span
    return prices.high[0] if prices.high else first


if __name__ == "__main__":
    tell = teller(sys.stdout)
    for asked in asked_by_parent():
        tell(answer(asked))
