"""The kinds of fact and their fields: the one declaration of what the bot knows about.

Tables, rule checking, the editor schema and the reference pages are made from it.
Unknown is always None: never 0, an empty text or a word.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from bot.clock import from_day_number, from_ms, to_day_number, to_ms


class Type(StrEnum):
    """What a field holds: how it is stored, compared and printed."""

    TEXT = "text"
    CIK = "cik"  # text of ten digits
    WORD = "word"  # one of a closed list
    YES_NO = "yes or no"
    MONEY = "money"  # whole cents
    PRICE = "price"  # dollars
    NUMBER = "number"
    COUNT = "count"  # a whole number
    RATIO = "ratio"  # 0.05 is 5 %
    PERCENT = "percent"  # 4.25 is 4.25 %
    BASIS_POINTS = "basis points"
    SPAN = "span"  # seconds
    DATE = "date"
    INSTANT = "instant"
    DETAIL = "detail"  # JSON kept for display and provenance, out of reach of rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing known about a fact."""

    name: str
    type: Type
    doc: str
    words: tuple[str, ...] = ()

    def clean(self, value: Any) -> Any:
        """The value as it may be kept; NaN and infinities become unknown, -0.0 becomes 0.

        A whole number beyond what a 64-bit column holds is nothing to believe: unknown.

        Raises ValueError where the value is of another type or no word of the list.
        """
        if value is None:
            return None
        if not isinstance(value, _PYTHON[self.type]) or (
            isinstance(value, bool) and self.type is not Type.YES_NO
        ):
            raise ValueError(f"{self.name} is {self.type}, got {value!r}")
        if isinstance(value, float):
            return value + 0.0 if math.isfinite(value) else None
        if isinstance(value, int) and not -_TOO_LARGE <= value < _TOO_LARGE:
            return None
        if self.words and value not in self.words:
            raise ValueError(f"{self.name} is one of {', '.join(self.words)}, got {value!r}")
        return value

    def stored(self, value: Any) -> Any:
        """The value in the form the store keeps and rules judge: days, milliseconds, 1 and 0."""
        if value is None or self.type not in _STORED:
            return value
        return _STORED[self.type](value)

    def loaded(self, stored: Any) -> Any:
        """The value that a stored form stands for."""
        if stored is None or self.type not in _LOADED:
            return stored
        return _LOADED[self.type](stored)


_TOO_LARGE = 2**63

_STORED: dict[Type, Callable[[Any], Any]] = {
    Type.YES_NO: int,
    Type.DATE: to_day_number,
    Type.INSTANT: to_ms,
    Type.DETAIL: lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
}
_LOADED: dict[Type, Callable[[Any], Any]] = {
    Type.YES_NO: bool,
    Type.DATE: from_day_number,
    Type.INSTANT: from_ms,
    Type.DETAIL: json.loads,
}

_NUMBERS = (int, float)
_PYTHON: dict[Type, type | tuple[type, ...]] = {
    Type.TEXT: str,
    Type.CIK: str,
    Type.WORD: str,
    Type.YES_NO: bool,
    Type.MONEY: int,
    Type.PRICE: _NUMBERS,
    Type.NUMBER: _NUMBERS,
    Type.COUNT: int,
    Type.RATIO: _NUMBERS,
    Type.PERCENT: _NUMBERS,
    Type.BASIS_POINTS: _NUMBERS,
    Type.SPAN: _NUMBERS,
    Type.DATE: date,
    Type.INSTANT: datetime,
    Type.DETAIL: (dict, list),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One sort of fact: a table, and a word after ``on:`` in a rule."""

    name: str
    doc: str
    subject: str  # what the subject of a fact is: two kinds with one word share their subjects
    fires: str  # the default of ``fire:``: every or rise
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in (*COMMON, *self.fields)})

    @property
    def ruled(self) -> tuple[str, ...]:
        """Names of the fields that rules may use."""
        return tuple(f.name for f in self.by_name.values() if f.type is not Type.DETAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, from a source's own words.

    id: made from the source's own keys, so that reading twice adds nothing.
    happened_at: the trade date, the close of the bar, the meeting.
    known_at: when the world could know: EDGAR acceptance, release, close.
    """

    kind: Kind
    id: str
    subject: str
    known_at: datetime
    happened_at: datetime | None = None
    ticker: str | None = None
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        names = {f.name: f for f in self.kind.fields}
        unknown = self.values.keys() - names.keys()
        if unknown:
            raise ValueError(f"{self.kind.name} has no field {', '.join(sorted(unknown))}")
        if not self.id or not self.subject:
            raise ValueError(f"a fact needs an id and a subject, got {self.id!r}, {self.subject!r}")
        cleaned = {name: names[name].clean(value) for name, value in self.values.items()}
        object.__setattr__(self, "values", cleaned)


def _text(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.TEXT, doc=doc)


def _number(name: str, doc: str, kind: Type = Type.NUMBER) -> Field:
    return Field(name=name, type=kind, doc=doc)


def _money(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.MONEY, doc=doc)


def _price(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.PRICE, doc=doc)


def _ratio(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.RATIO, doc=doc)


def _yes_no(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.YES_NO, doc=doc)


def _day(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.DATE, doc=doc)


def _word(name: str, doc: str, *words: str) -> Field:
    return Field(name=name, type=Type.WORD, doc=doc, words=words)


COMMON = (
    _text("id", "The fact's own id, made from the keys of its source."),
    _text("subject", "What the fact is about: an issuer's CIK, a ticker, a source."),
    _text("ticker", "The trading symbol at the time; a dated alias of the subject."),
    Field(name="happened_at", type=Type.INSTANT, doc="When it happened."),
    Field(name="known_at", type=Type.INSTANT, doc="When the world could know it."),
    Field(name="seen_at", type=Type.INSTANT, doc="When the bot stored it."),
)
"""Fields of every kind."""

CLASSES = (
    "open_market",
    "off_market",
    "exercise",
    "award",
    "tax_withholding",
    "gift",
    "corporate_action",
    "derivative",
    "inconsistent",
    "other",
)
SIDES = ("buy", "sell", "none")
ROLES = ("ceo", "cfo", "officer", "director", "ten_percent_owner", "other")

INSIDER_TRADE = Kind(
    name="insider_trade",
    doc="One economic trade of a Form 4 or 5: the rows of one filing merged per owner group, "
    "code, security class and plan.",
    subject="issuer CIK",
    fires="every",
    fields=(
        _text("accession_number", "EDGAR accession number of the filing."),
        _word("form", "Form type as filed.", "3", "3/A", "4", "4/A", "5", "5/A"),
        Field(name="issuer_cik", type=Type.CIK, doc="CIK of the issuer, ten digits."),
        _text("issuer_name", "Name of the issuer as filed."),
        _yes_no("listed", "Whether the issuer is listed on an exchange."),
        Field(name="owner_cik", type=Type.CIK, doc="CIK of the leading reporting owner."),
        _text("owner_name", "Name of the leading reporting owner as filed."),
        _text("owners", "Names of all reporting owners, separated by semicolons."),
        _text("person_key", "One key a person, after joint filings are collapsed."),
        _word("role", "The first of these that holds for any owner.", *ROLES),
        _text("officer_title", "Title as filed, or from the remarks where the form says so."),
        _yes_no("is_director", "Whether an owner is a director."),
        _yes_no("is_officer", "Whether an owner is an officer."),
        _yes_no("is_ten_percent_owner", "Whether an owner holds more than ten percent."),
        _text("code", "Transaction code: P, S, A, M, F, G and so on."),
        _word("acquired_disposed", "A acquired, D disposed, as filed.", "A", "D"),
        _word("class", "What sort of transaction it was.", *CLASSES),
        _word("side", "buy or sell where shares changed hands for money.", *SIDES),
        _text("security", "Title of the security as filed."),
        _number("shares", "Shares, summed over the rows that state them."),
        _price("price_usd", "Average price a share: value ÷ shares."),
        _price("price_low_usd", "Lowest price of the rows and of the ranges in their notes."),
        _price("price_high_usd", "Highest price of the rows and of the ranges in their notes."),
        _word(
            "price_basis",
            "Whether a price is one execution or a weighted average.",
            "as_filed",
            "weighted_avg",
        ),
        _money("value_usd", "Shares × price over the rows that state both."),
        _number(
            "shares_after", "Shares owned after the trade, over all positions the filing tells of."
        ),
        _ratio("holding_change_ratio", "Change of the holding: -0.2 is a fifth sold."),
        _yes_no("planned", "Whether a Rule 10b5-1 plan made the trade."),
        _day("plan_adopted_on", "Day the plan was adopted."),
        _word(
            "trading_pattern",
            "Whether the insider trades in the same month every year.",
            "routine",
            "opportunistic",
        ),
        _word("direct_indirect", "D held directly, I indirectly.", "D", "I"),
        _yes_no("derivative", "Whether it stands in the table of derivatives."),
        _day("traded_on", "Day of the trade; the last one where rows differ."),
        _day("filed_on", "New York day on which EDGAR accepted the filing."),
        Field(
            name="lag_business_days",
            type=Type.COUNT,
            doc="SEC business days from the trade to the filing; 2 is on time.",
        ),
        _yes_no("amendment", "Whether it comes from an amended form."),
        _text("duplicate_of", "Id of the fact that already tells this trade."),
        _text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
        Field(name="rows", type=Type.DETAIL, doc="The merged rows as filed, with their notes."),
    ),
)

SOURCE_POLL = Kind(
    name="source_poll",
    doc="One poll of one source: whether it answered, and how far behind it was.",
    subject="source",
    fires="rise",
    fields=(
        _text("source", "Name of the source: edgar."),
        _yes_no("ok", "Whether the source answered in full."),
        Field(name="items", type=Type.COUNT, doc="How many new documents it brought."),
        Field(name="lag_seconds", type=Type.SPAN, doc="Age of its newest entry when it answered."),
        _text("error", "Why it did not answer."),
    ),
)

KINDS = (INSIDER_TRADE, SOURCE_POLL)


@cache
def kind(name: str) -> Kind:
    """The kind of that name; KeyError where there is none."""
    return {k.name: k for k in KINDS}[name]
