"""An ownership filing (Forms 3, 4, 5 and their amendments) as filed, nothing added or mended.

Source: SEC, EDGAR Ownership XML Technical Specification.  Numbers and dates are the texts that
stand in the document, with white space cut; what is absent or empty is None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

LONGEST_TEXT = 10_000
"""Characters of a note or of the remarks that are read for their sense; the schema allows 1,000 in
a note and 2,000 in remarks."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


class Table(StrEnum):
    """Table I holds the securities themselves, Table II rights to them."""

    NON_DERIVATIVE = "non_derivative"
    DERIVATIVE = "derivative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A reporting owner; a flag that is absent is no.  Titles are cut at 30 characters by EDGAR."""

    cik: str
    name: str | None
    is_director: bool
    is_officer: bool
    is_ten_percent_owner: bool
    is_other: bool
    officer_title: str | None
    other_text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table.

    number: counts from 1 inside its table, transactions and holdings together.
    notes: ids of the footnotes on any part of the row, in the order of the document.
    trade_notes: those of them that speak of the transaction, not only of the position after it.
    """

    table: Table
    number: int
    is_transaction: bool
    security: str | None
    code: str | None
    acquired_disposed: str | None
    date: str | None
    deemed_date: str | None
    timeliness: str | None
    equity_swap: bool
    shares: str | None
    total_value: str | None
    price: str | None
    shares_after: str | None
    value_after: str | None
    direct_indirect: str | None
    nature: str | None
    exercise_price: str | None
    exercise_date: str | None
    expiration_date: str | None
    underlying_security: str | None
    underlying_shares: str | None
    underlying_value: str | None
    notes: tuple[str, ...]
    trade_notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One ownership document.

    accession_number, accepted_at: None where the document does not state them, as bare XML.
    plan_box: the Rule 10b5-1 checkbox of the whole form; None where its schema has none.
    quality: marks of doubt about the document, such as ``characters_repaired``.
    """

    accession_number: str | None
    accepted_at: datetime | None
    schema_version: str | None
    form: str
    period_of_report: str | None
    original_filed_on: str | None
    not_subject_to_section16: bool
    no_securities_owned: bool
    issuer_cik: str
    issuer_name: str | None
    issuer_ticker: str | None
    owners: tuple[Owner, ...]
    plan_box: bool | None
    lines: tuple[Line, ...]
    footnotes: Mapping[str, str]
    remarks: str | None
    signatures: tuple[tuple[str | None, str | None], ...]
    quality: tuple[str, ...] = ()

    @property
    def is_amendment(self) -> bool:
        return self.form.endswith("/A")


def read_day(text: str | None) -> date | None:
    """The day of a date as filed; None where there is none or it is no date.

    xs:date allows a zone suffix (``2024-07-19-05:00``): a day of the filer, so nothing is shifted.
    """
    if text is None or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
