"""What changed between two texts: by sentences first, then by words within those that changed.

Never by characters: those give nonsense such as the ``E`` of one word beside the ``ST`` of another.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from bot.fed.passages import tidy, words
from bot.fed.sentences import sentences

REWRITTEN_BELOW = 0.5
"""Under this similarity hardly a sentence is left of the old text: the new one is to be read whole.

Among statements since 2015 only 3 March 2020, 15 March 2020 and the first of the form of June 2026.
"""

NEARLY_UNCHANGED_FROM = 0.97
"""From this similarity on it is the news that so little changed: 8 of 168 pairs since 2006."""

PAIRED_FROM = 0.5
"""The least similarity at which two sentences are versions of one."""


class Fate(StrEnum):
    """What became of a sentence, or of the words in one."""

    KEPT = "kept"
    CHANGED = "changed"  # of sentences only: some of its words are others
    ADDED = "added"
    REMOVED = "removed"


class Verdict(StrEnum):
    """What is to be said of the whole."""

    SAME = "same"
    NEARLY_UNCHANGED = "nearly unchanged"
    CHANGED = "changed"
    REWRITTEN = "rewritten"  # a redline means nothing: read the new text


class Run(NamedTuple):
    """Words of one fate that follow one another; never without words."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence in both texts, or in one of them.

    runs: its words in reading order.  moved: it stands before or behind others than it did.
    paragraph: in the new text, from 0; of a removed one the paragraph it would stand in.
    old_place: its number in the old text, from 0, None where it was not there.
    """

    fate: Fate
    runs: tuple[Run, ...]
    paragraph: int
    old_place: int | None
    moved: bool = False

    @property
    def new_text(self) -> str:
        return " ".join(run.text for run in self.runs if run.fate is not Fate.REMOVED)

    @property
    def old_text(self) -> str:
        return " ".join(run.text for run in self.runs if run.fate is not Fate.ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redline:
    """Two texts beside each other: the sentences of the new one in its order, and among them those
    of the old one that it left out.

    similarity: words that both share in the same order, twice, over the words of both; 0 to 1.
    """

    similarity: float
    sentences: tuple[Sentence, ...]

    @property
    def verdict(self) -> Verdict:
        if all(s.fate is Fate.KEPT and not s.moved for s in self.sentences):
            return Verdict.SAME
        if self.similarity < REWRITTEN_BELOW:
            return Verdict.REWRITTEN
        if self.similarity >= NEARLY_UNCHANGED_FROM:
            return Verdict.NEARLY_UNCHANGED
        return Verdict.CHANGED

    @property
    def counts(self) -> dict[str, int]:
        """Sentences of each fate, and how many moved."""
        fates = Counter(s.fate for s in self.sentences)
        return {
            **{fate.value: fates[fate] for fate in Fate},
            "moved": sum(s.moved for s in self.sentences),
        }

    def paragraphs(self) -> list[list[Sentence]]:
        """The sentences by paragraphs of the new text."""
        return [list(group) for _, group in groupby(self.sentences, lambda s: s.paragraph)]


def redline(old: Sequence[str], new: Sequence[str]) -> Redline:
    """What changed from one text to another, each given by its paragraphs.

    Give ``passages.body``: titles, votes and lines for the media are no part of what is compared.
    """
    before = [sentence for paragraph in old for sentence in sentences(tidy(paragraph))]
    after = [
        (number, sentence)
        for number, paragraph in enumerate(new)
        for sentence in sentences(tidy(paragraph))
    ]
    pairs = _paired(before, [sentence for _, sentence in after])
    return Redline(
        similarity=similarity(" ".join(before), " ".join(sentence for _, sentence in after)),
        sentences=tuple(_laid_out(before, after, pairs)),
    )


def similarity(one: str, other: str) -> float:
    """Words that two texts share in the same order, twice, over the words of both.

    1 is the same words, 0 none in common; two texts without words are the same.  Symmetric.
    """
    return _likeness(words(one), words(other))


def _likeness(a: Sequence[str], b: Sequence[str]) -> float:
    return 2 * _common(a, b) / (len(a) + len(b)) if a or b else 1.0


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, with one bit a word of ``a``.

    Bit-parallel, one step a word of ``b``.  Source: H. Hyyrö, Bit-parallel LCS-length computation
    revisited, 2004.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(a)) - 1
    left = full
    for word in b:
        found = left & places.get(word, 0)
        left = (left + found | left - found) & full
    return len(a) - left.bit_count()


def _paired(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For each sentence of the new text the one of the old that it is, or is a version of.

    Equal ones first, those that kept their order before those that moved; then the most alike.
    """
    pairs: dict[int, int] = {}
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            pairs[block.b + step] = block.a + step
    free = {place: text for place, text in enumerate(old) if place not in pairs.values()}
    for place, text in enumerate(new):
        if place not in pairs:
            same = next((at for at, other in free.items() if other == text), None)
            if same is not None:
                pairs[place] = same
                del free[same]
    waiting = {place: words(text) for place, text in enumerate(new) if place not in pairs}
    left = {at: words(text) for at, text in free.items()}
    alike = [
        (-likeness, abs(at - place), place, at)
        for place, text in waiting.items()
        for at, other in left.items()
        if (likeness := _likeness(other, text)) >= PAIRED_FROM
    ]
    for _, _, place, at in sorted(alike):
        if place not in pairs and at in free:
            pairs[place] = at
            del free[at]
    return pairs


def _laid_out(
    old: Sequence[str], new: Sequence[tuple[int, str]], pairs: dict[int, int]
) -> list[Sentence]:
    """The new text in its order; each removed sentence behind the one that it followed."""
    moved = _moved(pairs)
    told = [
        _sentence(None if at is None else old[at], text, paragraph, at, moved=place in moved)
        for place, (paragraph, text) in enumerate(new)
        for at in [pairs.get(place)]
    ]
    for at in sorted(set(range(len(old))) - set(pairs.values())):
        behind = next((n for n, s in enumerate(told) if s.old_place == at - 1), -1)
        paragraph = told[max(behind, 0)].paragraph if told else 0
        gone = (Run(Fate.REMOVED, old[at]),)
        told.insert(
            behind + 1, Sentence(fate=Fate.REMOVED, runs=gone, paragraph=paragraph, old_place=at)
        )
    return told


def _moved(pairs: dict[int, int]) -> set[int]:
    """The fewest new places whose sentences must have moved for the others to keep their order."""
    chains: list[list[int]] = [[]]
    for place in sorted(pairs):
        joined = [chain for chain in chains if not chain or pairs[chain[-1]] < pairs[place]]
        chains.append([*_longest(joined), place])
    return set(pairs) - set(_longest(chains))


def _longest(chains: Sequence[list[int]]) -> list[int]:
    return max(chains, key=len)


def _sentence(
    old: str | None, new: str, paragraph: int, old_place: int | None, *, moved: bool
) -> Sentence:
    if old is None:
        fate, runs = Fate.ADDED, [Run(Fate.ADDED, new)]
    elif old == new:
        fate, runs = Fate.KEPT, [Run(Fate.KEPT, new)]
    else:
        fate, runs = Fate.CHANGED, _changed(_ATOMS.findall(old), _ATOMS.findall(new))
    return Sentence(
        fate=fate, runs=tuple(runs), paragraph=paragraph, old_place=old_place, moved=moved
    )


_ATOMS = re.compile(r"\d[\d/.-]* to \d[\d/.-]* percent\S*|\S+")
"""What is removed and added whole: words, and ranges of rates, which are read as one figure."""


_LONGEST_SENTENCE = 400
"""Words.  What is longer is a list or a table without full stops: no one reads a change in it word
by word, and to look for one would take as many seconds as it has hundreds of words."""


def _changed(old: list[str], new: list[str]) -> list[Run]:
    if max(len(old), len(new)) > _LONGEST_SENTENCE:
        return [Run(Fate.REMOVED, " ".join(old)), Run(Fate.ADDED, " ".join(new))]
    return _runs(old, new)


class _Stretch(NamedTuple):
    """Words at one place of two sentences: the same ones, or what stood and what stands there."""

    old: list[str]
    new: list[str]
    same: bool


def _runs(old: list[str], new: list[str]) -> list[Run]:
    """Words kept, removed and added; what was removed stands before what took its place."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    stretches = [
        _Stretch(old[a:b], new[c:d], tag == "equal") for tag, a, b, c, d in matcher.get_opcodes()
    ]
    runs: list[Run] = []
    for stretch in _without_islands(stretches):
        if stretch.same:
            runs.append(Run(Fate.KEPT, " ".join(stretch.new)))
            continue
        if stretch.old:
            runs.append(Run(Fate.REMOVED, " ".join(stretch.old)))
        if stretch.new:
            runs.append(Run(Fate.ADDED, " ".join(stretch.new)))
    return runs


_ISLAND = 2
"""A kept stretch of so few words between two replacements, each longer, only disturbs reading."""


def _without_islands(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """A word or two that two longer replacements happen to share are replaced with them."""
    told: list[_Stretch] = []
    for place, stretch in enumerate(stretches):
        following = stretches[place + 1] if place + 1 < len(stretches) else None
        lost = stretch.same and told and following and _is_island(told[-1], stretch, following)
        if told and not told[-1].same and (lost or not stretch.same):
            last = told.pop()
            stretch = _Stretch(last.old + stretch.old, last.new + stretch.new, False)
        told.append(stretch)
    return told


def _is_island(before: _Stretch, kept: _Stretch, behind: _Stretch) -> bool:
    size = len(kept.new)
    return (
        size <= _ISLAND
        and not before.same
        and all(min(len(side.old), len(side.new)) > size for side in (before, behind))
    )
