"""What every provider of prices keeps to, each asked through its real client."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.errors import SourceUnavailable
from bot.prices.bars import Action, ActionKind
from bot.sandbox.edgar_faults import FaultKind
from bot.sandbox.prices import Listing, wandering
from bot.sources.prices.provider import Daily
from tests.sources.edgar.local_edgar import ManualClock
from tests.sources.prices.offers import ASKED, OFFERS, QUOTING, SLOW_TO_OPEN, Offer

EVENING = ManualClock().now  # Friday 2025-12-12, after the close
LAST = date(2025, 12, 12)
SPAN = (date(2025, 11, 3), LAST)


def an_action(kind: ActionKind, day: date, **given: float) -> Action:
    return Action(ticker="ACME", ex_day=day, kind=kind, source="sandbox", **given)


SPINOFF = an_action(ActionKind.SPINOFF, date(2025, 11, 10), price_ratio=1.324)
DIVIDEND = an_action(ActionKind.DIVIDEND, date(2025, 11, 13), cash_usd=0.52)
SPLIT = an_action(ActionKind.SPLIT, date(2025, 11, 18), price_ratio=4, eps_ratio=4)
REVERSE = an_action(ActionKind.REVERSE_SPLIT, date(2025, 12, 2), price_ratio=0.125, eps_ratio=0.125)
ACTIONS = (SPINOFF, DIVIDEND, SPLIT, REVERSE)


def a_listing(ticker: str = "PLAIN", *actions: Action, until: date = LAST) -> Listing:
    bars = wandering(ticker, date(2025, 10, 27), until, start_usd=120, actions=actions)
    return Listing(ticker=ticker, bars=bars, actions=actions, name=f"{ticker} Inc.")


Offered = Callable[[str], AbstractContextManager[Offer]]


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offered]:
    """An offer by its name; those that take long to open are opened once for all tests here."""
    with ExitStack() as stack:

        @cache
        def kept(name: str) -> Offer:
            return stack.enter_context(OFFERS[name](tmp_path_factory.mktemp(name)))

        def offer(name: str) -> AbstractContextManager[Offer]:
            if name in SLOW_TO_OPEN:
                return nullcontext(kept(name))
            return OFFERS[name](tmp_path_factory.mktemp(name))

        yield offer


@pytest.fixture(params=OFFERS)
def offer(request: pytest.FixtureRequest, offered: Offered) -> Iterator[Offer]:
    with offered(request.param) as found:
        found.clock.now = EVENING
        found.renew()
        yield found
        if found.faults:
            found.faults.clear()


asked = pytest.mark.parametrize("offer", ASKED, indirect=True)
quoting = pytest.mark.parametrize("offer", QUOTING, indirect=True)


def days(daily: Daily, ticker: str) -> list[date]:
    return [date.fromordinal(int(day)) for day in daily.bars[ticker].days]


def test_prices_are_those_that_were_paid_on_both_sides_of_every_action(offer: Offer) -> None:
    listing = a_listing("ACME", *ACTIONS)
    offer.list(listing)

    bars = offer.provider.daily(["ACME"], *SPAN).bars["ACME"]

    paid = [bar for bar in listing.bars if bar.day >= SPAN[0]]
    for name in ("open", "high", "low", "close"):
        assert getattr(bars, name).tolist() == [getattr(bar, name) for bar in paid], name
    assert bars.volume == pytest.approx([bar.volume for bar in paid], rel=1e-5)


def test_actions_of_the_span_come_with_their_ratios_for_prices_and_for_earnings(
    offer: Offer,
) -> None:
    offer.list(a_listing("ACME", *ACTIONS))

    told = offer.provider.daily(["ACME"], *SPAN).actions
    told = sorted(told, key=lambda action: action.ex_day)

    assert [(a.ticker, a.kind, a.ex_day) for a in told] == [
        ("ACME", a.kind, a.ex_day) for a in ACTIONS
    ]
    assert [a.price_ratio for a in told] == pytest.approx([a.price_ratio for a in ACTIONS])
    assert [a.eps_ratio for a in told] == pytest.approx([1, 1, 4, 0.125])
    assert [a.cash_usd for a in told] == [None, pytest.approx(0.52), None, None]


def test_an_action_after_the_span_is_not_told_and_leaves_prices_as_they_were_paid(
    offer: Offer,
) -> None:
    listing = a_listing("ACME", *ACTIONS)
    offer.list(listing)

    daily = offer.provider.daily(["ACME"], SPAN[0], date(2025, 11, 12))

    assert [a.ex_day for a in daily.actions] == [SPINOFF.ex_day]
    assert daily.bars["ACME"].close.tolist() == [
        bar.close for bar in listing.bars if SPAN[0] <= bar.day <= date(2025, 11, 12)
    ]


def test_both_ends_of_the_span_are_included_and_closed_days_have_no_bar(offer: Offer) -> None:
    offer.list(a_listing())

    daily = offer.provider.daily(["PLAIN"], date(2025, 11, 25), date(2025, 12, 1))

    assert days(daily, "PLAIN") == [
        date(2025, 11, 25),
        date(2025, 11, 26),
        date(2025, 11, 28),  # after Thanksgiving
        date(2025, 12, 1),
    ]


@pytest.mark.parametrize("sunday", [date(2025, 11, 30), date(2025, 12, 14)])
def test_a_span_without_a_session_is_an_empty_series_of_a_known_ticker(
    offer: Offer, sunday: date
) -> None:
    offer.list(a_listing())

    daily = offer.provider.daily(["PLAIN"], sunday, sunday)

    assert len(daily.bars["PLAIN"]) == 0
    assert not daily.refused
    assert not daily.unanswered


def test_the_session_under_way_is_no_bar_until_it_is_closed(offer: Offer) -> None:
    offer.clock.now = datetime(2025, 12, 12, 20, 59, tzinfo=UTC)
    offer.list(a_listing())
    assert days(offer.provider.daily(["PLAIN"], *SPAN), "PLAIN")[-1] == date(2025, 12, 11)

    offer.clock.now = datetime(2025, 12, 12, 21, 16, tzinfo=UTC)  # some have it a little late
    offer.list(a_listing())
    assert days(offer.provider.daily(["PLAIN"], *SPAN), "PLAIN")[-1] == LAST


def test_a_session_that_the_provider_lacks_or_has_without_numbers_is_absent(offer: Offer) -> None:
    whole = a_listing("HOLES")
    offer.list(
        Listing(
            ticker="HOLES",
            bars=whole.bars,
            missing=frozenset({date(2025, 11, 11)}),
            empty=frozenset({date(2025, 11, 12), LAST}),
        )
    )

    found = days(offer.provider.daily(["HOLES"], *SPAN), "HOLES")

    every = {bar.day for bar in whole.bars if bar.day >= SPAN[0]}
    assert every - set(found) == {date(2025, 11, 11), date(2025, 11, 12), LAST}


def test_a_ticker_that_trades_no_more_just_stops(offer: Offer) -> None:
    offer.list(a_listing("GONE", until=date(2025, 11, 20)))

    assert days(offer.provider.daily(["GONE"], *SPAN), "GONE")[-1] == date(2025, 11, 20)


def test_an_unknown_ticker_is_refused_with_a_reason_and_stops_no_other(offer: Offer) -> None:
    offer.list(a_listing())

    daily = offer.provider.daily(["NOSUCH", "PLAIN"], *SPAN)

    assert set(daily.bars) == {"PLAIN"}
    assert set(daily.refused) == {"NOSUCH"}
    assert daily.refused["NOSUCH"]


def test_a_share_class_is_asked_for_as_the_sec_writes_it(offer: Offer) -> None:
    listing = a_listing("BRK-B")
    offer.list(listing)

    daily = offer.provider.daily(["BRK-B"], *SPAN)

    assert daily.bars["BRK-B"].ticker == "BRK-B"
    assert daily.bars["BRK-B"].close[-1] == listing.bars[-1].close


def test_many_tickers_come_each_with_its_own_prices(offer: Offer) -> None:
    listings = [a_listing(f"MANY{chr(65 + n)}") for n in range(26)]
    offer.list(*listings)

    daily = offer.provider.daily([listing.ticker for listing in listings], *SPAN)

    assert {ticker: bars.close[-1] for ticker, bars in daily.bars.items()} == {
        listing.ticker: listing.bars[-1].close for listing in listings
    }


def test_nobody_is_asked_about_no_ticker(offer: Offer) -> None:
    offer.list(a_listing())

    assert offer.provider.daily([], *SPAN).bars == {}
    assert offer.provider.quotes([]) == {}


PASSING = (
    FaultKind.TOO_MANY,
    FaultKind.UNAVAILABLE,
    FaultKind.WEB_PAGE,
    FaultKind.EMPTY,
    FaultKind.TRUNCATED,
    FaultKind.CUT,
    FaultKind.RESET,
)


@asked
@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_unavailable_and_the_next_answer_is_good_again(
    offer: Offer, kind: FaultKind
) -> None:
    assert offer.faults is not None
    offer.list(a_listing())
    offer.faults.add(kind, times=None)

    with pytest.raises(SourceUnavailable, match="mend: nothing to do"):
        offer.provider.daily(["PLAIN"], *SPAN)

    offer.faults.clear()
    offer.renew()
    assert len(offer.provider.daily(["PLAIN"], *SPAN).bars["PLAIN"])


@pytest.mark.parametrize("name", ASKED)
def test_a_provider_that_hangs_is_given_up(name: str, tmp_path: Path) -> None:
    with OFFERS[name](tmp_path, timeout_s=0.1) as offer:
        assert offer.faults is not None
        offer.list(a_listing())
        offer.faults.add(FaultKind.SLOW, times=None, seconds=60)

        with pytest.raises(SourceUnavailable):
            offer.provider.daily(["PLAIN"], *SPAN)


@quoting
@pytest.mark.parametrize("kind", [FaultKind.TOO_MANY, FaultKind.WEB_PAGE, FaultKind.EMPTY])
def test_quotes_that_do_not_come_are_unavailable(offer: Offer, kind: FaultKind) -> None:
    assert offer.faults is not None
    offer.list(a_listing())
    offer.faults.add(kind, times=None)

    with pytest.raises(SourceUnavailable):
        offer.provider.quotes(["PLAIN"])


@quoting
def test_a_quote_is_the_last_price_of_regular_trading_beside_the_close_before(
    offer: Offer,
) -> None:
    listing = a_listing("ACME", *ACTIONS)
    offer.list(listing)
    today, before = listing.bars[-1], listing.bars[-2]

    quote = offer.provider.quotes(["ACME"])["ACME"]

    assert quote.ticker == "ACME"
    assert quote.price_usd == pytest.approx(today.close)
    assert quote.previous_close_usd == pytest.approx(before.close)
    assert quote.at == datetime(2025, 12, 12, 21, 0, tzinfo=UTC)


@quoting
def test_the_close_before_a_split_is_told_on_the_basis_of_the_morning_after(
    offer: Offer,
) -> None:
    listing = a_listing("MORNING", replace(SPLIT, ticker="MORNING"))
    offer.clock.now = datetime(2025, 11, 18, 15, 30, tzinfo=UTC)
    offer.list(listing)
    before = next(bar for bar in listing.bars if bar.day == date(2025, 11, 17))

    quote = offer.provider.quotes(["MORNING"])["MORNING"]

    assert quote.previous_close_usd == pytest.approx(before.close / 4)
    assert abs(quote.at - offer.clock.now) < timedelta(seconds=1)


@quoting
def test_unknown_tickers_have_no_quote_and_take_none_from_others(offer: Offer) -> None:
    offer.list(a_listing(), a_listing("BRK-B"))

    assert set(offer.provider.quotes(["NOSUCH", "PLAIN", "BRK-B"])) == {"PLAIN", "BRK-B"}
    assert offer.provider.quotes(["NOSUCH"]) == {}


@asked
def test_of_many_tickers_none_known_is_no_answer(offer: Offer) -> None:
    unknown = [f"NOSUCH{chr(65 + n)}" for n in range(20)]

    with pytest.raises(SourceUnavailable, match="none of 20 tickers"):
        offer.provider.daily(unknown, *SPAN)
    with pytest.raises(SourceUnavailable, match="none of 20 tickers"):
        offer.provider.quotes(unknown)


@quoting
def test_no_more_tickers_than_told_are_quoted_at_once(offer: Offer) -> None:
    many = [f"T{n}" for n in range(offer.provider.quotes_at_once + 1)]

    with pytest.raises(ValueError, match="at once"):
        offer.provider.quotes(many)
