"""Channels and people by their names for a reader, where Slack writes and we keep their ids.

An id is what is stored, what a button does and what a subscription means, so that all of it stays
true when a channel is renamed.  A name is for the reader alone: it is put in last, into the whole
answer, here.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from bot.chat.answer import Answer, Button, Row
from bot.chat.normalise import names_in
from bot.store import Store

Named = Callable[[str], str]
"""A text with names in the place of ids."""

_ID = re.compile(r"(?<![\w@#])(?:[@#](?=[CGUW])|(?=[A-Z]+\d)(?=\w{6}))([CGUW][A-Z0-9]+)(?!\w)")
"""With its sign however short; without one as long as Slack's are and with a digit: no word."""
_CHANNELS, _PEOPLE = ("C", "G"), ("U", "W")


def naming(store: Store, *, typed: str = "", name_of: Callable[[str], str] = str) -> Named:
    """By the line that was typed, which Slack may have written names into; by Slack's directory,
    ``name_of``, which gives an id back that it does not know; by what the store was told.
    """
    said = names_in(typed)

    @cache
    def name(number: str) -> str | None:
        if number in said:
            return said[number]
        told = name_of(number)
        return told if told != number else store.chat.name_of(number)

    def shown(found: re.Match[str]) -> str:
        called = name(found[1])
        if called is None:
            return found[0]
        return f"{'#' if found[1].startswith(_CHANNELS) else '@'}{called}"

    return lambda text: _ID.sub(shown, text)


def where(channel: str) -> str:
    """A channel as routes and subscriptions write it, for a reader: ``U…`` is the direct messages
    of a person."""
    if channel.startswith(_PEOPLE):
        return f"direct message to @{channel}"
    return f"#{channel}" if channel.startswith(_CHANNELS) else channel


def for_reader(answer: Answer, named: Named) -> Answer:
    """An answer whose words name channels and people; what its buttons do stays as it is."""

    def buttons(given: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(replace(each, label=named(each.label)) for each in given)

    def row(given: Row) -> Row:
        return replace(given, text=named(given.text), buttons=buttons(given.buttons))

    return replace(
        answer,
        headline=named(answer.headline),
        rows=tuple(map(row, answer.rows)),
        lines=tuple(map(named, answer.lines)),
        hints=tuple(map(named, answer.hints)),
        foot=answer.foot and named(answer.foot),
        buttons=buttons(answer.buttons),
        file=answer.file and replace(answer.file, title=named(answer.file.title)),
    )
