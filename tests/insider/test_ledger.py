"""The ledger as a whole: trades beside those known before, and documents in any order."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insider.facts import insider_trades
from bot.insider.ledger import remainder
from bot.sandbox.filings import SyntheticFiling
from tests.insider.forms import a_filing, a_row
from tests.insider.ledgers import (
    COCHRAN,
    DEWITTE,
    KLEIN,
    NOON,
    Ledger,
    amendment,
    form,
    sale,
)


def covered(ledger: Ledger, since: datetime) -> Ledger:
    ledger.store.collection.cover("insider_trade", None, since)
    return ledger


def test_a_trade_knows_the_persons_earlier_ones_and_no_more_than_is_loaded() -> None:
    before = form(1, KLEIN, sale(100, 50, day="2021-06-10"), at=NOON - timedelta(days=4 * 365))
    ledger = covered(Ledger(), NOON - timedelta(days=5 * 365))

    ledger.read(before)
    ledger.read(form(2, KLEIN, sale(100, 50)))

    first, second = ledger.facts()
    assert 0.9 < first["first_in_years"] < 1.1
    assert 3.9 < second["first_in_years"] < 4.1
    assert Ledger(before).facts()[0]["first_in_years"] is None


def test_what_an_amendment_restates_is_no_earlier_trade() -> None:
    ledger = covered(Ledger(), NOON - timedelta(days=5 * 365))
    ledger.read(form(1, KLEIN, sale(100, 50)))
    ledger.read(form(2, DEWITTE, sale(70, 51, day="2025-06-12")))

    ledger.read(amendment(3, DEWITTE, sale(70, 52, day="2025-06-12")))

    (restated,) = (fact for fact in ledger.counted() if fact["amendment"])
    assert restated["cluster_persons"] == 2
    assert restated["net_purchase_ratio"] == -1
    assert restated["first_in_years"] > 4


def test_a_total_typed_as_price_is_put_right_by_what_another_got_that_day() -> None:
    ledger = Ledger(form(1, KLEIN, sale(1000, "0.86")))

    ledger.read(form(2, DEWITTE, sale(73680, "65122")))

    fact = ledger.facts()[1]
    assert fact["value_usd"] == 6_512_200
    assert fact["value_as_filed_usd"] == 65122 * 73680 * 100
    assert "1 other filing" in fact["correction"]


def test_one_other_filing_alone_does_not_cast_doubt_two_that_agree_do() -> None:
    ledger = Ledger(form(1, KLEIN, sale(1000, "0.50")), form(2, DEWITTE, sale(300, "50")))
    assert ledger.facts()[1]["value_usd"] == 1_500_000

    cheap = Ledger(form(1, KLEIN, sale(1000, "0.50")), form(2, COCHRAN, sale(1000, "0.51")))
    cheap.read(form(3, DEWITTE, sale(300, "50")))
    assert cheap.facts()[2]["value_usd"] is None
    assert "price_implausible" in cheap.facts()[2]["quality"]

    ledger.read(form(3, COCHRAN, sale(300, "6000")))
    assert ledger.facts()[2]["value_usd"] == 180_000_000  # the others do not agree


# Any order.

LOTS = [sale(n, price, day=day) for n in (100, 200) for price in (50, 51)
        for day in ("2025-06-10", "2025-06-11")]  # fmt: skip


STRANGE = [replace(lot, shares="300") for lot in LOTS]


@st.composite
def stories(draw: st.DrawFn) -> list[SyntheticFiling]:
    """A couple and a stranger: each lot filed by one or by both, then amended or not."""
    his = draw(st.lists(st.sampled_from(LOTS), unique=True, max_size=3))
    hers = draw(
        st.lists(st.sampled_from([x for x in LOTS if x not in his]), unique=True, max_size=3)
    )
    filings = []
    if his or hers:
        filings.append(form(1, DEWITTE, *his, *(replace(x, nature="By Spouse") for x in hers)))
        filings.append(form(2, COCHRAN, *(replace(x, nature="By Spouse") for x in his), *hers))
    alone = draw(st.lists(st.sampled_from(STRANGE), unique=True, max_size=3))
    if alone:
        filings.append(form(3, KLEIN, *alone))
        changed = [replace(x, price=draw(st.sampled_from(["50", "53"]))) for x in alone]
        for place in range(4, 4 + draw(st.integers(0, 2))):
            restated = changed[: draw(st.integers(1, len(changed)))]
            filings.append(amendment(place, KLEIN, *restated))
    return filings


@settings(max_examples=60)
@given(st.data())
def test_documents_in_any_order_give_the_same_sums(data: st.DataObject) -> None:
    filings = data.draw(stories())
    shuffled = data.draw(st.permutations(filings))

    assert Ledger(*shuffled).total() == Ledger(*filings).total()


def test_what_an_amendment_leaves_of_a_trade_restated_in_ads_is_in_ads() -> None:
    note = "Price per ADS. Each ADS represents 20 ordinary shares."
    row = a_row("P", price="3", security="Ordinary Shares", note=note)
    (fact,) = insider_trades(a_filing(row, row), accepted_at=None, digest="ab" * 32)

    left = remainder(fact, fact.values["rows"][1:])

    assert (fact.values["shares"], fact.values["value_usd"]) == (10, 3_000)
    assert (left.values["shares"], left.values["value_usd"]) == (5, 1_500)
    assert left.values["price_usd"] == 3
