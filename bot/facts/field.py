"""Fields of facts: what they hold, how they are stored, and a maker for each sort.

Unknown is always None: never 0, an empty text or a word.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
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
    """One thing known about a fact.

    plain: its words, "yes", "no" and "unknown" as people write them, where they do otherwise.
    """

    name: str
    type: Type
    doc: str
    words: tuple[str, ...] = ()
    plain: tuple[tuple[str, str], ...] = ()

    @property
    def has_plain(self) -> bool:
        """Whether its values are words that people write otherwise."""
        return bool(self.words or self.plain)

    def in_plain_words(self, stored: Any) -> str:
        """A known word, yes or no as people write it: CFO, 10% owner, open market."""
        if self.type is Type.YES_NO:
            stored = "yes" if stored else "no"
        return dict(self.plain).get(stored) or str(stored).replace("_", " ")

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

    @property
    def to_stored(self) -> Callable[[Any], Any] | None:
        """Makes a known value's stored form; None where that is the value itself."""
        return _STORED.get(self.type)

    def stored(self, value: Any) -> Any:
        """The value in the form the store keeps and rules judge: days, milliseconds, 1 and 0."""
        return value if value is None or self.to_stored is None else self.to_stored(value)

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
    Type.DETAIL: json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode,
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


def text(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.TEXT, doc=doc)


def number(name: str, doc: str, kind: Type = Type.NUMBER) -> Field:
    return Field(name=name, type=kind, doc=doc)


def count(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.COUNT, doc=doc)


def money(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.MONEY, doc=doc)


def price(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.PRICE, doc=doc)


def ratio(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.RATIO, doc=doc)


def yes_no(name: str, doc: str, plain: Mapping[str, str] = MappingProxyType({})) -> Field:
    return Field(name=name, type=Type.YES_NO, doc=doc, plain=tuple(plain.items()))


def day(name: str, doc: str) -> Field:
    return Field(name=name, type=Type.DATE, doc=doc)


def word(
    name: str, doc: str, *words: str, plain: Mapping[str, str] = MappingProxyType({})
) -> Field:
    return Field(name=name, type=Type.WORD, doc=doc, words=words, plain=tuple(plain.items()))
