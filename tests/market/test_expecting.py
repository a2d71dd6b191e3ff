"""Forward P/Es: asked after the close of those that somebody named, kept with whose and when."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.market.expecting import Expecting
from bot.market.watching import Watching
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.prices import Listing, wandering
from bot.store import Store
from tests.market.trading import evening
from tests.sources.prices.offers import Offer, folder, yahoo

FRIDAY = date(2025, 12, 12)


def a_listing(ticker: str, forward_eps_usd: float | None) -> Listing:
    bars = wandering(ticker, FRIDAY - timedelta(days=20), FRIDAY)
    return Listing(ticker=ticker, bars=bars, forward_eps_usd=forward_eps_usd)


@contextmanager
def asking(path: Path) -> Iterator[tuple[Offer, Store, Expecting]]:
    with yahoo(path) as offer, closing(Store(None)) as store:
        offer.clock.now = evening(FRIDAY)
        watching = Watching(store, benchmark="IWM", watch=("OKLO", "NWD"))
        yield offer, store, Expecting(store, offer.provider, watching, clock=offer.clock)


def test_what_a_provider_expects_is_kept_with_its_method_and_day(tmp_path: Path) -> None:
    with asking(tmp_path) as (offer, store, expecting):
        oklo = a_listing("OKLO", 2.5)
        offer.list(a_listing("IWM", None), oklo, a_listing("NWD", -1.0))

        assert expecting.ask(FRIDAY) == 1

        (told,) = store.figures.expected().values()
        assert told.ticker == "OKLO"
        assert told.pe == pytest.approx(oklo.bars[-1].close / 2.5)
        assert (told.provider, told.session) == ("yahoo", FRIDAY)
        assert told.method.startswith("next fiscal year")
        assert told.asked_at == evening(FRIDAY)


def test_a_provider_that_does_not_answer_leaves_what_it_told_before(tmp_path: Path) -> None:
    with asking(tmp_path) as (offer, store, expecting):
        offer.list(a_listing("IWM", None), a_listing("OKLO", 2.5), a_listing("NWD", None))
        expecting.ask(FRIDAY)
        assert offer.faults is not None
        offer.faults.add(FaultKind.UNAVAILABLE, times=None)

        assert expecting.ask(FRIDAY) == 0

        assert [each.session for each in store.figures.expected().values()] == [FRIDAY]
        offer.renew()


def test_a_provider_without_quotes_is_not_asked(tmp_path: Path) -> None:
    with folder(tmp_path) as offer, closing(Store(None)) as store:
        watching = Watching(store, benchmark="IWM", watch=())

        assert Expecting(store, offer.provider, watching, clock=offer.clock).ask(FRIDAY) == 0
