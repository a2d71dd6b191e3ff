"""Rule 10b5-1 plans: what texts state, the document's answer and that of each row."""

from datetime import date

import pytest

from bot.insider.plans import (
    Planned,
    adopted_on,
    document_planned,
    is_short_cooling_off,
    names_plan,
    plan_day,
    told_by,
)
from bot.insider.trades import trades_of
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import a_filing, a_form, a_row

PLAN = "Sold under a Rule 10b5-1 trading plan adopted on March 13, 2025."
NO_PLAN = "Not made pursuant to a Rule 10b5-1 plan."
HAD_PLAN = (
    "The reporting person adopted a Rule 10b5-1 plan on June 1, 2025, but the sale reported herein "
    "was not made under that plan."
)

STATED = (
    PLAN,
    "Shares sold pursuant to a 10b5-1 plan.",
    "This sale was made pursuant to a Rule 10b5\u20111 Plan",
    "10b5\u20131 plan",
    "10b51 plan",
    "10b5 - 1 trading plan",
    "Rule 10(b)5-1 plan",
    "Rule 10b-5-1 trading plan",
    "Rule\u00a010b5-1\u00a0trading plan",
    "10B5-1 PLAN",
    "a plan intended to comply with Rule 10b5-1(c) of the Exchange Act.",
    "Not a discretionary trade: sold under a Rule 10b5-1 plan.",
    "The sale was not reported timely; it was effected under a 10b5-1 plan.",
    "This does not represent a discretionary trade and was made under a Rule 10b5-1 plan.",
    "No shares were sold other than pursuant to the Rule 10b5-1 plan.",
    "Sold pursuant to his Rule 10b5-1 plan, which has since expired.",
    "The sales were effected pursuant to a Rule 10b5-1 plan. No other sales were made.",
    "Rule 10(b)(5)-1 plan",
    "The reporting person did not have discretion over the sale, which was made pursuant to a "
    "Rule 10b5-1 plan.",
    "The price does not reflect commissions paid in connection with sales under a 10b5-1 plan.",
    "Sales made without any direction from the reporting person under his Rule 10b5-1 plan.",
    "His Rule 10b5-1 plan expired on May 1. The sales were made under a new Rule 10b5-1 plan.",
    "In addition to the gift, shares were sold under a Rule 10b5-1 plan.",
    "Sold under a Rule 10b5-1 plan adopted after the expiration of an earlier Rule 10b5-1 plan.",
    "Sold under a 10b5-1 plan, not exceeding 5,000 shares a month.",
)
NOT_STATED = (
    NO_PLAN,
    "These transactions were not effected under a 10b5-1 plan",
    "Sold other than pursuant to a Rule 10b5-1 plan",
    "sold outside of a Rule 10b5-1 trading plan",
    "No Rule 10b5-1 plan was in place",
    "none of these sales were made under a Rule 10b5-1 plan",
    "The transactions were made without a 10b5-1 plan",
    "Sales of 500 shares were non-10b5-1 sales",
    "The reporting person's Rule 10b5-1 plan was terminated on May 1, 2025.",
    "Rule 10b5-1 plan expired before this transaction.",
    "The sale wasn't made under a 10b5-1 plan",
    "The sale wasn\u2019t made pursuant to a Rule 10b5-1 plan",
    "The box was checked in error; the trade was not made under a Rule 10b5-1 plan.",
    "This Form 4/A is filed to uncheck the Rule 10b5-1 box.",
    "The Rule 10b5-1 box was inadvertently checked on the original form.",
    "in the absence of a Rule 10b5-1 plan",
    "was not intended to satisfy the affirmative defense conditions of Rule 10b5-1(c)",
    "The Rule 10b5-1 box was checked in error.",
    "His Rule 10b5-1 plan, adopted March 3, 2024, had expired before this sale.",
    "The sale was made after the termination of his Rule 10b5-1 trading plan.",
    "The reporting person no longer has a Rule 10b5-1 plan.",
    "The reporting person intends to adopt a Rule 10b5-1 plan.",
    "The reporting person's 10b5-1 plan was not in effect on the date of sale.",
    "The sale was in addition to the sales made under his Rule 10b5-1 plan.",
    "Except for the first lot, no sale was made under a Rule 10b5-1 plan.",
    "Rule 10b5-1 plan: none.",
    "A price of 110.51 per share",
    "Exempt under Rule 16b-3",
    "Rule 10b-5",
    "sale not under plan",
)


@pytest.mark.parametrize("text", STATED)
def test_a_plan_is_stated_in_any_spelling(text: str) -> None:
    assert names_plan(text)


@pytest.mark.parametrize("text", NOT_STATED)
def test_what_is_denied_or_ended_is_no_plan(text: str) -> None:
    assert not names_plan(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PLAN, "yes"),
        (NO_PLAN, "no"),
        (HAD_PLAN, "no"),
        ("Sold under a Rule 10b5-1 plan; 100 shares were not sold under a 10b5-1 plan.", "unknown"),
        ("Sold under a Rule 10b5-1 plan. The gift was not made under that plan.", "unknown"),
        ("Except for the first lot, no sale was made under a Rule 10b5-1 plan.", "unknown"),
        ("Sold in the open market.", None),
    ],
)
def test_a_text_that_both_states_and_denies_a_plan_tells_neither(
    text: str, told: str | None
) -> None:
    assert told_by(text) == told


@pytest.mark.parametrize("box", [True, False])
def test_words_that_are_mixed_leave_the_row_unknown_whatever_the_box(box: bool) -> None:
    mixed = f"{PLAN} The sale of 100 shares was not made under that plan."
    assert [t.planned for t in trades_of(a_filing(a_row(note=mixed), plan=box))] == ["unknown"]


def test_a_sale_not_made_under_the_plan_its_seller_adopted_is_not_planned() -> None:
    filing = a_filing(a_row(note=HAD_PLAN), plan=None)
    (without_box,) = trades_of(filing)
    (ticked,) = trades_of(a_filing(a_row(note=HAD_PLAN), plan=True))

    assert (without_box.planned, plan_day(filing, filing.lines)) == ("unknown", None)
    assert (ticked.planned, ticked.quality) == ("unknown", ("plan_conflict",))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (PLAN, date(2025, 3, 13)),
        ("Rule 10b5-1 plan dated 3/13/2025", date(2025, 3, 13)),
        ("Rule 10b5-1 plan dated 3/13/25", date(2025, 3, 13)),
        ("10b5-1 plan entered into on 13 March 2025", date(2025, 3, 13)),
        ("plan adopted on the 13th day of March, 2025 under Rule 10b5-1", date(2025, 3, 13)),
        ("The 10b5-1 plan adoption date was March 13th 2025", date(2025, 3, 13)),
        ("on November 5, 2025 under a Rule 10b5-1 plan adopted Aug. 1, 2025", date(2025, 8, 1)),
        ("under a Rule 10b5-1 plan adopted 2025-08-01", date(2025, 8, 1)),
        ("a Rule 10b5-1 plan adopted February 30, 2025", None),
        ("a Rule 10b5-1 plan adopted in March 2025", None),
        ("adopted on March 13, 2025", None),
    ],
)
def test_the_day_of_adoption_is_read_where_a_plan_is_named(text: str, day: date | None) -> None:
    assert adopted_on(text) == day


@pytest.mark.parametrize(
    ("box", "note", "remarks", "document", "row"),
    [
        (None, "", "", "unknown", "unknown"),
        (None, PLAN, "", "yes", "yes"),
        (None, "", PLAN, "yes", "yes"),
        (None, NO_PLAN, "", "unknown", "unknown"),
        (False, "", "", "no", "no"),
        (False, NO_PLAN, "", "no", "no"),
        (False, PLAN, "", "yes", "unknown"),
        (True, "", "", "yes", "yes"),
        (True, PLAN, "", "yes", "yes"),
        (True, NO_PLAN, "", "yes", "unknown"),
        (True, "", NO_PLAN, "yes", "unknown"),
        (True, PLAN, NO_PLAN, "yes", "yes"),
    ],
)
def test_box_and_text_answer_for_a_single_sale(
    box: bool | None, note: str, remarks: str, document: str, row: str
) -> None:
    filing = a_filing(a_row(note=note), plan=box, remarks=remarks)

    assert document_planned(filing) == document
    assert [trade.planned for trade in trades_of(filing)] == [row]


@pytest.mark.parametrize("empty", ["<aff10b5One></aff10b5One>", "<aff10b5One/>"])
def test_an_empty_box_says_nothing(empty: str) -> None:
    xml = a_form(plan=True).xml().replace("<aff10b5One>1</aff10b5One>", empty)
    filing = read_filing(xml.encode(), name="form4.xml")
    assert document_planned(filing) is Planned.UNKNOWN
    assert [trade.planned for trade in trades_of(filing)] == ["unknown"]


def test_a_ticked_box_over_several_market_trades_leaves_those_without_a_note_unknown() -> None:
    filing = a_filing(a_row(note=PLAN), a_row("P"), plan=True)
    assert [trade.planned for trade in trades_of(filing)] == ["yes", "unknown"]


def test_lots_of_one_sale_are_one_market_trade_under_a_ticked_box() -> None:
    filing = a_filing(a_row(price="10"), a_row(price="11"), a_row("F"), plan=True)
    assert [(t.code, t.planned) for t in trades_of(filing)] == [("S", "yes"), ("F", "unknown")]


def test_lots_with_and_without_a_note_are_told_apart() -> None:
    filing = a_filing(a_row(note=PLAN), a_row(price="11"), plan=None)
    assert [trade.planned for trade in trades_of(filing)] == ["yes", "unknown"]


def test_a_plan_in_the_remarks_counts_for_every_row() -> None:
    filing = a_filing(a_row(), a_row("M"), plan=True, remarks=PLAN)
    assert [trade.planned for trade in trades_of(filing)] == ["yes", "yes"]


@pytest.mark.parametrize(("box", "note"), [(False, PLAN), (True, NO_PLAN)])
def test_a_note_against_the_box_is_marked_as_a_conflict(box: bool, note: str) -> None:
    (trade,) = trades_of(a_filing(a_row(note=note), plan=box))
    assert trade.quality == ("plan_conflict",)


def test_a_row_that_denies_the_plan_is_unplanned_where_the_box_means_another() -> None:
    filing = a_filing(a_row(note=PLAN), a_row(note=NO_PLAN), plan=True)
    assert [trade.planned for trade in trades_of(filing)] == ["yes", "no"]


@pytest.mark.parametrize(
    ("adopted", "days", "insider", "short"),
    [
        (date(2025, 3, 13), 89, True, True),
        (date(2025, 3, 13), 90, True, False),
        (date(2025, 3, 13), 29, False, True),
        (date(2025, 3, 13), 30, False, False),
        (date(2023, 2, 27), 1, True, False),
        (date(2023, 2, 28), 1, True, True),
    ],
)
def test_plans_of_the_new_rule_wait_ninety_days_those_of_outsiders_thirty(
    adopted: date, days: int, insider: bool, short: bool
) -> None:
    assert is_short_cooling_off(adopted, days, insider=insider) is short
