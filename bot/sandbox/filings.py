"""Ownership filings written from a few words: what the sandbox serves and tests read.

The documents have the shape that EDGAR gives real ones (schema X0508); what they tell is made up,
and their remarks say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from bot.clock import NEW_YORK

SYNTHETIC = "Synthetic example, not a filing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """An issuer."""

    cik: str
    name: str
    ticker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Insider:
    """A reporting owner; a title makes an officer."""

    cik: str
    name: str
    title: str = ""
    director: bool = False
    ten_percent_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One transaction of a table; without a code a holding.

    price: None leaves the price to a footnote.  nature: how it is held, where not directly.
    """

    code: str
    shares: Decimal | str
    price: Decimal | str | None
    day: str
    after: Decimal | str
    flag: str = ""
    security: str = "Class A Common Stock"
    nature: str = ""
    note: str = ""
    derivative: bool = False

    @property
    def acquired_disposed(self) -> str:
        return self.flag or ("D" if self.code in "SFDG" else "A")


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticFiling:
    """A Form 4 to write down."""

    accession: str
    accepted_at: datetime
    company: Company
    owners: Sequence[Insider]
    rows: Sequence[Row]
    form: str = "4"
    original_filed_on: str = ""
    plan: bool | None = False
    remarks: str = SYNTHETIC

    @property
    def accepted_text(self) -> str:
        """The acceptance as EDGAR writes it: New York, fourteen digits."""
        return f"{self.accepted_at.astimezone(NEW_YORK):%Y%m%d%H%M%S}"

    def submission(self) -> bytes:
        """The full submission: header, then the document."""
        parties = "".join(
            f"\n{role}:\n\n\t{kind} DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t\t{name}"
            f"\n\t\tCENTRAL INDEX KEY:\t\t\t{cik}\n"
            for role, kind, name, cik in (
                ("ISSUER", "COMPANY", self.company.name.upper(), self.company.cik),
                *(("REPORTING-OWNER", "OWNER", o.name, o.cik) for o in self.owners),
            )
        )
        day = f"{self.accepted_at.astimezone(NEW_YORK):%Y%m%d}"
        text = (
            f"<SEC-DOCUMENT>{self.accession}.txt : {day}\n<SEC-HEADER>{self.accession}.hdr.sgml : "
            f"{day}\n<ACCEPTANCE-DATETIME>{self.accepted_text}\nACCESSION NUMBER:\t\t"
            f"{self.accession}\nCONFORMED SUBMISSION TYPE:\t{self.form}\nPUBLIC DOCUMENT COUNT:"
            f"\t\t1\nCONFORMED PERIOD OF REPORT:\t{self.rows[0].day.replace('-', '')}\n"
            f"FILED AS OF DATE:\t\t{day}\n{parties}</SEC-HEADER>\n<DOCUMENT>\n<TYPE>{self.form}\n"
            f"<SEQUENCE>1\n<FILENAME>form4.xml\n<TEXT>\n<XML>\n{self.xml()}\n</XML>\n</TEXT>\n"
            "</DOCUMENT>\n</SEC-DOCUMENT>\n"
        )
        return text.encode()

    def xml(self) -> str:
        """The ownership document."""
        notes = [row.note for row in self.rows if row.note]
        ids = {note: f"F{place}" for place, note in enumerate(dict.fromkeys(notes), start=1)}
        box = "" if self.plan is None else _tag("aff10b5One", "1" if self.plan else "0")
        told = "".join(f'<footnote id="{i}">{escape(n)}</footnote>' for n, i in ids.items())
        return "\n".join(
            part
            for part in (
                '<?xml version="1.0"?>',
                "<ownershipDocument>",
                _tag("schemaVersion", "X0508"),
                _tag("documentType", self.form),
                _tag("periodOfReport", min(row.day for row in self.rows)),
                _tag("dateOfOriginalSubmission", self.original_filed_on)
                if self.original_filed_on
                else "",
                _issuer(self.company),
                *map(_owner, self.owners),
                box,
                _table("nonDerivative", [r for r in self.rows if not r.derivative], ids),
                _table("derivative", [r for r in self.rows if r.derivative], ids),
                f"<footnotes>{told}</footnotes>" if told else "",
                _tag("remarks", self.remarks),
                *(_signature(owner, self.accepted_at) for owner in self.owners),
                "</ownershipDocument>",
            )
            if part
        )


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _leaf(name: str, text: object, note: str = "") -> str:
    value = "" if text is None else _tag("value", str(text))
    mark = f'<footnoteId id="{note}"/>' if note else ""
    return f"<{name}>{value}{mark}</{name}>"


def _issuer(company: Company) -> str:
    return (
        f"<issuer>{_tag('issuerCik', company.cik)}{_tag('issuerName', company.name)}"
        f"{_tag('issuerTradingSymbol', company.ticker)}</issuer>"
    )


def _owner(owner: Insider) -> str:
    flags = (
        ("isDirector", owner.director),
        ("isOfficer", bool(owner.title)),
        ("isTenPercentOwner", owner.ten_percent_owner),
        ("isOther", False),
    )
    held = "".join(_tag(name, "1" if yes else "0") for name, yes in flags)
    title = _tag("officerTitle", owner.title[:30]) if owner.title else ""
    return (
        f"<reportingOwner><reportingOwnerId>{_tag('rptOwnerCik', owner.cik)}"
        f"{_tag('rptOwnerName', owner.name)}</reportingOwnerId><reportingOwnerRelationship>{held}"
        f"{title}</reportingOwnerRelationship></reportingOwner>"
    )


def _table(name: str, rows: Sequence[Row], ids: dict[str, str]) -> str:
    if not rows:
        return ""
    return f"<{name}Table>{''.join(_row(name, row, ids) for row in rows)}</{name}Table>"


def _row(table: str, row: Row, ids: dict[str, str]) -> str:
    note = ids.get(row.note, "")
    right = (
        f"{_leaf('exerciseDate', row.day)}{_leaf('expirationDate', None)}<underlyingSecurity>"
        f"{_leaf('underlyingSecurityTitle', 'Common Stock')}"
        f"{_leaf('underlyingSecurityShares', row.shares)}</underlyingSecurity>"
        if row.derivative
        else ""
    )
    strike = _leaf("conversionOrExercisePrice", row.price) if row.derivative else ""
    held = _leaf("directOrIndirectOwnership", "I" if row.nature else "D")
    nature = _leaf("natureOfOwnership", row.nature) if row.nature else ""
    if not row.code:
        return (
            f"<{table}Holding>{_leaf('securityTitle', row.security)}{strike}{right}"
            f"<postTransactionAmounts>{_leaf('sharesOwnedFollowingTransaction', row.after)}"
            f"</postTransactionAmounts><ownershipNature>{held}{nature}</ownershipNature>"
            f"</{table}Holding>"
        )
    return (
        f"<{table}Transaction>{_leaf('securityTitle', row.security)}{strike}"
        f"{_leaf('transactionDate', row.day)}<transactionCoding>{_tag('transactionFormType', '4')}"
        f"{_tag('transactionCode', row.code)}{_tag('equitySwapInvolved', '0')}</transactionCoding>"
        f"<transactionAmounts>{_leaf('transactionShares', row.shares)}"
        f"{_leaf('transactionPricePerShare', row.price, note)}"
        f"{_leaf('transactionAcquiredDisposedCode', row.acquired_disposed)}</transactionAmounts>"
        f"{right}<postTransactionAmounts>{_leaf('sharesOwnedFollowingTransaction', row.after)}"
        f"</postTransactionAmounts><ownershipNature>{held}{nature}</ownershipNature>"
        f"</{table}Transaction>"
    )


def _signature(owner: Insider, accepted_at: datetime) -> str:
    day = accepted_at.astimezone(NEW_YORK).date().isoformat()
    return (
        f"<ownerSignature>{_tag('signatureName', owner.name)}"
        f"{_tag('signatureDate', day)}</ownerSignature>"
    )
