"""``test``: a card on the way that alerts take, to see that they arrive."""

from bot.cards import Card, Line
from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.clock import to_ms
from bot.store import NewMessage, Store

_TESTS = -3 * 10**16
"""Tests have numbers below this; messages to operators lie above."""


def test(ask: Ask) -> Answer:
    """Into the channel where it is asked; from the terminal into that of the alerts."""
    channel = ask.asker.channel or ask.wired.channel
    card = queue_test(ask.store, channel, by=ask.asker.name, at=to_ms(ask.now))
    told = f"A test is on its way to {'this channel' if ask.asker.channel else channel}"
    ask.note("test", told)
    return Answer(
        headline=told,
        lines=(f"It goes by the outbox, like an alert: {card.text}",),
        hints=(f"Where nothing comes: {ask.prompt} doctor",),
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
