"""The search form, filled in, as a line of the one grammar, and such a line as the form filled in.

Nothing here makes a query: each input gives words as they could have been typed, and what no input
stands for is kept in the input for words, which takes the whole grammar.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards.slack_text import length
from bot.chat.canonical import term_text
from bot.chat.command import Command
from bot.chat.form_inputs import (
    BY_INPUT,
    INPUTS,
    MOST_CHARACTERS,
    RULE,
    SPANS,
    WORDS,
    Choice,
    Input,
    IsTicker,
)
from bot.chat.grammar import read_command
from bot.chat.known import Known
from bot.chat.misread import Misread
from bot.chat.normalise import normalise
from bot.clock import NEW_YORK
from bot.store.query import Sort, Term

Filled = Mapping[str, str]
"""What stands in each input, by its name; several choices of one with commas between."""

_BEGINS = "search"
"""Before every line of the form, so that its first word is no verb."""
_UNKNOWING = Known(is_ticker=lambda _symbol: False)
_DAY = timedelta(days=1)


# From the form to a line.


def line_of(filled: Filled, *, is_ticker: IsTicker) -> str:
    """What the form asks, as somebody would have typed it behind ``/alerts``.

    is_ticker: whether our data know it.
    """
    return " ".join([_BEGINS, *_pieces(filled, is_ticker).values()])


def mistakes(filled: Filled, *, now: datetime, zone: ZoneInfo = NEW_YORK) -> dict[str, str]:
    """What can not be read, by the input in which it stands; looks at no store.

    now, zone: the clock by which days are read; the order of two days is the same in every zone.
    """
    pieces = _pieces(filled, _UNKNOWING.is_ticker)
    found = {
        name: _told(BY_INPUT[name], error)
        for name, piece in pieces.items()
        if (error := _misread(f"{_BEGINS} {piece}", now, zone))
    }
    if not found and (
        error := _misread(line_of(filled, is_ticker=_UNKNOWING.is_ticker), now, zone)
    ):
        name = _input_at(pieces, error)
        found[name] = _plain(BY_INPUT[name].mend or error.what)
    return found


def _pieces(filled: Filled, is_ticker: IsTicker) -> dict[str, str]:
    """The words that each filled input gives, those of the input for words last.

    Signs that mean something to Slack are written as it writes what people type.
    """
    last_words = sorted(INPUTS, key=lambda each: each.name == WORDS)
    held = {each.name: filled[each.name] for each in last_words if filled.get(each.name)}
    told = {name: BY_INPUT[name].term(text, is_ticker).strip() for name, text in held.items()}
    return {name: _as_typed(piece) for name, piece in told.items() if piece}


def _as_typed(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _misread(line: str, now: datetime, zone: ZoneInfo) -> Misread | None:
    try:
        read_command(line, now=now, zone=zone, known=_UNKNOWING)
    except Misread as error:
        return error
    return None


def _input_at(pieces: Mapping[str, str], error: Misread) -> str:
    """Where in the form a mistake stands that no input makes by itself."""
    at = int(error.where.partition(":")[2]) - 1
    end, name = len(_BEGINS), ""
    for each, piece in pieces.items():
        end, name = end + 1 + len(normalise(piece)), each
        if at < end:
            break
    begins_twice = {"since", "from"} <= pieces.keys()
    return "to" if name in ("since", "from") and "to" in pieces and not begins_twice else name


def _told(at: Input, error: Misread) -> str:
    """What is wrong with one input, and how to write it."""
    better = (error.corrected or "").removeprefix(f"{_BEGINS} ")
    mend = at.mend or (f"Write: {better}" if better and at.name == WORDS else error.mend)
    return _plain(f"{error.what} {mend}")


def _plain(text: str) -> str:
    """Without the marks of code, which Slack would show as they are."""
    return text.replace("`", "").strip()


# From a line to the form.


def form_of(line: str, *, now: datetime, zone: ZoneInfo) -> Filled | None:
    """The form filled with a search as it was kept; None where it can not hold it."""
    try:
        command = read_command(line, now=now, zone=zone, known=_UNKNOWING)
    except Misread:
        return None
    return filled_of(command, zone=zone)


def refined_line(command: Command) -> str:
    """A search as the form is filled with it later: relative days stay relative."""
    query = command.query
    sort = [] if query.sort is Sort.NEW else [f"sort:{query.sort}"]
    limit = [] if query.limit is None else [f"limit:{query.limit}"]
    return " ".join([*command.lasting, *sort, *limit])


def filled_of(command: Command, *, zone: ZoneInfo) -> Filled | None:
    """What no input stands for is left in words; None where those are too many."""
    filled, words = dict[str, str](), list[str]()
    for term, lasting in zip(command.query.terms, command.lasting, strict=True):
        found = {} if term.negated else _inputs_of(term, lasting, zone)
        if found and found.keys().isdisjoint(filled):
            filled |= found
        else:
            words.append(lasting)
    if command.query.limit is not None:
        words.append(f"limit:{command.query.limit}")
    if command.query.sort is not Sort.NEW:
        filled["sort"] = command.query.sort
    if words:
        filled[WORDS] = " ".join(words)
    return filled if all(length(each) <= MOST_CHARACTERS for each in filled.values()) else None


def _inputs_of(term: Term, lasting: str, zone: ZoneInfo) -> dict[str, str]:
    """What one term fills in; nothing where no input stands for it."""
    if term.field == "on":
        return _days(term, lasting, zone)
    if term.field == "value":
        return _amount(term)
    at, values = BY_INPUT.get(term.field), [str(each) for each in term.values]
    if at is None or not values:
        return {}
    if at.name == "ticker":
        return {at.name: ", ".join(values)}
    if at.name == RULE:
        return {at.name: values[0]} if len(values) == 1 else {}
    known = {choice.value for choice in at.choices}
    fits = known.issuperset(values) and (at.several or len(values) == 1)
    return {at.name: ",".join(values)} if fits else {}


def _amount(term: Term) -> dict[str, str]:
    bounds = term_text(term).removeprefix("value:")
    if term.values or " " in bounds:
        return {}
    return {"value": bounds.removeprefix(">=")}


def _days(term: Term, lasting: str, zone: ZoneInfo) -> dict[str, str]:
    """A period of the form, or whole days of the asker."""
    span = lasting.removeprefix("since:")
    if span in SPANS and span != lasting:
        return {"since": span}
    low, high = (each and each.astimezone(zone) for each in (term.low, term.high))
    if any(each and (each.hour, each.minute, each.second) != (0, 0, 0) for each in (low, high)):
        return {}
    first = {"from": low.date().isoformat()} if low else {}
    last = {"to": (high.date() - _DAY).isoformat()} if high else {}
    return first | last


def with_rules(rules: Sequence[str], chosen: str) -> tuple[Choice, ...]:
    """The choices of ``rule``: those in force, and the one that is chosen though it is gone."""
    ids = sorted({*rules, *([chosen] if chosen else [])})
    return (*BY_INPUT[RULE].choices, *(Choice(value=each, label=each) for each in ids))
