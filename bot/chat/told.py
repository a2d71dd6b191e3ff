"""How much was found, in words: the same in chat and on the terminal."""

from collections.abc import Iterator, Sequence

from bot.chat.canonical import term_text
from bot.chat.command import Command
from bot.chat.fates import not_told
from bot.rules.fire import Fate
from bot.store import Store, Total, Without
from bot.store.query import Query
from bot.store.unmatched import LOOKED_THROUGH, is_about_the_mass


def found_words(query: Query, total: Total) -> str:
    """3 alerts; more than 1,000 alerts; 12 decisions, where those did not match."""
    exact = total.exact or not total.count
    noun = "decision" if is_about_the_mass(query) else "alert"
    words = f"{total.count:,} {noun}{'' if total.count == 1 and exact else 's'}"
    return words if exact else f"more than {words}"


def looked_through(query: Query, total: Total) -> list[str]:
    """That older decisions were not looked at, and how to get at them."""
    if total.exact or not is_about_the_mass(query):
        return []
    return [f"Without a ticker the newest {LOOKED_THROUGH:,} decisions are looked through.  Name "
            "one, or a day for them to end at: `until:7d`."]  # fmt: skip


def found_nothing(
    store: Store, command: Command, without: Sequence[Without], *, prompt: str
) -> list[str]:
    """Which terms left nothing over: Without `min:$1m` there are 7."""
    told = [*_not_fired(store, command.query, prompt), *_unheard(store, command.query)]
    for each in without:
        term = as_typed(command, each)
        there = "is" if each.total.count == 1 and each.total.exact else "are"
        told.append(f"Without `{term}` there {there} {_number(each.total)}.")
    return told


def _not_fired(store: Store, query: Query, prompt: str) -> Iterator[str]:
    """Of a number that was asked for, that it is of a decision which told nobody."""
    for term in query.terms:
        for number in term.values if term.field == "id" and not term.negated else ():
            decision = store.history.alert(number) if number < 2**63 else None
            if decision is not None and decision.fate != Fate.FIRED:
                yield f"#{number} {not_told(decision.fate)}.  `{prompt} show {number}` tells why."


def _unheard(store: Store, query: Query) -> Iterator[str]:
    """Tickers that no fact is of: misspelt, or not watched."""
    for term in query.terms:
        for ticker in term.values if term.field == "ticker" and not term.negated else ():
            if not store.history.knows_ticker(ticker):
                yield f"No fact that is stored is about `{ticker}`: is it spelt so, and watched?"


def as_typed(command: Command, without: Without) -> str:
    """The term that was left out, in the words of the asker."""
    if without.index < len(command.typed):
        return command.typed[without.index]
    return term_text(without.term)


def _number(total: Total) -> str:
    return f"{total.count:,}" if total.exact else f"more than {total.count:,}"
