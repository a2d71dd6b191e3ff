"""``test``: a card on the way that alerts take, to see that they arrive."""

from bot.cards import Card, Line
from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.delivered import message_row
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store import NewMessage, Store
from bot.store.alerts import PLACE_BITS
from bot.store.conditions import bounds_of
from bot.store.query import Query

_TESTS = -3 * 10**16
"""Tests have numbers below this, by the instant of each; messages to operators lie above."""
_ENDS = 10**16
_MOST = 20


def test(ask: Ask) -> Answer:
    """Into the channel where it is asked; from the terminal into that of the alerts."""
    channel = ask.asker.channel or ask.wired.channel
    card = queue_test(ask.store, channel, by=ask.asker.name, at=to_ms(ask.now))
    told = f"A test is on its way to {'this channel' if ask.asker.channel else channel}"
    ask.note("test", told)
    return Answer(
        headline=told,
        lines=(f"It goes by the outbox, like an alert: {card.text}",),
        hints=(f"Where nothing comes: {ask.line('doctor')}",),
    )


def queue_test(store: Store, channel: str, *, by: str, at: int) -> Card:
    """Put a card that says it is a test into the outbox."""
    card = Card(
        alert_id=_TESTS - at,
        rule="test",
        severity="info",
        headlines=("This is a test: alerts reach this channel",),
        lines=(
            Line(label="Asked for", text=f"by {by}"),
            Line(label="Why", text="only to see that it arrives; nothing has happened"),
        ),
    )
    store.outbox.add(
        [NewMessage(message_id=card.alert_id, channel=channel, created_at=at, text=card.text,
                    card=card.to_json())]
    )  # fmt: skip
    return card


def is_asked_for(query: Query) -> bool:
    """Whether a search is for tests: ``is:test``."""
    return any(term.field == "is" and "test" in term.values and not term.negated
               for term in query.terms)  # fmt: skip


def tests(ask: Ask) -> Answer:
    """The newest tests and how they were delivered; QueryError on what no test has."""
    query = ask.command.query
    strange = [
        typed
        for term, typed in zip(query.terms, ask.command.typed, strict=True)
        if term.field not in ("on", "is") or (term.field == "is" and term.values != ("test",))
    ]
    if strange:
        what = f"a test is no alert, so `{strange[0]}` says nothing of it"
        mend = f"{ask.line('is:test')}, with days besides: {ask.line('is:test 7d')}"
        raise QueryError(what, where="query", mend=mend)
    first, end = (min(place >> PLACE_BITS, _ENDS) for place in bounds_of(query))
    found = ask.store.outbox.numbered(_TESTS - end + 1, _TESTS - first, most=query.limit or _MOST)
    count = f"{len(found)} test{'s' * (len(found) != 1)}"
    return Answer(
        headline=f"{ask.reading} → {count if found else 'no test'}",
        rows=tuple(message_row(ask, each) for each in found),
        hints=() if found else (f"{ask.line('test')} sends one",),
        foot="newest first; tests are no alerts, so nothing else counts them" if found else None,
    )
