"""Bytes of a form to text and to a tree: strict first, one repair of characters, strict again.

Structure is never guessed: what is cut off, misspelt or doubled is refused.  A document type
declaration is refused too, since it could bring entities; ElementTree expands internal ones.
"""

import codecs
import re
from xml.etree.ElementTree import Element, ParseError, XMLParser

from bot.sources.edgar.container import Refused

DECODED_AS_WINDOWS_1252 = "decoded_as_windows_1252"
CHARACTERS_REPAIRED = "characters_repaired"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._\-]{1,40})[\"']")
_DOCTYPE = re.compile(r"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_COMMENT_OR_CDATA = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


def read_tree(xml: bytes) -> tuple[Element, tuple[str, ...]]:
    """The root element and what had to be done to read it; Refused where it can not be read."""
    if _is_plain(xml):
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
    try:
        return _strict(repaired), (*marks, CHARACTERS_REPAIRED)
    except ParseError as error:
        raise Refused(_told(error)) from error


def _is_plain(xml: bytes) -> bool:
    """ASCII without a document type, declared as an encoding that agrees: no need to decode."""
    declared = _DECLARED.match(xml)
    known = declared is None or declared[1].lower() in (b"utf-8", b"us-ascii", b"iso-8859-1")
    return known and xml.isascii() and b"<!DOCTYPE" not in xml and b"<!ENTITY" not in xml


def _strict(document: bytes | str) -> Element:
    parser = XMLParser()
    parser.feed(document)
    root: Element = parser.close()
    return root


def _decoded(xml: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if xml.startswith(mark):
            try:
                return xml[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError as error:
                raise Refused(f"not {encoding} as its byte order mark says: {error}") from error
    for encoding in (_declared(xml), "utf-8"):
        try:
            text = xml.decode(encoding)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        if "<" in text:
            return text, ()
    return xml.decode("windows-1252", "replace"), (DECODED_AS_WINDOWS_1252,)


def _declared(xml: bytes) -> str:
    """The encoding of the declaration, where it is one that ASCII is a part of."""
    found = _DECLARED.match(xml)
    name = found[1].decode("ascii").lower() if found else "utf-8"
    try:
        info = codecs.lookup(name)
        return info.name if "<".encode(name) == b"<" else "utf-8"
    except (LookupError, UnicodeError, TypeError):
        return "utf-8"


def _refuse_doctype(text: str) -> None:
    if _DOCTYPE.search(text) and _DOCTYPE.search(_COMMENT_OR_CDATA.sub("", text)):
        raise Refused("a document type declaration (DOCTYPE), which no ownership form has")


def _repaired(text: str) -> str:
    """White space before the declaration cut, control characters removed, bare '&' escaped."""
    clean = _FORBIDDEN.sub("", text.lstrip("\ufeff \t\r\n"))
    return "".join(
        part if part.startswith(("<!--", "<![CDATA[")) else _BARE_AMPERSAND.sub("&amp;", part)
        for part in re.split(r"(<!--.*?-->|<!\[CDATA\[.*?\]\]>)", clean, flags=re.DOTALL)
    )


def _told(error: ParseError) -> str:
    line, column = error.position
    reason = str(error).split(":")[0]
    if reason in ("no element found", "unclosed token", "unclosed CDATA section"):
        return f"cut off: {reason} at line {line}"
    return f"not well-formed XML: {reason} at line {line}, column {column + 1}"
