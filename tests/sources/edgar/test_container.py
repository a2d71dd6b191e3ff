"""The form inside what EDGAR hands out: where it stands, what the header says, what is refused."""

from datetime import UTC, datetime

import pytest

from bot.sources.edgar.container import Refused, accession_in_name, contained_form

FORM = b"<ownershipDocument>1</ownershipDocument>"
ACCESSION = "0001849056-25-000123"


def a_submission(
    *parts: bytes, accepted: str = "20250923180211", end: bytes = b"</SEC-DOCUMENT>\n"
) -> bytes:
    header = (
        f"<SEC-DOCUMENT>{ACCESSION}.txt : 20250923\n<SEC-HEADER>\n<ACCEPTANCE-DATETIME>{accepted}\n"
        f"ACCESSION NUMBER:\t\t{ACCESSION}\nCONFORMED SUBMISSION TYPE:\t4\n</SEC-HEADER>\n"
    )
    return header.encode() + b"".join(parts) + end


def a_document(xml: bytes) -> bytes:
    return b"<DOCUMENT>\n<TYPE>4\n<TEXT>\n<XML>\n" + xml + b"\n</XML>\n</TEXT>\n</DOCUMENT>\n"


ATTACHMENT = b"<DOCUMENT>\n<TYPE>EX-24\n<TEXT>\n" + b"M" * 100_000 + b"\n</TEXT>\n</DOCUMENT>\n"


def test_a_submission_gives_form_accession_number_and_acceptance() -> None:
    found = contained_form(a_submission(a_document(FORM)))
    assert found.xml == FORM
    assert found.accession_number == ACCESSION
    assert found.accepted_at == datetime(2025, 9, 23, 22, 2, 11, tzinfo=UTC)
    assert found.marks == ()


def test_bare_xml_states_neither() -> None:
    found = contained_form(FORM)
    assert (found.xml, found.accession_number, found.accepted_at) == (FORM, None, None)


@pytest.mark.parametrize(
    ("digits", "instant"),
    [
        ("20260306220000", datetime(2026, 3, 7, 3, 0, tzinfo=UTC)),  # the last Friday of winter
        ("20260309060000", datetime(2026, 3, 9, 10, 0, tzinfo=UTC)),
        ("20251031215959", datetime(2025, 11, 1, 1, 59, 59, tzinfo=UTC)),
        ("20251103060000", datetime(2025, 11, 3, 11, 0, tzinfo=UTC)),
        ("20250230060000", None),
        ("2025", None),
    ],
)
def test_acceptance_is_on_the_clock_of_new_york(digits: str, instant: datetime | None) -> None:
    assert contained_form(a_submission(a_document(FORM), accepted=digits)).accepted_at == instant


def test_a_feed_archive_has_bare_line_ends_and_no_acceptance() -> None:
    body = (
        b"<SUBMISSION>\r<ACCESSION-NUMBER>0001849056-25-000123\r<TYPE>4\r<DOCUMENT>\r<TYPE>4\r"
        b"<TEXT>\r<XML>\r" + FORM + b"\r</XML>\r</TEXT>\r</DOCUMENT>\r</SUBMISSION>\r"
    )
    found = contained_form(body)
    assert (found.xml, found.accession_number, found.accepted_at) == (FORM, ACCESSION, None)


@pytest.mark.parametrize("before", [b"", ATTACHMENT, a_document(b"<edgarSubmission/>")])
@pytest.mark.parametrize("after", [b"", ATTACHMENT, a_document(FORM.replace(b"1", b"2"))])
def test_the_first_form_is_found_among_other_parts(before: bytes, after: bytes) -> None:
    assert contained_form(a_submission(before, a_document(FORM), after)).xml == FORM


def test_a_form_named_in_a_comment_is_not_the_form() -> None:
    other = a_document(b"<?xml version='1.0'?><!-- <ownershipDocument> --><other/>")
    assert contained_form(a_submission(other, a_document(FORM))).xml == FORM


@pytest.mark.parametrize("tag", [b"xml", b"Xml", b"XML"])
def test_tags_of_the_container_stand_in_any_case(tag: bytes) -> None:
    body = a_submission(a_document(FORM)).replace(b"XML>", tag + b">")
    assert contained_form(body.replace(b"DOCUMENT>", b"Document>")).xml == FORM


def test_a_submission_cut_off_after_its_form_is_marked() -> None:
    cut = a_submission(a_document(FORM), ATTACHMENT, end=b"")
    assert contained_form(cut).marks == ("submission_cut_off",)


def test_a_large_attachment_costs_nothing() -> None:
    body = a_submission(a_document(FORM), b"<DOCUMENT>" + b"M" * 50_000_000 + b"</DOCUMENT>")
    assert contained_form(body).xml == FORM


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (a_submission(), "header without a document"),
        (a_submission(ATTACHMENT), "holds no XML part"),
        (a_submission(a_document(b"<other/>")), "no XML part of the submission"),
        (a_submission(a_document(b"")), "no XML part of the submission"),
        (a_submission(a_document(FORM)[:-40]), "breaks off"),
        (a_submission(a_document(b"<other/>") * 2_000), "no XML part of the submission"),
        (b"<html><body>Not found</body></html>", "HTML page"),
        (
            b"<!-- x --><!DOCTYPE html><html><title>Request  Rate</title>",
            r"HTML page.*Request Rate",
        ),
        (b"\xef\xbb\xbf\n<HTML><head></head></HTML>", "HTML page"),
        (FORM + b" " * (10 * 1024 * 1024), "more than 10,485,760"),
        (a_submission(a_document(FORM + b" " * (11 * 1024 * 1024))), "more than 10,485,760"),
    ],
)
def test_what_holds_no_whole_form_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        contained_form(body)


@pytest.mark.parametrize(
    ("name", "accession"),
    [
        ("0001849056-25-000123.txt", ACCESSION),
        ("oklo-0001849056-25-000123.xml", ACCESSION),
        ("10001849056-25-000123.txt", None),
        ("0001849056-25-0001234.txt", None),
        ("form4.xml", None),
    ],
)
def test_a_name_may_carry_the_accession_number(name: str, accession: str | None) -> None:
    assert accession_in_name(name) == accession
