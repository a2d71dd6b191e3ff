"""The made-up market of prices: what is known of it at an instant."""

from datetime import UTC, date, datetime, timedelta

from bot.prices.bars import Action, ActionKind
from bot.sandbox.prices import Listing, PriceMarket, TradedBar, through, wandering

FRIDAY = date(2025, 11, 28)  # a half day, after Thanksgiving
SPLIT = Action(
    ticker="ACME",
    ex_day=FRIDAY,
    kind=ActionKind.SPLIT,
    price_ratio=4,
    eps_ratio=4,
    source="sandbox",
)
BAR = TradedBar(day=FRIDAY, open=50, high=53, low=49, close=51, volume=7_000)


def a_listing(**given: object) -> Listing:
    return Listing(**{"ticker": "ACME", "bars": [BAR], **given})  # type: ignore[arg-type]


def test_a_session_under_way_is_known_as_far_as_it_has_got() -> None:
    listing = a_listing()

    (bar,) = listing.known(datetime(2025, 11, 28, 16, 15, tzinfo=UTC))  # half of a half day

    assert (bar.open, bar.high, bar.low, bar.close, bar.volume) == (50, 50.5, 50, 50.5, 3_500)


def test_a_session_is_known_whole_from_its_close_and_not_before_its_opening() -> None:
    listing = a_listing()

    assert listing.known(datetime(2025, 11, 28, 14, 30, tzinfo=UTC)) == []
    assert listing.known(datetime(2025, 11, 28, 18, 0, tzinfo=UTC)) == [BAR]


def test_an_action_is_told_from_the_morning_of_its_day_unless_it_is_forgotten() -> None:
    morning = datetime(2025, 11, 28, 5, 0, tzinfo=UTC)
    forgetful = a_listing(actions=[SPLIT], untold=frozenset({FRIDAY}))

    assert a_listing(actions=[SPLIT]).told(morning - timedelta(hours=1)) == []
    assert a_listing(actions=[SPLIT]).told(morning) == [SPLIT]
    assert forgetful.told(morning) == []
    assert forgetful.happened(morning) == [SPLIT]
    assert a_listing(invented=[SPLIT]).told(morning) == [SPLIT]


def test_a_walk_trades_on_sessions_only_and_is_the_same_each_time() -> None:
    walk = wandering("ACME", date(2025, 11, 24), date(2025, 12, 1), actions=[SPLIT])

    assert [bar.day.day for bar in walk] == [24, 25, 26, 28, 1]  # without Thanksgiving
    assert walk == wandering("ACME", date(2025, 11, 24), date(2025, 12, 1), actions=[SPLIT])
    assert walk != wandering("OTHER", date(2025, 11, 24), date(2025, 12, 1), actions=[SPLIT])
    assert all(b.low <= min(b.open, b.close) <= max(b.open, b.close) <= b.high for b in walk)


def test_a_walk_trades_at_a_fourth_from_the_day_of_a_split_on() -> None:
    walk = wandering("ACME", date(2025, 11, 24), date(2025, 12, 1), actions=[SPLIT])

    assert 0.2 < walk[3].open / walk[2].close < 0.3
    assert min(bar.volume for bar in walk[3:]) > max(bar.volume for bar in walk[:3])


def test_the_last_listing_put_in_stands_for_its_ticker() -> None:
    market = PriceMarket([a_listing(name="Acme")])

    market.put(a_listing(name="Acme Corp"))

    assert [listing.name for listing in market] == ["Acme Corp"]
    assert market.get("NONE") is None


def test_a_walk_through_told_closes_closes_there_and_wanders_between() -> None:
    told = {date(2025, 11, 24): 50.0, date(2025, 12, 1): 99.99, date(2025, 12, 8): 12.34}

    walk = through("ACME", told, daily_ratio=0.05)

    closes = {bar.day: bar.close for bar in walk}
    assert told.items() <= closes.items()
    assert [day.day for day in closes] == [24, 25, 26, 28, 1, 2, 3, 4, 5, 8]  # no Thanksgiving
    assert walk == through("ACME", told, daily_ratio=0.05)
    assert closes != {b.day: b.close for b in through("OTHER", told, daily_ratio=0.05)}
    assert all(b.low <= min(b.open, b.close) <= max(b.open, b.close) <= b.high for b in walk)
