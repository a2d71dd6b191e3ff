"""Minutes counted: who is counted, on which rung, in which clause, and what is left alone."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts.fed import QUANTIFIERS
from bot.fed.ladder import View, ladder_fields, rungs, view_json, views
from bot.fed.passages import Paragraph
from bot.fed.rungs import Rung
from bot.sources.fed.pages import read_page

DIVIDED = (
    "While a few participants noted that tariffs would lead to a one-time increase in prices and "
    "would not affect longer-term inflation expectations, most participants noted the risk that "
    "tariffs could have more persistent effects on inflation, and some highlighted the fact that "
    "such persistence could also affect inflation expectations."
)
"""Minutes of June 17–18, 2025."""


def read(text: str, heading: str | None = None) -> list[View]:
    return views([Paragraph(number=7, text=text, heading=heading, anchor="views")])


def test_a_divided_sentence_gives_each_group_its_own_clause() -> None:
    few, most, some = read(DIVIDED, "Participants' Views")

    assert (few.rung, most.rung, some.rung) == (Rung.FEW, Rung.MOST, Rung.SOME)
    assert few.quote.startswith("While a few participants noted that tariffs")
    assert few.quote.endswith("longer-term inflation expectations")
    assert most.quote.startswith("most participants noted the risk")
    assert most.quote.endswith("more persistent effects on inflation")
    assert some.quote.startswith("some highlighted the fact")
    assert (most.paragraph, most.heading, most.anchor) == (7, "Participants' Views", "views")
    assert most.subject == "inflation"


@pytest.mark.parametrize(
    ("words", "rung"),
    [
        ("One participant", Rung.ONE),
        ("Another participant", Rung.ONE),
        ("A couple of participants", Rung.COUPLE),
        ("Two members", Rung.COUPLE),
        ("A few participants", Rung.FEW),
        ("Only a few participants", Rung.FEW),
        ("A few other participants", Rung.FEW),
        ("Some of these participants", Rung.SOME),
        ("Some participants", Rung.SOME),
        ("Some, but not all, participants", Rung.SOME),
        ("Several", Rung.SEVERAL),
        ("Several officials", Rung.SEVERAL),
        ("Many participants", Rung.MANY),
        ("Most", Rung.MOST),
        ("Most, but not all, participants", Rung.MOST),
        ("A substantial majority of participants", Rung.MOST),
        ("The vast majority of participants", Rung.MOST),
        ("Almost all members", Rung.ALMOST_ALL),
        ("Nearly all participants", Rung.ALMOST_ALL),
        ("All but one participant", Rung.ALMOST_ALL),
        ("All but a few participants", Rung.ALMOST_ALL),
        ("All participants", Rung.ALL),
        ("All members", Rung.ALL),
        ("Not all participants", None),
        ("Few participants", None),
        ("No participants", None),
    ],
)
def test_each_count_stands_on_its_rung(words: str, rung: Rung | None) -> None:
    (view,) = read(f"{words} noted that hiring had slowed.")

    assert view.rung is rung
    assert view.words.lower() == words.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Participants noted that inflation remained elevated.",
        "Various participants and a number of participants noted risks.",
        "Some market participants expected lower rates.",
        "Most participants in the Desk survey expected a cut.",
        "Several participants' business contacts reported strains.",
        "A few members of the staff noted risks.",
        "Most respondents saw risks, and many foreign central banks eased.",
        "The most cited reason was credit.",
        "All told, inflation noted a decline.",
        "Several indicators suggested softer demand.",
        "Voting for this action: all members noted below.",
        "3. Several participants noted their absence.",
        '"All participants agreed," the statement reads.',
    ],
)
def test_who_is_not_surely_at_the_table_is_not_counted(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "heading",
    ["Attendance", "Staff Economic Outlook", "Notation Vote", "Voting against this action:"],
)
def test_attendance_staff_and_votes_are_not_read(heading: str) -> None:
    assert read("Several participants noted risks.", heading) == []


def test_a_heading_among_the_paragraphs_tells_the_part_of_those_below_it() -> None:
    said = "Some participants noted risks."
    no_heading = "Staff who " + "also " * 20 + "spoke"
    texts = ["Staff Economic Outlook", said, "Participants' Views", no_heading, said]

    (view,) = views(Paragraph(number=n, text=text) for n, text in enumerate(texts, 1))

    assert (view.paragraph, view.heading) == (5, "Participants' Views")


def test_a_first_clause_begins_behind_what_all_participants_are_told_to_have_judged() -> None:
    (view,) = read(
        "Participants judged that uncertainty remained high, though several participants remarked "
        "that it had fallen."
    )

    assert view.quote == "several participants remarked that it had fallen."


def test_a_clause_runs_to_the_last_joint_before_the_next_count() -> None:
    some, few = read(
        "Some participants saw risks to growth, given weak demand abroad, while a few participants "
        "saw none."
    )

    assert some.quote == "Some participants saw risks to growth, given weak demand abroad"
    assert few.quote == "a few participants saw none."


def test_the_subject_is_what_stands_behind_the_count_not_before_it() -> None:
    (view,) = read("Talking of inflation and prices, some participants noted that hiring slowed.")

    assert view.subject == "labor market"


def test_what_stands_between_two_groups_goes_with_the_second() -> None:
    judged, viewed = read(
        "A majority of participants judged inflation the greater risk; at the same time, a couple "
        "of members considered employment the greater one."
    )

    assert judged.quote == "A majority of participants judged inflation the greater risk"
    assert viewed.quote == "a couple of members considered employment the greater one."


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("hiring had slowed and layoffs were low", "labor market"),
        ("tariffs would raise prices", "inflation"),
        ("in light of jobs and inflation, it was right to lower the target range", "policy rate"),
        ("runoff of securities holdings should end", "balance sheet"),
        ("spending by households was solid", "growth"),
        ("this was so", None),
    ],
)
def test_the_subject_is_told_in_a_word_where_it_can_be_had(said: str, subject: str | None) -> None:
    (view,) = read(f"Some participants noted that {said}.")

    assert view.subject == subject


def test_denied_counts_stand_on_no_rung_and_missing_ones_are_zero() -> None:
    found = read(f"{DIVIDED} Not all participants agreed.")

    assert len(found) == 4
    assert sum(rungs(found).values()) == 3
    assert ladder_fields(found)["quantifier_most"] == 1
    assert ladder_fields(found)["quantifier_one"] == 0
    assert view_json(found[-1])["rung"] is None


def test_every_rung_has_its_field() -> None:
    assert tuple(rung.value for rung in Rung) == QUANTIFIERS


@given(st.lists(st.sampled_from([
    "a few participants noted that prices rose", "most participants saw risks, few of them grave",
    "it was so", "several observed slack", "; however,", ", while", "but", ", and",
    "all but one member agreed", "— some participants",
])).map(" ".join))  # fmt: skip
def test_quotes_are_parts_of_the_text_in_its_order_and_hold_their_count(text: str) -> None:
    found = read(text)

    assert all(view.quote in text and view.words in view.quote for view in found)
    starts = [text.find(view.quote) for view in found]
    assert all(one <= other or text.count(v.quote) > 1
               for (one, other), v in zip(pairwise(starts), found[1:], strict=False))  # fmt: skip


RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed" / "minutes_html"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded minutes")
def test_recorded_minutes_are_counted_as_a_reader_counts_them() -> None:
    texts = read_page((RECORDED / "fomcminutes20250730.htm").read_bytes()).paragraphs

    found = views(Paragraph(number=n, text=text) for n, text in enumerate(texts, 1))

    majority = next(view for view in found if view.words.lower().startswith("a majority"))
    assert majority.subject == "inflation"
    assert majority.heading == "Participants' Views on Current Conditions and the Economic Outlook"
    assert rungs(found)[Rung.ALMOST_ALL] == 3
    assert rungs(found)[Rung.COUPLE] == 9
    assert not any("market participants" in view.words for view in found)
