"""The reference page of the rule language, made from the declarations that the reader uses."""

from collections.abc import Iterable, Mapping

from bot.facts import KINDS, Field, Kind
from bot.rules.fire import Fate
from bot.rules.grammar import FUNCTIONS, KEYWORDS
from bot.rules.keys import FILE_KEYS, MEASURE_KEYS, RULE_KEYS, TEST_KEYS, Key
from bot.rules.measures import VERBS
from bot.rules.messages import FORMATS
from bot.rules.model import Fire, Severity

_HEAD = """\
# Reference of the rule language

Every key, measure, word and field there is. This page is made from the code by `make reference`;
[rules.md](rules.md) explains how they work together."""


def reference_page() -> str:
    """The whole page in Markdown."""
    parts = [
        _HEAD,
        _keys("Keys of a file", FILE_KEYS),
        _keys("Keys of a rule", RULE_KEYS),
        _keys("Keys of a measure", MEASURE_KEYS),
        _keys("Keys of a test", TEST_KEYS),
        _measures(),
        _words(),
        _formats(),
        *map(_kind, KINDS),
    ]
    return "\n\n".join(parts) + "\n"


def _keys(title: str, keys: Mapping[str, Key]) -> str:
    rows = [
        (f"`{name}`", f"{key.doc} Required." if key.required else key.doc)
        for name, key in keys.items()
    ]
    return f"## {title}\n\n{_table(('key', 'what it does'), rows)}"


def _measures() -> str:
    rows = [
        (f"`{verb.name}`", str(verb.argument), verb.doc, f"`{verb.example}`")
        for verb in VERBS.values()
    ]
    table = _table(("verb", "stands before", "value", "example"), rows)
    return f"## Measures\n\n{table}"


def _words() -> str:
    rows = [
        ("words of conditions", _code(sorted(KEYWORDS | FUNCTIONS))),
        ("`fire`", _code(Fire)),
        ("`severity`", _code(Severity)),
        ("`fate`, the first that holds", _code(Fate)),
        ("windows", "`30min` `12h` `90d` `2w` · `6mo` `2y` · `20 sessions` · `ytd` `qtd` `mtd`"),
    ]
    return f"## Words\n\n{_table(('where', 'words'), rows)}"


def _formats() -> str:
    rows = [
        (f"`{name}`", ", ".join(sorted(str(kind) for kind in form.of)), form.doc)
        for name, form in FORMATS.items()
    ]
    return f"## Formats of messages\n\n{_table(('behind the colon', 'of', 'shows'), rows)}"


def _kind(of: Kind) -> str:
    rows = [(f"`{name}`", _holds(of.by_name[name]), of.by_name[name].doc) for name in of.ruled]
    about = (
        f"{of.doc} Its subject is the {of.subject}; `fire` is `{of.fires}` unless said otherwise."
    )
    return f"## Fields of `{of.name}`\n\n{about}\n\n{_table(('field', 'holds', 'meaning'), rows)}"


def _holds(field: Field) -> str:
    if not field.has_plain:
        return str(field.type)
    plain = dict(field.plain)
    words = field.words or plain
    told = (f"`{word}` ({plain[word]})" if word in plain else f"`{word}`" for word in words)
    return f"{field.type}: {' '.join(told)}"


def _code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
