"""The numbers of a company's reports as the SEC hands them out: companyfacts JSON.

Source: ``data.sec.gov/api/xbrl/companyfacts/CIK##########.json``.  It holds every fact that was
filed without a dimension; figures of a class of shares or of a segment are absent from it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from bot.errors import SourceUnreadable
from bot.valuation.concepts import WANTED

_LARGEST = 24
"""Powers of ten: no amount, count or figure a share is larger, or finer than its inverse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One number of one report.

    unit: USD, shares, USD/shares, or the same of another currency.
    start: None where it is of a day, not of a period.  end: the day, or the period's last.
    """

    concept: str  # taxonomy and name: us-gaap:EarningsPerShareDiluted
    unit: str
    start: date | None
    end: date
    value: Decimal
    filed: date
    accession_number: str | None
    form: str | None

    @property
    def days(self) -> int:
        """Length of the period, both ends counted; 0 of a day."""
        return 0 if self.start is None else (self.end - self.start).days + 1

    @property
    def counts_ordinary_shares(self) -> bool:
        """Whether it may be of ordinary shares while depositary ones trade in New York: the annual
        report of a foreign private issuer does not tell how many one stands for."""
        return (self.form or "").startswith("20-F")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    """What one company reported, of the concepts that valuations are made of.

    by_concept: in the order of the document; a concept never reported is absent.
    """

    cik: str  # ten digits
    name: str | None
    by_concept: Mapping[str, tuple[Reported, ...]]

    def of(self, concepts: Iterable[str], unit: str) -> list[Reported]:
        """All that was reported under any of the concepts in that unit, in the concepts' order."""
        return [each for each in self.under(concepts) if each.unit == unit]

    def under(self, concepts: Iterable[str]) -> Iterator[Reported]:
        """All that was reported under any of the concepts, in whatever unit."""
        for concept in concepts:
            yield from self.by_concept.get(concept, ())


def read_company_facts(body: bytes, where: str, *, cik: str | None = None) -> CompanyFacts:
    """The company's reported numbers.

    An entry that lacks its value, period or filing date, or holds something else in its place, is
    left out; so is one that tells of days after it was filed.
    where: for the error.  cik: whose it must be.
    Raises SourceUnreadable for anything but a companyfacts document of that company.
    """
    document = _document(body, where)
    found = _cik(document.get("cik"))
    if found is None:
        _refuse("it names no CIK", where)
    told = document.get("entityName")
    name = told if isinstance(told, str) and told.strip() else None
    if cik is not None and found != cik.zfill(10):
        whose = f"{name}, CIK {found}" if name else f"CIK {found}"
        _refuse(f"it is of {whose}, asked was CIK {cik.zfill(10)}", where)
    return CompanyFacts(
        cik=found,
        name=name,
        by_concept=dict(_wanted(document["facts"])),
    )


def _document(body: bytes, where: str) -> dict[str, Any]:
    if body.lstrip()[:1] == b"<":
        _refuse("it is a page or XML, not JSON", where)
    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=_nothing)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise _unreadable("it is no whole JSON document", where) from error
    if not isinstance(document, dict) or not isinstance(document.get("facts"), dict):
        _refuse("it holds no object 'facts'", where)
    return document


def _nothing(_: str) -> None:
    """NaN and infinities are no numbers."""


def _unreadable(what: str, where: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"not the companyfacts of a company: {what}",
        where=where,
        mend="fetch https://data.sec.gov/api/xbrl/companyfacts/CIK (ten digits) .json again, with "
        "a User-Agent that names a contact",
    )


def _refuse(what: str, where: str) -> NoReturn:
    raise _unreadable(what, where)


def _cik(value: Any) -> str | None:
    """Ten digits; the SEC writes it as a number or as a text."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text.zfill(10) if text.isascii() and text.isdigit() and len(text) <= 10 else None


def _wanted(facts: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Reported, ...]]]:
    for taxonomy, names in WANTED.items():
        reported = _object(facts.get(taxonomy))
        for name in names:
            concept = f"{taxonomy}:{name}"
            units = _object(_object(reported.get(name)).get("units"))
            if found := tuple(_of_units(concept, units)):
                yield concept, found


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _of_units(concept: str, units: Mapping[str, Any]) -> Iterator[Reported]:
    for unit, entries in units.items():
        for entry in entries if isinstance(entries, list) else ():
            reported = _reported(concept, unit, entry)
            if reported is not None:
                yield reported


def _reported(concept: str, unit: str, entry: Any) -> Reported | None:
    if not isinstance(entry, dict):
        return None
    value, end, filed = _number(entry.get("val")), _day(entry.get("end")), _day(entry.get("filed"))
    start = _day(entry.get("start"))
    if value is None or end is None or filed is None or end > filed:
        return None
    if (start is None) != (entry.get("start") is None) or (start is not None and start > end):
        return None
    return Reported(
        concept=concept,
        unit=unit,
        start=start,
        end=end,
        value=value,
        filed=filed,
        accession_number=_text(entry.get("accn")),
        form=_text(entry.get("form")),
    )


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    plain = not number or -_LARGEST <= number.adjusted() <= _LARGEST
    return number if plain else None


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or len(value) != 10 or value[4] != "-" or value[7] != "-":
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
