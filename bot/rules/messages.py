"""Messages of alerts: text with values in it, and parts that stand only where these are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clock import from_day_number, from_ms
from bot.facts import Field, Type
from bot.numbers import money_text, number_text, percent_text, signed_text, span_text
from bot.rules.dimensions import MONEY, NUMERIC, PLAIN
from bot.rules.evaluate import Evaluator, evaluator
from bot.rules.expressions import Expr, FieldRef, measures_of

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A word behind the colon of a placeholder: of which types it shows values, and how."""

    of: frozenset[Type]
    doc: str


_PERCENTAGES = PLAIN | {Type.PERCENT}
FORMATS = {
    "money": Format(of=MONEY, doc="$9.4M"),
    "pct": Format(of=_PERCENTAGES, doc="-31%"),
    "signed": Format(of=_PERCENTAGES | MONEY, doc="with its sign: +12%, −31%, −$28M"),
    "points": Format(of=PLAIN, doc="of a ratio: -31 points"),
    "n": Format(of=NUMERIC, doc="64,800"),
    "x": Format(of=NUMERIC, doc="two places: 24.64"),
    "date": Format(of=frozenset({Type.DATE, Type.INSTANT}), doc="2025-09-23"),
    "span": Format(of=frozenset({Type.SPAN}), doc="a length of time: 1 h 5 min"),
    "plain": Format(
        of=frozenset({Type.WORD, Type.YES_NO}),
        doc="words as people write them: CFO, 10% owner, sale, open market",
    ),
}
_TICKER = FieldRef(name="ticker", type=Type.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A value put into a message: a field, a measure or what is reckoned of them, and how.

    format: a key of FORMATS.  described: the field or measure with its plain words, for ``plain``.
    otherwise: what is shown in its place where the value is not known.
    """

    value: Expr
    format: str | None
    described: Field | None = None
    otherwise: "Placeholder | None" = None
    _tell: Evaluator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tell", evaluator(self.value))

    def shown(self, row: Mapping[str, Any]) -> str:
        """The value for one judged fact and its measures; the issuer for a ticker that it lacks."""
        told = self.known(row)
        if told is None and self.value == _TICKER:
            told = issuer_text(row)
        return self._unknown if told is None else told

    @property
    def _unknown(self) -> str:
        """What says that it is not known."""
        if self.format == "plain" and self.described is not None:
            return dict(self.described.plain).get(UNKNOWN, UNKNOWN)
        return UNKNOWN

    def known(self, row: Mapping[str, Any]) -> str | None:
        """The first of the alternatives that is known; None where none is."""
        value = self._tell(row)
        if value is not None:
            return self._text(value)
        return self.otherwise.known(row) if self.otherwise else None

    def _text(self, value: Any) -> str:
        if self.format == "plain" and self.described is not None:
            return self.described.in_plain_words(value)
        return shown(value, self.value.type, self.format)

    @property
    def measures(self) -> set[str]:
        """Names of the measures that it may show."""
        others = self.otherwise.measures if self.otherwise else set()
        return measures_of(self.value) | others


@dataclass(frozen=True, slots=True, kw_only=True)
class IfKnown:
    """A part of a message that is left out where a value in it is not known."""

    parts: tuple[str | Placeholder, ...]

    def shown(self, row: Mapping[str, Any]) -> str:
        told = [part if isinstance(part, str) else part.known(row) for part in self.parts]
        return "" if None in told else "".join(filter(None, told))

    @property
    def measures(self) -> set[str]:
        return _measures(self.parts)


Part = str | Placeholder | IfKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A message with its placeholders."""

    parts: tuple[Part, ...]

    @property
    def measures(self) -> set[str]:
        """Names of the measures that are shown."""
        return _measures(self.parts)

    def render(self, row: Mapping[str, Any]) -> str:
        """The message for one judged fact and its measures; what is not known says so."""
        return "".join(part if isinstance(part, str) else part.shown(row) for part in self.parts)


def _measures(parts: tuple[Part, ...]) -> set[str]:
    return set().union(*(part.measures for part in parts if not isinstance(part, str)))


def issuer_text(row: Mapping[str, Any]) -> str | None:
    """Who stands for a ticker that is not known: the issuer by name, else by CIK."""
    name, cik = row.get("issuer_name"), row.get("issuer_cik")
    return name or (f"CIK {cik}" if cik else None)


def shown(value: Any, kind: Type, format_word: str | None = None) -> str:
    """A stored value for a reader, in the form its type asks for or the one that was asked for."""
    if value is None:
        return UNKNOWN
    if format_word == "pct":
        return percent_text(value / 100 if kind is Type.PERCENT else value)
    if format_word == "signed":
        return _signed(value, kind)
    if format_word == "span":
        return span_text(value)
    if format_word == "points":
        return f"{percent_text(value).removesuffix('%')} points"
    if format_word in ("n", "x"):
        return number_text(
            value / 100 if kind is Type.MONEY else value, 2 if format_word == "x" else 4
        )
    return _by_type(value, kind)


def _signed(value: Any, kind: Type) -> str:
    if kind not in MONEY:
        return signed_text(value / 100 if kind is Type.PERCENT else value)
    sign = "" if not value else "−" if value < 0 else "+"
    return f"{sign}{_by_type(abs(value), kind)}"


def _by_type(value: Any, kind: Type) -> str:
    match kind:
        case Type.MONEY:
            return money_text(value)
        case Type.PRICE:
            return money_text(value * 100)
        case Type.RATIO:
            return percent_text(value)
        case Type.PERCENT:
            return f"{number_text(value)}%"
        case Type.YES_NO:
            return "yes" if value else "no"
        case Type.DATE:
            return from_day_number(value).isoformat()
        case Type.INSTANT:
            return from_ms(value).strftime("%Y-%m-%d %H:%M UTC")
        case Type.TEXT | Type.CIK | Type.WORD:
            return str(value)
        case _:
            return number_text(value)
