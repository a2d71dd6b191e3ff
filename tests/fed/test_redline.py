"""Redlines: what they say of made-up texts and of two real statements, and laws of all of them."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fed.passages import body
from bot.fed.redline import Fate, Redline, Verdict, redline, similarity
from bot.fed.redline_json import redline_json, redline_of
from bot.fed.sentences import sentences
from bot.sandbox.fed_texts import statement_paragraphs

KEPT, REMOVED, ADDED = Fate.KEPT, Fate.REMOVED, Fate.ADDED

GROWTH = "Economic activity has been expanding at a moderate pace."
JOBS = "Job gains have slowed this year, and the unemployment rate has edged up."
PRICES = "Inflation remains somewhat elevated."
GOALS = "The Committee seeks maximum employment and inflation at the rate of 2 percent."
RISKS = "The Committee is attentive to the risks to both sides of its dual mandate."

WORDS = ("rates", "rise", "fall", "growth", "slack,", "the")

text = st.lists(
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1)
        .map(" ".join)
        .map(lambda said: f"Then {said} end."),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    max_size=4,
)
"""Paragraphs of short sentences over few words, so that many are equal or alike."""


def new_sentences(found: Redline) -> list[str]:
    return [s.new_text for s in found.sentences if s.fate is not Fate.REMOVED]


def old_sentences(found: Redline) -> list[str]:
    held = [(s.old_place, s.old_text) for s in found.sentences if s.old_place is not None]
    return [told for _, told in sorted(held)]


def cut(paragraphs: list[str]) -> list[str]:
    return [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]


@given(text, text)
def test_a_redline_holds_both_texts_whole(old: list[str], new: list[str]) -> None:
    found = redline(old, new)

    assert new_sentences(found) == cut(new)
    assert old_sentences(found) == cut(old)


@given(text, text)
def test_the_sentences_of_each_new_paragraph_stay_together(old: list[str], new: list[str]) -> None:
    found = redline(old, new)

    for number, paragraph in enumerate(new):
        here = [s for s in found.sentences if s.paragraph == number and s.fate is not REMOVED]
        assert [s.new_text for s in here] == list(sentences(paragraph))


@given(text)
def test_equal_texts_give_no_change(paragraphs: list[str]) -> None:
    found = redline(paragraphs, paragraphs)

    assert found.verdict is Verdict.SAME
    assert found.similarity == 1.0
    assert {s.fate for s in found.sentences} <= {KEPT}
    assert not any(s.moved for s in found.sentences)


@given(text, text)
def test_similarity_is_the_same_both_ways_and_a_ratio(one: list[str], other: list[str]) -> None:
    there, back = (
        similarity(" ".join(one), " ".join(other)),
        similarity(*map(" ".join, (other, one))),
    )

    assert there == back
    assert 0 <= there <= 1


@given(text, text)
def test_a_redline_survives_its_json(old: list[str], new: list[str]) -> None:
    found = redline(old, new)

    back = redline_of(json.loads(json.dumps(redline_json(found))))

    assert back.sentences == found.sentences
    assert back.verdict is found.verdict


@given(text, text)
def test_words_are_never_cut(old: list[str], new: list[str]) -> None:
    known = {word for paragraph in [*old, *new] for word in paragraph.split()}

    told = {w for s in redline(old, new).sentences for run in s.runs for w in run.text.split()}

    assert told <= known


def test_only_the_words_that_changed_are_marked() -> None:
    old = "Job gains have slowed, and the unemployment rate has edged up but remains low."
    new = "Job gains have remained low, and the unemployment rate has edged up."

    (sentence,) = redline([old], [new]).sentences

    assert sentence.runs == (
        (KEPT, "Job gains have"),
        (REMOVED, "slowed,"),
        (ADDED, "remained low,"),
        (KEPT, "and the unemployment rate has edged"),
        (REMOVED, "up but remains low."),
        (ADDED, "up."),
    )


def test_a_range_of_rates_is_replaced_whole() -> None:
    say = (
        "The Committee decided to lower the target range for the federal funds rate to {} percent."
    )

    (sentence,) = redline([say.format("3-3/4 to 4")], [say.format("3-1/2 to 3-3/4")]).sentences

    assert sentence.runs[1:] == (
        (REMOVED, "3-3/4 to 4 percent."),
        (ADDED, "3-1/2 to 3-3/4 percent."),
    )


def test_a_word_that_two_replacements_share_by_chance_is_replaced_with_them() -> None:
    old = "It expects that strains abroad and weak exports of grain from Asia will soon pass."
    new = "It expects that rising wages and large orders of steel for ships will soon pass."

    (sentence,) = redline([old], [new]).sentences

    assert sentence.runs == (
        (KEPT, "It expects that"),
        (REMOVED, "strains abroad and weak exports of grain from Asia"),
        (ADDED, "rising wages and large orders of steel for ships"),
        (KEPT, "will soon pass."),
    )


def test_a_word_between_two_single_replacements_stays() -> None:
    (sentence,) = redline(
        ["It expects growth and inflation to last."], ["It expects output and prices to last."]
    ).sentences

    assert (KEPT, "and") in sentence.runs


def test_of_two_sentences_as_much_alike_the_nearer_one_is_the_version_before() -> None:
    say = "Growth of spending was solid in {}."

    found = redline(
        [say.format("May"), PRICES, GOALS, say.format("June")], [PRICES, GOALS, say.format("July")]
    )

    assert [(s.fate, s.old_place) for s in found.sentences][-1] == (Fate.CHANGED, 3)


def test_added_and_removed_sentences_stand_where_they_are_read() -> None:
    found = redline([f"{GROWTH} {JOBS}", GOALS], [f"{GROWTH} {PRICES}", GOALS])

    assert [(s.fate, s.paragraph) for s in found.sentences] == [
        (Fate.KEPT, 0),
        (Fate.REMOVED, 0),
        (Fate.ADDED, 0),
        (Fate.KEPT, 1),
    ]


def test_a_sentence_that_changed_its_place_has_moved_and_the_others_have_not() -> None:
    found = redline([f"{GROWTH} {JOBS} {PRICES}", GOALS], [f"{PRICES} {GROWTH} {JOBS}", GOALS])

    assert [s.new_text for s in found.sentences if s.moved] == [PRICES]
    assert found.counts == {"kept": 4, "changed": 0, "added": 0, "removed": 0, "moved": 1}
    assert found.verdict is not Verdict.SAME


def test_typography_is_no_change() -> None:
    old = ["The Committee’s holdings of mortgage‑backed securities fell to 3‑1/2 percent."]
    new = ["The Committee's holdings of  mortgage-backed securities fell to 3-1/2 percent."]

    assert redline(old, new).verdict is Verdict.SAME


def test_capital_letters_at_the_edge_of_a_sentence_are_words_of_their_own() -> None:
    found = redline(["In support of its goals, the Committee voted."], ["The Committee voted."])

    assert found.sentences[0].runs == (
        (REMOVED, "In support of its goals, the"),
        (ADDED, "The"),
        (KEPT, "Committee voted."),
    )


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([GROWTH, JOBS], [PRICES, RISKS], Verdict.REWRITTEN),
        ([GROWTH, JOBS, GOALS, RISKS], [GROWTH, JOBS, GOALS], Verdict.CHANGED),
        ([RISKS] * 9 + [PRICES], [RISKS] * 9 + [PRICES.replace(" somewhat", "")],
         Verdict.NEARLY_UNCHANGED),
        ([], [GROWTH], Verdict.REWRITTEN),
        ([GROWTH], [], Verdict.REWRITTEN),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_similarity(
    old: list[str], new: list[str], verdict: Verdict
) -> None:
    assert redline(old, new).verdict is verdict


def test_the_decision_of_september_2025_beside_that_of_july() -> None:
    july, september = (
        body(statement_paragraphs(date(2025, month, day))) for month, day in ((7, 30), (9, 17))
    )

    found = redline(july, september)

    gone = [run.text for s in found.sentences for run in s.runs if run.fate is REMOVED]
    come = [run.text for s in found.sentences for run in s.runs if run.fate is ADDED]
    assert 0.8 < found.similarity < 0.9
    assert "Although swings in net exports continue to affect the data, recent" in gone
    assert "The unemployment rate remains low, and labor market conditions remain solid." in gone
    assert "Job gains have slowed, and the unemployment rate has edged up but remains low." in come
    assert "mandate and judges that downside risks to employment have risen." in come
    assert not any("Voting" in words or "Powell" in words for words in [*gone, *come])


def test_a_table_without_full_stops_is_not_searched_word_by_word() -> None:
    rows = [[" ".join(f"rate {n} {word} percent" for n in range(200))] for word in ("was", "is")]

    (sentence,) = redline(*rows).sentences

    assert [run.fate for run in sentence.runs] == [REMOVED, ADDED]
    assert (sentence.old_text, sentence.new_text) == (rows[0][0], rows[1][0])
