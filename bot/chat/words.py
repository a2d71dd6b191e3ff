"""The words of a typed line with their places, and the errors that show how to mend it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.chat.amounts import UNITS
from bot.chat.misread import Misread

_WORD = re.compile(r'(?:"[^"]*"|[^\s"])+')
_PART = re.compile(r'(?:"[^"]*"|[^,"])+')
_COMPARES = re.compile(r"(?:-*\w+:)?[<>]=?")
_SHOWN = 60
_LONG_UNITS = frozenset(unit for unit in UNITS if len(unit) > 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What stands between two blanks.  at, end: its place in the line."""

    text: str
    at: int
    end: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A whole line as it was typed, but for signs that mean the same.

    prompt: what stands before a command where it is typed: ``/alerts``, ``bot history``.
    """

    text: str
    prompt: str

    def words(self) -> list[Word]:
        """Raises Misread where a quote is not closed."""
        if self.text.count('"') % 2:
            raise Misread(
                "A quote is not closed.",
                at=self.text.rindex('"'),
                mend='Put the phrase between two quotes: `who:"Sam Altman"`.',
                corrected=f'{self.text}"',
            )
        return list(_joined([
            Word(text=match[0], at=match.start(), end=match.end())
            for match in _WORD.finditer(self.text)
        ]))  # fmt: skip

    def with_(self, *changes: tuple[Word, str]) -> str:
        """The line with other text in the place of some words."""
        text = self.text
        for word, instead in sorted(changes, key=lambda change: -change[0].at):
            text = text[: word.at] + instead + text[word.end :]
        return " ".join(text.split())

    def example(self, command: str) -> str:
        """A command as it is typed here."""
        return f"`{self.prompt} {command}`"


def cut(text: str) -> str:
    """A text as an error shows it, however long it is."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def parts(text: str) -> list[str]:
    """What stands between commas, without quotes; a comma inside of quotes is none."""
    found = (match[0].replace('"', "").strip() for match in _PART.finditer(text))
    return [part for part in found if part]


def _joined(words: list[Word]) -> Iterator[Word]:
    """``30 days`` is one word, and so is ``> 500k``."""
    rest = iter(words)
    for word in rest:
        while (following := _next(words, word)) and _belongs(word.text, following.text):
            glue = " " if word.text.isdecimal() else ""
            word = Word(text=f"{word}{glue}{following}", at=word.at, end=following.end)
            next(rest)
        yield word


def _next(words: list[Word], word: Word) -> Word | None:
    return next((each for each in words if each.at >= word.end), None)


def _belongs(text: str, following: str) -> bool:
    if text.isdecimal():
        return following.lower() in _LONG_UNITS
    return _COMPARES.fullmatch(text) is not None
