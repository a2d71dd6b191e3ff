"""Words, numbers and marks of a sentence, and a cursor that readers of a grammar share."""

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, TypeVar

from bot.fed.typography import plain

Read = TypeVar("Read")

_TOKEN = re.compile(
    r"(?P<fraction>\d+/\d+)"
    r"|(?P<decimal>\d*\.\d+)"
    r"|(?P<whole>\d+)"
    r"|(?P<word>(?:[A-Z]\.)+|(?:Jr|Sr|Mr|Mrs|Ms|Dr|St|Messrs|Mses|Gov)\.|[^\W\d_]+(?:[-'][^\W\d_]+)*)"
    r"|(?P<mark>\S)"
)


class Token(NamedTuple):
    """One word, number or mark, as it stands in the sentence once typography is plain."""

    kind: str  # word, whole, decimal, fraction, mark
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


def one_of(listed: str) -> frozenset[str]:
    """The words of a list written in one string, blanks between them."""
    return frozenset(listed.split())


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of ``plain(text)``; their places are in that spelling."""
    return tuple(
        Token(found.lastgroup or "mark", found[0], found.start(), found.end())
        for found in _TOKEN.finditer(plain(text))
    )


class Cursor:
    """A place between tokens, which readers move over what they read."""

    def __init__(self, row: Sequence[Token], at: int = 0) -> None:
        self.row, self.at = row, at

    @property
    def ended(self) -> bool:
        return self.at >= len(self.row)

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.at + ahead
        return self.row[place] if 0 <= place < len(self.row) else None

    def low(self, ahead: int = 0) -> str:
        token = self.peek(ahead)
        return token.low if token else ""

    def kind(self, ahead: int = 0) -> str:
        token = self.peek(ahead)
        return token.kind if token else ""

    def word(self, choices: Collection[str]) -> str | None:
        """The next token if it is one of these, in small letters."""
        if self.ended or self.low() not in choices:
            return None
        self.at += 1
        return self.row[self.at - 1].low

    def phrase(self, *words: str) -> bool:
        """Whether exactly these words came next."""
        if any(self.low(ahead) != word for ahead, word in enumerate(words)):
            return False
        self.at += len(words)
        return True

    def skip(self, choices: Collection[str]) -> int:
        """How many of these words were passed over."""
        start = self.at
        while self.word(choices):
            pass
        return self.at - start

    def attempt(self, reader: "Callable[[Cursor], Read | None]") -> Read | None:
        """What the reader reads, or None with the cursor back where it stood."""
        start = self.at
        if (read := reader(self)) is None:
            self.at = start
        return read
