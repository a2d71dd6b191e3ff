"""``unsubscribe ID``: a subscription ends."""

from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.asker import Via
from bot.errors import QueryError


def unsubscribe(ask: Ask) -> Answer:
    """One's own, which nobody needs leave for; the operator ends any."""
    everybody = ask.asker.via is Via.TERMINAL
    found = ask.store.chat.subscriptions(None if everybody else ask.asker.user)
    number = ask.command.number
    mine = next((each for each in found if each.id == number), None)
    if mine is None:
        what = "which subscription?" if number is None else f"you have no subscription {number}"
        mend = f"{ask.line('subs')} lists them with their numbers"
        raise QueryError(what, where="unsubscribe", mend=mend)
    with ask.store.writing():
        ask.store.chat.unsubscribe(mine.id)
        told = f"Subscription {mine.id} has ended: {mine.query or 'every alert'}"
        ask.note("unsubscribe", told)
    return Answer(headline=told)
