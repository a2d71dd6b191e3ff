"""The ledger: real trades counted once, whatever tells of them and in whatever order.

Traps by their number in the list of wrong dollars that public bots have shown.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts import INSIDER_TRADE
from bot.insider import insider_trades, remainder
from bot.pipeline import EDGAR, read_documents
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.store import NewDocument, Store, loaded
from tests.insider.forms import a_filing, a_row

OKLO = Company(cik="0001849056", name="Oklo Inc.", ticker="OKLO")
DEWITTE = Insider(
    cik="0001859751", name="DeWitte Jacob", title="Chief Executive Officer", director=True
)
COCHRAN = Insider(
    cik="0001859752", name="Cochran Caroline", title="Chief Operating Officer", director=True
)
KLEIN = Insider(cik="0001234099", name="Klein Michael Stuart", director=True)
NOON = datetime(2025, 6, 13, 17, tzinfo=UTC)


def sale(shares: object, price: object, **told: Any) -> Row:
    told = {"code": "S", "day": "2025-06-11", "after": "1000000", **told}
    return Row(shares=str(shares), price=str(price), **told)


def form(place: int, owner: Insider, *rows: Row, **told: Any) -> SyntheticFiling:
    """A filing accepted so many minutes after noon."""
    told = {"owners": [owner], "company": OKLO, **told}
    return SyntheticFiling(
        accession=f"0009999999-25-{place:06d}",
        accepted_at=told.pop("at", NOON) + timedelta(minutes=place),
        rows=rows,
        **told,
    )


def amendment(place: int, owner: Insider, *rows: Row, **told: Any) -> SyntheticFiling:
    return form(place, owner, *rows, **{"form": "4/A", "original_filed_on": "2025-06-13", **told})


class Ledger:
    """Filings read in the order given, one after the other."""

    def __init__(self, *filings: SyntheticFiling) -> None:
        self.store = Store(None)
        for filing in filings:
            self.read(filing)

    def read(self, filing: SyntheticFiling) -> None:
        name = filing.accession
        document = NewDocument(source=EDGAR, key=name, name=name, body=filing.submission())
        self.store.documents.add([document], seen_at=NOON)
        assert read_documents(self.store).unreadable == 0

    def facts(self) -> list[dict[str, Any]]:
        """All facts in the order of their arrival, with whether they count."""
        rows = sorted(self.store.facts.select(INSIDER_TRADE), key=lambda row: row["seq"])
        return [{**loaded(INSIDER_TRADE, row), "counts": row["gone_seq"] is None} for row in rows]

    def counted(self) -> list[dict[str, Any]]:
        return [fact for fact in self.facts() if fact["counts"]]

    def total(self) -> Counter[tuple[Any, ...]]:
        """Cents and shares that are counted, by how they were coded."""
        found: Counter[tuple[Any, ...]] = Counter()
        for fact in self.counted():
            for what in ("value_usd", "shares"):
                found[fact["code"], what] += round(fact[what] or 0)
        return +found


# Duplicates.


def household() -> tuple[SyntheticFiling, SyntheticFiling]:
    """Each spouse files an own lot as direct, the other's as indirect: trap 1."""
    his = sale("22000", "56.28240", after="10890000")
    hers = sale("22000", "56.28241", after="11200000")
    return (
        form(1, DEWITTE, his, replace(hers, nature="By Caroline Cochran")),
        form(2, COCHRAN, replace(his, nature="By Jacob DeWitte"), hers),
    )


def test_trap_1_spouses_who_file_each_others_lots_made_one_sale() -> None:
    ledger = Ledger(*household())

    (counted,) = ledger.counted()
    assert counted["value_usd"] == round(100 * 22000 * (56.28240 + 56.28241))
    twin = ledger.facts()[1]
    assert twin["duplicate_of"] == counted["id"]
    assert twin["value_usd"] == counted["value_usd"]
    assert twin["person_key"] == counted["person_key"] == DEWITTE.cik
    assert {each["accession_number"] for each in twin["collapse"]} == {counted["accession_number"]}
    assert all("named" in each["evidence"] for each in twin["collapse"])


def test_a_spouse_is_the_same_person_in_later_trades() -> None:
    later = form(3, COCHRAN, sale("5", "60", day="2025-06-12"))

    ledger = Ledger(*household(), later)

    assert {fact["person_key"] for fact in ledger.counted()} == {DEWITTE.cik}


def test_trap_2_brothers_who_sell_through_one_entity_made_one_sale() -> None:
    joel = Insider(cik="0001700001", name="Bender Joel", director=True)
    scott = Insider(cik="0001700002", name="Bender Scott", title="Chief Executive Officer")
    row = sale("160000", "43.9825", nature="By Cactus Bender Investment Company")

    ledger = Ledger(form(1, joel, row), form(2, scott, row))

    (counted,) = ledger.counted()
    assert counted["value_usd"] == 703_720_000
    assert ledger.facts()[1]["collapse"][0]["evidence"].startswith("both lots are held through")


def test_trap_3_a_block_of_four_entities_is_one_sale() -> None:
    entities = [
        Insider(cik=f"000170010{n}", name=name, ten_percent_owner=True)
        for n, name in enumerate(
            ("Carlyle Group Inc.", "CG Subsidiary Holdings L.L.C.", "TC Group VII, L.P.",
             "Carlyle Partners VII Holdings, L.P.")
        )
    ]  # fmt: skip
    chain = (
        "Held by Carlyle Partners VII Holdings, L.P., whose general partner is TC Group VII, L.P., "
        "which CG Subsidiary Holdings L.L.C. controls, itself held by Carlyle Group Inc."
    )
    row = sale("25000000", "42.80", nature="See footnote", note=chain)

    ledger = Ledger(*(form(n, entity, row) for n, entity in enumerate(entities, start=1)))

    (counted,) = ledger.counted()
    assert counted["value_usd"] == 107_000_000_000
    assert {fact["person_key"] for fact in ledger.facts()} == {entities[0].cik}


def test_two_directors_who_both_hold_directly_are_two() -> None:
    ledger = Ledger(form(1, DEWITTE, sale(1000, 50)), form(2, KLEIN, sale(1000, 50)))

    assert len(ledger.counted()) == 2
    assert [fact["quality"] for fact in ledger.facts()] == [None, None]


def test_directors_who_buy_one_lot_each_in_an_offering_are_two_though_one_holds_by_a_trust() -> (
    None
):
    note = "Purchased from the underwriters in the public offering."
    buy = Row(code="P", shares="1000", price="10.00", day="2025-06-11", after="1000", note=note)

    ledger = Ledger(form(1, DEWITTE, buy), form(2, KLEIN, replace(buy, nature="By Trust")))

    assert len(ledger.counted()) == 2
    assert ledger.facts()[1]["quality"] == "may_be_one_trade"


def test_on_thin_evidence_both_are_kept_and_say_so() -> None:
    ledger = Ledger(
        form(1, DEWITTE, sale(1000, 50)), form(2, KLEIN, sale(1000, 50, nature="See remarks"))
    )

    assert len(ledger.counted()) == 2
    second = ledger.facts()[1]
    assert second["quality"] == "may_be_one_trade"
    assert second["person_key"] == KLEIN.cik
    assert second["collapse"][0]["id"] == ledger.facts()[0]["id"]


def test_only_the_lots_that_the_other_tells_are_left_out() -> None:
    both = form(1, DEWITTE, sale(100, 50), sale(200, 51, nature="By Spouse"))
    hers = form(2, COCHRAN, sale(200, 51), sale(300, 52))

    ledger = Ledger(both, hers)

    assert [fact["value_usd"] for fact in ledger.counted()] == [1_520_000, 1_560_000]
    assert ledger.facts()[1]["shares"] == 300
    assert ledger.facts()[1]["person_key"] == DEWITTE.cik


def test_a_form_filed_twice_is_one_trade_and_two_equal_sales_are_two() -> None:
    again = form(2, DEWITTE, sale(100, 50, after="900"))
    another = form(3, DEWITTE, sale(100, 50, after="800"))

    ledger = Ledger(form(1, DEWITTE, sale(100, 50, after="900")), again, another)

    assert [fact["accession_number"][-1] for fact in ledger.counted()] == ["1", "3"]
    assert ledger.facts()[2]["quality"] == "may_be_one_trade"


BOILERPLATE = (
    "The reporting person may be deemed a beneficial owner after the merger with Parent and "
    "undertakes to provide full information upon request."
)
LI = Insider(cik="0001700009", name="Li May", director=True)


@pytest.mark.parametrize(
    ("other", "his", "hers"),
    [
        (KLEIN, "By Adams Family Trust", "By Baker Family Trust"),
        (KLEIN, "By IRA held at Fidelity", "By IRA held at Fidelity"),
        (KLEIN, "", "By Baker Trust"),
        (KLEIN, "", "By IRA"),
        (LI, "", "By Baker Trust"),
        (KLEIN, "By Joel DeWitte Trust", "By Scott Klein Trust"),
    ],
)
def test_strangers_with_equal_lots_and_the_same_small_print_are_two(
    other: Insider, his: str, hers: str
) -> None:
    first, second = (sale(1000, 20, nature=each, note=BOILERPLATE) for each in (his, hers))

    for filings in ((form(1, DEWITTE, first), form(2, other, second)),
                    (form(1, other, second), form(2, DEWITTE, first))):  # fmt: skip
        ledger = Ledger(*filings)
        assert len(ledger.counted()) == 2
        assert ledger.facts()[1]["quality"] == "may_be_one_trade"
        assert len({fact["person_key"] for fact in ledger.facts()}) == 2


def test_a_spouse_who_tells_of_a_sale_as_it_was_before_its_amendment_adds_nothing() -> None:
    his, hers = form(1, DEWITTE, sale(100, 50)), form(3, COCHRAN, sale(100, 50, nature="By Spouse"))
    amended = amendment(2, DEWITTE, sale(100, 55))

    for order in permutations((his, hers, amended)):
        (counted,) = Ledger(*order).counted()
        assert counted["value_usd"] == 550_000


@pytest.mark.parametrize(
    "hers",
    [
        (sale(600, 20), sale(400, 20)),
        (sale(1000, "20.1234"),),
        (sale(1000, "20.12", security="Common Stock"),),
    ],
)
def test_a_spouse_who_tells_a_sale_in_other_lots_or_words_is_marked(hers: Sequence[Row]) -> None:
    his = sale(1000, "20.12", nature="By Spouse")

    for filings in ((form(1, DEWITTE, his), form(2, COCHRAN, *hers)),
                    (form(1, COCHRAN, *hers), form(2, DEWITTE, his))):  # fmt: skip
        first, second = Ledger(*filings).facts()
        assert (first["quality"], second["quality"]) == (None, "may_be_one_trade")
        assert second["collapse"][0]["id"] == first["id"]


# Amendments.


def test_trap_15_an_amendment_that_restates_all_lots_takes_their_place() -> None:
    original = form(1, DEWITTE, sale(100, 50), sale(200, 51))

    ledger = Ledger(original, amendment(2, DEWITTE, sale(100, 50), sale(250, 51)))

    (counted,) = ledger.counted()
    assert counted["amendment"]
    assert counted["shares"] == 350
    assert counted["quality"] is None


def test_an_amendment_that_restates_one_lot_leaves_the_others() -> None:
    original = form(1, DEWITTE, sale(100, 50), sale(200, 51), sale(300, 52))

    ledger = Ledger(original, amendment(2, DEWITTE, sale(200, 51.5)))

    restated, left = ledger.counted()
    assert (restated["shares"], restated["value_usd"]) == (200, 1_030_000)
    assert (left["shares"], left["value_usd"]) == (400, 100 * (100 * 50 + 300 * 52))
    assert left["id"] == f"{ledger.facts()[0]['id']}~2"
    assert left["accession_number"] == original.accession


def test_trap_16_an_amendment_of_holdings_leaves_the_trades() -> None:
    holding = Row(code="", shares="0", price=None, day="2025-06-11", after="5000")

    ledger = Ledger(form(1, DEWITTE, sale(100, 50)), amendment(2, DEWITTE, holding))

    assert [fact["shares"] for fact in ledger.counted()] == [100]


def test_a_trade_that_only_the_amendment_tells_of_is_added() -> None:
    added = sale(70, 49, day="2025-06-10")

    ledger = Ledger(form(1, DEWITTE, sale(100, 50)), amendment(2, DEWITTE, added))

    assert [fact["shares"] for fact in ledger.counted()] == [100, 70]
    assert ledger.facts()[1]["quality"] == "added_by_amendment"


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
)
def test_trap_17_the_newest_of_a_chain_counts_in_any_order(order: Sequence[int]) -> None:
    chain = (
        form(1, DEWITTE, sale(100, 50)),
        amendment(2, DEWITTE, sale(100, 55)),
        amendment(3, DEWITTE, sale(100, 56)),
    )

    ledger = Ledger(*(chain[place] for place in order))

    (counted,) = ledger.counted()
    assert counted["value_usd"] == 560_000


def test_an_original_that_comes_after_its_amendment_never_counts() -> None:
    ledger = Ledger(amendment(2, DEWITTE, sale(100, 55)), form(1, DEWITTE, sale(100, 50)))

    late = ledger.facts()[1]
    assert not late["counts"]
    assert late["superseded_by"] == ledger.facts()[0]["id"]


def test_an_amendment_that_turns_a_sale_into_a_purchase_takes_its_place() -> None:
    buy = Row(code="P", shares="100", price="50", day="2025-06-11", after="1000100")

    ledger = Ledger(form(1, DEWITTE, sale(100, 50)), amendment(2, DEWITTE, buy))

    assert [fact["code"] for fact in ledger.counted()] == ["P"]


def test_an_amendment_of_a_day_with_two_filings_is_of_the_one_whose_lots_it_tells() -> None:
    first, second = form(1, DEWITTE, sale(100, 50)), form(2, DEWITTE, sale(700, 44))

    ledger = Ledger(first, second, amendment(3, DEWITTE, sale(700, 45)))

    assert sorted(fact["shares"] for fact in ledger.counted()) == [100, 700]
    assert sum(fact["value_usd"] for fact in ledger.counted()) == 500_000 + 3_150_000


@pytest.mark.parametrize("typed", ["", "2024-01-02", "2025-06-99"])
def test_an_amendment_without_a_day_that_fits_stands_beside_its_original(typed: str) -> None:
    amended = amendment(2, DEWITTE, sale(100, 55), original_filed_on=typed)

    ledger = Ledger(form(1, DEWITTE, sale(100, 50)), amended)

    assert len(ledger.counted()) == 2
    assert "original_not_found" in ledger.facts()[1]["quality"].split()


def test_the_day_of_the_trade_typed_for_that_of_the_filing_is_near_enough() -> None:
    amended = amendment(2, DEWITTE, sale(100, 55), original_filed_on="2025-06-11")

    assert len(Ledger(form(1, DEWITTE, sale(100, 50)), amended).counted()) == 1


def test_a_form_5_and_another_owner_are_left_alone() -> None:
    five = amendment(2, DEWITTE, sale(100, 55), form="5/A")
    others = amendment(3, KLEIN, sale(100, 57))

    assert len(Ledger(form(1, DEWITTE, sale(100, 50)), five, others).counted()) == 3


@pytest.mark.parametrize("late", [False, True])
def test_a_withdrawal_takes_the_filing_back(late: bool) -> None:
    holding = Row(code="", shares="0", price=None, day="2025-06-11", after="5000")
    text = "No sale occurred on June 11, 2025, and this amendment withdraws such Form 4."
    filings = [form(1, DEWITTE, sale(100, 50)), amendment(2, DEWITTE, holding, remarks=text)]

    ledger = Ledger(*reversed(filings)) if late else Ledger(*filings)

    (counted,) = ledger.counted()
    assert "withdrawal" in counted["quality"].split()
    assert counted["value_usd"] is None
    assert counted["side"] == "none"


def test_what_was_known_before_the_amendment_can_still_be_asked() -> None:
    ledger = Ledger(form(1, DEWITTE, sale(100, 50)), amendment(2, DEWITTE, sale(100, 55)))

    first, second = sorted(ledger.store.facts.select(INSIDER_TRADE), key=lambda row: row["seq"])
    assert first["gone_seq"] == second["seq"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("again", [DEWITTE, COCHRAN])
def test_what_another_filing_tells_stands_when_the_first_is_withdrawn(
    order: Sequence[int], again: Insider
) -> None:
    holding = Row(code="", shares="0", price=None, day="2025-06-11", after="5000")
    held = "" if again is DEWITTE else "By Jacob DeWitte"
    day_later = NOON + timedelta(days=6)
    filings = (
        form(1, DEWITTE, sale(100, 50, after="900")),
        form(2, again, sale(100, 50, after="900", nature=held), at=day_later),
        amendment(3, DEWITTE, holding, at=day_later,
                  remarks="This amendment withdraws the Form 4 filed on June 13, 2025."),
    )  # fmt: skip

    ledger = Ledger(*(filings[place] for place in order))

    assert ledger.total()["S", "value_usd"] == 500_000


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_an_amendment_never_takes_the_place_of_another_filing_of_its_day(
    order: Sequence[int],
) -> None:
    filings = (
        form(1, DEWITTE, sale(1000, 20)),
        form(2, DEWITTE, sale(700, 30)),
        amendment(3, DEWITTE, sale(700, 31)),
    )

    ledger = Ledger(*(filings[place] for place in order))

    assert ledger.total()["S", "value_usd"] == 2_000_000 + 2_170_000


def test_a_later_amendment_leaves_the_lot_that_an_earlier_one_restated() -> None:
    ledger = Ledger(
        form(1, DEWITTE, sale(1000, 20), sale(500, 21)),
        amendment(2, DEWITTE, sale(500, 22)),
        amendment(3, DEWITTE, sale(900, 20)),
    )

    assert ledger.total()["S", "value_usd"] == 1_100_000 + 1_800_000


def test_a_form_filed_twice_is_amended_as_one() -> None:
    twice = [form(place, DEWITTE, sale(100, 50, after="900")) for place in (1, 2)]

    for order in permutations([*twice, amendment(3, DEWITTE, sale(100, 51, after="900"))]):
        (counted,) = Ledger(*order).counted()
        assert counted["value_usd"] == 510_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((sale(600, 20), sale(400, 20)), (sale(1000, 20),)),
        ((sale(1000, "20.40"),), (sale(600, 20), sale(400, 21))),
    ],
)
def test_lots_that_an_amendment_merges_or_splits_are_told_anew(
    old: Sequence[Row], new: Sequence[Row]
) -> None:
    filings = form(1, DEWITTE, *old), amendment(2, DEWITTE, *new)

    for order in (filings, filings[::-1]):
        counted = Ledger(*order).counted()
        assert sum(fact["shares"] for fact in counted) == 1000
        assert all(fact["amendment"] for fact in counted)


def test_what_is_left_of_a_trade_has_no_share_of_the_stake() -> None:
    original = form(1, DEWITTE, sale(1000, 20, after="5500"), sale(500, 21, after="5000"))

    ledger = Ledger(original, amendment(2, DEWITTE, sale(500, 22, after="5000")))

    left = ledger.counted()[-1]
    assert left["shares"] == 1000
    assert left["holding_change_ratio"] is None


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_spouses_who_both_amend_are_counted_once_in_any_order(order: Sequence[int]) -> None:
    his = sale("22000", "57", after="10890000")
    hers = sale("22000", "58", after="11200000")
    filings = (
        *household(),
        amendment(3, COCHRAN, replace(his, nature="By Jacob DeWitte"), hers),
        amendment(4, DEWITTE, his, replace(hers, nature="By Caroline Cochran")),
    )
    (counted,) = Ledger(*(filings[place] for place in order)).counted()

    assert counted["value_usd"] == (100 * 22000 * (57 + 58))


def test_a_filing_read_again_adds_nothing() -> None:
    his, hers = household()
    ledger = Ledger(his, hers)

    with ledger.store.writing():
        ledger.store._connections.connection.execute("UPDATE documents SET state = 'new'")
    read_documents(ledger.store)

    assert len(ledger.facts()) == 2
    assert len(ledger.counted()) == 1


# Beside the trades known before.


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
