"""A redline as Slack blocks: ``~struck~`` and ``*bold*``, within the limits of Block Kit.

Unchanged sentences go first where room is short, then the last of the changed ones; either way the
message says what it leaves out.  Marks stand around whole words, with blanks outside: inside a word
Slack shows them as they are.
"""

from collections.abc import Iterator
from itertools import groupby

from bot.cards.redline import redline_summary, runs_shown, shown_sentences
from bot.cards.slack_text import Block, fitted, neutral
from bot.fed.redline import Fate, Redline, Sentence, Verdict

SECTION_LIMIT = 3_000
"""UTF-16 units of one section's text.  Source: docs.slack.dev, Block Kit, section block."""

_MARKS = {Fate.KEPT: "", Fate.REMOVED: "~", Fate.ADDED: "*"}


def redline_blocks(redline: Redline, *, blocks: int = 10, units: int = 8_000) -> list[Block]:
    """Sections of mrkdwn: one line about the whole, then the changed text by paragraphs.

    blocks, units: the most sections, at least 2, and the most UTF-16 units of all their texts; a
    message holds 50 blocks and a card has others beside these.
    """
    summary = f"_{fitted(redline_summary(redline), 300)}_"
    room = units - _length(summary)
    for whole in (True, False):
        texts = _sections(redline, whole=whole)
        if len(texts) < blocks and sum(map(_length, texts)) <= room:
            return [_section(text) for text in (summary, *texts)]
    return [_section(text) for text in (summary, *_cut(texts, blocks - 1, room))]


def _sections(redline: Redline, *, whole: bool) -> list[str]:
    """Texts of one section each; without the unchanged sentences unless whole."""
    found: list[str] = []
    blocks = shown_sentences(redline)
    for block in blocks if whole else _together(blocks):
        section = ""
        for piece in _pieces(redline, block, whole=whole):
            if section and _length(section) + 1 + _length(piece) > SECTION_LIMIT:
                found.append(section)
                section = ""
            section = f"{section} {piece}".lstrip()
        found.append(section)
    return _joined(found) if not whole else found


def _together(blocks: list[list[Sentence]]) -> list[list[Sentence]]:
    """Paragraphs in which nothing changed as one with the paragraphs like them that follow."""
    found: list[list[Sentence]] = []
    for changed, group in groupby(blocks, lambda block: not all(map(_is_kept, block))):
        alike = list(group)
        found += alike if changed else [[sentence for block in alike for sentence in block]]
    return found


def _pieces(redline: Redline, block: list[Sentence], *, whole: bool) -> Iterator[str]:
    shortened = not whole and redline.verdict is not Verdict.REWRITTEN
    for left_out, group in groupby(block, lambda s: shortened and _is_kept(s)):
        if left_out:
            yield _left_out(len(list(group)), "unchanged")
            continue
        for sentence in group:
            yield from (_marked(fate, text) for fate, text in runs_shown(redline, sentence))


def _is_kept(sentence: Sentence) -> bool:
    return sentence.fate is Fate.KEPT and not sentence.moved


def _left_out(count: int, what: str) -> str:
    return f"_… {count} {what} sentence{'' if count == 1 else 's'} …_"


def _marked(fate: Fate, text: str) -> str:
    """Cut before it is marked, so that no mark is ever left open."""
    mark = _MARKS[fate]
    return f"{mark}{fitted(neutral(text), SECTION_LIMIT - 2)}{mark}"


def _joined(texts: list[str]) -> list[str]:
    """Short neighbours in one section."""
    found: list[str] = []
    for text in texts:
        if found and _length(found[-1]) + 2 + _length(text) <= SECTION_LIMIT:
            found[-1] = f"{found[-1]}\n\n{text}"
        else:
            found.append(text)
    return found


def _cut(texts: list[str], blocks: int, units: int) -> list[str]:
    """The first that fit, and how much of the redline they are."""
    more = "_… the rest does not fit here: part {} of {} is the last one shown_"
    kept: list[str] = []
    room = units - len(more) - 8
    for text in texts[: blocks - 1]:
        room -= _length(text)
        if room < 0:
            break
        kept.append(text)
    return [*kept, more.format(len(kept), len(texts))]


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
