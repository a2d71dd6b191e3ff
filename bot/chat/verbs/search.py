"""A search: a page of past alerts, each leading to its message."""

from bot.cards.actions import BUTTON_VALUE, Action
from bot.cards.slack_text import length
from bot.chat.answer import Answer, Button, Row
from bot.chat.ask import Ask
from bot.chat.asker import Via
from bot.chat.canonical import canonical
from bot.chat.form import filled_of, refined_line
from bot.chat.listed import alert_line
from bot.chat.told import as_typed, found_nothing, found_words, looked_through
from bot.chat.verbs.test import is_asked_for, tests
from bot.store.history import Page
from bot.store.query import Sort

_ROWS = 10
_MOST_DROPPED = 3
_ORDERS = {
    Sort.NEW: "newest first",
    Sort.OLD: "oldest first",
    Sort.VALUE: "greatest value first",
}


def search(ask: Ask) -> Answer:
    """What was understood, ten alerts at most, and what can be done with them."""
    query = ask.command.query
    if is_asked_for(query):
        return tests(ask)
    page = ask.store.history.search(query, after=ask.begun.cursor, size=_ROWS)
    if not page.alerts and ask.begun.cursor is None:
        return _nothing(ask, page)
    rows = tuple(
        Row(text=alert_line(ask, each), link=ask.link(each.place, each.ts)) for each in page.alerts
    )
    return Answer(
        headline=f"{ask.reading} → {found_words(query, page.total)}",
        rows=rows,
        hints=tuple(looked_through(query, page.total)),
        foot=f"{_place(ask, page)} · {_ORDERS[query.sort]}",
        buttons=_buttons(ask, page),
    )


def _place(ask: Ask, page: Page) -> str:
    """Which of them are shown: "10 of 412", then "11–20 of 412"."""
    first, last = ask.begun.rows + 1, ask.begun.rows + len(page.alerts)
    total = f"{page.total.count:,}{'' if page.total.exact else '+'}"
    return f"{last} of {total}" if first == 1 else f"{first}–{last} of {total}"


def _buttons(ask: Ask, page: Page) -> tuple[Button, ...]:
    command, here = ask.command.canonical, ask.begun
    again = Button(label="Start", command=command, action=Action.PAGE)
    share = Button(
        label="Share",
        command=command,
        action=Action.SHARE,
        cursor=here.value if here.cursor else None,
    )
    csv = Button(label="CSV", command=f"export csv {command}".strip())
    found = [*([again] if here.cursor else []), share, csv]
    if page.next is not None:
        cursor = here.further(len(page.alerts), page.next).value
        found.append(Button(label="Next", command=command, action=Action.PAGE, cursor=cursor))
    return (*found, *_refine(ask))


def _refine(ask: Ask) -> list[Button]:
    """Leads to the form, filled with this search, where there is one that can hold it."""
    line = refined_line(ask.command)
    fits = length(line) <= BUTTON_VALUE and filled_of(ask.command, zone=ask.asker.zone) is not None
    if not fits or ask.asker.via is not Via.SLACK:
        return []
    return [Button(label="Refine", command=line, action=Action.FORM)]


def _nothing(ask: Ask, page: Page) -> Answer:
    """Which term leaves nothing over, and a button that drops it."""
    command = ask.command
    found = ask.store.history.without_each(command.query)[:_MOST_DROPPED]
    told = found_nothing(ask.store, command, found, prompt=ask.prompt)
    if not told:
        told.append(
            f"No single term is to blame: leave out two, or look at {ask.line('help')}."
            if command.query.terms
            else "Nothing was told yet."
        )
    return Answer(
        headline=f"{ask.reading} → {found_words(command.query, page.total)}",
        lines=tuple(told),
        hints=tuple(looked_through(command.query, page.total)),
        buttons=tuple(
            Button(label=f"Drop {as_typed(command, each)}", command=canonical(each.query))
            for each in found
        )
        + tuple(_refine(ask)),
    )
