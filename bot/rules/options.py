"""Readers of single nodes of a rule file: each gives the value or notes one mistake."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from bot.facts import Kind
from bot.rules.expressions import Expr
from bot.rules.grammar import FUNCTIONS, KEYWORDS, Mistake
from bot.rules.keys import OTHER_TOOLS, Key
from bot.rules.language import Scope, read_condition
from bot.rules.problems import Problem, Source, did_you_mean
from bot.rules.reading import Listed, Mapped, Node, Scalar

T = TypeVar("T")

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""How lists and measures are named."""

RESERVED = KEYWORDS | FUNCTIONS | {"events", "event", "yes", "no", "all"}
"""Words that are no name because the language uses them."""


class Notes:
    """The mistakes of one file as they are found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def add(self, node: Node, what: str, mend: str, *, offset: int = 0) -> None:
        index = node.index(offset) if isinstance(node, Scalar) else node.start
        self.problems.append(self.source.problem(index, what, mend=mend))

    def warn(self, node: Node, what: str, mend: str) -> None:
        self.problems.append(self.source.problem(node.start, what, mend=mend, warning=True))

    @property
    def mistakes(self) -> int:
        return sum(not problem.warning for problem in self.problems)

    # Shapes.

    def mapping(self, node: Node, what: str) -> Mapped | None:
        if isinstance(node, Mapped):
            return node
        self.add(node, f"{what} must be a mapping", "write 'key: value' lines")
        return None

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        if isinstance(node, Listed):
            return node.items
        if not (isinstance(node, Scalar) and _is_empty(node)):
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
        for name, (key, value) in mapped.entries.items():
            if name not in known and not self._is_cut_off(value, name):
                self.add(key, f"{what} has no key '{name}'", _key_mend(name, known))
        missing = [n for n, key in known.items() if key.required and n not in mapped.entries]
        if missing:
            self.add(mapped, f"{what} needs '{missing[0]}'", known[missing[0]].doc)

    def _is_cut_off(self, value: Node, name: str) -> bool:
        """Whether this is the rest of an expression that a comma cut in two: told already."""
        return ")" in name and isinstance(value, Scalar) and _is_empty(value)

    # Values.

    def read(self, node: Node, what: str, reader: Callable[[str], T]) -> T | None:
        """A text read by a function that raises Mistake or ValueError."""
        if (text := self.text(node, what)) is None:
            return None
        try:
            return reader(text)
        except Mistake as mistake:
            self.add(node, mistake.what, mistake.mend, offset=mistake.offset)
        except ValueError as error:
            self.add(node, f"{what}: {error}", "see the reference of the rule language")
        return None

    def word(self, node: Node, what: str, words: Iterable[str]) -> str | None:
        text = self.text(node, what)
        known = list(words)
        if text is None or text in known:
            return text
        mend = did_you_mean(text, known, otherwise=f"one of: {', '.join(known)}")
        self.add(node, f"'{text}' is no {what} ({', '.join(known)})", mend)
        return None

    def words(self, node: Node, what: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        nodes = node.items if isinstance(node, Listed) else (node,)
        texts = [self.text(item, what) for item in nodes]
        return tuple(text for text in texts if text is not None)

    def fields(self, node: Node, kinds: Iterable[Kind]) -> tuple[str, ...]:
        """One name or a list of names of fields that all the kinds have; none for ``all``."""
        if isinstance(node, Scalar) and node.value == "all":
            return ()
        names = []
        for item in node.items if isinstance(node, Listed) else (node,):
            for kind in kinds:
                word = self.word(item, f"field of {kind.name}", kind.ruled)
                if word is None:
                    break
            else:
                names.append(word or "")
        return tuple(dict.fromkeys(names))

    def expression(self, node: Node, scope: Scope, what: str) -> Expr | None:
        if (text := self.text(node, what)) is None:
            return None
        try:
            return read_condition(text, scope)
        except Mistake as mistake:
            mend = mistake.mend
            if _ends_at_comma(node):
                mend = "quote the whole expression: between { and } a comma ends it"
            self.add(node, mistake.what, mend, offset=mistake.offset)
        return None


def _is_empty(node: Scalar) -> bool:
    return node.value == "" and node.style not in ("'", '"')


def _empty_mend(node: Scalar) -> str:
    line = node.source.line(node.source.position(node.start)[0])
    if node.style in ("|", ">"):
        return "a leading '>' or '|' starts a block of text in YAML: quote the value"
    comment = line.find(" #")
    if comment >= 0:
        return f"'#' starts a comment: write \"{line[comment:].strip()}\" in quotes"
    return "write a value, or delete the key"


def _ends_at_comma(node: Node) -> bool:
    if not isinstance(node, Scalar) or node.style is not None:
        return False
    rest = node.source.text[node.end : node.end + 200].lstrip()
    return rest.startswith(",") and node.value.count("(") > node.value.count(")")


def _key_mend(name: str, known: Mapping[str, Key]) -> str:
    if OTHER_TOOLS.get(name) in known:
        return f"here it is called '{OTHER_TOOLS[name]}'"
    return did_you_mean(name, known, otherwise=f"keys are: {', '.join(known)}")
