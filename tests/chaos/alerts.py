"""The alerts of a run: several channels, threads, corrections, changes of what was sent."""

import random
from collections.abc import Sequence

from bot.cards import Card, Line
from bot.clock import system_clock, to_ms
from bot.store import NewMessage, Store

_THREADED = 0.3
_CHANGED = 0.3
_CORRECTED = 0.2
_CORRECTIONS = 10**6
"""Numbers of corrections are below this, less than zero."""


def a_card(number: int) -> Card:
    return Card(
        alert_id=number,
        rule="chaos",
        severity="high",
        headlines=(f"alert {number} of AT&T <script> https://example.org/{number} 🔔",),
        lines=(Line(label="What", text="sale"),),
    )


def queue_one(store: Store, number: int, channels: Sequence[str], dice: random.Random) -> None:
    """One alert for one or two channels, some of them below an earlier one."""
    count = 2 if dice.random() < 0.2 else 1
    earlier = store.outbox.all()
    messages = []
    for channel in dice.sample(list(channels), k=min(count, len(channels))):
        parents = [m.id for m in earlier if m.channel == channel and m.message_id > 0][-3:]
        threaded = bool(parents) and dice.random() < _THREADED
        card = a_card(number)
        messages.append(
            NewMessage(
                message_id=number,
                channel=channel,
                created_at=to_ms(system_clock()),
                text=card.text,
                card=card.to_json(),
                parent=dice.choice(parents) if threaded else None,
            )
        )
    store.outbox.add(messages)


def correct_one(store: Store, number: int, dice: random.Random) -> None:
    """A reply that corrects an earlier alert; it may be queued before that was sent."""
    alerts = [each for each in store.outbox.all() if each.message_id > 0][-12:]
    if alerts and dice.random() < _CORRECTED:
        told, card = dice.choice(alerts), a_card(-_CORRECTIONS - number)
        reply = NewMessage(
            message_id=card.alert_id,
            channel=told.channel,
            created_at=to_ms(system_clock()),
            text=card.text,
            card=card.to_json(),
            parent=told.digest_id or told.parent or told.id,
            corrects=told.id,
        )
        store.outbox.add([reply])


def change_some(store: Store, dice: random.Random) -> None:
    """Want another revision of an earlier message."""
    rows = store.outbox.all()
    if rows and dice.random() < _CHANGED:
        store.outbox.want_edit(dice.choice(rows).id)
