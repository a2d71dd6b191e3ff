"""Reading messages: ``{name}``, ``{a - b}``, ``{name:format}``, ``{a or b}``, ``{? a part}``."""

import re

from bot.facts import Field, Type
from bot.readable import first_unreadable
from bot.rules.dimensions import named
from bot.rules.expressions import Expr, FieldRef, MeasureRef, fields_of, measures_of
from bot.rules.grammar import Mistake, together
from bot.rules.language import read_amount
from bot.rules.messages import FORMATS, IfKnown, Part, Placeholder, Template
from bot.rules.problems import did_you_mean, sign_name
from bot.rules.scope import Scope

MAX_CHARACTERS = 600
_NAME = re.compile(r"\w+")
_OR = re.compile(r"\s+or(?:\s+|$)")
_PART = re.compile(r"\{\{|\}\}|\{\?|\{([^{}]*)\}|[{}]")
_KNOWN_FORMATS = " ".join(FORMATS)


def read_template(text: str, scope: Scope) -> Template:
    """The template a text holds; Mistake where a brace or a name is wrong, with all others."""
    if not text.strip():
        raise Mistake(0, "an empty message", "say who did what: '{ticker}: sold {sold:money}'")
    if len(text) > MAX_CHARACTERS:
        raise Mistake(0, f"longer than {MAX_CHARACTERS} characters", "say it in one sentence")
    if (at := first_unreadable(text)) is not None:
        what = f"{sign_name(text[at])} stands here, which a reader never sees"
        raise Mistake(at, what, "delete it")
    mistakes: list[Mistake] = []
    parts = _parts(text, scope, mistakes)
    if mistakes:
        raise together(mistakes)
    return Template(parts=tuple(part for part in parts if part != ""))


def _parts(text: str, scope: Scope, mistakes: list[Mistake]) -> list[Part]:
    """The parts of a text; what is wrong with them is added to the mistakes."""
    parts: list[Part] = []
    begun: int | None = None  # the offset of a "{?" that is not closed yet
    within = end = 0
    for match in _PART.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        try:
            if begun is None and match[0] == "{?":
                begun, within = match.start(), len(parts)
            elif begun is not None and match[0] == "}":
                parts[within:] = [_if_known(parts[within:], begun)]
                begun = None
            else:
                parts.append(_part(match, scope))
        except Mistake as mistake:
            mistakes.append(mistake)
    if begun is not None:
        mistakes.append(_without_partner("{?", begun))
    return [*parts, text[end:]]


def _if_known(parts: list[Part], offset: int) -> IfKnown:
    held = tuple(part for part in parts if not isinstance(part, IfKnown) and part != "")
    if all(isinstance(part, str) for part in held):
        mend = "name a value in it, or write it without {? }"
        raise Mistake(offset, "nothing in this part can be unknown", mend)
    return IfKnown(parts=held)


def _part(match: re.Match[str], scope: Scope) -> str | Placeholder:
    found = match[0]
    if found in ("{{", "}}"):
        return found[0]
    if found == "{?":
        raise Mistake(match.start(), "a {? stands in another", "close the first with a '}'")
    if match[1] is None:
        raise _without_partner(found, match.start())
    return _placeholder(match[1], scope, match.start() + 1)


def _without_partner(found: str, offset: int) -> Mistake:
    mend = "write a single brace of text twice: {{ or }}"
    return Mistake(offset, f"this '{found}' has no partner", mend)


def _placeholder(told: str, scope: Scope, offset: int) -> Placeholder:
    """What stands between braces, or behind an 'or' there, at an offset of the message."""
    first, between, rest = _first_of(told)
    text, colon, format_word = first.partition(":")
    value = _value(text, scope, offset)
    if colon:
        _check_format(format_word, text, value.type, offset + len(text) + 1)
    described = _described(value, scope)
    if format_word == "plain" and not (described and described.has_plain):
        what = f"{text} has no other words, it can not be shown as 'plain'"
        raise Mistake(offset + len(text) + 1, what, f"write {{{text}}} alone")
    behind = offset + len(first) + len(between)
    otherwise = _placeholder(rest, scope, behind) if between else None
    return Placeholder(
        value=value, format=format_word or None, described=described, otherwise=otherwise
    )


def _described(value: Expr, scope: Scope) -> Field | None:
    """The field or measure that is shown; None for what is reckoned."""
    match value:
        case FieldRef(name=name):
            return scope.fields[name]
        case MeasureRef(name=name):
            return scope.measures[name]
    return None


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
    if kind not in FORMATS[format_word].of:
        what = f"{name} is {named(kind)}, it can not be shown as '{format_word}'"
        raise Mistake(offset, what, f"write {{{name}}} alone")
