"""Markup flattened into paragraphs, and the header lines of pages from before 2006."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.fed.tokens import one_of

if TYPE_CHECKING:
    from bs4 import Tag

_BLOCKS = one_of(
    "p div table tr td th ul ol li h1 h2 h3 h4 h5 h6 blockquote hr section article center dl "
    "dt dd form body pre caption tbody thead"
)
_LEFT_OUT = one_of("script style noscript iframe img svg button select nav header footer head")
_MENUS = ("share", "dropdown-menu", "panel-attachments", "sr-only", "breadcrumb")
_NOTE_LINK = re.compile(r"^#(?:fn|f|footnote|ref)?\d+\w?$|^#_?ftn", re.I)
_NOTE_PLACE = re.compile(r"^(?:fn|footnote)\d+", re.I)


class _Flow:
    """Text on its way into paragraphs."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.notes: list[str] = []
        self._text: list[str] = []
        self._links: set[int] = set()  # paragraphs that are nothing but a link
        self._only_bold = self._only_link = True
        self._note = False

    def say(self, text: str, *, bold: bool, link: bool) -> None:
        if text.strip():
            self._only_bold &= bold
            self._only_link &= link
        self._text.append(re.sub(r"[\r\n\t]+", " ", text))

    def note_begins(self) -> None:
        if not "".join(self._text).strip():
            self._note = True

    def line_ends(self) -> None:
        """A <br>: two of them, or one behind a bold heading, end the paragraph."""
        said = "".join(self._text)
        if said.strip() and (self._only_bold or said.rstrip(" ").endswith("\n")):
            self.end()
        else:
            self._text.append("\n")

    def end(self) -> None:
        said = "".join(self._text)
        lines = [" ".join(line.split()) for line in said.split("\n")]
        text = "\n".join(line for line in lines if line)
        if text and self._only_link and not self._note:
            self._links.add(len(self.paragraphs))
        if text:
            (self.notes if self._note else self.paragraphs).append(text)
        self._text, self._note = [], False
        self._only_bold = self._only_link = True

    def without_links_around(self) -> list[str]:
        """The paragraphs from the first to the last that are not mere links."""
        told = [at for at in range(len(self.paragraphs)) if at not in self._links]
        return self.paragraphs[told[0] : told[-1] + 1] if told else self.paragraphs


def flow(tag: "Tag", *, lines: bool = False) -> tuple[list[str], list[str]]:
    """The paragraphs under a tag and its footnotes, in their order.

    lines: whether line breaks inside a paragraph are kept as such; else they are blanks.
    """
    into = _Flow()
    _walk(tag, into, bold=False, link=False)
    into.end()
    paragraphs = into.without_links_around()
    if lines:
        return paragraphs, into.notes
    joined = [" ".join(text.split("\n")) for text in paragraphs]
    return joined, [" ".join(text.split("\n")) for text in into.notes]


def _walk(tag: "Tag", into: _Flow, *, bold: bool, link: bool) -> None:
    from bs4.element import NavigableString, PreformattedString, Tag

    for child in tag.children:
        if isinstance(child, PreformattedString):
            continue
        if isinstance(child, NavigableString):
            into.say(str(child), bold=bold, link=link)
        elif isinstance(child, Tag) and not _left_out(child):
            linked = link or (child.name == "a" and child.has_attr("href"))
            _enter(child, into, bold=bold or child.name in ("strong", "b"), link=linked)


def _enter(tag: "Tag", into: _Flow, *, bold: bool, link: bool) -> None:
    if tag.name == "br":
        into.line_ends()
        return
    if tag.name == "a" and _NOTE_PLACE.match(str(tag.get("name") or tag.get("id") or "")):
        into.note_begins()
    if tag.name == "sup" and (digits := tag.get_text().strip()).isdigit():
        if not _is_numerator(tag):
            return
        into.say(f" {digits}", bold=bold, link=link)
        return
    block = tag.name in _BLOCKS
    if block:
        into.end()
    _walk(tag, into, bold=bold, link=link)
    if block:
        into.end()


def _left_out(tag: "Tag") -> bool:
    if tag.name in _LEFT_OUT:
        return True
    classes = " ".join(tag.get("class") or [])
    if any(menu in classes for menu in _MENUS):
        return True
    if tag.name != "a":
        return False
    link = str(tag.get("href") or "")
    return bool(_NOTE_LINK.match(link)) or tag.get_text().strip() == "Return to text"


def _is_numerator(tag: "Tag") -> bool:
    """Whether '/' follows, as in 3<sup>1</sup>/<sub>2</sub>: a fraction, not a footnote."""
    behind = tag.next_sibling
    return behind is not None and str(behind).lstrip().startswith(("/", "\u2044"))


# --- header lines of old pages

_BY = re.compile(
    r"(?:(?:Opening |Closing |Luncheon |Brief |Introductory |Commencement |Welcoming )?"
    r"(?:Remarks|Testimony|Statement|Speech|Address|Lecture|Comments|Presentation|Discussion)"
    r"|Testimony and Remarks) (?:by|of) (?P<who>.+)",
    re.I | re.S,
)
_VENUE = re.compile(r"(?:At|Before|To|In|During|On|Presented|Delivered)\b", re.I)
_DATED = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r" \d{1,2}, \d{4}"
)
_RELEASED = re.compile(r"For (?:immediate )?release\b.*", re.I)
_HEADER_PARAGRAPHS = 12


@dataclass(slots=True)
class Header:
    """What stands above the text of an old page."""

    speaker: str | None = None
    venue: str | None = None
    day: str | None = None
    title: str | None = None
    release: str | None = None


def header_lines(paragraphs: Sequence[str]) -> tuple[Header, list[str]]:
    """The header of an old page, and its paragraphs behind it."""
    head, behind = Header(), 0
    for place, paragraph in enumerate(paragraphs[:_HEADER_PARAGRAPHS]):
        if _take(head, paragraph):
            behind = place + 1
        if head.day and head.speaker:
            break
    return head, list(paragraphs[behind:])


def _take(head: Header, paragraph: str) -> bool:
    """Whether a paragraph, or its lines, belonged to the header."""
    if len(paragraph) > 700:
        return False
    taken = [_take_line(head, line) for line in paragraph.split("\n")]
    return any(taken)


def _take_line(head: Header, line: str) -> bool:
    if head.speaker is None and (by := _BY.fullmatch(line)):
        head.speaker = by["who"].strip()
        return True
    if head.release is None and _RELEASED.fullmatch(line):
        head.release = line
        return True
    if head.day is None and (dated := _DATED.search(line)) and len(line) < 60:
        head.day = dated[0]
        return True
    if head.speaker and head.venue is None and _VENUE.match(line):
        head.venue = line
        return True
    return False
