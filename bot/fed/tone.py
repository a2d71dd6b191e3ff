"""Tone as an aid to reading: which phrases speak for a higher rate, and which for a lower one.

A lexicon that shows its work, no verdict: where such a call leans either way it is right about half
the time, and the sign is right in 77 to 79 % of the cases in which the text leans too.  So read the
phrases, and compare a document with the one before of its kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from bot.fed.passages import tidy, words
from bot.fed.sentences import sentences
from bot.fed.tone_words import (
    EASIER_PHRASES,
    FALLING,
    NEGATIONS,
    NO_NEGATION,
    REVERSED_THINGS,
    RISING,
    THINGS,
    TIGHTER_PHRASES,
)

REACH = 7
"""A direction speaks of a thing at most so many words away."""

PHRASE_WEIGHT = 1.5
"""A phrase of policy says more than a direction and a thing beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One phrase that leans.

    sentence: its number in the document, from 1.  clause: where it stands, in small letters and
    without marks.  phrase: the words that were recognised.  weight: above 0 where it speaks for a
    higher rate, below for a lower one.  negated: whether a negation in the clause turned it.
    """

    sentence: int
    clause: str
    phrase: str
    weight: float
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """score: weights of the hints over the sentences, times 100; None without a sentence."""

    score: float | None
    sentences: int
    hints: tuple[Hint, ...]


def tone(paragraphs: Sequence[str]) -> Tone:
    """The tone of a text; of a statement give ``passages.body``."""
    read = [sentence for paragraph in paragraphs for sentence in sentences(tidy(paragraph))]
    hints = tuple(hint for number, text in enumerate(read, 1) for hint in _hints(number, text))
    score = 100 * sum(hint.weight for hint in hints) / len(read) if read else None
    return Tone(score=score, sentences=len(read), hints=hints)


def tone_change(now: Tone, before: Tone | None) -> float | None:
    """Score less that of the document before of its kind; None where either is unknown."""
    if before is None or now.score is None or before.score is None:
        return None
    return now.score - before.score


def tone_json(found: Tone) -> dict[str, Any]:
    """For the detail ``evidence`` of facts."""
    return {
        "score": found.score,
        "sentences": found.sentences,
        "hints": [
            {
                "sentence": hint.sentence,
                "clause": hint.clause,
                "phrase": hint.phrase,
                "weight": hint.weight,
                "negated": hint.negated,
            }
            for hint in found.hints
        ],
    }


_CLAUSES = re.compile(
    r"[;:—–]\s*|,\s+(?:and|but|although|though|while|whereas|however|so|yet)\b"
    r"|\s(?:but|although|though|while|whereas|even as)\s",
    re.IGNORECASE,
)


class _Lean(NamedTuple):
    """Words from one place of a clause to another, and how they lean before any negation."""

    first: int
    last: int
    phrase: str
    weight: float


def _hints(number: int, sentence: str) -> Iterator[Hint]:
    for clause in _CLAUSES.split(sentence):
        said = words(clause)
        phrases = list(_phrases(said))
        taken = {place for lean in phrases for place in range(lean.first, lean.last + 1)}
        negated = _is_negated(said)
        for lean in sorted([*phrases, *_pairs(said, taken)]):
            yield Hint(
                sentence=number,
                clause=" ".join(said),
                phrase=lean.phrase,
                weight=-lean.weight if negated else lean.weight,
                negated=negated,
            )


def _phrases(said: Sequence[str]) -> Iterator[_Lean]:
    """Fixed phrases, none over another."""
    place = 0
    while place < len(said):
        found = next(
            (p for p in _policy(said[place]) if tuple(said[place:][: len(p[0])]) == p[0]), None
        )
        if found is None:
            place += 1
            continue
        phrase, weight = found
        yield _Lean(place, place + len(phrase) - 1, " ".join(phrase), weight)
        place += len(phrase)


_NONE: tuple[tuple[str, ...], float] = ((), 0.0)


@cache
def _policy(first: str) -> list[tuple[tuple[str, ...], float]]:
    """Phrases that begin with a word, and how they lean; none of them begins another."""
    return [
        (words_of, weight)
        for phrases, weight in ((TIGHTER_PHRASES, PHRASE_WEIGHT), (EASIER_PHRASES, -PHRASE_WEIGHT))
        for phrase in phrases
        if (words_of := tuple(phrase.split()))[0] == first
    ]


def _pairs(said: Sequence[str], taken: set[int]) -> Iterator[_Lean]:
    """Directions with the things they are nearest to, each of either once."""
    free = [(place, word) for place, word in enumerate(said) if place not in taken]
    things = [(place, sign) for place, word in free if (sign := _thing(word))]
    ways = [(place, sign) for place, word in free if (sign := _way(word))]
    near = sorted(
        (abs(thing - way), way, thing, of_thing * of_way)
        for thing, of_thing in things
        for way, of_way in ways
        if abs(thing - way) <= REACH
    )
    used: set[int] = set()
    for _, way, thing, weight in near:
        if way not in used and thing not in used:
            used |= {way, thing}
            first, last = sorted((way, thing))
            between = " … " if last - first > 1 else " "
            yield _Lean(first, last, f"{said[first]}{between}{said[last]}", float(weight))


@cache
def _thing(word: str) -> int:
    """1 where more of it speaks for a higher rate, -1 for a lower one, 0 where it is none."""
    return bool(_one_of(*THINGS).fullmatch(word)) - bool(_one_of(*REVERSED_THINGS).fullmatch(word))


@cache
def _way(word: str) -> int:
    """1 up, -1 down, 0 where it is no direction."""
    return bool(_one_of(*RISING).fullmatch(word)) - bool(_one_of(*FALLING).fullmatch(word))


@cache
def _one_of(*listed: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in listed))


def _is_negated(said: Sequence[str]) -> bool:
    text = " ".join(said)
    for phrase in NO_NEGATION:
        text = text.replace(phrase, "")
    return any(word in NEGATIONS or word.endswith("n't") for word in text.split())
