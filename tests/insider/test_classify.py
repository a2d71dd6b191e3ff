"""Class and side of a row: the code first, then the table, then the words."""

import pytest

from bot.facts import CLASSES, SIDES
from bot.insider.classify import Side, TradeClass
from bot.insider.trades import trades_of
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import a_filing, a_form, a_row

UNDERWRITTEN = "Sold to the underwriters of the offering."
ESPP = "Acquired under the Employee Stock Purchase Plan."
MERGER = "Converted in the merger."


def sorted_as(code: str, flag: str, note: str = "", *, derivative: bool = False) -> str:
    (trade,) = trades_of(a_filing(a_row(code, flag=flag, note=note, derivative=derivative)))
    return f"{trade.trade_class} {trade.side}"


def test_the_words_of_the_classifier_are_those_of_the_facts() -> None:
    assert tuple(TradeClass) == CLASSES
    assert tuple(Side) == SIDES


@pytest.mark.parametrize(
    ("code", "flag", "note", "sort"),
    [
        ("P", "A", "", "open_market buy"),
        ("S", "D", "", "open_market sell"),
        ("P", "A", ESPP, "off_market buy"),
        ("S", "D", UNDERWRITTEN, "off_market sell"),
        ("S", "D", MERGER, "open_market sell"),
        ("P", "D", "", "inconsistent none"),
        ("S", "A", UNDERWRITTEN, "inconsistent none"),
        ("I", "A", "", "off_market buy"),
        ("I", "D", "", "off_market sell"),
        ("L", "A", "", "off_market buy"),
        ("A", "A", ESPP, "award none"),
        ("A", "D", "", "award none"),
        ("F", "D", "", "tax_withholding none"),
        ("G", "D", "", "gift none"),
        ("G", "A", "", "gift none"),
        ("W", "A", "", "gift none"),
        ("M", "A", "", "exercise none"),
        ("X", "A", "", "exercise none"),
        ("O", "A", "", "exercise none"),
        ("C", "A", MERGER, "exercise none"),
        ("D", "D", MERGER, "corporate_action none"),
        ("U", "D", "", "corporate_action none"),
        ("J", "D", MERGER, "corporate_action none"),
        ("J", "D", "Pro rata distribution to partners.", "corporate_action none"),
        ("J", "D", "Exempt under the Exchange Act.", "other none"),
        ("J", "A", "", "other none"),
        ("Z", "A", "", "other none"),
        ("Z", "D", "Shares exchanged for voting trust certificates.", "corporate_action none"),
        ("E", "D", "", "derivative none"),
        ("H", "D", "", "derivative none"),
        ("K", "A", "", "derivative none"),
        ("Q", "A", "", "other none"),
    ],
)
def test_codes_decide_in_table_one(code: str, flag: str, note: str, sort: str) -> None:
    assert sorted_as(code, flag, note) == sort


@pytest.mark.parametrize("code", list("PSADFGIJLUWZEHKQ"))
@pytest.mark.parametrize("flag", ["A", "D"])
def test_all_of_table_two_but_exercises_is_derivative(code: str, flag: str) -> None:
    assert sorted_as(code, flag, ESPP, derivative=True) == "derivative none"


@pytest.mark.parametrize("code", list("MXOC"))
def test_exercises_are_exercises_in_both_tables(code: str) -> None:
    assert sorted_as(code, "D", derivative=True) == "exercise none"


@pytest.mark.parametrize("code", ["P", "S", "J", "M"])
def test_an_equity_swap_is_a_derivative_wherever_it_stands(code: str) -> None:
    xml = a_form(a_row(code)).xml()
    swapped = xml.replace("<equitySwapInvolved>0", "<equitySwapInvolved>true")

    (trade,) = trades_of(read_filing(swapped.encode(), name="form4.xml"))

    assert (trade.trade_class, trade.side, trade.value_usd) == ("derivative", "none", None)


def test_a_sale_without_its_flag_is_not_guessed() -> None:
    xml = a_form(a_row("S")).xml().replace("<value>D</value></transactionAcq", "</transactionAcq")
    (trade,) = trades_of(read_filing(xml.encode(), name="form4.xml"))
    assert (trade.trade_class, trade.side) == ("other", "none")


def test_remarks_count_for_every_market_row() -> None:
    filing = a_filing(a_row("P"), remarks="Bought in the Issuer's registered direct offering.")
    assert [trade.trade_class for trade in trades_of(filing)] == ["off_market"]


@pytest.mark.parametrize("leaf", ["sharesOwnedFollowingTransaction", "directOrIndirectOwnership"])
def test_a_note_on_the_position_does_not_change_the_class(leaf: str) -> None:
    mark = '<footnoteId id="F1"/>'
    xml = a_form(a_row("S", note=UNDERWRITTEN)).xml()
    moved = xml.replace(mark, "").replace(f"</{leaf}>", f"{mark}</{leaf}>")

    filing = read_filing(moved.encode(), name="form4.xml")

    assert filing.lines[0].notes == ("F1",)
    assert [trade.trade_class for trade in trades_of(filing)] == ["open_market"]
