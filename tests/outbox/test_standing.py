"""Messages where they stand: in threads, changed in place, gone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import Card
from bot.clock import to_ms
from bot.notifiers import (
    Dead,
    Gone,
    NotSent,
    Outcome,
    Parked,
    Refused,
    Uncertain,
    Wait,
)
from bot.outbox import Outgoing
from bot.store import Delivery, Message, NewMessage, Store
from tests.builders import NOW
from tests.channels import LOST, Channels
from tests.outgoing import Time, a_card, a_store, an_outgoing, states


def reply(
    store: Store, number: int, *, to: int, channel: str = "#a", broadcast: bool = False
) -> None:
    """An alert in the thread of the message with a number in the outbox."""
    store.outbox.add(
        [
            NewMessage(message_id=number, channel=channel, created_at=to_ms(NOW), text="t",
                       card=a_card(number).to_json(), parent=to, broadcast=broadcast)
        ]
    )  # fmt: skip


def threads(channels: Channels, channel: str = "#a") -> dict[int, str | None]:
    """Below what each alert stands."""
    return {each.card.alert_id: each.thread for each in channels.standing[channel]}


def test_a_message_is_told_in_the_thread_of_its_parent() -> None:
    store, channels = a_store((1, "#a")), Channels()
    reply(store, 2, to=1, broadcast=True)

    an_outgoing(store, channels, Time()).deliver()

    assert threads(channels) == {1: None, 2: "1.000000"}
    assert [each.broadcast for each in channels.standing["#a"]] == [False, True]


def test_an_answer_to_a_reply_stands_in_the_same_thread_never_below_the_reply() -> None:
    store, channels = a_store((1, "#a")), Channels()
    reply(store, 2, to=1)
    reply(store, 3, to=2)

    an_outgoing(store, channels, Time()).deliver()

    assert threads(channels) == {1: None, 2: "1.000000", 3: "1.000000"}


def test_what_answers_a_message_that_was_refused_stands_alone() -> None:
    store, channels = a_store((1, "#a")), Channels()
    channels.answers["#a"] = [Dead(why="msg_too_long")]
    reply(store, 2, to=1)

    an_outgoing(store, channels, Time()).deliver()

    assert threads(channels) == {2: None}


def test_what_answers_a_message_that_a_digest_tells_stands_alone() -> None:
    store, channels = a_store((1, "#a"), (2, "#a"), stale=True), Channels()
    outgoing = an_outgoing(store, channels, Time())
    outgoing.tell_digest()
    reply(store, 3, to=1)

    outgoing.deliver()

    assert threads(channels) == {-1: None, 3: None}


def test_what_answers_a_message_of_another_channel_stands_alone() -> None:
    store, channels = a_store((1, "#b")), Channels()
    reply(store, 2, to=1)

    an_outgoing(store, channels, Time()).deliver()

    assert threads(channels) == {2: None}


def test_through_a_webhook_which_tells_no_place_everything_stands_alone() -> None:
    store, channels = a_store((1, "#a")), Channels(may_repeat=True)
    reply(store, 2, to=1)

    an_outgoing(store, channels, Time()).deliver()

    assert threads(channels) == {1: None, 2: None}


def test_what_answers_a_deleted_message_stands_alone_and_the_next_one_too() -> None:
    store, channels = a_store((1, "#a")), Channels()
    outgoing = an_outgoing(store, channels, Time())
    outgoing.deliver()
    channels.standing["#a"].clear()
    channels.answers["#a"] = [Gone(why="thread_not_found")]
    reply(store, 2, to=1)
    reply(store, 3, to=1)

    outgoing.deliver()

    assert threads(channels) == {2: None, 3: None}
    assert channels.posts == [("#a", 1), ("#a", 2), ("#a", 2), ("#a", 3)]
    assert store.outbox.all()[0].detached == "thread_not_found"


def test_a_reply_whose_answer_was_lost_is_found_in_its_thread() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    channels.answers["#a"] = [LOST]
    reply(store, 2, to=1)

    outgoing.deliver()
    time.passes(70)
    outgoing.deliver()

    assert channels.posts == [("#a", 1), ("#a", 2)]
    assert set(states(store)) == {Delivery.SENT}


# Changes.


def sent(composed: str = "as it is now") -> tuple[Store, Channels, Time, Outgoing]:
    """One message that stands in its channel; its card reads otherwise by now."""
    store, channels, time = a_store((1, "#a")), Channels(), Time()

    def compose(message: Message) -> Card:
        return replace(Card.from_json(message.card), headlines=(composed,))

    outgoing = Outgoing(store, channels, clock=time, jitter=lambda: 1.0, compose=compose)
    outgoing.deliver()
    return store, channels, time, outgoing


def shown(channels: Channels) -> list[tuple[int, str]]:
    return [(each.revision, each.card.text) for each in channels.standing["#a"]]


def test_a_message_is_changed_in_place_once_for_several_wishes() -> None:
    store, channels, _, outgoing = sent()
    for _ in "123":
        assert store.outbox.want_edit(1)

    outgoing.deliver()
    outgoing.deliver()

    assert shown(channels) == [(4, "as it is now")]
    assert channels.posts == [("#a", 1)]
    assert (store.outbox.all()[0].revision, store.outbox.all()[0].wanted) == (4, 4)


def test_a_wish_before_the_first_post_is_shown_by_it() -> None:
    store, channels = a_store((1, "#a")), Channels()
    store.outbox.want_edit(1)

    an_outgoing(store, channels, Time()).deliver()

    assert shown(channels) == [(2, "a1")]
    assert store.outbox.all()[0].revision == 2


@pytest.mark.parametrize("trouble", [NotSent(why="refused"), Uncertain(why="TimeoutError")])
def test_a_change_that_may_have_failed_is_made_again_later_and_later(trouble: Outcome) -> None:
    store, channels, time, outgoing = sent()
    channels.edits = [trouble, trouble]
    store.outbox.want_edit(1)

    outgoing.deliver()
    assert len(channels.edits) == 1
    time.passes(1)
    outgoing.deliver()
    assert len(channels.edits) == 0
    time.passes(1)
    outgoing.deliver()
    assert shown(channels)[0][0] == 1
    time.passes(1)
    outgoing.deliver()

    assert shown(channels)[0][0] == 2


def test_a_change_that_comes_too_fast_waits_and_keeps_no_alert_waiting() -> None:
    store, channels, time, outgoing = sent()
    channels.edits = [Wait(after=timedelta(seconds=30), why="429 ratelimited")]
    store.outbox.want_edit(1)
    outgoing.deliver()
    reply(store, 2, to=1)

    time.passes(29)
    outgoing.deliver()
    assert [revision for revision, _ in shown(channels)] == [1, 1]
    time.passes(2)
    outgoing.deliver()

    assert [revision for revision, _ in shown(channels)] == [3, 1]


@pytest.mark.parametrize(
    "outcome", [Gone(why="message_not_found"), Dead(why="cant_update_message"),
                Refused(why="invalid_blocks")],
)  # fmt: skip
def test_a_message_that_can_not_be_changed_any_more_is_left_and_not_posted_again(
    outcome: Gone | Dead | Refused,
) -> None:
    store, channels, time, outgoing = sent()
    channels.edits = [outcome]
    store.outbox.want_edit(1)

    for _ in range(5):
        outgoing.deliver()
        time.passes(600)

    assert channels.posts == [("#a", 1)]
    assert store.outbox.all()[0].detached == outcome.why
    assert not store.outbox.want_edit(1)


def test_a_change_in_a_channel_that_takes_nothing_waits_until_it_is_mended() -> None:
    store, channels, time, outgoing = sent()
    channels.edits = [Parked(why="is_archived", mend="unarchive it")]
    store.outbox.want_edit(1)

    outgoing.deliver()
    assert store.outbox.parked() == {"#a": "is_archived: unarchive it"}
    time.passes(601)
    outgoing.deliver()

    assert shown(channels)[0][0] == 2


def test_a_message_found_with_an_older_revision_is_changed_then() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    channels.answers["#a"] = [LOST]
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    store.outbox.want_edit(1)

    time.passes(6)
    outgoing.deliver()

    assert [revision for revision, _ in shown(channels)] == [2]


def test_nothing_without_a_place_is_changed() -> None:
    store, channels = a_store((1, "#a")), Channels(may_repeat=True)
    an_outgoing(store, channels, Time()).deliver()

    assert not store.outbox.want_edit(1)
    assert not store.outbox.want_edit(99)


def test_a_card_that_can_not_be_composed_is_sent_as_it_was_queued() -> None:
    store, channels = a_store((1, "#a"), (2, "#a")), Channels()

    def compose(message: Message) -> Card:
        raise KeyError(message.id)

    Outgoing(store, channels, clock=Time(), compose=compose).deliver()

    assert [card.text for card in channels.cards] == ["a1", "a2"]
