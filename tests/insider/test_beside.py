"""What stood beside a trade: only what was known when it was filed."""

from bot.insider.beside import beside
from tests.insider.signals.pasts import buy, sell


def test_the_year_counts_the_persons_own_trades_and_the_month_the_others() -> None:
    past = [
        sell("2024-03-01", "ceo", value_usd=900),
        sell("2025-02-03", "ceo", value_usd=700),
        buy("2025-02-04", "ceo", value_usd=50),
        sell("2025-05-01", "cfo", value_usd=300, owner_name="Bealmear"),
        sell("2025-05-02", "clo", value_usd=400, owner_name="Goodwin"),
        buy("2025-05-02", "klein", value_usd=9),
        sell("2025-05-20", "late", value_usd=8000, owner_name="Later"),
    ]

    (told,) = beside([sell("2025-05-10", "ceo", value_usd=1000)], past, loaded_since=None)

    assert told is not None
    assert told["year"] == {"purchases": 1, "bought": 50, "sales": 1, "sold": 700}
    assert told["others"]["named"] == [["Goodwin", 400], ["Bealmear", 300]]
    assert (told["others"]["persons"], told["others"]["cents"]) == (3, 1700)
    assert told["since"] is None


def test_what_is_no_trade_on_the_market_or_told_by_another_has_nothing_beside_it() -> None:
    gift = sell("2025-05-10", trade_class="gift", side="none")
    twin = sell("2025-05-10", duplicate_of="x")

    assert beside([gift, twin], [], loaded_since=None) == [None, None]
