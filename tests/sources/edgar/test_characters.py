"""Bytes to a tree: encodings, one repair of characters, and what is never read."""

import pytest

from bot.sources.edgar.characters import (
    CHARACTERS_REPAIRED,
    DECODED_AS_WINDOWS_1252,
    read_tree,
)
from bot.sources.edgar.container import Refused

REPAIRED, GUESSED = (CHARACTERS_REPAIRED,), (DECODED_AS_WINDOWS_1252,)


def text_of(body: bytes) -> tuple[str | None, tuple[str, ...]]:
    root, marks = read_tree(body)
    return root.text, marks


def declared(encoding: str, body: bytes) -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body


@pytest.mark.parametrize(
    ("body", "text", "marks"),
    [
        (b"<a>x</a>", "x", ()),
        ("<a>é</a>".encode(), "é", ()),
        (b"\xef\xbb\xbf" + "<a>é</a>".encode(), "é", ()),
        ("\ufeff<a>é–</a>".encode("utf-16-le"), "é–", ()),
        ("\ufeff<a>é–</a>".encode("utf-16-be"), "é–", ()),
        ("<a>é–</a>".encode("utf-16-le"), "é–", ()),
        ("<a>é–</a>".encode("utf-16-be"), "é–", ()),
        (declared("UTF-8", "<a>é</a>".encode()), "é", ()),
        (declared("ISO-8859-1", b"<a>\xe9</a>"), "é", ()),
        (declared("windows-1252", b"<a>\x93\xe9\x94</a>"), "“é”", ()),
        (declared("UTF-8", b"<a>\x93\xe9\x94</a>"), "“é”", GUESSED),
        (b"\xef\xbb\xbf<a>\xe9</a>", "é", GUESSED),
        (b"<a>\xe9\x81</a>", "é\ufffd", GUESSED),
        (declared("UTF-16", b"<a>x</a>"), "x", ()),
        (declared("x-nonsense", "<a>é</a>".encode()), "é", ()),
        (declared("unicode_escape", b"<a>\\x31</a>"), "\\x31", ()),
        (declared("utf-7", b"<a>+AOk-</a>"), "+AOk-", ()),
        (b'<?xml version="1.0"' + b" " * 300 + b'encoding="utf-7"?><a>x</a>', "x", ()),
    ],
)
def test_the_encoding_is_the_mark_then_the_declaration_then_utf_8(
    body: bytes, text: str, marks: tuple[str, ...]
) -> None:
    assert text_of(body) == (text, marks)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'\n <?xml version="1.0"?><a>x</a>', "x"),
        (b"<a>A & B</a>", "A & B"),
        (b"<a>AT&T &nbsp; &amp; &#38; &#x26;</a>", "AT&T &nbsp; & & &"),
        (b"<a>x\x00\x0b\x1fy</a>", "xy"),
        (b"<a>x&#0;&#x1F;&#11;y&#9;z</a>", "xy\tz"),
        ("<a>x\ufffey</a>".encode(), "xy"),
        (b"<a>x</a>\x00\x00", "x"),
        (b"<a><!-- & --><![CDATA[&]]> & </a>", "& & "),
    ],
)
def test_characters_are_repaired_once_and_marked(body: bytes, text: str) -> None:
    assert text_of(body) == (text, REPAIRED)


@pytest.mark.parametrize(
    "body",
    [
        b"<a><!-- <!DOCTYPE a> -->x</a>",
        b"<a><![CDATA[<!DOCTYPE a>]]></a>",
        b"<a>&lt;!DOCTYPE a&gt;</a>",
    ],
)
def test_a_doctype_that_is_only_talked_of_does_no_harm(body: bytes) -> None:
    assert read_tree(body)[1] == ()


BOMB = b'[<!ENTITY a "xxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]'


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE a " + BOMB + b"><a>&b;</a>",
        b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "http://example.com/">]><a>&e;</a>',
        b"<!DOCTYPE a><a/>",
        b"<!-- --><!DOCTYPE a><a/>",
        b"<!DOC\x01TYPE a " + BOMB.replace(b"<!ENT", b"<!ENT\x01") + b"><a>&b;</a>",
        ("<!DOCTYPE a " + BOMB.decode() + "><a>&b;</a>").encode("utf-16"),
        b"\xef\xbb\xbf<!DOCTYPE a><a/>",
    ],
)
def test_a_document_type_is_refused_wherever_it_hides(body: bytes) -> None:
    with pytest.raises(Refused, match="DOCTYPE"):
        read_tree(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<a><b>1</b>", "cut off"),
        (b"<a><b>1</b", "cut off"),
        (b"<a><![CDATA[x", "cut off"),
        (b"<a>1</b>", "mismatched tag"),
        (b"<a/><a/>", "junk after document element"),
        (b"<a/>text", "junk after document element"),
        (b"<a>1 < 2</a>", "not well-formed"),
        (b'<a x="1" x="2"/>', "duplicate attribute"),
        (b"no markup", "not well-formed"),
        (b"\xff\xfe<a />", "begins as utf-16-le"),
        (b"<o:a/>", "unbound prefix"),
    ],
)
def test_structure_is_never_mended(body: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read_tree(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * 300_000,
        b"<a>" + b"<!--" * 500_000 + b"\x01",
        b"<a>" + b"<![CDATA[" * 300_000 + b"\x01",
        b"<a>" + b"<!--x-->" * 200_000 + b"\x01<!DOCTYPE",
    ],
)
def test_hostile_nesting_is_refused_in_linear_time(body: bytes) -> None:
    with pytest.raises(Refused):
        read_tree(body)


def test_deep_nesting_is_read_without_recursion() -> None:
    root, _ = read_tree(b"<a>" * 300_000 + b"</a>" * 300_000)
    assert len(root) == 1
