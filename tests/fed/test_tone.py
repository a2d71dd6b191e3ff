"""Tone: what speaks for a higher rate and what for a lower one, and how it shows why."""

import json
import os
import re
from datetime import date
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fed.passages import body
from bot.fed.tone import Tone, tone, tone_change, tone_json
from bot.fed.tone_words import EASIER_PHRASES, TIGHTER_PHRASES
from bot.sandbox.fed_texts import statement_paragraphs

THINGS = ("inflation", "employment", "household spending", "economic growth", "unemployment")


def weights(text: str) -> list[float]:
    return [hint.weight for hint in tone([text]).hints]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Inflation remains elevated.", [1]),
        ("Inflation has declined.", [-1]),
        ("Economic activity has been expanding at a solid pace.", [1]),
        ("Household spending has softened.", [-1]),
        ("The unemployment rate has declined.", [1]),
        ("The unemployment rate has edged up, and layoffs have increased.", [-1]),
        ("Uncertainty about the economic outlook remains elevated.", [-1]),
        ("Productivity growth is strong, and job gains have slowed.", [1, -1]),
        ("Job gains have slowed but inflation remains elevated.", [-1, 1]),
        ("Policy accommodation can be removed.", []),
        ("The Committee stands ready.", []),
        ("Inflation is at exceptionally low levels.", [-1.5]),
    ],
)
def test_a_direction_speaks_of_the_nearest_thing_in_its_clause(
    sentence: str, told: list[float]
) -> None:
    assert weights(sentence) == told


def test_a_direction_too_far_from_a_thing_says_nothing_of_it() -> None:
    assert weights("Inflation as one two three four was high.") == [1]
    assert weights("Inflation as one two three four five was high.") == []


def test_a_fixed_phrase_weighs_more_and_its_words_count_once() -> None:
    told = tone(["The Committee decided to lower the target range for the federal funds rate."])

    (hint,) = told.hints
    assert (hint.phrase, hint.weight) == ("lower the target range", -1.5)


@pytest.mark.parametrize(
    ("sentence", "weight"),
    [
        ("It is not likely that inflation will rise.", -1),
        ("The Committee will not raise the target range.", -1.5),
        ("Downside risks to growth do not remain.", 1.5),
        ("Inflation doesn't show that it will rise.", -1),
        ("Inflation is no longer declining.", -1),
    ],
)
def test_a_negation_in_the_clause_turns_it(sentence: str, weight: float) -> None:
    (hint,) = tone([sentence]).hints

    assert hint.weight == weight
    assert hint.negated is ("no longer" not in sentence)


def test_a_negation_in_another_clause_turns_nothing() -> None:
    assert weights("The Committee did not act, but inflation remains elevated.") == [1]


def test_the_score_is_weights_a_hundred_sentences_and_shows_its_phrases() -> None:
    told = tone(["Inflation is high. It met in June.", "Spending fell. Inflation rose."])

    assert told.score == pytest.approx(25)
    assert told.sentences == 4
    assert [(h.sentence, h.phrase) for h in told.hints] == [
        (1, "inflation … high"),
        (3, "spending fell"),
        (4, "inflation rose"),
    ]
    assert all(hint.phrase.split(" … ")[0] in hint.clause for hint in told.hints)
    assert json.loads(json.dumps(tone_json(told)))["hints"][0]["weight"] == 1


def test_of_an_empty_text_the_tone_is_unknown_and_so_is_its_change() -> None:
    empty, told = tone([]), tone(["Inflation rose."])

    assert empty == Tone(score=None, sentences=0, hints=())
    assert tone_change(empty, told) is None
    assert tone_change(told, empty) is None
    assert tone_change(told, None) is None
    assert tone_change(told, tone(["Inflation fell."])) == pytest.approx(200)


@given(st.sampled_from(THINGS), st.sampled_from([("rose", "fell"), ("is high", "is low")]))
def test_the_opposite_direction_has_the_opposite_sign(thing: str, said: tuple[str, str]) -> None:
    up, down = (tone([f"Then {thing} {way}."]).score for way in said)

    assert up
    assert up == -(down or 0)


@given(st.lists(st.sampled_from([*TIGHTER_PHRASES, *EASIER_PHRASES, "inflation rose"])))
def test_a_text_said_twice_has_the_same_tone(said: list[str]) -> None:
    text = [f"It said {phrase}." for phrase in said]

    assert tone(text * 2).score == tone(text).score


@given(st.sampled_from([*TIGHTER_PHRASES, *EASIER_PHRASES]))
def test_each_phrase_of_the_table_is_found_and_leans_its_way(phrase: str) -> None:
    hints = tone([f"It said {phrase} then."]).hints

    assert sum(hint.weight for hint in hints) * (1 if phrase in TIGHTER_PHRASES else -1) >= 1.5


def test_no_phrase_of_the_table_begins_another_so_that_their_order_does_not_matter() -> None:
    phrases = [tuple(phrase.split()) for phrase in (*TIGHTER_PHRASES, *EASIER_PHRASES)]

    assert not [(p, q) for p in phrases for q in phrases if p != q and q[: len(p)] == p]
    assert len(set(phrases)) == len(phrases)


def test_september_2025_is_told_as_easier_than_july() -> None:
    july, september = (
        tone(body(statement_paragraphs(date(2025, month, day))))
        for month, day in ((7, 30), (9, 17))
    )

    change = tone_change(september, july)

    assert change is not None
    assert change < 0
    assert "lower the target range" in [hint.phrase for hint in september.hints]
    assert "downside risks" in [hint.phrase for hint in september.hints]


RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded statements")
def test_over_recorded_statements_hikes_sound_tighter_than_holds_and_these_than_cuts() -> None:
    golden = json.loads((RECORDED / "golden_statements.json").read_text())
    scores: dict[str, list[float]] = {}
    for told in golden:
        file = RECORDED / "statements_txt" / f"fomc{told['date'].replace('-', '')}.txt"
        if file.exists():
            score = tone(body(re.split(r"\n\s*\n", file.read_text(encoding="utf-8")))).score
            scores.setdefault(told["action"], []).append(score or 0)

    assert mean(scores["hike"]) > mean(scores["hold"]) + 20
    assert mean(scores["hold"]) > mean(scores["cut"]) + 10
