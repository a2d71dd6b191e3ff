"""Messages: queued once a channel, oldest first, rewritten only while they wait."""

from bot.store import Delivery, NewMessage, Store
from tests.builders import NOW


def a_message(number: int, channel: str = "#a", text: str = "words") -> NewMessage:
    return NewMessage(message_id=number, channel=channel, created_at=1, text=text, card="{}")


def test_a_message_is_queued_once_a_channel() -> None:
    store = Store(None)

    store.outbox.add([a_message(1), a_message(1, "#b"), a_message(1, text="again")])

    assert [(m.channel, m.text) for m in store.outbox.all()] == [("#a", "words"), ("#b", "words")]


def test_what_waits_comes_oldest_first_and_what_was_sent_not_at_all() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(2), a_message(3)])

    first, second = store.outbox.due(2)
    store.outbox.mark_sent(first, at=NOW)

    assert (first.message_id, second.message_id) == (1, 2)
    assert [m.message_id for m in store.outbox.due(9)] == [2, 3]
    sent = store.outbox.all()[0]
    assert (sent.state, sent.attempts) == (Delivery.SENT, 1)


def test_a_message_is_rewritten_only_while_it_waits() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(1, "#b")])
    store.outbox.mark_sent(store.outbox.due(1)[0], at=NOW)

    store.outbox.rewrite(1, text="more", card="[]")

    assert [(m.text, m.card) for m in store.outbox.all()] == [("words", "{}"), ("more", "[]")]
