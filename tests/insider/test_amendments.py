"""What an amendment restates counts no longer, in whatever order the documents come.

Traps by their number in the list of wrong dollars that public bots have shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from bot.facts import INSIDER_TRADE
from bot.pipeline import read_documents
from bot.sandbox.filings import Insider, Row
from tests.insider.ledgers import (
    COCHRAN,
    DEWITTE,
    KLEIN,
    NOON,
    Ledger,
    amendment,
    form,
    household,
    sale,
)


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


def test_each_amended_trade_names_those_of_which_it_tells_rows_anew() -> None:
    original = form(1, DEWITTE, sale(100, 50), sale(200, 51))

    ledger = Ledger(original, amendment(2, DEWITTE, sale(100, 50), sale(200, 51, code="F")))

    first, *amended = ledger.facts()
    assert [fact["restates"] for fact in amended] == [first["id"], first["id"]]
    assert [fact["code"] for fact in amended] == ["S", "F"]


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
