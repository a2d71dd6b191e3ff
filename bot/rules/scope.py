"""What the names and literals of an expression mean, in view of what stands opposite them.

A name is a measure, else a field, else a list, else a word; opposite a field of words its own
words come first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from bot.facts import Field, Type
from bot.rules import expressions as ex
from bot.rules.dimensions import TEXTS, named
from bot.rules.grammar import Mistake
from bot.rules.operands import Pending, literal, text_literal, word_literal
from bot.rules.problems import did_you_mean, names_near, nearest


class Untold(Mistake):
    """A condition that hangs on a mistake told elsewhere: no reason to tell it again."""


@dataclass(frozen=True, slots=True)
class Opposite:
    """What stands on the other side of a comparison, and how it is written."""

    value: ex.Expr
    shown: str


ANY_TEXT = Opposite(ex.Literal(value="", type=Type.TEXT), "")
"""Opposite of which a text is read as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an expression may name.

    measures: what each answers, described like a field.
    kinds: for messages: insider_trade, price_bar.
    broken: measures whose own mistakes have been told.
    """

    fields: Mapping[str, Field]
    measures: Mapping[str, Field]
    lists: Mapping[str, tuple[str, ...]]
    kinds: str
    broken: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All that may be named, for suggestions."""
        shown = (name for name, field in self.fields.items() if field.type is not Type.DETAIL)
        return (*self.measures, *shown)

    def described(self, name: str, offset: int = 0) -> Field:
        """The measure or field of that name; Mistake where there is none for a reader."""
        if name in self.measures:
            return self.measures[name]
        if name in self.broken:
            raise Untold(offset, f"measure '{name}' has a mistake of its own", "mend it")
        if name not in self.fields:
            what = f"'{name}' is no measure and no field of {self.kinds}"
            raise Mistake(offset, what, names_near(name, self.names))
        if self.fields[name].type is Type.DETAIL:
            raise Mistake(offset, f"'{name}' is {named(Type.DETAIL)}", "use another field")
        return self.fields[name]

    def says(self, operand: Pending) -> int:
        """How much it tells of what stands opposite: a field of words most, a literal least."""
        if operand.sort != "name":
            return 0
        field = self.measures.get(operand.text) or self.fields.get(operand.text)
        return 1 if field is None else 3 if field.words or field.type is Type.YES_NO else 2

    def meaning(self, operand: Pending, opposite: Opposite | None) -> ex.Expr:
        """The value of an operand; Mistake where it has none."""
        if operand.sort == "name":
            return self._name(operand, opposite)
        if operand.sort == "string":
            return self._string(operand, opposite)
        try:
            return literal(operand, opposite.value.type if opposite else None)
        except ValueError as error:
            raise Mistake(operand.offset, str(error), "write 20, 0.25, 5%, $20M or 10d") from None

    def _name(self, name: Pending, opposite: Opposite | None) -> ex.Expr:
        words = self._words_of(opposite)
        if opposite is not None and name.text in words:
            return word_literal(name.text, opposite.value.type)
        if not any(name.text in known for known in (self.measures, self.fields, self.broken)):
            self._guess(name, opposite, words)
        kind = self.described(name.text, name.offset).type
        sort = ex.MeasureRef if name.text in self.measures else ex.FieldRef
        return sort(name=name.text, type=kind)

    def _string(self, text: Pending, opposite: Opposite | None) -> ex.Expr:
        words = self._words_of(opposite)
        if opposite is None or not words:
            return text_literal(text, opposite.value.type if opposite else None)
        word = Pending(sort="name", text=text.unquoted, offset=text.offset)
        if word.text not in words:
            self._no_word(word, opposite, words)
        return word_literal(word.text, opposite.value.type)

    def _words_of(self, opposite: Opposite | None) -> tuple[str, ...]:
        if opposite is None:
            return ()
        if opposite.value.type is Type.YES_NO:
            return ("yes", "no")
        match opposite.value:
            case ex.FieldRef(name=name):
                return self.fields[name].words
            case ex.MeasureRef(name=name):
                return self.measures[name].words
            case _:
                return ()

    def _no_word(self, name: Pending, opposite: Opposite, words: tuple[str, ...]) -> NoReturn:
        if name.text == "unknown":
            raise _no_value(name, opposite)
        what = f"'{name.text}' is no word of {opposite.shown} ({', '.join(words)})"
        mend = did_you_mean(name.text, words, otherwise=f"one of: {', '.join(words)}")
        raise Mistake(name.offset, what, mend)

    def _guess(self, name: Pending, opposite: Opposite | None, words: tuple[str, ...]) -> None:
        """Mistake where the place of a strange name tells what was meant."""
        if opposite is not None and words:
            self._no_word(name, opposite, words)
        if opposite is not None and name.text == "unknown":
            raise _no_value(name, opposite)
        if name.text in self.lists:
            raise Mistake(name.offset, f"'{name.text}' is a list", f"write: in {name.text}")
        if opposite is not None and opposite.value.type in TEXTS:
            near = nearest(name.text, self.names)
            mend = f'text stands in quotes: "{name.text}"'
            mend += f"; or did you mean '{near}'?" if near else ""
            raise Mistake(name.offset, f"'{name.text}' is no name", mend)


def _no_value(name: Pending, opposite: Opposite) -> Mistake:
    return Mistake(name.offset, "unknown is no value", f"write: {opposite.shown} is unknown")
