"""Literals and names whose meaning depends on what stands opposite them."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from bot.clock import to_day_number
from bot.facts import Type
from bot.numbers import to_cents
from bot.rules import expressions as ex
from bot.rules.dimensions import MONEY, NUMERIC
from bot.rules.literals import (
    day_literal,
    money_literal,
    number_literal,
    padded_cik,
    percent_literal,
    span_literal,
)

Sort = Literal["number", "money", "percent", "span", "date", "string", "name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A literal or a name as it is written."""

    sort: Sort
    text: str
    offset: int
    negative: bool = False

    @property
    def unquoted(self) -> str:
        return self.text[1:-1]

    def negated(self) -> "Pending":
        return replace(self, negative=not self.negative)


def from_list(text: str, offset: int, opposite: Type) -> Pending:
    """An item of a list: a number where it meets one, else plain text."""
    sort = _number_sort(text) if opposite in NUMERIC else "string"
    quoted = f'"{text}"' if sort == "string" else text.removeprefix("-")
    return Pending(
        sort=sort, text=quoted, offset=offset, negative=quoted != text and sort != "string"
    )


def _number_sort(text: str) -> Sort:
    if "$" in text:
        return "money"
    if text.endswith("%"):
        return "percent"
    return "span" if text[-1:] in ("s", "n", "h", "d", "w") else "number"


def word_literal(text: str, kind: Type) -> ex.Literal:
    """A word of a field, or yes and no as 1 and 0."""
    if kind is Type.YES_NO:
        return ex.Literal(value=int(text == "yes"), type=kind)
    return ex.Literal(value=text, type=Type.WORD)


def text_literal(text: Pending, opposite: Type | None) -> ex.Literal:
    """A text in quotes; opposite a CIK it is padded to ten digits."""
    if opposite is Type.CIK:
        return ex.Literal(value=padded_cik(text.unquoted, text.offset), type=Type.CIK)
    if opposite is Type.DATE:
        day = day_literal(text.unquoted, text.offset)
        return ex.Literal(value=to_day_number(day), type=Type.DATE)
    return ex.Literal(value=text.unquoted, type=Type.TEXT)


def literal(pending: Pending, opposite: Type | None) -> ex.Literal:
    """A number by what it meets: cents opposite money, dollars opposite a price."""
    sign = -1 if pending.negative else 1
    match pending.sort:
        case "date":
            day = day_literal(pending.text, pending.offset)
            return ex.Literal(value=to_day_number(day), type=Type.DATE)
        case "span":
            seconds = Decimal(str(span_literal(pending.text).total_seconds()))
            return ex.Literal(value=_plain(sign * seconds), type=Type.SPAN)
        case "percent":
            return ex.Literal(value=float(sign * percent_literal(pending.text)), type=Type.RATIO)
        case "money":
            dollars = sign * money_literal(pending.text)
            return _dollars(dollars, Type.PRICE if opposite is Type.PRICE else Type.MONEY)
    return _number(sign * number_literal(pending.text), pending, opposite)


def _number(number: Decimal, pending: Pending, opposite: Type | None) -> ex.Literal:
    if opposite is Type.CIK:
        return ex.Literal(value=padded_cik(pending.text, pending.offset), type=Type.CIK)
    if opposite in MONEY:
        return _dollars(number, opposite or Type.MONEY)
    fits = opposite is not None and opposite in NUMERIC
    return ex.Literal(value=_plain(number), type=opposite if fits and opposite else Type.NUMBER)


def _dollars(amount: Decimal, kind: Type) -> ex.Literal:
    if kind is Type.PRICE:
        return ex.Literal(value=float(amount), type=kind)
    cents = amount * 100
    whole = cents == cents.to_integral_value()
    return ex.Literal(value=to_cents(amount) if whole else float(cents), type=kind)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
