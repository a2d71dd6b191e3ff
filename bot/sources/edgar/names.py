"""The names EDGAR gives things: ownership forms, accession numbers, CIKs, and where a filing is."""

import re

FORM_4 = frozenset({"4", "4/A"})
"""A change of ownership, and its amendment."""

FORM_144 = frozenset({"144", "144/A"})
"""A notice of proposed sale, and its amendment."""

OWNERSHIP_FORMS = frozenset({"3", "3/A", "4", "4/A", "5", "5/A"})
"""The forms of section 16, compared exactly: EDGAR's own filter matches 4 with 424B2 too."""

ACCESSION_NUMBER = re.compile(r"\d{10}-\d{2}-\d{6}")

_FILING_URL = re.compile(
    r"(?:https?://[^/\s]+)?/?(?:\S*/)?edgar/data/(?P<cik>\d{1,10})/(?:\d{18}/)?"
    r"(?P<accession>\d{10}-\d{2}-\d{6})(?:\.txt|-index\.html?)"
)


def padded_cik(cik: str) -> str:
    """A CIK as ten digits."""
    return cik.zfill(10)


def filing_of(url: str) -> tuple[str, str] | None:
    """The (CIK, accession number) of a filing's full text or index page.

    None when the text is no whole such address.  The CIK is the one in the address, which is any
    party of the filing; the first ten digits of the accession number are the filing agent's.
    """
    match = _FILING_URL.fullmatch(url)
    return (padded_cik(match["cik"]), match["accession"]) if match else None


def text_path(cik: str, accession_number: str) -> str:
    """Where the full submission is: SGML header, acceptance time and documents in one request."""
    folder = accession_number.replace("-", "")
    return f"/Archives/edgar/data/{int(cik)}/{folder}/{accession_number}.txt"
