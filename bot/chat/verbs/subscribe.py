"""``subscribe [query]``: what matches comes to one's own direct messages too."""

from bot.chat.allowed import check_allowed
from bot.chat.answer import Answer, Button
from bot.chat.ask import Ask
from bot.chat.asker import Via
from bot.chat.permissions import Act
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store.conditions import speaks_of_fates

_MOST = 30
"""Of one person: each is asked about every alert."""


def subscribe(ask: Ask) -> Answer:
    """Keep the query with its dates as they were said, and tell how it was read."""
    if ask.asker.via is Via.TERMINAL:
        mend = "type it in Slack: /alerts subscribe …"
        raise QueryError("a terminal has no direct messages", where="subscribe", mend=mend)
    check_allowed(ask, Act.SUBSCRIBE)
    asker, chat = ask.asker, ask.store.chat
    if len(chat.subscriptions(asker.user)) >= _MOST:
        mend = f"{ask.line('subs')} lists them; unsubscribe from one, or put two into one query"
        raise QueryError(f"you have {_MOST} subscriptions", where="subscribe", mend=mend)
    _check_is_told(ask)
    query = ask.command.canonical.removeprefix(ask.command.verb).strip()
    with ask.store.writing():
        number = chat.subscribe(
            user=asker.user, name=asker.name, channel=asker.user, query=query, at=to_ms(ask.now)
        )
        told = f"You get by direct message from now on: {ask.reading if query else 'every alert'}"
        ask.note("subscribe", told)
    return Answer(
        headline=told,
        lines=(f"Subscription {number}.  What is muted or cooling down is not told there either.",),
        buttons=(Button(label="What it would have told", command=query),
                 Button(label="Unsubscribe", command=f"unsubscribe {number}", danger=True)),
    )  # fmt: skip


def _check_is_told(ask: Ask) -> None:
    """QueryError where what is asked for is told to nobody, as only what fires is."""
    for place, term in enumerate(ask.command.query.terms):
        later = term.field == "is" and {*term.values} <= {"test", "corrected"} and not term.negated
        if later or (speaks_of_fates(term) and ({"fired"} <= set(term.values)) == term.negated):
            what = f"what is `{ask.command.typed[place]}` is told to nobody"
            mend = f"leave it out; {ask.line('stats')} counts what was held back"
            raise QueryError(what, where="subscribe", mend=mend)
