"""Rules with one thing wrong each: what a rule's own tests do not notice, they do not hold.

A mutant changes a threshold, a comparison, a window, a verb, an ``and`` or ``or``, or leaves a
clause or an option out.  A mutant that can not be read, or that means the same, is none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lark import Token, Tree

from bot.rules.cases import RuleTest
from bot.rules.grammar import Mistake, parse
from bot.rules.keys import EXPRESSIONS
from bot.rules.lists import Lists, read_lists
from bot.rules.loading import Text, load_rules
from bot.rules.measures import VERBS
from bot.rules.model import Rule
from bot.rules.options import Notes
from bot.rules.reading import Listed, Mapped, Node, Scalar, read_yaml
from bot.rules.rule_reader import RuleReader
from bot.rules.testing import RunTest, run_tests

_SIGNS = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "=="}
_VERBS = {
    "sum": ("max",),
    "avg": ("max", "min"),
    "min": ("max",),
    "max": ("min",),
    "distinct": ("count",),
    "last": ("max", "min"),
    "change": ("last",),
    "zscore": ("change",),
    "share": ("sum",),
}
_SPANS = frozenset(
    {"over", "max_age", "ending", "cooldown", "for", "hold", "absent", "needs_history"}
)
_COUNTS = frozenset({"max_per_day", "min_points"})
_OPTIONAL = frozenset(
    {"where", "clear", "cooldown", "for", "hold", "needs_history", "needs_source", "during"}
) | {"max_per_day", "before", "ending", "max_age", "min_points", "time"}
_TO_DATE = {"ytd": ("qtd", "1y"), "qtd": ("mtd", "ytd"), "mtd": ("qtd",)}
_HALVES = {"1mo": "15d", "1y": "6mo"}
_AMOUNT = re.compile(r"(\$?)(\d[\d_]*(?:\.\d+)?|\.\d+)(.*)", re.DOTALL)
_FEW = 20
"""A whole number below this changes by one, a larger one by a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A rule with one change; ``what`` tells it, ``line`` is where it was made."""

    rule: Rule
    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutated:
    """One rule with the mutants that its tests were tried on, and those they did not notice."""

    rule: Rule
    tried: int
    survivors: tuple[Mutant, ...]


def try_mutants(files: Iterable[tuple[str, Text]], run: RunTest) -> Iterator[Mutated]:
    """The rules of files, given as name and text, each with the mutants that survive its tests.

    A rule whose tests fail without any change is left out: they would notice everything.
    """
    known = list(files)
    good = load_rules(known).rules
    for file, text in known:
        for rule, mutants in mutants_of(file, text) if isinstance(text, str) else ():
            others = [replace(each, tests=()) for each in good if each.id != rule.id]
            if not any(_fails(rule, test, others, run) for test in rule.tests):
                alive = tuple(_survivors(rule, mutants, others, run))
                yield Mutated(rule=rule, tried=len(mutants), survivors=alive)


def _survivors(
    rule: Rule, mutants: Iterable[Mutant], others: Sequence[Rule], run: RunTest
) -> Iterator[Mutant]:
    """Those that no test notices; the test that noticed the last one mostly notices the next."""
    tests = list(rule.tests)
    for mutant in mutants:
        noticed = next((test for test in tests if _fails(mutant.rule, test, others, run)), None)
        if noticed is None:
            yield mutant
        tests.sort(key=lambda test, first=noticed: test is not first)  # type: ignore[misc]


def _fails(rule: Rule, test: RuleTest, others: Sequence[Rule], run: RunTest) -> bool:
    """Whether one of its tests fails; the others are there to be named by it."""
    alone = replace(rule, tests=(test,))
    return any(not result.passed for result in run_tests([alone, *others], run))


def mutants_of(file: str, text: str) -> Iterator[tuple[Rule, list[Mutant]]]:
    """Each good rule of a file with all its mutants, which carry its tests."""
    reading = read_yaml(file, text)
    if not isinstance(reading.root, Mapped):
        return
    notes = Notes(reading.source)
    entries = {key: value for key, (_, value) in reading.root.entries.items()}
    lists = read_lists(entries["lists"], notes) if "lists" in entries else {}
    rules = entries.get("rules")
    for node in rules.items if isinstance(rules, Listed) else ():
        rule = _read(node, lists) if isinstance(node, Mapped) else None
        if rule is not None and isinstance(node, Mapped):
            yield rule, list(_mutants(node, rule, lists))


def _mutants(node: Mapped, rule: Rule, lists: Lists) -> Iterator[Mutant]:
    bare = _without(node, "tests")
    seen = {replace(rule, version="", tests=())}
    for edit in _edits(bare):
        changed = _read(edit.node, lists)
        if changed is None or (known := replace(changed, version="", tests=())) in seen:
            continue
        seen.add(known)
        line = node.source.position(edit.at)[0]
        yield Mutant(rule=replace(changed, tests=rule.tests), line=line, what=edit.what)


def _read(node: Mapped, lists: Lists) -> Rule | None:
    return RuleReader(node, Notes(node.source), lists, {}).rule()


# Edits of mappings: a rule, or a measure of it.


@dataclass(frozen=True, slots=True)
class _Edit:
    node: Mapped
    at: int  # the character of the file where it was made
    what: str


def _edits(node: Mapped) -> Iterator[_Edit]:
    """Everything that can be changed in a mapping, one thing at a time."""
    for key, (name, value) in node.entries.items():
        if key == "let" and isinstance(value, Mapped):
            yield from _inside(node, key, value)
        elif isinstance(value, Scalar):
            for text, what, offset in _texts(key, value.value):
                at = value.index(offset)
                yield _Edit(_with(node, key, _said(value, text)), at, f"{key}: {what}")
        elif key == "by" and isinstance(value, Listed):
            yield from _fewer(node, name, value)
        if key in VERBS:
            yield from _other_verbs(node, key)
        if key in _OPTIONAL:
            yield _Edit(_without(node, key), name.start, f"without '{key}'")


def _inside(node: Mapped, key: str, let: Mapped) -> Iterator[_Edit]:
    for name, (_, measure) in let.entries.items():
        for edit in _edits(measure) if isinstance(measure, Mapped) else ():
            changed = _with(node, key, _with(let, name, edit.node))
            yield _Edit(changed, edit.at, f"{name}: {edit.what}")


def _fewer(node: Mapped, name: Scalar, fields: Listed) -> Iterator[_Edit]:
    for gone in fields.items if len(fields.items) > 1 else ():
        left = replace(fields, items=tuple(item for item in fields.items if item is not gone))
        told = gone.value if isinstance(gone, Scalar) else "?"
        yield _Edit(_with(node, "by", left), name.start, f"by: without '{told}'")


def _other_verbs(node: Mapped, verb: str) -> Iterator[_Edit]:
    name, argument = node.entries[verb]
    for other in _VERBS.get(verb, ()):
        if other in VERBS and isinstance(argument, Scalar):
            field = _said(argument, "events") if other == "count" else argument
            entries = {other: (name, field)} | _without(node, verb).entries
            yield _Edit(replace(node, entries=entries), name.start, f"{verb} → {other}")


def _texts(key: str, text: str) -> Iterator[tuple[str, str, int]]:
    """Other texts for an option, each with what it changes, and where."""
    others: Iterable[str] = ()
    if key in EXPRESSIONS:
        yield from expression_edits(text)
    elif key in _SPANS:
        others = _other_spans(text)
    elif key in _COUNTS:
        others = _other_amounts(text)
    elif key == "fire" and text == "rise":
        others = ("every",)
    yield from ((other, f"{text} → {other}", 0) for other in others)


def _other_spans(text: str) -> Iterable[str]:
    """Twice and half as long; for a year, quarter or month to date the neighbours."""
    match = _AMOUNT.fullmatch(text)
    if text in _TO_DATE or match is None:
        return _TO_DATE.get(text, ())
    number, unit = Decimal(match[2]), match[3]
    half = number / 2
    if unit.strip() in ("mo", "y", "session", "sessions"):
        half = Decimal(int(half))
    shorter = _HALVES.get(text, f"{_plain(half)}{unit}" if half else "")
    return [each for each in (f"{_plain(number * 2)}{unit}", shorter) if each]


def _other_amounts(text: str) -> list[str]:
    """A little more and a little less."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return []
    sign, number, unit = match[1], Decimal(match[2].replace("_", "")), match[3]
    whole = number == number.to_integral_value() and not sign and not unit
    step = Decimal(1) if whole and number < _FEW else number / 10
    changed = (number + step, number - step) if number else (number + 1,)
    return [f"{sign}{_plain(each)}{unit}" for each in changed]


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Edits of expressions.

_Part = tuple[int, int, str, str]
"""From, to, what may stand there instead, and how that is told."""


def expression_edits(text: str) -> Iterator[tuple[str, str, int]]:
    """A condition with one thing changed, what it was, and where."""
    try:
        parsed = parse(text)
    except Mistake:
        return
    for tree in _trees(parsed):
        for start, end, other, told in _tree_edits(text, tree):
            yield f"{text[:start]}{other}{text[end:]}", told, start


def _trees(tree: Any) -> Iterator[Tree[Token]]:
    """The tree and all below it, from the top."""
    if isinstance(tree, Tree):
        yield tree
        for child in tree.children:
            yield from _trees(child)


def _tree_edits(text: str, tree: Tree[Token]) -> Iterator[_Part]:
    match tree.data:
        case "comparison":
            yield from _sign(text, tree)
        case "and_" | "or_":
            yield from _junction(text, tree)
        case "negation":
            inner = _slice(text, tree.children[0])
            yield (*_span(tree), inner, f"'{_slice(text, tree)}' → '{inner}'")
        case "number" | "money" | "percent" | "span":
            here = _slice(text, tree)
            for other in _other_amounts(here):
                yield (*_span(tree), other, f"{here} → {other}")
        case _:
            return


def _sign(text: str, tree: Tree[Token]) -> Iterator[_Part]:
    left, sign, right = tree.children
    other = f"{_slice(text, left)} {_SIGNS[str(sign)]} {_slice(text, right)}"
    yield (*_span(tree), other, f"'{_slice(text, tree)}' → '{other}'")


def _junction(text: str, tree: Tree[Token]) -> Iterator[_Part]:
    """Each clause left out, and each pair of neighbours joined by the other word."""
    parts = [_slice(text, child) for child in tree.children]
    word, other = ("and", "or") if tree.data == "and_" else ("or", "and")
    start, end = _span(tree)
    for place, part in enumerate(parts):
        left = parts[:place] + parts[place + 1 :]
        yield start, end, f" {word} ".join(left), f"without '{part}'"
    for place, (one, two) in enumerate(pairwise(parts)):
        pair = f"({one} {other} {two})"
        joined = f" {word} ".join([*parts[:place], pair, *parts[place + 2 :]])
        yield start, end, joined, f"'{one} {word} {two}' → '{one} {other} {two}'"


def _span(tree: Any) -> tuple[int, int]:
    if isinstance(tree, Token):
        return tree.start_pos or 0, tree.end_pos or 0
    return tree.meta.start_pos, tree.meta.end_pos


def _slice(text: str, tree: Any) -> str:
    start, end = _span(tree)
    return " ".join(text[start:end].split())


# Nodes changed.


def _said(scalar: Scalar, text: str) -> Scalar:
    return replace(scalar, value=text, style='"')


def _with(node: Mapped, key: str, value: Node) -> Mapped:
    return replace(node, entries=node.entries | {key: (node.entries[key][0], value)})


def _without(node: Mapped, key: str) -> Mapped:
    return replace(node, entries={k: v for k, v in node.entries.items() if k != key})
