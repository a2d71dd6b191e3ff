"""Messages: queued once a channel, oldest first, rewritten only while they wait."""

from datetime import timedelta

from bot.clock import to_ms
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

    assert store.outbox.rewrite(1, text="more", card="[]") == ["#a"]

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

    assert store.outbox.doubt_unfinished(at=NOW) == 1

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
    assert store.outbox.retry([message.id]) == {message.id}
    assert [m.id for m in store.outbox.oldest_of_each_channel()] == [message.id]


def test_an_uncertain_message_waits_again_only_where_a_repeat_is_accepted() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(2)])
    first, second = store.outbox.all()
    for message in (first, second):
        store.outbox.mark_sending(message, at=NOW)
        store.outbox.settle(message, Delivery.UNCERTAIN, at=NOW, error="TimeoutError")

    assert store.outbox.retry([first.id]) == set()
    assert store.outbox.retry([first.id, 99], anyway=True) == {first.id}

    assert [m.state for m in store.outbox.all()] == [Delivery.PENDING, Delivery.UNCERTAIN]


def test_an_uncertain_message_that_was_found_counts_as_sent_when_it_was_tried() -> None:
    store = Store(None)
    store.outbox.add([a_message(1), a_message(2)])
    doubted, waiting = store.outbox.all()
    store.outbox.mark_sending(doubted, at=NOW)
    store.outbox.doubt_unfinished(at=NOW)

    assert store.outbox.found_sent([doubted.id, waiting.id, 99]) == {doubted.id}

    found = store.outbox.of(doubted.id)
    assert found is not None
    assert (found.state, found.sent_at) == (Delivery.SENT, to_ms(NOW))
    assert store.outbox.all()[1].state is Delivery.PENDING


def test_what_is_known_not_to_have_arrived_was_not_yet_tried() -> None:
    store = Store(None)
    store.outbox.add([a_message(1)])
    (message,) = store.outbox.all()
    store.outbox.mark_sending(message, at=NOW - timedelta(hours=3))
    store.outbox.settle(message, Delivery.PENDING, at=NOW, error="refused")
    store.outbox.mark_sending(message, at=NOW)
    store.outbox.settle(message, Delivery.UNCERTAIN, at=NOW, error="TimeoutError")

    assert store.outbox.all()[0].first_tried_at == to_ms(NOW)


def test_a_digest_has_the_turn_of_the_oldest_message_that_it_tells_of() -> None:
    store = Store(None)
    stale = NewMessage(message_id=1, channel="#a", created_at=1, text="t", card="{}", stale=True)
    store.outbox.add([stale, a_message(2), a_message(3, "#b")])
    (told,) = store.outbox.digest_rows("#a")

    store.outbox.add_digest(a_message(-1), [told.id])

    assert [m.message_id for m in store.outbox.oldest_of_each_channel()] == [-1, 3]
