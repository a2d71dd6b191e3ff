"""The ownership XML inside what EDGAR hands out: raw XML, full submissions, feed archives.

A full submission (``.txt``) has a header of ``NAME:<tab>value`` lines, a feed archive (``.nc``) one
of ``<NAME>value`` tags with bare CR line ends; then follow ``<DOCUMENT>`` blocks, of which the
first may be the ownership form and others are attachments.
Source: SEC, EDGAR Public Dissemination Service (PDS) Technical Specification.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clock import NEW_YORK

LARGEST_FORM = 10 * 1024 * 1024
"""Bytes of an ownership document; the largest real one met is 31 kB."""

_HEADER_BYTES = 256 * 1024
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?ownershipDocument[\s>/]")
_IS_SUBMISSION = re.compile(
    rb"\A\s*(?:<SEC-DOCUMENT>|<SEC-HEADER>|<IMS-DOCUMENT>|<IMS-HEADER>|<SUBMISSION>|-----BEGIN"
    rb"|<DOCUMENT>)",
    re.IGNORECASE,
)
_ACCESSION = re.compile(
    rb"(?:ACCESSION NUMBER:[ \t]*|<ACCESSION-NUMBER>[ \t]*)(\d{10}-\d{2}-\d{6})", re.IGNORECASE
)
_ACCEPTED = re.compile(rb"<ACCEPTANCE-DATETIME>[ \t]*(\d{14})", re.IGNORECASE)
_NAMED = re.compile(r"(?<!\d)(\d{10}-\d{2}-\d{6})(?!\d)")
_HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)",
                   re.IGNORECASE | re.DOTALL)  # fmt: skip


class Refused(Exception):
    """Why a document is not read; the message is the reason for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """The XML of a form, and what the container around it states."""

    xml: bytes
    accession_number: str | None
    accepted_at: datetime | None


def contained_form(body: bytes) -> Contained:
    """The ownership XML of a document; Refused where there is none that is whole."""
    if not body.strip():
        raise Refused("the document is empty")
    if _IS_SUBMISSION.match(body[:4096]):
        return _from_submission(body)
    if _HTML.match(body[:4096]):
        raise Refused("an HTML page, not an ownership document" + _title(body))
    return Contained(xml=_of_fair_size(body), accession_number=None, accepted_at=None)


def accession_in_name(name: str) -> str | None:
    """The accession number that a file's name carries."""
    found = _NAMED.search(name)
    return found[1] if found else None


def _from_submission(body: bytes) -> Contained:
    first = _find(body, b"<document>", 0)
    if first < 0:
        raise Refused("a submission header without a document")
    header = body[: min(first, _HEADER_BYTES)]
    accession, accepted = _ACCESSION.search(header), _ACCEPTED.search(header)
    return Contained(
        xml=_of_fair_size(_first_form(body, first)),
        accession_number=accession[1].decode() if accession else None,
        accepted_at=_instant(accepted[1].decode()) if accepted else None,
    )


def _first_form(body: bytes, start: int) -> bytes:
    """The first XML part whose root is an ownership document."""
    met = 0
    while (opened := _find(body, b"<xml>", start)) >= 0:
        closed = _find(body, b"</xml>", opened)
        if closed < 0:
            raise Refused("the submission breaks off inside its XML part")
        part = body[opened + len(b"<xml>") : closed]
        if _ROOT.search(part[: 64 * 1024]):
            return part.strip(b"\r\n")
        met += 1
        start = closed
    if met:
        raise Refused("no XML part of the submission is an ownership document")
    raise Refused("the submission holds no XML part")


def _find(body: bytes, tag: bytes, start: int) -> int:
    """Place of a tag that stands in small or capital letters, -1 where it does not."""
    places = [p for p in (body.find(tag, start), body.find(tag.upper(), start)) if p >= 0]
    return min(places, default=-1)


def _of_fair_size(xml: bytes) -> bytes:
    if len(xml) > LARGEST_FORM:
        raise Refused(f"an ownership document of {len(xml):,} bytes, more than {LARGEST_FORM:,}")
    return xml


def _instant(digits: str) -> datetime | None:
    """EDGAR's acceptance time: fourteen digits on the clock of New York, without a zone."""
    try:
        local = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=NEW_YORK)
    except ValueError:
        return None
    return local.astimezone(UTC)


def _title(body: bytes) -> str:
    found = re.search(rb"<title[^>]*>(.{1,200}?)</title>", body[:16384], re.IGNORECASE | re.DOTALL)
    words = " ".join(found[1].decode("ascii", "replace").split()) if found else ""
    return f" ({words})" if words else ""
