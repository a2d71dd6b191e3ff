"""What the sandbox EDGAR publishes: one filing with its parties, its times and its bytes.

They are synthetic filings, or ownership documents from a folder.  A document that comes without
its container is put into one: a made-up header, and what it does not say is made up from its own
bytes, so that the same file is always the same filing.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.calendar import SEC
from bot.clock import NEW_YORK
from bot.errors import SourceUnreadable
from bot.insider.filing import Filing, read_day
from bot.insider.notices import Notice
from bot.sandbox.filings import SyntheticFiling
from bot.sandbox.notices import SyntheticNotice
from bot.sources.edgar.container import contained_form
from bot.sources.edgar.forms import read_document
from bot.sources.edgar.names import FORM_144, OWNERSHIP_FORMS

ISSUER, REPORTING, FILER, SUBJECT = "Issuer", "Reporting", "Filer", "Subject"
"""What a party is to a filing, as the feed puts it; "Filed by" is another."""

_SUFFIXES = (".xml", ".txt", ".nc")
_NOBODY = "0009999998"  # no filing agent has this CIK
_NEXT_DAY_FROM = time(17, 31)  # submitted by 17:30, accepted within the minute
_NEXT_DAY_FROM_OWNERSHIP = time(22)
_HEADER_PARTIES = {
    ISSUER: ("ISSUER", "COMPANY"),
    SUBJECT: ("SUBJECT COMPANY", "COMPANY"),
    FILER: ("FILER", "COMPANY"),
}
_FILE_NAME = re.compile(rb"<FILENAME>[ \t]*([^\s<]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody a filing is about or from; cik has ten digits."""

    cik: str
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A filing as EDGAR publishes it.

    body: the full submission.  document: the file name of its first document.
    items: of an 8-K, separated by commas.
    period, ticker, schema: as filed, None where the filing has none.
    """

    accession_number: str
    form: str
    accepted_at: datetime
    parties: tuple[Party, ...]
    body: bytes
    document: str
    items: str = ""
    period: str | None = None
    ticker: str | None = None
    schema: str | None = None

    @property
    def is_ownership(self) -> bool:
        return self.form in OWNERSHIP_FORMS

    @property
    def is_of_insiders(self) -> bool:
        """Whether it may come until 22:00 and is shown by EDGAR's viewer."""
        return self.is_ownership or self.form in FORM_144

    @property
    def folder(self) -> str:
        """The accession number as the archive's folders write it."""
        return self.accession_number.replace("-", "")

    @property
    def filed_on(self) -> date:
        """The filing date: a business day, and the next one for what is accepted in the evening.

        Forms 3, 4, 5 and 144 keep the day until 22:00 New York.
        Source: SEC, Regulation S-T Rule 13.
        """
        local = self.accepted_at.astimezone(NEW_YORK)
        next_day_from = _NEXT_DAY_FROM_OWNERSHIP if self.is_of_insiders else _NEXT_DAY_FROM
        return SEC.add_business_days(local.date(), int(local.time() >= next_day_from))

    @property
    def primary_document(self) -> str:
        """The first document as EDGAR links to it: XML of insiders through the viewer's folder."""
        if self.form in FORM_144:
            return f"xsl144X01/{self.document}"
        if not self.is_ownership:
            return self.document
        return f"xslF345X{(self.schema or 'X0508')[1:3]}/{self.document}"

    def party(self, role: str) -> Party | None:
        """The first party in a role."""
        return next((party for party in self.parties if party.role == role), None)


def publication_of(filing: SyntheticFiling) -> Publication:
    """A synthetic filing, published."""
    return Publication(
        accession_number=filing.accession,
        form=filing.form,
        accepted_at=filing.accepted_at.astimezone(UTC),
        parties=(
            Party(cik=filing.company.cik, name=filing.company.name, role=ISSUER),
            *(Party(cik=owner.cik, name=owner.name, role=REPORTING) for owner in filing.owners),
        ),
        body=filing.submission(),
        document="form4.xml",
        period=min(row.day for row in filing.rows),
        ticker=filing.company.ticker,
        schema="X0508",
    )


def published(filing: SyntheticFiling | SyntheticNotice) -> Publication:
    """A synthetic filing of either sort, published."""
    if isinstance(filing, SyntheticNotice):
        return _published_notice(filing)
    return publication_of(filing)


def _published_notice(notice: SyntheticNotice) -> Publication:
    """A synthetic notice of sale, published."""
    company, seller = notice.company, notice.seller
    return Publication(
        accession_number=notice.accession,
        form=notice.form,
        accepted_at=notice.accepted_at.astimezone(UTC),
        parties=(
            Party(cik=company.cik, name=company.name, role=SUBJECT),
            Party(cik=seller.cik, name=seller.name, role=REPORTING),
        ),
        body=notice.submission(),
        document="primary_doc.xml",
    )


def publications_in(folder: Path) -> tuple[list[Publication], dict[str, str]]:
    """The ownership documents below a folder, and why each of the other files is none.

    Of files that carry one accession number the first that states its acceptance is taken.
    """
    read: dict[str, tuple[bool, Publication]] = {}
    refused: dict[str, str] = {}
    for file in _files(folder):
        name = file.relative_to(folder).as_posix()
        try:
            made_up, publication = _read(file.read_bytes(), name=file.name, taken=read.keys())
        except SourceUnreadable as error:
            refused[name] = error.what
            continue
        held = read.get(publication.accession_number)
        if held is None or (held[0] and not made_up):
            read[publication.accession_number] = (made_up, publication)
        else:
            refused[name] = f"{publication.accession_number} stands in another file too"
    return sorted((p for _, p in read.values()), key=lambda p: p.accepted_at), refused


def publication_from(body: bytes, *, name: str) -> Publication:
    """The filing in an ownership document; SourceUnreadable where there is none.

    name: of its file, which may carry the accession number.
    """
    return _read(body, name=name, taken=())[1]


def accepted_again(publication: Publication, at: datetime) -> Publication:
    """The same ownership filing, accepted at another time; only its first document is kept."""
    xml = contained_form(publication.body).xml
    again = replace(publication, accepted_at=at.replace(microsecond=0))
    return replace(again, body=_contained(again, xml))


def _files(folder: Path) -> Iterator[Path]:
    return (f for f in sorted(folder.rglob("*")) if f.is_file() and f.suffix.lower() in _SUFFIXES)


def _read(body: bytes, *, name: str, taken: Iterable[str]) -> tuple[bool, Publication]:
    """The publication, and whether its time of acceptance is made up."""
    filing, contained = read_document(body, name=name), contained_form(body)
    accepted_at = filing.accepted_at or _evening(filing, body, name)
    told = filing if isinstance(filing, Filing) else None
    year = accepted_at.astimezone(NEW_YORK).year
    named = _FILE_NAME.search(body)
    publication = Publication(
        accession_number=filing.accession_number or _made_up(body, year, set(taken)),
        form=filing.form,
        accepted_at=accepted_at,
        parties=tuple(_parties(filing)),
        body=body,
        document=named[1].decode("ascii", "replace") if named else _usual_name(filing),
        period=told.period_of_report if told else None,
        ticker=told.issuer_ticker if told else None,
        schema=told.schema_version if told else None,
    )
    if contained.accepted_at is None or contained.accession_number is None:
        publication = replace(publication, body=_contained(publication, contained.xml))
    return filing.accepted_at is None, publication


def _usual_name(filing: Filing | Notice) -> str:
    return "primary_doc.xml" if isinstance(filing, Notice) else f"form{filing.form[0]}.xml"


def _parties(filing: Filing | Notice) -> Iterator[Party]:
    issuer = filing.issuer_name or f"CIK {filing.issuer_cik}"
    if isinstance(filing, Notice):
        yield Party(cik=filing.issuer_cik, name=issuer, role=SUBJECT)
        for cik in filing.seller_ciks:
            yield Party(cik=cik, name=filing.seller_name or f"CIK {cik}", role=REPORTING)
        return
    yield Party(cik=filing.issuer_cik, name=issuer, role=ISSUER)
    for owner in filing.owners:
        yield Party(cik=owner.cik, name=owner.name or f"CIK {owner.cik}", role=REPORTING)


def _evening(filing: Filing | Notice, body: bytes, name: str) -> datetime:
    """An instant between 16:00 and 21:00 New York of the day of signature, or the period's."""
    day = filing.noticed_on if isinstance(filing, Notice) else _signed_on(filing)
    if day is None:
        raise SourceUnreadable(
            "neither signature nor period gives it a day", where=name, mend="leave it out"
        )
    seconds = int.from_bytes(_digest(body)[:4], "big") % (5 * 3600)
    start = datetime.combine(SEC.add_business_days(day, 0), time(16), NEW_YORK)
    return start.astimezone(UTC) + timedelta(seconds=seconds)


def _signed_on(filing: Filing) -> date | None:
    signed = [day for _, text in filing.signatures if (day := read_day(text))]
    return max(signed, default=None) or read_day(filing.period_of_report)


def _made_up(body: bytes, year: int, taken: set[str]) -> str:
    """An accession number of nobody, the same for the same bytes unless it is taken."""
    number = int.from_bytes(_digest(body)[4:8], "big")
    while (accession := f"{_NOBODY}-{year % 100:02d}-{number % 1_000_000:06d}") in taken:
        number += 1
    return accession


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def _contained(publication: Publication, xml: bytes) -> bytes:
    """The document in a full submission with a header made of what it says."""
    accession, form = publication.accession_number, publication.form
    filed = f"{publication.filed_on:%Y%m%d}"
    accepted = publication.accepted_at.astimezone(NEW_YORK)
    parties = "".join(map(_header_party, publication.parties))
    head = (
        f"<SEC-DOCUMENT>{accession}.txt : {filed}\n<SEC-HEADER>{accession}.hdr.sgml : {filed}\n"
        f"<ACCEPTANCE-DATETIME>{accepted:%Y%m%d%H%M%S}\nACCESSION NUMBER:\t\t{accession}\n"
        f"CONFORMED SUBMISSION TYPE:\t{form}\nPUBLIC DOCUMENT COUNT:\t\t1\n"
        f"CONFORMED PERIOD OF REPORT:\t{(publication.period or '').replace('-', '')}\n"
        f"FILED AS OF DATE:\t\t{filed}\nDATE AS OF CHANGE:\t\t{filed}\n{parties}</SEC-HEADER>\n"
        f"<DOCUMENT>\n<TYPE>{form}\n<SEQUENCE>1\n<FILENAME>{publication.document}\n"
        f"<DESCRIPTION>FORM {form}\n<TEXT>\n<XML>\n"
    )
    tail = b"\n</XML>\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n"
    return head.encode("ascii", "xmlcharrefreplace") + xml.strip() + tail


def _header_party(party: Party) -> str:
    kind, data = _HEADER_PARTIES.get(party.role, ("REPORTING-OWNER", "OWNER"))
    return (
        f"\n{kind}:\n\n\t{data} DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t\t{party.name}\n"
        f"\t\tCENTRAL INDEX KEY:\t\t\t{party.cik}\n"
    )
