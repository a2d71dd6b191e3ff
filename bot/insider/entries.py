"""A trade as the ledger sees it: who, what and its lots, of a fresh fact or of a stored one."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.clock import to_day_number, to_ms
from bot.facts import Fact
from bot.insider.market import PRICE_PENDING
from bot.insider.quality import DOUBTS
from bot.insider.versions import WITHDRAWAL
from bot.numbers import read_decimal

_DOUBTS = DOUBTS.keys() | {PRICE_PENDING}

VERSION = "~"
"""Stands before the version in the id of what is left of a fact."""

DIRECT, INDIRECT = "D", "I"


Place = tuple[str | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One row of a filing.

    told_by: the fact of another filing that tells the same lot and counts it.
    held: D directly, I indirectly, None where the row does not say.
    nature: how it is held where not directly.  words: the nature and the notes of the row.  Both in
    small letters.
    """

    row: Mapping[str, Any]
    day: str | None
    shares: Decimal | None
    price: Decimal | None
    after: str | None
    held: str | None
    nature: str
    words: str

    @property
    def place(self) -> Place:
        """The table and the number of its row: what names it inside its filing."""
        return self.row.get("table"), self.row.get("line")

    @property
    def told_by(self) -> str | None:
        found: str | None = self.row.get("told_by")
        return found

    @property
    def key(self) -> tuple[str | None, Decimal | None, Decimal | None]:
        return self.day, self.shares, self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One trade of a filing.

    known_at: milliseconds.  filed_on, original_filed_on: numbers of days.
    owners: names of the reporting owners by their CIK.
    counts: whether it is in any sum: neither superseded nor told by another filing as a whole.
    doubtful: whether its money can not be trusted.
    seq, gone_seq: its number in the store, and that of the fact from which on it does not count.
    """

    id: str
    accession: str | None
    form: str
    known_at: int
    filed_on: int | None
    original_filed_on: int | None
    owners: Mapping[str, str]
    person_key: str
    code: str | None
    flag: str | None
    trade_class: str | None
    derivative: bool
    security: tuple[str, ...]
    duplicate_of: str | None
    superseded_by: str | None
    counts: bool
    withdrawal: bool
    doubtful: bool
    seq: int | None
    gone_seq: int | None
    lots: tuple[Lot, ...]

    @property
    def family(self) -> str:
        """Form 4 with 4/A; a 4/A never touches a 3 or a 5."""
        return self.form.removesuffix("/A")

    @property
    def version(self) -> int:
        """1, and more for what is left of a filing that was amended in part."""
        return int(self.id.partition(VERSION)[2] or 1)

    @property
    def is_amendment(self) -> bool:
        return self.form.endswith("/A")

    @property
    def filing(self) -> str:
        """What names its filing: the accession number, else the fact's own id."""
        return self.accession or self.id.rsplit(":", 1)[0]

    @property
    def place(self) -> tuple[int, str]:
        """Its filing's place in time; the newest by acceptance, then by accession, is the truth."""
        return self.known_at, self.filing

    @property
    def position(self) -> tuple[bool, tuple[str, ...]]:
        """What was traded, however it was coded."""
        return self.derivative, self.security

    @property
    def sort(self) -> tuple[object, ...]:
        """What was traded, and how it was coded."""
        return self.derivative, self.security, self.code, self.flag


def entry_of(fact: Fact) -> Entry:
    """The entry of a fact that is not stored yet."""
    return _entry(fact.id, to_ms(fact.known_at), fact.values, _days(fact.values))


def stored_entry(row: Mapping[str, Any]) -> Entry:
    """The entry of a stored fact, from its columns."""
    values = dict(row) | {name: json.loads(row[name] or "[]") for name in ("parties", "rows")}
    return _entry(row["id"], row["known_at"], values, row)


def _days(values: Mapping[str, Any]) -> dict[str, int | None]:
    return {name: _number(values.get(name)) for name in ("filed_on", "original_filed_on")}


def _number(day: date | None) -> int | None:
    return None if day is None else to_day_number(day)


def _entry(
    fact_id: str, known_at: int, values: Mapping[str, Any], days: Mapping[str, Any]
) -> Entry:
    marks = (values.get("quality") or "").split()
    return Entry(
        id=fact_id,
        accession=values.get("accession_number"),
        form=values.get("form") or "4",
        known_at=known_at,
        filed_on=days["filed_on"],
        original_filed_on=days["original_filed_on"],
        owners={each["cik"]: each.get("name") or "" for each in values.get("parties") or ()},
        person_key=values.get("person_key") or "",
        code=values.get("code"),
        flag=values.get("acquired_disposed"),
        trade_class=values.get("class"),
        derivative=bool(values.get("derivative")),
        security=_title(values.get("security")),
        duplicate_of=values.get("duplicate_of"),
        superseded_by=values.get("superseded_by"),
        counts=values.get("gone_seq") is None,
        withdrawal=WITHDRAWAL in marks,
        seq=values.get("seq"),
        gone_seq=values.get("gone_seq"),
        doubtful=not _DOUBTS.isdisjoint(marks),
        lots=tuple(_lot(row) for row in values.get("rows") or ()),
    )


def _lot(row: Mapping[str, Any]) -> Lot:
    notes: Mapping[str, str | None] = row.get("notes") or {}
    words = " ".join(filter(None, [row.get("nature"), *notes.values()]))
    day: str | None = row.get("date")
    return Lot(
        row=row,
        day=day[:10] if day else None,
        shares=_decimal(row.get("shares")),
        price=_decimal(row.get("price")),
        after=row.get("shares_after"),
        held=row.get("direct_indirect"),
        nature=(row.get("nature") or "").lower(),
        words=words.lower(),
    )


def _decimal(text: str | None) -> Decimal | None:
    return read_decimal(text) if text else None


def _title(security: str | None) -> tuple[str, ...]:
    """The words of a title in one order, without its par value.

    Spouses write "Class A Common Stock" and "Common Stock, Class A" for one security.
    """
    named = _PAR_VALUE.split((security or "").lower())[0]
    return tuple(sorted(set(_WORD.findall(named)) - _DULL))


_PAR_VALUE = re.compile(r"\$|\b(?:no )?par value")
_WORD = re.compile(r"[^\W_]+")
_DULL = frozenset({"the", "of", "stock", "share", "shares"})
