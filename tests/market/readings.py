"""Sessions and a market in which companies are valued."""

from tests.market.trading import listing, sessions_before
from tests.market.valued import CIKS, Valued

DAYS = sessions_before("2025-12-12", 8)


FRIDAY = DAYS[-1]


OKLO = CIKS["OKLO"]


def a_market(place: Valued, *tickers: str, closes: float = 88.0) -> None:
    for ticker in ("IWM", "SPY", *tickers):
        place.trading.lists(listing(ticker, DAYS, [closes] * len(DAYS)))
