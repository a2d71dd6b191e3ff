"""What a card shows beside the fact that decided: the newest others that its rule counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cards import Card
from bot.clock import to_ms
from bot.facts import INSIDER_TRADE, KINDS, PRICE_BAR, VALUATION, Fact, Kind
from bot.judge import Judge
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.store import Arrival, Store

CLOSE = datetime(2025, 10, 13, 20, tzinfo=UTC)
RULE = """
rules:
- id: sold-into-a-run
  on: [insider_trade, price_bar]
  by: ticker
  let:
    sold:
      sum: value_usd
      of: insider_trade
      where: side == sell and class == open_market
      over: 90d
    run: {last: return_21d, of: price_bar, where: quality is unknown, max_age: 5d}
    market: {last: pe_trailing, of: valuation, where: ticker == "SPY", by: all}
  when: sold >= $5M and run >= 50%
  fire: rise
  message: "{ticker}: sold {sold:money}, {run:pct}, {market:x}"
"""


SALES_ALONE = """
rules:
- id: sales
  on: insider_trade
  when: side == sell
  cooldown: 1d
  message: "{ticker} sold"
"""


def lines_told(*facts: Fact, rule: str = RULE) -> list[tuple[str, str]]:
    """The labels and texts of the one card that these facts bring, in this order of arrival."""
    store = Store(None)
    try:
        for kind in KINDS:
            store.collection.cover(kind.name, None, CLOSE - timedelta(days=400))
        (loaded,) = load_rules([("rules.yaml", rule)]).or_raise()
        judge = Judge(store, [loaded], clock=lambda: facts[-1].known_at, route=everything_to("#x"))
        for each in facts:
            store.facts.add([Arrival(fact=each, seen_at=to_ms(facts[-1].known_at))])
        judge.tick()
        (message,) = store.outbox.all()
        return [(line.label, line.text) for line in Card.from_json(message.card).lines]
    finally:
        store.close()


def a_fact(of: Kind, number: int, *, ticker: str = "OKLO", hours: float = 0, **values: Any) -> Fact:
    known_at = CLOSE + timedelta(hours=hours)
    return Fact(
        kind=of, id=f"x:{number}", subject=ticker, ticker=ticker, known_at=known_at, values=values
    )


def a_sale(number: int, name: str, **values: Any) -> Fact:
    told: dict[str, Any] = {
        "owner_name": name, "side": "sell", "class": "open_market", "value_usd": 200_000_000,
    }  # fmt: skip
    return a_fact(INSIDER_TRADE, number, **told | values)


def a_bar(number: int, **values: Any) -> Fact:
    return a_fact(PRICE_BAR, number, **{"close_usd": 171.01, "return_21d": 1.07} | values)


def test_a_bar_shows_the_last_three_sales_that_count() -> None:
    sales = [a_sale(n, name, hours=n - 20) for n, name in enumerate(("A", "B", "C", "D"))]
    gift = a_sale(10, "Giver", hours=-1, side="none", **{"class": "gift"})
    other = a_sale(11, "Stranger", hours=-1, ticker="KLG")

    lines = lines_told(*sales, gift, other, a_bar(12))

    trades = [text.split(" ")[0] for label, text in lines if label == "Trade"]
    assert trades == ["D", "C", "B"]


def test_a_sale_shows_the_last_bar_without_a_doubt_that_was_known_by_then() -> None:
    lines = lines_told(
        a_bar(1, close_usd=160.0, hours=-24),
        a_bar(2, close_usd=170.0, hours=-2),
        a_bar(3, close_usd=1.0, hours=-1, quality="suspect_split"),
        a_bar(4, close_usd=180.0, hours=5),
        a_sale(5, "A", value_usd=900_000_000),
    )

    (price,) = [text for label, text in lines if label == "Price"]
    assert price.startswith("OKLO closed at $170.00")


def test_what_is_measured_over_everything_is_not_shown_but_a_trade_tells_the_size() -> None:
    spy = a_fact(VALUATION, 1, ticker="SPY", hours=-1, pe_trailing=22.5)
    own = a_fact(VALUATION, 2, hours=-1, pe_trailing=40.0)

    lines = lines_told(spy, own, a_bar(3), a_sale(4, "A", hours=1, value_usd=900_000_000))

    (price,) = [text for label, text in lines if label == "P/E"]
    assert price.startswith("OKLO without a close: trailing 40")


def test_a_trade_tells_the_newest_price_and_cap_although_its_rule_looks_at_neither() -> None:
    facts = [
        a_fact(VALUATION, 1, hours=-3, market_cap_usd=1_000_000_000_00),
        a_fact(VALUATION, 2, hours=-2, market_cap_usd=1_630_000_000_000),
        a_fact(VALUATION, 3, ticker="KLG", hours=-1, market_cap_usd=5),
        a_bar(4, hours=-2),
        a_sale(5, "A", value_usd=900_000_000),
    ]

    lines = dict(lines_told(*facts, rule=SALES_ALONE))

    assert lines["Cap"].startswith("market cap $16.3B")
    assert lines["Price"].startswith("OKLO closed at $171.01")
