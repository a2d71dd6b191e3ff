"""How much was found, in words: the same in chat and on the terminal."""

from collections.abc import Sequence

from bot.chat.canonical import term_text
from bot.chat.command import Command
from bot.store import Total, Without


def found_words(total: Total) -> str:
    """3 alerts; more than 1,000 alerts."""
    words = f"{total.count:,} alert{'' if total.count == 1 and total.exact else 's'}"
    return words if total.exact else f"more than {words}"


def found_nothing(command: Command, without: Sequence[Without]) -> list[str]:
    """Which terms left nothing over: Without `min:$1m` there are 7."""
    told = []
    for each in without:
        term = as_typed(command, each)
        there = "is" if each.total.count == 1 and each.total.exact else "are"
        told.append(f"Without `{term}` there {there} {_number(each.total)}.")
    return told


def as_typed(command: Command, without: Without) -> str:
    """The term that was left out, in the words of the asker."""
    if without.index < len(command.typed):
        return command.typed[without.index]
    return term_text(without.term)


def _number(total: Total) -> str:
    return f"{total.count:,}" if total.exact else f"more than {total.count:,}"
