"""Where each key and value of a TOML document stands; tomllib does not tell."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""The keys down to a value, and the number of an item in its list."""

_BLANK = re.compile(r"[ \t]*")
_BLANK_LINES = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"{3,5}(?!")'
    r"|'''[\s\S]*?'{3,5}(?!')"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d [\d:.]+[Z+\-\d:]*|[^\s,\]}#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Indexes into the text: of the key (for an item of its value) and of the value."""

    key: int
    value: int


def places_of(text: str) -> dict[KeyPath, Place]:
    """The place of every table, key and list item of a document that tomllib can read."""
    scan = _Scan(text)
    scan.document()
    return scan.found


class _Scan:
    """Walks over a document; what tomllib has accepted needs no second check."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[KeyPath, Place] = {}
        self.last: dict[KeyPath, int] = {}  # the number of the table that stands under [[...]]

    def document(self) -> None:
        table: KeyPath = ()
        while self.skip(_BLANK_LINES) < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> KeyPath:
        start, brackets = self.at, 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *above, name = self.key()
        self.at += brackets
        table: KeyPath = (*self.resolved(above), name)
        self.note(table, start, start)
        if brackets == 2:
            self.last[table] = self.last.get(table, -1) + 1
            table = (*table, self.last[table])
            self.note(table, start, start)
        return table

    def resolved(self, names: Iterable[str | int]) -> KeyPath:
        """The path that names in a header mean: of tables under [[...]] the last one so far."""
        path: KeyPath = ()
        for name in names:
            path = (*path, name)
            if path in self.last:
                path = (*path, self.last[path])
        return path

    def pair(self, table: KeyPath) -> None:
        start = self.at
        path = table + self.key()
        self.at += 1  # the equals sign
        self.note(path, start, self.skip(_BLANK))
        self.value(path)

    def key(self) -> KeyPath:
        """A key, dotted or not, with the blanks after it."""
        names: list[str] = []
        while True:
            start = self.skip(_BLANK)
            self.skip(_STRING if self.text[start] in "\"'" else _BARE_KEY)
            names += tomllib.loads(f"{self.text[start : self.at]} = 0")
            if self.text[self.skip(_BLANK)] != ".":
                return tuple(names)
            self.at += 1

    def value(self, path: KeyPath) -> None:
        match self.text[self.at]:
            case '"' | "'":
                self.skip(_STRING)
            case "[":
                self.array(path)
            case "{":
                self.inline_table(path)
            case _:
                self.skip(_SCALAR)

    def array(self, path: KeyPath) -> None:
        self.at += 1
        number = 0
        while self.text[self.skip(_BLANK_LINES)] != "]":
            if self.text[self.at] == ",":
                self.at += 1
                continue
            self.note((*path, number), self.at, self.at)
            self.value((*path, number))
            number += 1
        self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self.text[self.skip(_BLANK_LINES)] != "}":
            if self.text[self.at] == ",":
                self.at += 1
            else:
                self.pair(path)
        self.at += 1

    def note(self, path: KeyPath, key: int, value: int) -> None:
        """Keep a place, and for tables that only a dotted key names, the place of that key."""
        for length in range(1, len(path)):
            self.found.setdefault(path[:length], Place(key=key, value=key))
        self.found.setdefault(path, Place(key=key, value=value))

    def skip(self, pattern: re.Pattern[str]) -> int:
        """Go past what the pattern matches here; where that leads."""
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at
