"""Bytes of a form to text and to a tree: strict first, one repair of characters, strict again.

Structure is never guessed: what is cut off, misspelt or doubled is refused.  A document type
declaration is refused too, since it could bring entities; ElementTree expands internal ones.
"""

import codecs
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, XMLParser

from bot.sources.edgar.container import Refused

DECODED_AS_WINDOWS_1252 = "decoded_as_windows_1252"
CHARACTERS_REPAIRED = "characters_repaired"

_UTF_16 = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
"""How documents of two bytes a character begin, with and without a byte order mark."""

_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._\-]{1,40})[\"']")
_KNOWN = re.compile(r"utf-?8|(?:us-)?ascii|iso-?8859-?\d{1,2}|latin-?1|(?:windows-?|cp)125\d")
"""Encodings that a declaration may name; ASCII is a part of each."""

_DOCTYPE = re.compile(r"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_OPAQUE = re.compile(r"<!--|<!\[CDATA\[")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
    "|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
"""Characters that XML does not allow, plain or as references."""

_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def read_tree(xml: bytes) -> tuple[Element, tuple[str, ...]]:
    """The root element and what had to be done to read it; Refused where it can not be read."""
    if xml.isascii() and b"<!DOCTYPE" not in xml and b"<!ENTITY" not in xml:
        try:
            return _strict(xml), ()
        except ParseError:
            pass
    text, marks = _decoded(xml)
    _refuse_doctype(text)
    try:
        return _strict(text), marks
    except ParseError as error:
        repaired = _repaired(text)
        if repaired == text:
            raise Refused(_told(error)) from error
    _refuse_doctype(repaired)
    try:
        return _strict(repaired), (*marks, CHARACTERS_REPAIRED)
    except ParseError as error:
        raise Refused(_told(error)) from error


def _strict(document: bytes | str) -> Element:
    """The tree of ASCII bytes or of text; what the declaration says of the encoding is past."""
    parser = XMLParser(encoding="utf-8")
    parser.feed(document)
    root: Element = parser.close()
    return root


def _decoded(xml: bytes) -> tuple[str, tuple[str, ...]]:
    for beginning, encoding in _UTF_16:
        if xml.startswith(beginning):
            try:
                return xml.decode(encoding).removeprefix("\ufeff"), ()
            except UnicodeDecodeError as error:
                raise Refused(f"begins as {encoding} and is not: {error.reason}") from error
    bare = xml.removeprefix(codecs.BOM_UTF8)
    for encoding in (_declared(bare), "utf-8"):
        try:
            return bare.decode(encoding), ()
        except (UnicodeDecodeError, LookupError):
            continue
    return bare.decode("windows-1252", "replace"), (DECODED_AS_WINDOWS_1252,)


def _declared(xml: bytes) -> str:
    """The encoding of the declaration, where it is one that forms are written in."""
    found = _DECLARED.match(xml)
    name = found[1].decode("ascii").lower() if found else "utf-8"
    return name if _KNOWN.fullmatch(name) else "utf-8"


def _refuse_doctype(text: str) -> None:
    if _DOCTYPE.search(text) and any(
        _DOCTYPE.search(part) for part, opaque in _pieces(text) if not opaque
    ):
        raise Refused("a document type declaration (DOCTYPE), which no ownership form has")


def _repaired(text: str) -> str:
    """White space before the declaration cut, control characters removed, bare '&' escaped."""
    clean = _FORBIDDEN.sub("", text).lstrip("\ufeff \t\r\n")
    return "".join(
        part if opaque else _BARE_AMPERSAND.sub("&amp;", part) for part, opaque in _pieces(clean)
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut at comments and CDATA sections; True marks those."""
    at = 0
    while found := _OPAQUE.search(text, at):
        end = text.find("-->" if found[0] == "<!--" else "]]>", found.end())
        if end < 0:
            break
        yield text[at : found.start()], False
        yield text[found.start() : end + 3], True
        at = end + 3
    yield text[at:], False


def _told(error: ParseError) -> str:
    line, column = error.position
    reason = str(error).split(":")[0]
    if reason in ("no element found", "unclosed token", "unclosed CDATA section"):
        return f"cut off: {reason} at line {line}"
    return f"not well-formed XML: {reason} at line {line}, column {column + 1}"
