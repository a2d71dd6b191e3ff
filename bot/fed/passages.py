"""Texts of the Federal Reserve as paragraphs and words, of one typography."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.fed.sentences import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of a page.

    number: its place on the page, from 1.  heading: the one that it stands under, None before the
    first.  anchor: id of the element on the page that is nearest above it, None without one.
    """

    number: int
    text: str
    heading: str | None = None
    anchor: str | None = None


_LONGEST_HEADING = 14
"""Words; "Participants' Views on Current Conditions and the Economic Outlook" has ten."""


def under_headings(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs that are none themselves, each with the heading above it.

    A heading is a short paragraph that begins with a capital and ends without a mark.  One that is
    given with a paragraph stays.
    """
    heading: str | None = None
    for paragraph in paragraphs:
        text = tidy(paragraph.text)
        if text[:1].isupper() and text[-1].isalnum() and len(text.split()) <= _LONGEST_HEADING:
            heading = text
        elif text:
            yield paragraph if paragraph.heading else replace(paragraph, heading=heading)


_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        "\u00ad": None,
        "\u200b": None,
        "\ufeff": None,
    }
)


def tidy(text: str) -> str:
    """The text with straight quotes, plain hyphens and single blanks, for reading: dashes stay.

    One statement mixes both kinds of apostrophe, and "mortgage-backed" is written with U+2011 in
    ten statements of 2017 to 2026: neither is a change of words.
    """
    return " ".join(text.translate(_TYPOGRAPHY).split())


_EDGES = "\"'()[],.;:!?–—*"


def words(text: str) -> list[str]:
    """The words as they are compared: small letters, without what stands around them."""
    bare = (word.strip(_EDGES) for word in tidy(text).lower().split())
    return [word for word in bare if word]


_OUTSIDE = re.compile(
    r"for (?:immediate )?release\b|release date\b|share$|for media inquiries\b|media inquiries\b"
    r"|implementation note issued\b|last update\b|\(?\[?email"
    r"|statement regarding (?:purchases|transactions)|statement regarding monetary policy impl"
    r"|frequently asked questions|related information|federal reserve (?:board )?issues fomc"
    r"|fomc statement\b|statement on longer-run goals|board of governors of the federal reserve"
    r"|\d{4} monetary policy releases",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:Release Date: )?[A-Z][a-z]+ \d{1,2}, \d{4}$")
_VOTES = re.compile(
    r"voting (?:\(by notation\) )?(?:for|in favor|against)\b|in a related action\b"
    r"|absent and not voting\b|.{0,60}\bvoted as (?:an|the) alternate\b"
    r"|the federal open market committee approved the following statement for release\b",
    re.IGNORECASE,
)


def body(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs of a statement that tell of economy and policy.

    Without title, day and release line, and without all that follows the roll call: names,
    reasons of dissents, related actions of the Board, line for the media, links.  Of the form since
    June 2026 the first sentence is the vote, and dissents stand in a last one.
    """
    return list(_told(paragraphs))


def _told(paragraphs: Iterable[str]) -> Iterator[str]:
    begun = False
    for paragraph in map(tidy, paragraphs):
        if not paragraph or _OUTSIDE.match(paragraph) or _DAY.match(paragraph):
            continue
        kept: list[str] = []
        for sentence in sentences(paragraph):
            if not _VOTES.match(sentence):
                kept.append(sentence)
            elif begun or kept:
                if kept:
                    yield " ".join(kept)
                return
        if kept:
            begun = True
            yield " ".join(kept)
