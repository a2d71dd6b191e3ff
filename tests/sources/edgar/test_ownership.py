"""Ownership documents: every part is read or the document is refused; nothing is lost silently."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SourceUnreadable
from bot.insider.facts import insider_trades
from bot.insider.filing import Filing
from bot.insider.filing_json import filing_json
from bot.sandbox.filings import Insider, Row, SyntheticFiling
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import JANE, a_filing, a_form, a_row

FIXTURES = Path(__file__).parents[2] / "fixtures" / "form4"
EVERY_LEAF = (FIXTURES / "every_leaf.xml").read_bytes()
MINIMAL = a_form(a_row(note="A note."), a_row("M", derivative=True)).xml().encode()
ROWS_FROM, ROWS_TO = b"<nonDerivativeTable>", b"</derivativeTable>"

NAMES = sorted(set(re.findall(rb"<([A-Za-z0-9]+)[ >/]", EVERY_LEAF)))
UNREAD = re.compile(rb"rptOwner(?!Cik|Name)|signature")
"""Addresses and what is inside signatures: no number stands there."""

LEAVES = [
    m.span() for m in re.finditer(rb"<([A-Za-z0-9]+)(?: [^>]*)?>[^<]+</\1>", EVERY_LEAF)
]  # fmt: skip


def read(body: bytes, name: str = "form4.xml") -> Filing:
    return read_filing(body, name=name)


def told(body: bytes) -> dict[str, Any]:
    return filing_json(read(body))


def refused(body: bytes) -> str | None:
    """Why a document is refused; None where it is read."""
    try:
        read(body)
    except SourceUnreadable as error:
        return error.what
    return None


def with_row(old: str, new: str) -> bytes:
    """The minimal form with one text of it replaced."""
    assert old.encode() in MINIMAL
    return MINIMAL.replace(old.encode(), new.encode())


def without_rows(remarks: str = "", *, form: str = "4", flag: str = "") -> bytes:
    body = MINIMAL[: MINIMAL.index(ROWS_FROM)] + MINIMAL[MINIMAL.index(ROWS_TO) + len(ROWS_TO) :]
    return (
        body.replace(b"<remarks></remarks>", f"<remarks>{remarks}</remarks>".encode())
        .replace(b"<documentType>4<", f"<documentType>{form}<".encode())
        .replace(b"<issuer>", f"{flag}<issuer>".encode())
    )


# What is cut, misspelt, doubled or lost.


def test_a_document_cut_anywhere_is_refused() -> None:
    whole = EVERY_LEAF.rstrip()
    read_ones = [n for n in range(0, len(whole), 7) if refused(whole[:n]) is None]
    assert read_ones == []


def test_a_submission_cut_anywhere_is_refused_until_its_form_is_whole() -> None:
    body = a_form().submission()
    whole = body.index(b"</XML>") + len(b"</XML>")
    original = filing_json(read(body))
    for cut in range(0, len(body), 11):
        if cut < whole:
            assert refused(body[:cut]) is not None, cut
        else:
            assert told(body[:cut])["lines"] == original["lines"]


@pytest.mark.parametrize("name", [name for name in NAMES if not UNREAD.match(name)])
def test_a_misspelt_name_is_refused_wherever_it_stands(name: bytes) -> None:
    for wrong in {name[:-1], name + b"s", name[:3] + name[4:], name.upper()} - {name}:
        changed = re.sub(rb"(</?)" + name + rb"(?=[ >/])", rb"\g<1>" + wrong, EVERY_LEAF)
        assert refused(changed) is not None, wrong


NUMBERS_AND_CODES = [
    name
    for name in NAMES
    if re.match(
        rb"transaction(?!Timeliness)|shares|value|underlying|conversion|post|security|footnote"
        rb"|direct|issuerCik|rptOwnerCik|.*(?:Table|Transaction|Holding)$",
        name,
    )
]


@pytest.mark.parametrize("name", NUMBERS_AND_CODES)
def test_an_unknown_name_in_the_place_of_a_number_is_refused(name: bytes) -> None:
    changed = re.sub(rb"(</?)" + name + rb"(?=[ >/])", rb"\g<1>novelty", EVERY_LEAF)
    assert refused(changed) is not None


@pytest.mark.parametrize("span", LEAVES)
def test_a_leaf_that_lost_its_tags_or_stands_twice_is_refused(span: tuple[int, int]) -> None:
    start, end = span
    leaf = EVERY_LEAF[start:end]
    if UNREAD.match(leaf[1:]):
        return
    text = leaf[leaf.index(b">") + 1 : leaf.rindex(b"<")]
    assert refused(EVERY_LEAF[:start] + text + EVERY_LEAF[end:]) is not None
    assert refused(EVERY_LEAF[:end] + leaf + EVERY_LEAF[end:]) is not None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            with_row("<transactionShares><value>100</value></transactionShares>", ""),
            "has no <trans",
        ),
        (with_row("<value>100</value>", "<value>1<b>0</b>0</value>"), "beside one plain <value>"),
        (with_row("<value>100</value>", "<value><value>100</value></value>"), "beside one plain"),
        (with_row("<value>100</value>", "100"), "only elements belong"),
        (with_row("<value>100</value>", "5<value>100</value>"), "only elements belong"),
        (with_row("<value>100</value>", "<value>100</value><value>1</value>"), "beside one plain"),
        (with_row('<footnoteId id="F1"/>', '<footnoteId ID="F1"/>'), "without id"),
        (with_row('<footnote id="F1">', "<footnote>"), "in <footnotes>"),
        (with_row("</footnotes>", '<footnote id="F1">x</footnote></footnotes>'), "stands twice"),
        (with_row("<transactionCode>S</transactionCode>", ""), "has no <transactionCode>"),
        (with_row("<documentType>4<", "<documentType>144<"), "document type '144'"),
        (with_row("0001849056", "12345678901"), "CIK of the issuer"),
        (with_row("<rptOwnerCik>0007654321", "<rptOwnerCik>"), "CIK of the reporting owner"),
        (with_row("ownershipDocument>", "edgarSubmission>"), "root is <edgarSubmission>"),
        (MINIMAL + MINIMAL[22:], "junk after document element"),
        (with_row("nonDerivativeTable>", "derivativeTable>"), "stands twice"),
        (with_row("<issuer>", '<o:issuer xmlns:o="u"/><issuer>'), "has <{u}issuer>"),
        (with_row("<issuer>", "".join(f"<a{n}/>" for n in range(21)) + "<issuer>"), "21 elements"),
    ],
)
def test_lost_structure_is_told(body: bytes, reason: str) -> None:
    assert reason in (refused(body) or "read")


def test_rows_under_the_wrong_table_are_refused() -> None:
    swapped = MINIMAL.replace(b"nonDerivativeTable>", b"x>").replace(b"derivativeTable>", b"y>")
    body = swapped.replace(b"x>", b"derivativeTable>").replace(b"y>", b"nonDerivativeTable>")
    assert "is no row of the" in (refused(body) or "read")


# What may differ.


def test_a_new_element_of_a_later_schema_is_marked_and_read_past() -> None:
    filing = read(with_row("<issuer>", "<novelty>1</novelty><issuer>"))
    assert filing.quality == ("unknown_element",)
    assert len(filing.lines) == 2


@pytest.mark.parametrize(
    "root", ['<ownershipDocument xmlns="u">', '<o:ownershipDocument xmlns:o="u">']
)
def test_a_namespace_over_all_is_read_and_never_gives_no_rows(root: str) -> None:
    prefix = "o:" if "o:" in root else ""
    body = re.sub(rb"(</?)(?=[A-Za-z])", rb"\g<1>" + prefix.encode(), MINIMAL)
    first = f"<{prefix}ownershipDocument>".encode()
    assert told(body.replace(first, root.encode())) == told(MINIMAL)


def test_numbers_and_dates_stand_as_filed() -> None:
    row = a_row(shares="106150.00", price="0.0", day="2024-07-19", after="007")
    line = a_filing(row).lines[0]
    assert (line.shares, line.price, line.shares_after) == ("106150.00", "0.0", "007")


@pytest.mark.parametrize(
    ("filed", "read_as"),
    [
        ("2024-07-19-05:00", "2024-07-19"), ("2024-07-19Z", "2024-07-19"),
        ("2024-07-19+09:30", "2024-07-19"), ("0022-07-19", "0022-07-19"),
        ("2035-01-10", "2035-01-10"), ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None), ("20240719", None), ("2024-W29-5", None), ("07/19/2024", None),
        ("2024-07-195", None), ("", None),
    ],
)  # fmt: skip
def test_a_date_is_its_first_ten_characters(filed: str, read_as: str | None) -> None:
    body = with_row("<transactionDate><value>2025-09-19", f"<transactionDate><value>{filed}")
    filing = read(body)
    assert filing.lines[0].date == read_as
    assert ("date_unreadable" in filing.quality) == (read_as is None and filed != "")


@pytest.mark.parametrize(
    ("filed", "kept"),
    [
        ("100", True), ("100.", True), (".5", True), ("+5", True), ("-5", True), ("0", True),
        ("999999999999.9999", True), ("1,000", False), ("1e5", False), ("NaN", False),
        ("$5", False), ("5 000", False), ("Infinity", False), ("٣", False), ("9" * 19, False),
    ],
)  # fmt: skip
def test_a_number_is_kept_as_filed_or_unknown_and_marked(filed: str, kept: bool) -> None:
    filing = read(with_row("<value>100</value>", f"<value>{filed}</value>"))
    assert filing.lines[0].shares == (filed if kept else None)
    assert ("number_unreadable" in filing.quality) == (not kept)


@pytest.mark.parametrize(
    ("text", "flag"),
    [("1", True), ("true", True), ("TRUE", True), ("0", False), ("false", False), ("", False),
     ("yes", False)],
)  # fmt: skip
def test_flags_stand_in_digits_and_words(text: str, flag: bool) -> None:
    filing = read(with_row("<isDirector>0", f"<isDirector>{text}"))
    assert filing.owners[0].is_director is flag
    assert ("flag_unreadable" in filing.quality) == (text == "yes")


def test_an_absent_relationship_is_none() -> None:
    start, end = b"<reportingOwnerRelationship>", b"</reportingOwnerRelationship>"
    body = MINIMAL[: MINIMAL.index(start)] + MINIMAL[MINIMAL.index(end) + len(end) :]
    owner = read(body).owners[0]
    assert not any((owner.is_director, owner.is_officer, owner.is_ten_percent_owner))


@pytest.mark.parametrize("group", ["ownershipNature", "postTransactionAmounts"])
def test_an_empty_group_about_the_position_is_unknown(group: str) -> None:
    body = re.sub(rf"<{group}>.*?</{group}>".encode(), f"<{group}/>".encode(), MINIMAL)
    line = read(body).lines[0]
    assert (line.shares, line.price) == ("100", "10")
    assert None in (line.shares_after, line.direct_indirect)


def test_a_row_without_coding_has_no_code_and_no_side() -> None:
    body = re.sub(rb"<transactionCoding>.*?</transactionCoding>", b"", MINIMAL)
    assert [trade["class"] for trade in told(body)["trades"]] == ["other", "derivative"]


def test_ciks_are_padded_and_empty_names_are_null() -> None:
    body = with_row("0001849056", " 1849056 ").replace(b"Oklo Inc.", b"")
    filing = read(body)
    assert (filing.issuer_cik, filing.issuer_name) == ("0001849056", None)


def test_white_space_collapses_in_texts() -> None:
    assert read(with_row("A note.", " A\n\t note. \u00a0 ")).footnotes == {"F1": "A note."}


def test_ten_owners_are_read_in_their_order() -> None:
    owners = [Insider(cik=f"{n:010}", name=f"OWNER {n}", director=True) for n in range(1, 11)]
    assert [owner.name for owner in a_filing(owners=owners).owners] == [o.name for o in owners]


def test_a_note_that_does_not_exist_is_marked() -> None:
    filing = read(with_row('<footnoteId id="F1"/>', '<footnoteId id="F9"/>'))
    assert filing.quality == ("footnote_missing",)


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        (without_rows(), False),
        (without_rows("Exhibit 24."), False),
        (without_rows("This amendment withdraws the Form 4.", form="4/A"), True),
        (without_rows("The Form 4 was filed in error.", form="4/A"), True),
        (without_rows(form="3"), True),
        (without_rows(flag="<notSubjectToSection16>1</notSubjectToSection16>"), True),
        (without_rows(flag="<notSubjectToSection16>0</notSubjectToSection16>"), False),
    ],
)
def test_a_form_without_rows_needs_a_reason(body: bytes, is_read: bool) -> None:
    assert (refused(body) is None) == is_read


def test_the_accession_number_is_taken_from_the_name_where_the_document_has_none() -> None:
    number = "0001849056-25-000999"
    assert read(MINIMAL, f"{number}.xml").accession_number == number
    body = a_form(owners=(JANE,)).submission()
    assert read(body, f"{number}.txt").accession_number == "0001849056-25-000123"


def test_a_refusal_names_the_document_and_what_to_do() -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(b"<html></html>", "0001849056-25-000999.txt")
    assert caught.value.where == "0001849056-25-000999.txt"
    assert caught.value.mend


# Hostile documents.


def padded(inside: str, filler: str, count: int) -> bytes:
    return MINIMAL.replace(inside.encode(), inside.encode() + filler.encode() * count, 1)


NOTES = "".join(f'<footnote id="N{n}">Note {n}, sold by the underwriters.</footnote>'
                for n in range(10_000))  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        padded("<nonDerivativeTable>", "<nonDerivativeHolding/>", 200_000),
        padded("<footnotes>", NOTES, 1),
        padded("<remarks>", "10b5-1 not between $1 to ", 200_000),
        padded("<remarks>", "& ", 500_000),
        padded("<transactionShares><value>", "9", 2_000_000),
        padded("<ownershipDocument>", "<issuer>", 200_000),
        padded("<ownershipDocument>", "<a/>", 200_000),
        padded("<ownershipDocument>", "<!-- -->", 200_000),
        padded("<remarks>", "<a>", 200_000).replace(
            b"</remarks>", b"</a>" * 200_000 + b"</remarks>"
        ),
    ],
)
def test_a_hostile_document_is_read_or_refused_and_nothing_else(body: bytes) -> None:
    if refused(body) is None:
        filing = read(body)
        filing_json(filing)
        insider_trades(filing, accepted_at=None, digest="a" * 64)


ORIGINAL = told(MINIMAL)
_TAGS = re.compile(rb"<[^>]*>")


@settings(max_examples=300)
@given(
    st.integers(0, len(MINIMAL) - 1),
    st.sampled_from(("replace", "remove", "insert")),
    st.one_of(st.integers(0, 255).map(lambda byte: bytes((byte,))), st.sampled_from(
        (b"<", b">", b"</value>", b"<value>", b"&", b"\x00", b"\xe9", b"<!--", b"<!DOCTYPE x>"))),
)  # fmt: skip
def test_a_damaged_tag_never_changes_a_number(place: int, how: str, what: bytes) -> None:
    """Where a document with one byte changed in its markup is read, its numbers are the same."""
    tag = next((m for m in _TAGS.finditer(MINIMAL) if m.start() < place < m.end() - 1), None)
    if tag is None or MINIMAL[place:].startswith(b'"'):
        return
    end = place if how == "insert" else place + 1
    body = MINIMAL[:place] + (b"" if how == "remove" else what) + MINIMAL[end:]
    if refused(body) is None:
        assert [numbers(line) for line in told(body)["lines"]] == [
            numbers(line) for line in ORIGINAL["lines"]
        ]


def numbers(line: dict[str, Any]) -> tuple[Any, ...]:
    names = ("code", "acquired_disposed", "date", "shares", "price_usd", "shares_after")
    return tuple(line[name] for name in (*names, "exercise_price_usd", "underlying_shares"))


@settings(max_examples=200)
@given(st.data())
def test_bytes_changed_at_random_never_crash_the_reader(data: st.DataObject) -> None:
    body = bytearray(a_form(a_row(note="A note.")).submission())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    if refused(bytes(body)) is None:
        filing = read(bytes(body))
        filing_json(filing)
        insider_trades(filing, accepted_at=None, digest="a" * 64)


amounts = st.decimals(0, 10**9, places=4).map(str)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("PSAMFGJ"), amounts, amounts), min_size=1, max_size=8))
def test_what_was_written_is_read(rows: list[tuple[str, str, str]]) -> None:
    written = [a_row(code, shares=shares, price=price) for code, shares, price in rows]
    form: SyntheticFiling = a_form(*written)
    assert [(line.code, line.shares, line.price) for line in read(form.submission()).lines] == rows
    assert all(isinstance(row, Row) for row in written)
