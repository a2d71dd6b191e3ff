"""Reads what a rule says about time, history, sources and how much it may tell."""

from bot.facts import Type
from bot.rules.expressions import Expr, Literal
from bot.rules.keys import SOURCES
from bot.rules.literals import number_literal
from bot.rules.measure_reader import SPANS
from bot.rules.model import Fire
from bot.rules.options import Notes
from bot.rules.reading import Mapped
from bot.rules.spans import Span, read_span

ALWAYS: Expr = Literal(value=1, type=Type.YES_NO)
"""The condition of a rule with ``absent``: where it is judged at all, there was no fact."""

DURING = ("market",)
_NOT_WITH_ABSENT = ("when", "let", "fire", "clear", "for", "hold")
_ONLY_WITH_RISE = ("clear", "for", "hold")


class OptionReader:
    """Each method notes its own mistakes and gives None where it found one."""

    def __init__(self, node: Mapped, notes: Notes) -> None:
        self.node, self.notes = node, notes

    def span(self, key: str) -> Span | None:
        if key not in self.node.entries:
            return None
        return self.notes.read(self.node.entries[key][1], f"'{key}'", read_span, SPANS)

    def source(self) -> str | None:
        return self.word("needs_source", "source", SOURCES)

    def during(self) -> str | None:
        return self.word("during", "value of 'during'", DURING)

    def max_per_day(self) -> int | None:
        if "max_per_day" not in self.node.entries:
            return None
        node = self.node.entries["max_per_day"][1]
        return self.notes.read(node, "'max_per_day'", _whole, "write a whole number from 1: 20")

    def word(self, key: str, what: str, words: tuple[str, ...]) -> str | None:
        if key not in self.node.entries:
            return None
        return self.notes.word(self.node.entries[key][1], what, words)

    # What does not go together.

    def check_condition(self) -> None:
        """A rule has either ``when`` or ``absent``, and a silence has nothing to look at."""
        entries = self.node.entries
        if "absent" not in entries:
            if "when" not in entries:
                mend = "write a condition over fields and measures, or absent: 2h"
                self.notes.add(self.node, "a rule needs 'when' or 'absent'", mend)
            return
        for key in _NOT_WITH_ABSENT:
            if key in entries:
                what = f"'{key}' does not go with 'absent', which alerts once where no fact comes"
                self.notes.add(entries[key][0], what, f"delete '{key}', or 'absent'")

    def check_fire(self, fire: Fire) -> None:
        """What needs a state that can end."""
        entries = self.node.entries
        for key in _ONLY_WITH_RISE:
            if key in entries and "absent" not in entries and fire is not Fire.RISE:
                what = f"'{key}' works only with fire: rise"
                self.notes.add(entries[key][0], what, "write fire: rise")


def _whole(text: str) -> int:
    number = number_literal(text)
    if number != number.to_integral_value() or not 1 <= number <= 10_000:
        raise ValueError(f"'{text}' is no whole number from 1 to 10,000")
    return int(number)
