"""The door to YAML: text in, a tree of located texts out.

Nothing is guessed: every scalar stays the text that stands in the file, so that the ticker ON, the
time 12:30 and the CIK 0000320193 are what their field says they are.  YAML 1.2 without anchors,
aliases, tags and merge keys; a key written twice is a mistake.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)
from ruamel.yaml.scanner import Scanner

from bot.rules.problems import Problem, Source

MAX_CHARACTERS = 2_000_000
MAX_NESTING = 32
_LONE_RETURN = re.compile(r"\r(?!\n)")  # the end of a line as old as a typewriter
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A text and where each of its characters stands in the file."""

    source: Source
    value: str
    start: int
    end: int
    style: str | None  # None plain, ' or " quoted, | or > block

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there at all."""
        return self.value == "" and self.style is None

    def index(self, offset: int = 0) -> int:
        """Place in the file of the character at ``offset`` of the value."""
        raw = self.source.text[self.start : self.end]
        if not self.value:
            return self.start
        if raw == self.value:
            return self.start + min(offset, len(raw))
        return self.start + _aligned(self.value, raw, self.style, offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A YAML sequence."""

    source: Source
    start: int
    items: "tuple[Node, ...]"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is listed."""
        return not self.items


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A YAML mapping; a key stands in it once."""

    source: Source
    start: int
    entries: "dict[str, tuple[Scalar, Node]]"

    @property
    def is_empty(self) -> bool:
        """Whether it has no key."""
        return not self.entries

    @property
    def is_flow(self) -> bool:
        """Whether it is written between braces, where a comma ends a value."""
        return self.source.text[self.start : self.start + 1] == "{"


Node = Scalar | Listed | Mapped


@dataclass(kw_only=True)
class Reading:
    """What one file holds: its tree, None where it can not be read, and every mistake found."""

    source: Source
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)


def read_yaml(file: str, text: str) -> Reading:
    """Read one file.  Never raises on what stands in it: mistakes are listed with their place."""
    text = _LONE_RETURN.sub("\n", text.removeprefix("\ufeff"))
    reading = Reading(source=Source(file=file, text=text))
    try:
        reading.root = _Builder(reading).build()
    except _Unreadable:
        reading.root = None
    return reading


_BEFORE_TOKENS = frozenset(" \t\r\n\x85\u2028\u2029\ufeff#")


class _Scanner(Scanner):
    """Does nothing where nothing is to be done: a quarter of the time of reading rules."""

    def need_more_tokens(self) -> bool:
        """Not where no key is open."""
        if self.tokens and not self.done and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def check_token(self, *choices: Any) -> bool:
        """Whether the next token is of one of these sorts, looked at once for all of them."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def scan_to_next_token(self) -> Any:
        """Nothing is skipped where a token begins at once."""
        if self.reader.peek() not in _BEFORE_TOKENS:
            return None
        return super().scan_to_next_token()


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _Scanner
    return yaml


class _Unreadable(Exception):
    """The rest of the file can not be read; the reason stands in the problems."""


class _Builder:
    """Turns the events of the YAML reader into the located tree."""

    def __init__(self, reading: Reading) -> None:
        self.source, self.problems = reading.source, reading.problems
        self.open: list[int] = []  # where the brackets stand that are not closed yet

    def build(self) -> Node | None:
        if len(self.source.text) > MAX_CHARACTERS:
            what = f"the file is longer than {MAX_CHARACTERS:,} characters"
            self.give_up(0, what, mend="split it into several files")
        try:
            return self.document(_yaml().parse(self.source.text))
        except MarkedYAMLError as error:
            self.give_up(*_diagnosis(error, self.source, self.open))
        except (YAMLError, ValueError) as error:
            place = getattr(error, "position", 0) or 0
            self.give_up(place, *_refused_character(self.source.text[place : place + 1]))

    def document(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                self.document_start(event.start_mark.index, is_first=root is None)
            if isinstance(event, NodeEvent):
                root = self.node(event, events, depth=0)
        return None if isinstance(root, Scalar) and root.is_empty else root

    def document_start(self, index: int, *, is_first: bool) -> None:
        if not is_first:
            mend = "one file is one document: delete the line '---' or '...'"
            self.give_up(index, "a second document starts here", mend)
        if directive := _DIRECTIVE.search(self.source.text, 0, index):
            self.tell(
                directive.start(), "a line with '%' is a directive, not used here", "delete it"
            )

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        start = event.start_mark.index
        self.refuse_sugar(event, start)
        if depth > MAX_NESTING:
            self.give_up(start, f"nested deeper than {MAX_NESTING} levels", mend="flatten it")
        if isinstance(event, ScalarEvent):
            return Scalar(
                source=self.source,
                value=event.value,
                start=start,
                end=event.end_mark.index,
                style=event.style,
            )
        if event.flow_style:
            self.open.append(start)
        read = self.mapping if isinstance(event, MappingStartEvent) else self.sequence
        collection = read(start, events, depth)
        if event.flow_style:
            self.open.pop()
        return collection

    def sequence(self, start: int, events: Iterator[Any], depth: int) -> Listed:
        items = []
        while not isinstance(item := next(events), SequenceEndEvent):
            items.append(self.node(item, events, depth + 1))
        return Listed(source=self.source, start=start, items=tuple(items))

    def mapping(self, start: int, events: Iterator[Any], depth: int) -> Mapped:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if isinstance(key, Scalar) and isinstance(value, Scalar) and value.is_empty:
                value = replace(value, start=key.end, end=key.end)  # YAML puts it after comments
            if not isinstance(key, Scalar):
                mend = "quote the whole value if '{' or '[' belongs to its text"
                self.tell(key.start, "a key must be a word", mend)
            elif key.value == "<<" and key.style is None:
                self.tell(key.start, "'<<' merges are not used here", "write the keys out")
            elif key.value in entries:
                line = self.source.position(entries[key.value][0].start)[0]
                what = f"'{key.value}' stands twice, first in line {line}"
                self.tell(key.start, what, "keep one of the two")
            else:
                entries[key.value] = (key, value)
        return Mapped(source=self.source, start=start, entries=entries)

    def refuse_sugar(self, event: Any, start: int) -> None:
        if isinstance(event, AliasEvent):
            what = f"'*{event.anchor}' is an alias, not used here"
            self.give_up(start, what, "write the value out, or quote it if '*' belongs to it")
        if event.anchor:
            what = f"'&{event.anchor}' is an anchor, not used here"
            self.tell(start, what, "write the value out, or quote it if '&' belongs to it")
        tag = getattr(event, "tag", None)
        if tag is not None and self.source.text[start : start + 1] == "!":
            what = f"'{self.source.text[start:].split(maxsplit=1)[0]}' is a tag, not used here"
            self.tell(start, what, "delete it, or quote the value if '!' belongs to it")

    def tell(self, index: int, what: str, mend: str) -> None:
        self.problems.append(self.source.problem(index, what, mend=mend))

    def give_up(self, index: int, what: str, mend: str) -> NoReturn:
        self.tell(index, what, mend)
        raise _Unreadable


_PLAIN_WORDS = {
    "mapping values are not allowed here": "a second ':' stands in one line of plain text",
    "could not find expected ':'": "a key without its ':'",
    "expected <block end>, but found '<block mapping start>'": "the indentation does not fit",
    "expected <block end>, but found '<block sequence start>'": "the indentation does not fit",
    "expected <block end>, but found '-'": "the indentation of '-' does not fit",
    "expected <block end>, but found '<scalar>'": "text follows where the value has ended",
}
"""What the YAML reader says, in the words of somebody who edits a rule."""


def _refused_character(found: str) -> tuple[str, str]:
    """What is wrong with a character that YAML does not allow, and how to mend it."""
    if "\udc80" <= found <= "\udcff":  # how Python keeps a byte that is no UTF-8
        return f"byte 0x{ord(found) - 0xDC00:02x} is no UTF-8", "save the file as UTF-8"
    if found == "\0":
        mend = "save the file as UTF-8 text, or delete it"
        return "U+0000, which is no text, stands here", mend
    return f"U+{ord(found or ' '):04X}, which YAML does not allow, stands here", "delete it"


def _diagnosis(
    error: MarkedYAMLError, source: Source, brackets: Sequence[int]
) -> tuple[int, str, str]:
    """Where, what and how to mend: what stays open is told where it opens."""
    context, opened = str(error.context or ""), error.context_mark
    if opened is not None and "quoted scalar" in context:
        return _quoted(opened.index, error, source)
    mark = error.problem_mark or opened
    index = mark.index if mark else 0
    told = str(error.problem or error.context or "this is no YAML").strip()
    found = source.text[index : index + 1]
    if found == "\t" or "\\t" in told:
        return index, "a tab stands where YAML wants blanks", "indent with blanks"
    if found and found in "@`%":
        return index, f"plain text can not start with '{found}'", "quote the whole value"
    if brackets:
        bracket = source.text[brackets[-1]]
        what = f"'{bracket}' is not closed, or what stands in it is no YAML"
        mend = "close it; between brackets quote a value that holds ',' ':' '[' or '{'"
        return brackets[-1], what, mend
    line, column = source.position(index)
    alone = "mapping values" in told and ": " not in source.line(line)[: column - 1]
    what = "the indentation does not fit" if alone else _PLAIN_WORDS.get(told, told)
    mend = "compare the indentation with the lines around it"
    return index, what, "quote the whole value" if "':'" in what or "ended" in what else mend


def _quoted(opened: int, error: MarkedYAMLError, source: Source) -> tuple[int, str, str]:
    """A text in quotes that has no end, or an escape that YAML does not know."""
    index = error.problem_mark.index if error.problem_mark else opened
    if "escape" in str(error.problem) and index < len(source.text):
        mend = "write \\\\ for a backslash, or use single quotes"
        return index, f"'\\{source.text[index]}' is no escape of YAML", mend
    return opened, "this quotation mark is never closed", "close it"


_ESCAPE_LENGTHS = {"x": 4, "u": 6, "U": 10}


def _aligned(value: str, raw: str, style: str | None, offset: int) -> int:
    """Place in the raw text of the character at ``offset`` of the value it stands for."""
    head = raw.find("\n") + 1 if style in ("|", ">") else 1 if style else 0
    here = there = head
    for character in value[: offset + 1]:
        here, there = _step(character, raw, there, style)
    return min(here if offset < len(value) else there, max(len(raw) - 1, 0))


def _step(character: str, raw: str, place: int, style: str | None) -> tuple[int, int]:
    """Where one character of the value stands in the raw text, and where the next is sought."""
    escaped = raw[place + 1 : place + 2]
    if style == '"' and raw[place : place + 1] == "\\" and escaped != "\n":
        return place, place + _ESCAPE_LENGTHS.get(escaped, 2)
    if character in " \t\n":
        end = place
        while end < len(raw) and raw[end] in " \t\r\n\\":
            end += 1
        return place, end if "\n" in raw[place:end] else min(place + 1, end)
    while place < len(raw) - 1 and raw[place] != character:
        place += 1
    return place, place + (2 if style == "'" and character == "'" else 1)
