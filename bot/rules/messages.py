"""Messages of alerts: text with ``{name}``, ``{a - b}``, ``{name:format}``, ``{a or b}`` in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clock import from_day_number, from_ms
from bot.facts import Type
from bot.numbers import money_text, number_text, percent_text
from bot.readable import first_unreadable
from bot.rules.dimensions import MONEY, NUMERIC, PLAIN, named
from bot.rules.evaluate import Evaluator, evaluator
from bot.rules.expressions import Expr, FieldRef, MeasureRef, fields_of, measures_of
from bot.rules.grammar import Mistake, together
from bot.rules.language import read_amount
from bot.rules.problems import did_you_mean, sign_name
from bot.rules.scope import Scope

UNKNOWN = "unknown"
MAX_CHARACTERS = 600
_NAME = re.compile(r"\w+")
_OR = re.compile(r"\s+or(?:\s+|$)")
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
FORMATS: dict[str, frozenset[Type]] = {
    "money": MONEY,
    "pct": PLAIN | {Type.PERCENT},
    "points": PLAIN,
    "n": NUMERIC,
    "x": NUMERIC,
    "date": frozenset({Type.DATE, Type.INSTANT}),
}
_KNOWN_FORMATS = " ".join(FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A value put into a message: a field, a measure or what is reckoned of them, and how.

    otherwise: what is shown in its place where the value is not known.
    """

    value: Expr
    format: str | None
    otherwise: "Placeholder | None" = None
    _tell: Evaluator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tell", evaluator(self.value))

    def shown(self, row: Mapping[str, Any]) -> str:
        """The value for one judged fact and its measures."""
        value = self._tell(row)
        if value is None and self.otherwise is not None:
            return self.otherwise.shown(row)
        return shown(value, self.value.type, self.format)

    @property
    def measures(self) -> set[str]:
        """Names of the measures that it may show."""
        others = self.otherwise.measures if self.otherwise else set()
        return measures_of(self.value) | others


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A message with its placeholders."""

    parts: tuple[str | Placeholder, ...]

    @property
    def measures(self) -> set[str]:
        """Names of the measures that are shown."""
        parts = (part for part in self.parts if isinstance(part, Placeholder))
        return set().union(*(part.measures for part in parts))

    def render(self, row: Mapping[str, Any]) -> str:
        """The message for one judged fact and its measures; what is not known says so."""
        return "".join(part if isinstance(part, str) else part.shown(row) for part in self.parts)


def read_template(text: str, scope: Scope) -> Template:
    """The template a text holds; Mistake where a brace or a name is wrong, with all others."""
    if not text.strip():
        raise Mistake(0, "an empty message", "say who did what: '{ticker}: sold {sold:money}'")
    if len(text) > MAX_CHARACTERS:
        raise Mistake(0, f"longer than {MAX_CHARACTERS} characters", "say it in one sentence")
    if (at := first_unreadable(text)) is not None:
        what = f"{sign_name(text[at])} stands here, which a reader never sees"
        raise Mistake(at, what, "delete it")
    parts: list[str | Placeholder] = []
    mistakes: list[Mistake] = []
    end = 0
    for match in _PART.finditer(text):
        parts.append(text[end : match.start()])
        try:
            parts.append(_part(match, scope))
        except Mistake as mistake:
            mistakes.append(mistake)
        end = match.end()
    if mistakes:
        raise together(mistakes)
    parts.append(text[end:])
    return Template(parts=tuple(part for part in parts if part != ""))


def _part(match: re.Match[str], scope: Scope) -> str | Placeholder:
    found = match[0]
    if found in ("{{", "}}"):
        return found[0]
    if match[1] is None:
        mend = "write a single brace of text twice: {{ or }}"
        raise Mistake(match.start(), f"this '{found}' has no partner", mend)
    return _placeholder(match[1], scope, match.start() + 1)


def _placeholder(told: str, scope: Scope, offset: int) -> Placeholder:
    """What stands between braces, or behind an 'or' there, at an offset of the message."""
    first, between, rest = _first_of(told)
    text, colon, format_word = first.partition(":")
    value = _value(text, scope, offset)
    if colon:
        _check_format(format_word, text, value.type, offset + len(text) + 1)
    behind = offset + len(first) + len(between)
    otherwise = _placeholder(rest, scope, behind) if between else None
    return Placeholder(value=value, format=format_word or None, otherwise=otherwise)


def _first_of(told: str) -> tuple[str, str, str]:
    """The first alternative, the 'or' behind it, and the rest."""
    found = _OR.search(told)
    return (told[: found.start()], found[0], told[found.end() :]) if found else (told, "", "")


def _value(text: str, scope: Scope, offset: int) -> Expr:
    """What stands between braces: a name, or an expression over names."""
    if _NAME.fullmatch(text):
        sort = MeasureRef if text in scope.measures else FieldRef
        return sort(name=text, type=scope.described(text, offset).type)
    try:
        value = read_amount(text, scope) if text.strip() else None
    except Mistake as mistake:
        for each in mistake.all:
            each.offset += offset
        raise
    if value is None or not fields_of(value) | measures_of(value):
        what = "nothing is named between these braces"
        raise Mistake(offset - 1, what, "name a field or a measure, or write {{}} for text")
    return value


def _check_format(format_word: str, name: str, kind: Type, offset: int) -> None:
    if not format_word:
        mend = f"formats are: {_KNOWN_FORMATS}; or leave the ':' out"
        raise Mistake(offset, "no format follows the ':'", mend)
    if format_word not in FORMATS:
        mend = did_you_mean(format_word, FORMATS, otherwise=f"formats are: {_KNOWN_FORMATS}")
        raise Mistake(offset, f"'{format_word}' is no format", mend)
    if kind not in FORMATS[format_word]:
        what = f"{name} is {named(kind)}, it can not be shown as '{format_word}'"
        raise Mistake(offset, what, f"write {{{name}}} alone")


def shown(value: Any, kind: Type, format_word: str | None = None) -> str:
    """A stored value for a reader, in the form its type asks for or the one that was asked for."""
    if value is None:
        return UNKNOWN
    if format_word == "pct":
        return percent_text(value / 100 if kind is Type.PERCENT else value)
    if format_word == "points":
        return f"{percent_text(value).removesuffix('%')} points"
    if format_word in ("n", "x"):
        return number_text(
            value / 100 if kind is Type.MONEY else value, 2 if format_word == "x" else 4
        )
    return _by_type(value, kind)


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
