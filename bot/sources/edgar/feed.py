"""Reads a page of EDGAR's list of latest filings (getcurrent, Atom) into its entries.

The list is a window and no log, newest first.  A filing stands in it once for the issuer and once
for each reporting owner, and ``type=4`` lists by prefix: the form of an entry is its category.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from xml.etree import ElementTree

from bot.clock import from_text
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.names import (
    ACCESSION_NUMBER,
    OWNERSHIP_FORMS,
    filing_of,
    padded_cik,
    text_path,
)
from bot.sources.whole_xml import whole_xml

_ATOM = "{http://www.w3.org/2005/Atom}"
_ID = re.compile(rf"accession-number=({ACCESSION_NUMBER.pattern})\s*")
_PARTY = re.compile(r"(?P<company>.*?)\s*\((?P<cik>\d{1,10})\)\s*(?:\((?P<role>[^()]*)\))?\s*")
_MANY = 10  # bad entries and no good one: no accident of one filing


class Role(StrEnum):
    """What the party named in an entry's title is to the filing."""

    ISSUER = "Issuer"
    REPORTING = "Reporting"
    FILER = "Filer"
    SUBJECT = "Subject"
    FILED_BY = "Filed by"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One party of one filing.

    at: acceptance by EDGAR.
    url: the filing's index page, as linked; text_url: its full submission.
    company, cik, role: the party, None where the title is in no known shape.
    """

    accession_number: str
    form: str
    at: datetime
    url: str
    text_url: str
    company: str | None
    cik: str | None
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """The wanted entries of a page, as listed.

    updated: when EDGAR made the page; None where it does not say.
    listed: entries of all forms on the page.
    oldest_at: the least acceptance time of all forms, None on an empty page.
    unread: entries, wanted or of unknown form, that could not be read, and why.
    """

    updated: datetime | None
    listed: int
    oldest_at: datetime | None
    entries: tuple[FeedEntry, ...]
    unread: tuple[str, ...]


def read_feed(
    body: bytes,
    *,
    where: str,
    start: int = 0,
    forms: Collection[str] = OWNERSHIP_FORMS,
    may_be_empty: bool = False,
) -> FeedPage:
    """The entries of these forms on a page; encoded as it declares.

    where: what to call the page in an error.
    may_be_empty: of a form so rare that the list may reach back to none.
    Raises SourceUnavailable on a web page, a cut page, and a first page without entries, and
    SourceUnreadable on any other document and where many entries and all of them can not be read:
    none of these means that there is no news.
    """
    root = _root(body, where)
    elements = root.findall(f"{_ATOM}entry")
    if not elements and start == 0 and not may_be_empty:
        raise SourceUnavailable(
            "the list of latest filings has no entries",
            where=where,
            mend="nothing to do, it is asked for again",
        )
    entries: list[FeedEntry] = []
    unread: list[str] = []
    instants: list[datetime] = []
    for number, element in enumerate(elements, start=1):
        at = _instant(element)
        if at is not None:
            instants.append(at)
        form = _form(element)
        if form is not None and form not in forms:
            continue
        entry = _entry(element, form, at) if form else "it does not say its form"
        if isinstance(entry, FeedEntry):
            entries.append(entry)
        else:
            unread.append(f"entry {number}: {entry}")
    if unread and not entries and len(unread) >= min(_MANY, len(elements)):
        raise SourceUnreadable(
            f"no entry can be read, {unread[0]}",
            where=where,
            mend="look at the page; the list of latest filings may have a new shape",
        )
    return FeedPage(
        updated=_instant(root),
        listed=len(elements),
        oldest_at=min(instants, default=None),
        entries=tuple(entries),
        unread=tuple(unread),
    )


def filings(entries: Collection[FeedEntry]) -> Iterator[FeedEntry]:
    """One entry a filing, the issuer's where it is listed, in the order first listed."""
    chosen: dict[str, FeedEntry] = {}
    for entry in entries:
        held = chosen.get(entry.accession_number)
        if held is None or (entry.role is Role.ISSUER and held.role is not Role.ISSUER):
            chosen[entry.accession_number] = entry
    yield from chosen.values()


def _root(body: bytes, where: str) -> ElementTree.Element:
    root = whole_xml(body, where=where, called="page", due="the list of latest filings")
    if root.tag != f"{_ATOM}feed":
        raise SourceUnreadable(
            f"the page is no Atom feed: its root is {root.tag}",
            where=where,
            mend="look at the page; the address may have changed",
        )
    return root


def _form(element: ElementTree.Element) -> str | None:
    for category in element.findall(f"{_ATOM}category"):
        term = category.get("term")
        if term and category.get("label", "form type") == "form type":
            return term.strip()
    return None


def _entry(element: ElementTree.Element, form: str, at: datetime | None) -> FeedEntry | str:
    """The entry, or what is wrong with it."""
    if at is None:
        return "no acceptance time with a time zone"
    company, cik, role = _party(_text(element, "title"), form)
    url = _link(element)
    linked = filing_of(url)
    named = _ID.search(_text(element, "id"))
    accession_number = named[1] if named else linked[1] if linked else None
    if accession_number is None:
        return "no accession number"
    if linked and linked[1] != accession_number:
        return f"it names {accession_number} and links to {linked[1]}"
    if linked is None and cik is None:
        return f"no link to {accession_number}"
    folder_cik = linked[0] if linked else str(cik)
    return FeedEntry(
        accession_number=accession_number,
        form=form,
        at=at,
        url=url,
        text_url=_text_url(url, folder_cik, accession_number),
        company=company,
        cik=cik,
        role=role,
    )


def _text_url(url: str, cik: str, accession_number: str) -> str:
    ending = re.search(r"-index\.html?$", url)
    return f"{url[: ending.start()]}.txt" if ending else text_path(cik, accession_number)


def _party(title: str, form: str) -> tuple[str | None, str | None, Role | None]:
    """Of ``4 - DOE JANE (0001214156) (Reporting)``: the name, the CIK and the role."""
    match = _PARTY.fullmatch(title.removeprefix(form).lstrip(" -"))
    if match is None:
        return None, None, None
    role = match["role"]
    known = Role(role) if role in set(Role) else None
    return match["company"] or None, padded_cik(match["cik"]), known


def _link(element: ElementTree.Element) -> str:
    for link in element.findall(f"{_ATOM}link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return str(link.get("href")).strip()
    return ""


def _instant(element: ElementTree.Element) -> datetime | None:
    try:
        return from_text(_text(element, "updated")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(element: ElementTree.Element, name: str) -> str:
    return " ".join((element.findtext(f"{_ATOM}{name}") or "").split())
