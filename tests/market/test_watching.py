"""Whose prices are followed."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import to_ms
from bot.facts import Fact
from bot.market.watching import Watching
from bot.store import Arrival, Store
from tests.builders import NOW, a_trade

M = 100_000_000


def kept(store: Store, *facts: Fact) -> None:
    store.facts.add(Arrival(fact=fact, seen_at=to_ms(NOW)) for fact in facts)


def test_the_benchmark_comes_first_and_each_ticker_once() -> None:
    with closing(Store(None)) as store:
        watching = Watching(
            store, benchmark="IWM", watch=("SPY", "IWM", "OKLO"), listed=lambda: ["AAA", "OKLO"]
        )

        assert watching.quoted() == ("IWM", "SPY", "OKLO")
        assert watching.followed(NOW) == ("IWM", "SPY", "OKLO", "AAA")


@pytest.mark.parametrize(
    ("values", "followed"),
    [
        ({"value_usd": M}, True),
        ({"value_usd": M - 1}, False),
        ({"value_usd": None}, False),
        ({"value_usd": 5 * M, "class": "gift"}, False),
        ({"value_usd": 5 * M, "listed": False}, False),
        ({"value_usd": 5 * M, "ticker": None}, False),
    ],
)
def test_a_company_is_followed_where_an_insider_dealt_in_the_market_for_a_million(
    values: dict[str, Any], followed: bool
) -> None:
    with closing(Store(None)) as store:
        kept(store, a_trade("2025-09-23", **{"ticker": "KLG", "subject": "1", **values}))

        found = Watching(store, benchmark="IWM", watch=()).followed(NOW)

        assert found == (("IWM", "KLG") if followed else ("IWM",))


def test_ninety_days_after_the_trade_nobody_follows_it_any_more() -> None:
    with closing(Store(None)) as store:
        kept(store, a_trade("2025-09-23", ticker="KLG"))
        watching = Watching(store, benchmark="IWM", watch=())
        traded = a_trade("2025-09-23").known_at

        assert "KLG" in watching.followed(traded + timedelta(days=90))
        assert "KLG" not in watching.followed(traded + timedelta(days=90, seconds=1))


def test_insiders_are_not_followed_where_that_is_switched_off() -> None:
    with closing(Store(None)) as store:
        kept(store, a_trade("2025-09-23", ticker="KLG"))

        watching = Watching(store, benchmark="IWM", watch=(), insiders=False)

        assert watching.followed(NOW) == ("IWM",)
