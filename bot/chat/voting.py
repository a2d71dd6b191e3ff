"""Whether an alert was worth telling: one vote a person, which may be changed."""

from datetime import datetime

from bot.chat.answer import Answer
from bot.chat.asker import Asker
from bot.chat.found import card_number, decision_of
from bot.clock import to_ms
from bot.store import Act, Store, Votes


def vote(store: Store, number: int, asker: Asker, *, up: bool, now: datetime) -> Answer:
    """Keep it and tell how the votes stand."""
    alert, mark = card_number(decision_of(store, number)), "👍" if up else "👎"
    with store.writing():
        votes = store.chat.vote(alert, user=asker.user, up=up, at=to_ms(now))
        told = f"Your {mark} on #{alert} counts: {votes_told(votes)}"
        store.chat.note(
            Act(at=to_ms(now), user=asker.user, name=asker.name, act=f"vote {mark}",
                target=str(alert), told=told, alert=alert)
        )  # fmt: skip
    return Answer(headline=told, hints=("`/alerts stats` counts them by rule",))


def votes_told(votes: Votes) -> str:
    """As cards and answers show them."""
    return f"{votes.up} 👍 · {votes.down} 👎"
