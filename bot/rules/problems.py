"""Mistakes in files that people edit: what, where, and how to mend it."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from bot.errors import RuleError

_WIDEST_EXCERPT = 110
_CONTEXT_BEFORE_CARET = 80


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file as its author sees it."""

    file: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def position(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character of the file."""
        index = max(0, min(index, len(self.text)))
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        start, end = self._starts[number - 1], self._starts[number] - 1
        return self.text[start:end].rstrip("\r")

    def problem(self, index: int, what: str, *, mend: str, warning: bool = False) -> "Problem":
        """A mistake at one character, shown with its line and a caret under that character."""
        line, column = self.position(index)
        return Problem(
            file=self.file,
            line=line,
            column=column,
            what=what,
            mend=mend,
            excerpt=_excerpt(self.line(line), column - 1),
            warning=warning,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What stands for the text of a file that can not be read: why, and how to mend it."""

    what: str
    mend: str

    def problem(self, file: str) -> "Problem":
        """The mistake, which stands in no line."""
        return Problem(file=file, line=0, column=0, what=self.what, mend=self.mend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake of one file.  line, column: from 1; 0 where it is the file itself."""

    file: str
    line: int
    column: int
    what: str
    mend: str
    excerpt: str = ""
    warning: bool = False

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        level = "warning: " if self.warning else ""
        shown = "".join(f"\n    {line}" for line in self.excerpt.split("\n") if line)
        return f"{self.where}: {level}{self.what}{shown}\n  mend: {self.mend}"


class InvalidRules(RuleError):
    """Files of rules that can not be used, with every mistake found in them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(first.what, where=first.where, mend=first.mend)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


REFERENCE = "`bot rules reference` lists them all, docs/reference.md too"
_MOST_NAMED = 12
"""More names than this are no help in a line."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one word that was probably meant; None where nothing is near enough to help."""
    by_small = {each.lower(): each for each in reversed(list(words))}
    small = _TRUTHS.get(word.lower(), word.lower())
    close = get_close_matches(small, by_small, n=1, cutoff=0.7)
    return by_small[close[0]] if close else None


_TRUTHS = {"true": "yes", "on": "yes", "y": "yes", "false": "no", "off": "no", "n": "no"}
"""What YAML and its readers take for yes and no."""


def did_you_mean(word: str, words: Iterable[str], *, otherwise: str) -> str:
    """A suggestion for a misspelt word, or other advice where no word is near."""
    near = nearest(word, words)
    strange = next((each for each in word if not each.isascii()), None)
    if near and strange:
        return f"did you mean '{near}'? There is {sign_name(strange)} in it"
    return f"did you mean '{near}'?" if near else otherwise


def names_near(word: str, names: Iterable[str]) -> str:
    """A suggestion for a misspelt name out of many: the nearest ones, and where all are listed."""
    known = list(names)
    near = nearest(word, known)
    if near:
        return did_you_mean(word, known, otherwise="")
    if len(known) <= _MOST_NAMED:
        return f"one of: {', '.join(known)}"
    parts = {part for part in word.lower().split("_") if len(part) > 2}
    close = [name for name in known if parts & set(name.split("_"))]
    close += get_close_matches(word.lower(), known, n=3, cutoff=0.6)
    shown = ", ".join(list(dict.fromkeys(close))[:4])
    return f"perhaps {shown}; {REFERENCE}" if shown else REFERENCE


def told_words(words: Iterable[str]) -> str:
    """The words there are, in brackets, where they are few enough to be read; else nothing."""
    known = list(words)
    return f" ({', '.join(known)})" if len(known) <= _MOST_NAMED else ""


def sign_name(character: str) -> str:
    """A character that can not be seen or looks like another one, by its name."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"


def _excerpt(line: str, at: int) -> str:
    """The line without its indentation, cut around the caret where it is very long."""
    start = max(min(len(line) - len(line.lstrip()), at), at - _CONTEXT_BEFORE_CARET)
    shown = line[start : start + _WIDEST_EXCERPT].replace("\t", " ")
    return f"{shown}\n{' ' * (at - start)}^"
