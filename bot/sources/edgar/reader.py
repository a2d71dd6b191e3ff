"""What reading a form of XML takes, whichever it is: parts by their shape, values by their sort.

Structure is never guessed: a part that is missing, doubled or in the place of another is refused;
a value that can not be read is unknown, and marked.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import ClassVar
from xml.etree.ElementTree import Element

from bot.errors import SourceUnreadable
from bot.insider.filing import read_day
from bot.sources.edgar.characters import read_tree
from bot.sources.edgar.container import Contained, Refused, contained_form
from bot.sources.edgar.schema import PLAIN, Shape

_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
"""As the schema has them (twelve places before the point, four after), with room to spare."""
_MOST_UNKNOWN = 20


def read_form(body: bytes) -> tuple[Contained, Element, tuple[str, ...]]:
    """The form in a document, its tree and what had to be done to read it; Refused where there is
    none that is whole."""
    contained = contained_form(body)
    root, marks = read_tree(contained.xml)
    return contained, _without_namespace(root), marks


@contextmanager
def kept_aside(name: str) -> Iterator[None]:
    """What is refused inside is SourceUnreadable, with the document's name and the mend."""
    try:
        yield
    except Refused as refusal:
        raise SourceUnreadable(
            str(refusal), where=name, mend="kept aside; compare it with the document on sec.gov"
        ) from refusal


class FormReader:
    """Reads one tree; what is unknown to the schema is marked, and refused where a part is lost.

    names: of all elements that the form has; a stranger that holds one is a lost part.
    """

    names: ClassVar[frozenset[str]]

    def __init__(self, marks: list[str]) -> None:
        self.marks = marks

    def parts(self, element: Element, shape: Shape) -> dict[str, Element]:
        """The children by name; the last one where several may stand.  Refused where one is
        missing or stands twice, and where text stands between them."""
        found = {child.tag: child for child in element}
        if len(found) < len(element):
            _refuse_doubled(element, shape)
        refuse_text(element)
        if not found.keys() <= shape.known:
            self.unknown(element, shape, found)
        if not shape.required <= found.keys():
            missing = min(shape.required - found.keys())
            raise Refused(f"<{element.tag}> has no <{missing}>")
        return found

    def unknown(self, element: Element, shape: Shape, found: dict[str, Element]) -> None:
        """A later schema may add an element; one that looks like a known one is a lost part."""
        strange = [tag for tag in found if tag not in shape.known]
        if len(strange) > _MOST_UNKNOWN:
            raise Refused(f"<{element.tag}> has {len(strange)} elements that no schema has")
        for tag in strange:
            lost = _lost(tag, shape, found)
            if lost or tag.startswith("{") or any(child.tag in self.names for child in found[tag]):
                instead = f" but no <{lost}>" if lost else ""
                raise Refused(f"<{element.tag}> has <{short(tag)}>{instead}")
        self.marks.append("unknown_element")

    # Values.

    def flag(self, element: Element | None) -> bool | None:
        """The flag of an element; None where it is absent or empty."""
        if element is None:
            return None
        value = element.find("value")
        return self.boolean(text_of(element if value is None else value))

    def boolean(self, text: str | None) -> bool | None:
        """1, 0, true or false."""
        if text is None:
            return None
        if text.lower() in ("1", "true"):
            return True
        if text.lower() not in ("0", "false"):
            self.marks.append("flag_unreadable")
            return None
        return False

    def number(self, text: str | None) -> str | None:
        if text is not None and not _NUMBER.fullmatch(text):
            self.marks.append("number_unreadable")
            return None
        return text

    def day(self, text: str | None) -> str | None:
        """The first ten characters: xs:date allows a zone suffix."""
        if text is None:
            return None
        if read_day(text) is None:
            self.marks.append("date_unreadable")
            return None
        return text[:10]

    def word(self, text: str | None, words: tuple[str, ...]) -> str | None:
        if text is not None and text not in words:
            self.marks.append("word_unreadable")
            return None
        return text


def refuse_text(element: Element) -> None:
    """Text beside the children of an element is what is left of a lost one."""
    strange = element.text
    if not strange or strange.isspace() or element.tag in PLAIN:
        for child in element:
            strange = child.tail
            if strange and not strange.isspace():
                break
        else:
            return
    raise Refused(f"text where only elements belong in <{element.tag}>: {short(strange)!r}")


def short(text: str) -> str:
    return text.strip()[:60]


def text_of(element: Element | None) -> str | None:
    """The text of an element with runs of white space as one blank; None where it is empty."""
    if element is None:
        return None
    text = "".join(element.itertext()) if len(element) else element.text
    return " ".join(text.split()) or None if text else None


def _without_namespace(root: Element) -> Element:
    """The tree with names as the schema has them, where the root puts all into one namespace."""
    if not root.tag.startswith("{"):
        return root
    space = root.tag.partition("}")[0] + "}"
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(space)
    return root


def cik_of(element: Element, whose: str) -> str:
    """A CIK, ten digits; SEC archives pad it with zeros."""
    text = text_of(element)
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Refused(f"the CIK of the {whose} is {short(text or '')!r}")
    return text.zfill(10)


def _refuse_doubled(element: Element, shape: Shape) -> None:
    met: set[str] = set()
    for child in element:
        if child.tag in met and child.tag not in shape.repeated:
            raise Refused(f"<{short(child.tag)}> stands twice in <{element.tag}>")
        met.add(child.tag)


def _lost(strange: str, shape: Shape, found: dict[str, Element]) -> str | None:
    """The element in whose place an unknown one stands."""
    if gone := (shape.required | shape.usual) - found.keys():
        return min(gone)
    if shape.one_of and shape.one_of.isdisjoint(found):
        return min(shape.one_of)
    missing = {tag.lower(): tag for tag in (shape.known - found.keys()) | shape.repeated}
    near = get_close_matches(strange.lower(), missing, n=1)
    return missing[near[0]] if near else None
