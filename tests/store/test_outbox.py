"""Messages: queued once a channel, oldest first, rewritten only while they wait."""

from bot.store import Delivery, NewMessage, Store
from tests.builders import NOW


def a_message(number: int, channel: str = "#a", text: str = "words") -> NewMessage:
    return NewMessage(message_id=number, channel=channel, created_at=1, text=text, card="{}")


def test_a_message_is_queued_once_a_channel() -> None:
    store = Store(None)

    store.outbox.add([a_message(1), a_message(1, "#b"), a_message(1, text="again")])

    assert [(m.channel, m.text) for m in store.outbox.all()] == [("#a", "words"), ("#b", "words")]


def test_the_oldest_waiting_message_of_each_channel_comes_and_what_was_sent_not_at_all() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(2), a_message(3, "#b")])

    first, other = store.outbox.oldest_of_each_channel()
    assert store.outbox.mark_sending(first, at=NOW)
    store.outbox.settle(first, Delivery.SENT, at=NOW, place="C1", ts="1.2")

    assert (first.message_id, other.message_id) == (1, 3)
    assert [m.message_id for m in store.outbox.oldest_of_each_channel()] == [2, 3]
    sent = store.outbox.all()[0]
    assert (sent.state, sent.attempts) == (Delivery.SENT, 1)


def test_a_message_is_rewritten_only_while_it_waits() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(1, "#b")])
    first = store.outbox.oldest_of_each_channel()[0]
    store.outbox.mark_sending(first, at=NOW)
    store.outbox.settle(first, Delivery.SENT, at=NOW)

    store.outbox.rewrite(1, text="more", card="[]")

    assert [(m.text, m.card) for m in store.outbox.all()] == [("words", "{}"), ("more", "[]")]


def test_an_attempt_begins_once() -> None:
    store = Store(None)
    store.outbox.add([a_message(1)])
    (message,) = store.outbox.oldest_of_each_channel()

    assert store.outbox.mark_sending(message, at=NOW)
    assert not store.outbox.mark_sending(message, at=NOW)


def test_an_attempt_that_never_ended_is_uncertain_after_a_start() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(2)])
    store.outbox.mark_sending(store.outbox.oldest_of_each_channel()[0], at=NOW)

    assert store.outbox.doubt_unfinished() == 1

    assert [m.state for m in store.outbox.all()] == [Delivery.UNCERTAIN, Delivery.PENDING]


def test_a_stale_message_waits_for_a_digest_and_is_told_once() -> None:
    store = Store(None)
    stale = NewMessage(message_id=1, channel="#a", created_at=1, text="t", card="{}", stale=True)
    store.outbox.add([stale])
    (waiting,) = store.outbox.digest_rows("#a")

    store.outbox.add_digest(a_message(-1), [waiting.id])

    assert store.outbox.channels_with_digest() == []
    assert [m.state for m in store.outbox.all()] == [Delivery.DIGEST, Delivery.PENDING]


def test_a_dead_message_waits_again_when_it_is_told_to() -> None:
    store = Store(None)
    store.outbox.add([a_message(1)])
    (message,) = store.outbox.all()
    store.outbox.settle(message, Delivery.DEAD, at=NOW, error="no_text")

    assert store.outbox.oldest_of_each_channel() == []
    assert store.outbox.retry([message.id]) == 1
    assert [m.id for m in store.outbox.oldest_of_each_channel()] == [message.id]
