"""The prices that ``bot sandbox serve`` serves: of the companies and the funds to compare with."""

from datetime import datetime, timedelta

import pytest

from bot.clock import NEW_YORK, new_york_day
from bot.config.settings import Prices
from bot.sandbox.market import HARBOR, OKLO
from bot.sandbox.market_prices import price_market
from bot.sandbox.prices_alpaca import KEY, SECRET, SandboxAlpaca
from bot.sources.prices.alpaca import AlpacaProvider
from tests.sources.edgar.local_edgar import ManualClock

NOW = datetime(2025, 12, 12, 11, tzinfo=NEW_YORK)


@pytest.mark.parametrize("days", [0, 30])
def test_what_a_bot_follows_by_default_has_more_than_a_year_of_bars_and_a_quote(days: int) -> None:
    clock = ManualClock(NOW + timedelta(days=days))
    followed = [OKLO.ticker, HARBOR.ticker, Prices().benchmark, *Prices().watch]
    today = new_york_day(clock())
    with SandboxAlpaca(price_market(NOW), clock) as alpaca:
        provider = AlpacaProvider(key=KEY, secret=SECRET, clock=clock, url=alpaca.url)
        told = provider.daily(followed, today - timedelta(days=420 - days), today)
        quotes = provider.quotes(followed)
        provider.close()

    assert told.refused == {}
    assert min(len(bars) for bars in told.bars.values()) > 252
    assert set(quotes) == set(followed)


def test_prices_are_near_those_that_the_filings_tell() -> None:
    oklo = price_market(NOW).get(OKLO.ticker)

    assert oklo
    assert [bar.close for bar in oklo.bars if bar.day <= new_york_day(NOW)][-1] == 140
