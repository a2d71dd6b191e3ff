"""The JSON Schema of a rule file, for completion and checks while it is typed.

Made from the declarations that the reader itself uses.  Draft 07, which every YAML language server
reads.  ``bot rules check`` says more: a schema knows no conditions and no names of measures.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.facts import KINDS, Field, Kind, Type
from bot.rules.dimensions import NUMERIC
from bot.rules.fire import Fate
from bot.rules.keys import FILE_KEYS, MEASURE_KEYS, RULE_KEYS, TEST_KEYS, Key
from bot.rules.measures import VERBS, Argument, Verb
from bot.rules.model import Fire, Severity

Schema = dict[str, Any]

DIALECT = "http://json-schema.org/draft-07/schema#"

_SPAN = r"\d+(\.\d+)?(s|min|h|d|w)|\d{1,4}(mo|y)"
_WINDOW = rf"{_SPAN}|\d+ sessions?|[yqm]td"
_NUMBER = r"-?\$?[\d_]*\.?\d[\d_]*([eE][+-]?\d+)?[kKmMbBtT]?%?"
_NOT_GIVEN = frozenset({"known_at", "seen_at"})
_GIVEN_DOCS = {
    "at": "When the fact became known: 2025-09-23 is 12:00 New York, or 2025-09-23 18:02 ET.",
    "seen": "When it arrived, where that is later.",
}
_EXPECT_DOCS = {
    "at": "When the alert comes: a bare date fits any time of that New York day.",
    "fate": "Ask for a fact that was held back, by what became of it.",
    "severity": "The severity of the alert.",
    "message": "The whole message of the alert.",
    "rule": "Which rule gave it.",
}


def rule_schema() -> Schema:
    """The schema of one rule file."""
    return {
        "$schema": DIALECT,
        "title": "Rules of bot",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": _properties(
            FILE_KEYS,
            {
                "lists": {"type": ["object", "null"], "additionalProperties": _texts()},
                "rules": {"type": ["array", "null"], "items": _ref("rule")},
            },
        ),
        "definitions": {
            "rule": _rule(),
            "measure": _measure(),
            "test": _test(),
            "given": _given(),
            "expected": _expected(),
            **{each.name: _facts(each) for each in KINDS},
        },
    }


def _rule() -> Schema:
    kinds = _words(k.name for k in KINDS)
    by = {"enum": ["all", *_ruled_names()]}
    known: dict[str, Schema] = {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 60},
        "on": _one_or_more(kinds),
        "by": _one_or_more(by),
        "let": {"type": "object", "additionalProperties": _ref("measure")},
        "fire": _words(Fire),
        "severity": _words(Severity),
        "enabled": _words(("yes", "no")),
        "tags": _texts(),
        "tests": {"type": "array", "items": _ref("test")},
        "needs_history": _pattern(_SPAN),
        "max_per_day": {"type": "integer", "minimum": 1},
        **{key: _pattern(_SPAN) for key in ("cooldown", "for", "hold", "absent")},
    }
    return _mapping(RULE_KEYS, known)


def _measure() -> Schema:
    known: dict[str, Schema] = {
        "over": _pattern(_WINDOW),
        "of": _words(k.name for k in KINDS),
        "by": _one_or_more({"enum": ["all", *_ruled_names()]}),
        "before": _words(("event",)),
        "max_age": _pattern(_SPAN),
        "ending": _pattern(_SPAN),
        "min_points": {"type": "integer", "minimum": 1},
    }
    verbs = {verb.name: Key(doc=f"{verb.doc}  {verb.example}") for verb in VERBS.values()}
    arguments = {name: _argument(verb.argument, KINDS) for name, verb in VERBS.items()}
    measure = _mapping(verbs | dict(MEASURE_KEYS), arguments | known)
    measure["oneOf"] = [{"required": [name]} for name in VERBS]
    measure["dependencies"] = {name: sorted(verb.needs) for name, verb in VERBS.items()}
    measure["allOf"] = [*(_of(kind) for kind in KINDS), *map(_beside, VERBS.values())]
    return measure


def _beside(verb: Verb) -> Schema:
    """The keys that can not stand beside a verb."""
    strange = dict.fromkeys(sorted(MEASURE_KEYS.keys() - verb.keys), False)
    return {"if": {"required": [verb.name]}, "then": {"properties": strange}}


def _of(kind: Kind) -> Schema:
    """Where a measure says of which kind, its field is one of that kind."""
    arguments = {name: _argument(verb.argument, (kind,)) for name, verb in VERBS.items()}
    return {
        "if": {"properties": {"of": {"const": kind.name}}, "required": ["of"]},
        "then": {"properties": arguments},
    }


def _argument(argument: Argument, kinds: Iterable[Kind]) -> Schema:
    """What may stand behind a verb."""
    match argument:
        case Argument.EVENTS:
            return _words(("events",))
        case Argument.NUMBER | Argument.FIELD:
            wanted = NUMERIC if argument is Argument.NUMBER else frozenset(Type)
            fields = {name: of.by_name[name] for of in kinds for name in of.ruled}
            return _words(name for name, field in fields.items() if field.type in wanted)
        case _:
            return _any_text()


def _test() -> Schema:
    known: dict[str, Schema] = {
        "given": {"type": "array", "items": _ref("given")},
        "expect": {"type": "array", "items": _ref("expected")},
    }
    return _mapping(TEST_KEYS, known, otherwise={})


def _given() -> Schema:
    kinds = {k.name: {"$ref": f"#/definitions/{k.name}"} for k in KINDS}
    times = {name: _any_text() | {"description": doc} for name, doc in _GIVEN_DOCS.items()}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["at"],
        "properties": {**times, **kinds},
        "oneOf": [{"required": [name]} for name in kinds],
    }


def _facts(of: Kind) -> Schema:
    """The fields of a kind as a test gives them."""
    names = [name for name in of.ruled if name not in _NOT_GIVEN]
    return {
        "type": "object",
        "description": of.doc,
        "additionalProperties": False,
        "properties": {name: _field(of.by_name[name]) for name in names},
    }


def _expected() -> Schema:
    """An expected alert: measures have names of their own, so any name is let through."""
    fields = {name: of.by_name[name] for of in KINDS for name in of.ruled}
    about: dict[str, Schema] = {
        name: _any_text() | {"description": doc} for name, doc in _EXPECT_DOCS.items()
    }
    about["fate"] |= _words(Fate)
    about["severity"] |= _words(Severity)
    return {
        "type": "object",
        "properties": {n: _field(f, rounded=True) for n, f in fields.items()} | about,
        "additionalProperties": _any_text(),
    }


# Values.


def _field(field: Field, *, rounded: bool = False) -> Schema:
    return _value(field, rounded=rounded) | {"description": field.doc}


def _value(field: Field, *, rounded: bool) -> Schema:
    if field.words:
        return _words((*field.words, "unknown"))
    match field.type:
        case Type.YES_NO:
            return _words(("yes", "no", "unknown"))
        case Type.SPAN:
            return _pattern(rf"{_SPAN}|{_NUMBER}|unknown")
        case Type.DATE:
            return _pattern(r"\d{4}-\d\d-\d\d|unknown")
        case Type.CIK:
            return _pattern(r"\d{1,10}|unknown")
        case kind if kind in NUMERIC:
            return _pattern(rf"{'~?' if rounded else ''}({_NUMBER})|unknown")
        case _:
            return _any_text()


def _words(words: Iterable[str]) -> Schema:
    """One of several words; those of digits are numbers to an editor."""
    texts = [str(word) for word in words]
    return {"enum": [*texts, *(int(text) for text in texts if text.isdigit())]}


def _pattern(pattern: str) -> Schema:
    return {"type": ["string", "number"], "pattern": f"^({pattern})$"}


def _any_text() -> Schema:
    """Whatever stands there is text to the bot, also where YAML sees a number or a truth value."""
    return {"type": ["string", "number", "boolean", "null"]}


def _texts() -> Schema:
    return _one_or_more(_any_text())


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


# Mappings.


def _mapping(
    keys: Mapping[str, Key], known: Mapping[str, Schema], *, otherwise: Schema | None = None
) -> Schema:
    """A mapping of exactly these keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, key in keys.items() if key.required],
        "properties": _properties(keys, known, otherwise=otherwise),
    }


def _properties(
    keys: Mapping[str, Key], known: Mapping[str, Schema], *, otherwise: Schema | None = None
) -> Schema:
    plain = _any_text() if otherwise is None else otherwise
    return {name: known.get(name, plain) | {"description": k.doc} for name, k in keys.items()}


def _ruled_names() -> list[str]:
    return list(dict.fromkeys(name for of in KINDS for name in of.ruled))
