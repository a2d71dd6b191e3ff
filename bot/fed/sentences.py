"""A paragraph cut into its sentences, as the Federal Reserve writes them."""

import re

from bot.fed.tokens import one_of

_ABBREVIATIONS = one_of(
    "Jr Sr Mr Mrs Ms Messrs Mses Dr Prof Hon Gov Pres St No Nos Inc Corp Co Ltd vs cf al ca "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec approx Vol pp Fig Figs Sec"
)
"""Words whose full stop ends no sentence, unless what follows can only begin one."""

_STOP = re.compile(r"""[.!?]["'\u201d\u2019)\]]*(?P<note>(?<=[a-z%][.])\d{1,2})?(?=\s)""")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_INITIALS = re.compile(r"(?:^|[\s(\"'\u201c])(?:[A-Z]\.)*[A-Z]$")
_OPENS = re.compile(r"""["'\u201c\u2018(\[]*[A-Z0-9]""")
_SUFFIXES = frozenset(("Jr", "Sr"))
_OPENERS = one_of(
    "Mr Ms Mrs Dr President Governor Chair Chairman Vice Voting Absent The In This These That "
    "They He She Both Each It At On For With As When While Although However"
)
"""Words that open a sentence also behind 'Jr.', where a capital might go on with the name."""


def sentences(paragraph: str) -> tuple[str, ...]:
    """The sentences of a paragraph in their order, each with its full stop, stripped of blanks.

    A stop behind an initial, a title, 'U.S.' or another abbreviation ends none, nor does one
    inside a number.  A number set behind the stop is a footnote's and goes with the sentence.
    """
    cut, start = [], 0
    for stop in _STOP.finditer(paragraph):
        if _ends(paragraph, stop):
            cut.append(paragraph[start : stop.end()])
            start = stop.end()
    cut.append(paragraph[start:])
    return tuple(sentence.strip() for sentence in cut if sentence.strip())


def _ends(paragraph: str, stop: re.Match[str]) -> bool:
    behind = paragraph[stop.end() :].lstrip()
    if not _OPENS.match(behind):
        return False
    if paragraph[stop.start()] != ".":
        return True
    before = paragraph[max(0, stop.start() - 20) : stop.start()]
    if _INITIALS.search(before):
        return before.endswith(("U.S", "D.C", "a.m", "p.m")) and _opener(behind)
    word = _LAST_WORD.search(before)
    if word and word[0] in _SUFFIXES:
        return _opener(behind)
    return not (word and word[0] in _ABBREVIATIONS)


def _opener(behind: str) -> bool:
    word = re.match(r"\W*(\w+)", behind)
    return bool(word and word[1] in _OPENERS)
