"""One real trade that several filings tell of is counted once, and two stay two.

Traps by their number in the list of wrong dollars that public bots have shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from bot.sandbox.filings import Insider, Row
from tests.insider.ledgers import (
    COCHRAN,
    DEWITTE,
    KLEIN,
    Ledger,
    amendment,
    form,
    household,
    sale,
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
