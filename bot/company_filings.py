"""Filings of a company as its list on EDGAR tells them, and the facts of kind ``company_filing``.

Source: the submissions JSON of data.sec.gov; items in the words of the SEC's Form 8-K.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.clock import NEW_YORK
from bot.facts import COMPANY_FILING, Fact

ITEMS = {
    "1.01": "Entry into a Material Definitive Agreement",
    "1.02": "Termination of a Material Definitive Agreement",
    "1.03": "Bankruptcy or Receivership",
    "1.04": "Mine Safety",
    "1.05": "Material Cybersecurity Incidents",
    "2.01": "Completion of Acquisition or Disposition of Assets",
    "2.02": "Results of Operations and Financial Condition",
    "2.03": "Creation of a Direct Financial Obligation",
    "2.04": "Triggering Events That Accelerate an Obligation",
    "2.05": "Costs of Exit or Disposal Activities",
    "2.06": "Material Impairments",
    "3.01": "Notice of Delisting or Failure to Satisfy a Listing Rule",
    "3.02": "Unregistered Sales of Equity Securities",
    "3.03": "Material Modification to Rights of Security Holders",
    "4.01": "Changes in Certifying Accountant",
    "4.02": "Non-Reliance on Previous Financial Statements",
    "5.01": "Changes in Control",
    "5.02": "Departure or Election of Directors or Officers",
    "5.03": "Amendments to Articles or Bylaws, Change in Fiscal Year",
    "5.04": "Suspension of Trading Under Employee Benefit Plans",
    "5.05": "Code of Ethics",
    "5.06": "Change in Shell Company Status",
    "5.07": "Vote of Security Holders",
    "5.08": "Shareholder Director Nominations",
    "7.01": "Regulation FD Disclosure",
    "8.01": "Other Events",
    "9.01": "Financial Statements and Exhibits",
}
"""The items of Form 8-K since 2004, shortened."""

_FORMS = {
    "8-K": "Current report",
    "10-Q": "Quarterly report",
    "10-K": "Annual report",
    "NT 10-Q": "Notice that the quarterly report is late",
    "NT 10-K": "Notice that the annual report is late",
    "25": "Removal from listing",
    "25-NSE": "Removal from listing, by the exchange",
    "15-12B": "End of registration",
    "15-12G": "End of registration",
    "15-15D": "Suspension of the duty to file reports",
    "S-1": "Registration of an offering",
    "S-3": "Shelf registration",
    "S-3ASR": "Shelf registration, effective at once",
    "S-8": "Registration of employee shares",
    "424B1": "Prospectus",
    "424B2": "Prospectus supplement",
    "424B3": "Prospectus supplement",
    "424B4": "Prospectus of a priced offering",
    "424B5": "Prospectus supplement of an offering",
    "DEF 14A": "Proxy statement",
    "SC 13D": "Holder of more than five percent",
    "SC 13G": "Passive holder of more than five percent",
}
OF_INSIDERS = frozenset(
    f"{form}{amended}" for form in ("3", "4", "5", "144") for amended in ("", "/A")
)
"""Forms that have kinds of their own."""

_BY_THE_SEC = frozenset({"EFFECT", "CT ORDER", "UPLOAD", "QUALIF"})
"""Written by the SEC itself, at any hour."""

_OPEN, _CLOSED = time(6), time(22)
_ZONE_LAGS = (timedelta(hours=4), timedelta(hours=5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One row of a company's list.

    told_at: its acceptance as written, with a Z that may be false: read it by ``true_times``.
    items: of an 8-K.
    """

    accession_number: str
    form: str
    told_at: datetime
    filed_on: date
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company's list of filings, newest first.

    exchanges: where its tickers are traded.  former_names: each with its first and last day.
    older: whether there are filings beyond the list.
    """

    cik: str
    name: str
    tickers: tuple[str, ...]
    exchanges: tuple[str, ...]
    former_names: tuple[tuple[str, date, date], ...]
    filings: tuple[Filed, ...]
    older: bool

    def name_on(self, day: date) -> str:
        """Its name as of a day."""
        return next(
            (name for name, since, to in self.former_names if since <= day <= to), self.name
        )


def filing_facts(company: Company, accepted: Mapping[str, datetime]) -> list[Fact]:
    """Facts of all filings but those of insiders, oldest first.

    accepted: acceptance by accession number where a filing's own header told it.
    """
    facts = [
        _fact(company, filed, at)
        for filed, at in zip(company.filings, true_times(company.filings, accepted), strict=True)
        if filed.form not in OF_INSIDERS
    ]
    return sorted(facts, key=lambda fact: (fact.known_at, fact.id))


def true_times(filings: Sequence[Filed], accepted: Mapping[str, datetime]) -> list[datetime]:
    """When EDGAR accepted each filing of a list, newest first.

    Runs of a list write the clock of New York with a false Z.  A header of the same filing proves
    which it is, and so do hours at which EDGAR takes nothing: it is open on weekdays from 06:00 to
    22:00 New York.  A row without a proof is read as the nearest one that has it, the newer of two;
    where there is none the Z is believed.
    """
    proofs = [_is_local(each, accepted.get(each.accession_number)) for each in filings]
    newer, older = _carried(proofs), _carried(proofs[::-1])[::-1]
    return [
        accepted.get(each.accession_number) or _instant(each, local=min(pair, key=_distance)[1])
        for each, *pair in zip(filings, newer, older, strict=True)
    ]


def title_of(form: str, items: Sequence[str]) -> str:
    """What a form and its items are, in words; the form itself where it has no words here."""
    base = form.removesuffix("/A")
    words = _FORMS.get(base, form)
    amended = " (amended)" if form != base and base in _FORMS else ""
    told = "; ".join(ITEMS.get(item, f"Item {item}") for item in items)
    return f"{words}{amended}: {told}" if told else f"{words}{amended}"


_Proof = tuple[int, bool]
"""How many rows away a proof stands, and whether it is of New York's clock."""

_NO_PROOF: _Proof = (10**9, False)


def _is_local(filed: Filed, accepted: datetime | None) -> bool | None:
    """Whether a row writes New York's clock; None where nothing proves it."""
    if accepted is not None:
        return accepted - filed.told_at in _ZONE_LAGS
    as_utc, as_local = _is_open(filed.told_at.astimezone(NEW_YORK)), _is_open(filed.told_at)
    return None if as_utc == as_local or filed.form in _BY_THE_SEC else as_local


def _carried(proofs: Iterable[bool | None]) -> list[_Proof]:
    """The last proof up to each row."""
    carried, last = [], _NO_PROOF
    for proof in proofs:
        last = (last[0] + 1, last[1]) if proof is None else (0, proof)
        carried.append(last)
    return carried


def _distance(proof: _Proof) -> int:
    return proof[0]


def _is_open(local: datetime) -> bool:
    return local.weekday() < 5 and _OPEN <= local.time() < _CLOSED


def _instant(filed: Filed, *, local: bool) -> datetime:
    if not local:
        return filed.told_at
    return filed.told_at.replace(tzinfo=NEW_YORK).astimezone(UTC)


def _fact(company: Company, filed: Filed, at: datetime) -> Fact:
    accession = filed.accession_number
    folder = accession.replace("-", "")
    return Fact(
        kind=COMPANY_FILING,
        id=f"filing:{accession}",
        subject=company.cik,
        ticker=company.tickers[0] if company.tickers else None,
        known_at=at,
        happened_at=at,
        values={
            "accession_number": accession,
            "form": filed.form,
            "items": " ".join(filed.items) or None,
            "issuer_cik": company.cik,
            "issuer_name": company.name_on(filed.filed_on),
            "title": title_of(filed.form, filed.items),
            "url": f"https://www.sec.gov/Archives/edgar/data/{int(company.cik)}/{folder}/"
            f"{accession}-index.htm",
            "filed_on": filed.filed_on,
        },
    )
