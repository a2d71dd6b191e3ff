"""The XML of a form inside what EDGAR hands out: raw XML, full submissions, feed archives.

A full submission (``.txt``) has a header of ``NAME:<tab>value`` lines, a feed archive (``.nc``) one
of ``<NAME>value`` tags with bare CR line ends; then follow ``<DOCUMENT>`` blocks, of which the
first may be the form (ownership or notice of sale) and others are attachments.
Source: SEC, EDGAR Public Dissemination Service (PDS) Technical Specification.
"""

import codecs
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clock import NEW_YORK

LARGEST_FORM = 10 * 1024 * 1024
"""Bytes of an ownership document; the largest real one met is 31 kB."""

SUBMISSION_CUT_OFF = "submission_cut_off"
"""The form is whole, but the submission around it does not end: attachments may be missing."""

_MOST_PARTS = 1_000
_HEADER_BYTES = 256 * 1024
_IS_SUBMISSION = re.compile(
    rb"\A\s*(?:<(SEC-DOCUMENT|SEC-HEADER|IMS-DOCUMENT|IMS-HEADER|SUBMISSION|DOCUMENT)>|-----BEGIN)",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(rb"<DOCUMENT>", re.IGNORECASE)
_XML_TAG = re.compile(rb"<(/?)XML>", re.IGNORECASE)
_ELEMENT = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)")
_ENDS = re.compile(rb"</(?:SEC-DOCUMENT|IMS-DOCUMENT|SUBMISSION)>|-----END", re.IGNORECASE)
_ACCESSION = re.compile(
    rb"(?:ACCESSION NUMBER:[ \t]*|<ACCESSION-NUMBER>[ \t]*)(\d{10}-\d{2}-\d{6})", re.IGNORECASE
)
_FORM = re.compile(
    rb"(?:CONFORMED SUBMISSION TYPE:|<TYPE>)[ \t]*([!-~]+(?: [!-~]+)*)", re.IGNORECASE
)
_ACCEPTED = re.compile(rb"<ACCEPTANCE-DATETIME>[ \t]*(\d{14})(?!\d)", re.IGNORECASE)
_NAMED = re.compile(r"(?<!\d)(\d{10}-\d{2}-\d{6})(?!\d)")
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(rb"<title[^>]{0,100}>(.{1,200}?)</title>", re.IGNORECASE | re.DOTALL)


OWNERSHIP, SUBMISSION = b"ownershipDocument", b"edgarSubmission"
"""Roots of the forms that are read: Forms 3, 4 and 5; Form 144, and other forms with it."""

_FOREIGN = {
    b"\x1f\x8b": "packed with gzip: unpack it first",
    b"PK": "a ZIP archive: unpack it first",
    b"{": "JSON, not an ownership document",
    b"[": "JSON, not an ownership document",
    b"%PDF": "a PDF, not an ownership document",
}


class Refused(Exception):
    """Why a document is not read; the message is the reason for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """The XML of a form, and what the container around it states.

    accepted_text: the acceptance as it stands in the header, fourteen digits of New York.
    """

    xml: bytes
    accession_number: str | None = None
    accepted_text: str | None = None
    accepted_at: datetime | None = None
    marks: tuple[str, ...] = ()

    @property
    def root(self) -> bytes:
        """The name of the root, without its prefix; empty where it can not be seen."""
        return _root(self.xml)


def contained_form(body: bytes) -> Contained:
    """The XML of the form in a document; Refused where there is none that is whole."""
    bare = _bare(body)
    if not bare:
        raise Refused("the document is empty")
    if _IS_SUBMISSION.match(bare[:4096]):
        return _from_submission(bare)
    if _HTML.match(bare[:4096]):
        raise Refused("an HTML page, not an ownership document" + _title(bare))
    for start, told in _FOREIGN.items():
        if bare.startswith(start):
            raise Refused(told)
    return Contained(xml=_of_fair_size(body))


def is_submission(body: bytes) -> bool:
    """Whether a body begins as a full submission or a feed archive does."""
    return _IS_SUBMISSION.match(_bare(body[:4096])) is not None


def stated_accession(body: bytes) -> str | None:
    """The accession number in the header of a submission; None where it states none."""
    found = _ACCESSION.search(body, 0, _end_of_header(body))
    return found[1].decode() if found else None


def stated_form(body: bytes) -> str | None:
    """The form that the header of a submission states, as "4/A"; None where it states none."""
    found = _FORM.search(body, 0, _end_of_header(body))
    return found[1].decode() if found else None


def _end_of_header(body: bytes) -> int:
    first = _DOCUMENT.search(body)
    return min(first.start() if first else len(body), _HEADER_BYTES)


def accession_in_name(name: str) -> str | None:
    """The accession number that a file's name carries."""
    found = _NAMED.search(name)
    return found[1] if found else None


def _bare(body: bytes) -> bytes:
    return body.removeprefix(codecs.BOM_UTF8).lstrip()


def _from_submission(body: bytes) -> Contained:
    first = _DOCUMENT.search(body)
    if first is None:
        raise Refused("a submission header without a document")
    header = body[: min(first.start(), _HEADER_BYTES)]
    accepted = _ACCEPTED.search(header)
    return Contained(
        xml=_of_fair_size(_first_form(body, first.end())),
        accession_number=stated_accession(header),
        accepted_text=accepted[1].decode() if accepted else None,
        accepted_at=_instant(accepted[1].decode()) if accepted else None,
        marks=() if _ENDS.search(body, max(0, len(body) - 4096)) else (SUBMISSION_CUT_OFF,),
    )


def _first_form(body: bytes, start: int) -> bytes:
    """The first XML part that is an ownership document, else the first of the other root."""
    opened, other = None, None
    met = 0
    for tag in _XML_TAG.finditer(body, start):
        closes = bool(tag[1])
        if opened is None and not closes:
            opened = tag.end()
        elif opened is not None and closes:
            part = body[opened : tag.start()]
            root = _root(part)
            if root == OWNERSHIP:
                return part.strip(b"\r\n")
            if other is None and root == SUBMISSION:
                other = part.strip(b"\r\n")
            opened = None
            met += 1
            if met == _MOST_PARTS:
                break
    if other is not None:
        return other
    if opened is not None:
        raise Refused("the submission breaks off inside its XML part")
    if met:
        raise Refused("no XML part of the submission is an ownership document")
    raise Refused("the submission holds no XML part")


def _root(part: bytes) -> bytes:
    """The name of the first element, without its prefix; empty where there is none."""
    at = part.find(b"<")
    while at >= 0:
        if part.startswith(b"<!--", at):
            at = part.find(b"-->", at)
        elif not part.startswith((b"<?", b"<!"), at):
            break
        at = part.find(b"<", at + 1) if at >= 0 else at
    found = _ELEMENT.match(part, at) if at >= 0 else None
    return found[1] if found else b""


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
    found = _TITLE.search(body[:16384])
    words = " ".join(found[1].decode("ascii", "replace").split()) if found else ""
    return f" ({words})" if words else ""
