"""Readers of single nodes of a rule file: each gives the value or notes one mistake."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.facts import Kind
from bot.rules.expressions import Expr
from bot.rules.grammar import FUNCTIONS, KEYWORDS, Mistake
from bot.rules.keys import EXPRESSIONS, OTHER_TOOLS, Key
from bot.rules.language import read_condition
from bot.rules.problems import Problem, Source, did_you_mean, names_near, told_words
from bot.rules.reading import Listed, Mapped, Node, Scalar
from bot.rules.scope import Scope, Untold

T = TypeVar("T")

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""How lists and measures are named."""

RESERVED = KEYWORDS | FUNCTIONS | {"events", "event", "yes", "no", "all"}
"""Words that are no name because the language uses them."""


def name_mend(name: str) -> str:
    """How a name of a list or a measure is to be written in place of a wrong one."""
    if name in RESERVED:
        return f"'{name}' is a word of the language: take another name"
    return "use small letters, digits and _"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A rule that another one names: by whom, and where in the file."""

    by: str | None
    named: str
    index: int


class Notes:
    """The mistakes of one file as they are found, and the rules that it names.

    rule: the id of the rule that is being read.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.mentions: list[Mention] = []
        self.rule: str | None = None

    def add(self, node: Node, what: str, mend: str, *, offset: int = 0) -> None:
        index = node.index(offset) if isinstance(node, Scalar) else node.start
        self.problems.append(self.source.problem(index, what, mend=mend))

    def warn(self, node: Node, what: str, mend: str) -> None:
        self.problems.append(self.source.problem(node.start, what, mend=mend, warning=True))

    @property
    def mistakes(self) -> int:
        return sum(not problem.warning for problem in self.problems)

    # Shapes.

    def mapping(
        self, node: Node, what: str, mend: str = "write 'key: value' lines"
    ) -> Mapped | None:
        if isinstance(node, Mapped):
            return node
        self.add(node, f"{what} must be a mapping", mend)
        return None

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        if isinstance(node, Listed):
            return node.items
        if not _is_empty(node):
            self.add(node, f"{what} must be a list", "write [a, b] or lines that start with '-'")
        return ()

    def text(self, node: Node, what: str) -> str | None:
        if isinstance(node, Mapped | Listed):
            mend = "quote the whole text: braces and brackets start YAML of their own"
            self.add(node, f"{what} must be text", mend)
            return None
        if _is_empty(node):
            self.add(node, f"{what} is empty", _empty_mend(node))
            return None
        return node.value

    def keys(self, mapped: Mapped, known: Mapping[str, Key], what: str) -> None:
        """Every key must be known, every required one there."""
        cut_off = _cut_off(mapped)
        for name in mapped.entries:
            if name not in known and name not in cut_off:
                self.strange(mapped, name, f"{what} has no key '{name}'", _key_mend(name, known))
        for name, key in known.items():
            if key.required and name not in mapped.entries:
                self.add(mapped, f"{what} needs '{name}'", key.doc)

    def strange(self, mapped: Mapped, name: str, what: str, mend: str) -> None:
        """A key that is not known here; it may be the rest of a text that a comma cut in two."""
        key, value = mapped.entries[name]
        if _is_empty(value) and mapped.is_flow:
            mend = "between { and } a comma ends a value: quote the whole text"
        self.add(key, what, mend)

    # Values.

    def read(self, node: Node, what: str, reader: Callable[[str], T], mend: str = "") -> T | None:
        """A text read by a function that raises Mistake, or ValueError to which ``mend`` helps."""
        if (text := self.text(node, what)) is None:
            return None
        try:
            return reader(text)
        except Mistake as mistake:
            self._tell(node, mistake)
        except ValueError as error:
            self.add(node, f"{what}: {error}", mend)
        return None

    def _tell(self, node: Node, mistake: Mistake) -> None:
        for each in mistake.all:
            if not isinstance(each, Untold):
                self.add(node, each.what, each.mend, offset=each.offset)

    def word(self, node: Node, what: str, words: Iterable[str]) -> str | None:
        text = self.text(node, what)
        known = list(words)
        if text is None or text in known:
            return text
        mend = names_near(text, known)
        self.add(node, f"'{text}' is no {what}{told_words(known)}", mend)
        return None

    def words(self, node: Node, what: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        nodes = node.items if isinstance(node, Listed) else (node,)
        texts = [self.text(item, what) for item in nodes]
        return tuple(text for text in texts if text is not None)

    def rule_id(self, node: Node, what: str) -> str | None:
        """The id of a rule; that there is such a rule is looked at when all files are read."""
        named = self.text(node, what)
        if named is not None and isinstance(node, Scalar):
            self.mentions.append(Mention(by=self.rule, named=named, index=node.index()))
        return named

    def rule_ids(self, node: Node, what: str) -> tuple[str, ...]:
        """One id or a list of ids."""
        nodes = node.items if isinstance(node, Listed) else (node,)
        return tuple(each for item in nodes if (each := self.rule_id(item, what)) is not None)

    def fields(self, node: Node, kinds: Iterable[Kind]) -> tuple[str, ...]:
        """One name or a list of names of fields that all the kinds have; none for ``all``."""
        if isinstance(node, Scalar) and node.value == "all":
            return ()
        items, names = node.items if isinstance(node, Listed) else (node,), list[str]()
        if not items or (_is_empty(node) and not isinstance(node, Mapped)):
            self.add(node, "'by' names no field", "name one, or write by: all")
            return ()
        if isinstance(node, Mapped):
            mend = "write one field, a list [ticker, owner_cik], or all"
            self.add(node, "'by' must be fields, not a mapping", mend)
            return ()
        for item in items:
            if isinstance(item, Scalar) and item.value == "all":
                self.add(item, "'all' is no field", "write by: all, without brackets")
                continue
            for kind in kinds:
                word = self.word(item, f"field of {kind.name}", kind.ruled)
                if word is None:
                    break
            else:
                self.once(item, word or "", names, "'by'")
        return tuple(names)

    def once(self, node: Node, value: T, found: list[T], what: str) -> None:
        """Add a value to those found; one that stands there twice is a mistake."""
        if value in found:
            self.add(node, f"'{value}' stands in {what} twice", "delete one of the two")
        else:
            found.append(value)

    def expression(self, node: Node, scope: Scope, what: str) -> Expr | None:
        if _ends_at_comma(node):
            offset = node.value.rindex("(") if isinstance(node, Scalar) else 0
            mend = "quote the whole expression: between { and } a comma ends it"
            self.add(node, "this '(' is never closed", mend, offset=offset)
            return None
        return self.read(node, what, lambda text: read_condition(text, scope))


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value == "" and node.style not in ("'", '"')


def _empty_mend(node: Scalar) -> str:
    line = node.source.line(node.source.position(node.start)[0])
    if node.style in ("|", ">"):
        return "a leading '>' or '|' starts a block of text in YAML: quote the value"
    comment = line.find(" #")
    if comment >= 0:
        return f"'#' starts a comment: write \"{line[comment:].strip()}\" in quotes"
    return "write a value, or delete the key"


def _cut_off(mapped: Mapped) -> set[str]:
    """Keys that are the rest of an expression which a comma ended: told at its open bracket."""
    cut_off: set[str] = set()
    open_bracket = False
    for name, (_, value) in mapped.entries.items():
        if open_bracket and _is_empty(value):
            cut_off.add(name)
            open_bracket = ")" not in name
        else:
            open_bracket = name in EXPRESSIONS and _ends_at_comma(value)
    return cut_off


def _ends_at_comma(node: Node) -> bool:
    """Whether a comma ended a plain text inside a bracket of its own."""
    if not isinstance(node, Scalar) or node.style is not None:
        return False
    rest = node.source.text[node.end : node.end + 200].lstrip()
    return rest.startswith(",") and node.value.count("(") > node.value.count(")")


def _key_mend(name: str, known: Mapping[str, Key]) -> str:
    if OTHER_TOOLS.get(name) in known:
        return f"here it is called '{OTHER_TOOLS[name]}'"
    return did_you_mean(name, known, otherwise=f"keys are: {', '.join(known)}")
