"""What is folded into a digest is named in its channel, and what is critical is never folded."""

from datetime import timedelta

import pytest

from bot.cards import Card, Line
from bot.cards.slack import slack_message
from bot.clock import to_ms
from bot.composing import composed
from bot.notifiers import Dead, NotSent, Outcome, Refused, Uncertain
from bot.outbox import Outgoing
from bot.store import Delivery, NewMessage, Reconciled, Store
from tests.builders import NOW
from tests.channels import LOST, Channels
from tests.outgoing import Time


def queue(
    store: Store, *numbers: int, severity: str = "high", channel: str = "#a",
    parent: int | None = None, text: str = "a{}", stale: bool = False,
) -> None:  # fmt: skip
    for number in numbers:
        card = Card(
            alert_id=number,
            rule="r",
            severity=severity,
            headlines=(text.format(number),),
            lines=(Line(label="Where", text="here"),),
        )
        store.outbox.add(
            [NewMessage(message_id=number, channel=channel, created_at=to_ms(NOW), text=card.text,
                        card=card.to_json(), severity=severity, subject="ZAA", parent=parent,
                        stale=stale)]
        )  # fmt: skip


def drain(store: Store, channels: Channels, time: Time, *, seconds: int = 60) -> None:
    outgoing = an_outgoing(store, channels, time)
    for _ in range(seconds):
        outgoing.deliver()
        time.passes(1)


def an_outgoing(
    store: Store, channels: Channels, time: Time, ops_channel: str | None = None
) -> Outgoing:
    return Outgoing(store, channels, clock=time, jitter=lambda: 1.0, ops_channel=ops_channel,
                    compose=lambda message: composed(store, message))  # fmt: skip


@pytest.fixture
def channels() -> Channels:
    return Channels(spacing=timedelta(seconds=1))


def test_each_alert_of_a_crowd_is_named_in_the_digest_that_its_row_leads_to(
    channels: Channels,
) -> None:
    store = Store(None)
    queue(
        store, *range(1, 301), text="an alert with as many words as alerts have, of {}" + "x" * 90
    )

    drain(store, channels, Time())

    digests = {row.id: Card.from_json(row.card) for row in store.outbox.all() if row.message_id < 0}
    assert len(digests) > 1
    for row in store.outbox.all():
        if row.message_id > 0:
            named = [line.label.split()[0] for line in digests[row.digest_id or 0].lines]
            assert f"#{row.message_id}" in named
    assert channels.posts == [("#a", card.alert_id) for card in digests.values()]


def test_what_is_critical_in_a_crowd_is_told_alone_in_its_turn(channels: Channels) -> None:
    store = Store(None)
    queue(store, 1, severity="critical")
    queue(store, *range(2, 20))
    queue(store, 20, severity="critical")
    queue(store, *range(21, 30))

    drain(store, channels, Time())

    assert channels.posts == [("#a", 1), ("#a", -2), ("#a", 20)]
    assert all(line.text != "a20" for line in channels.cards[1].lines)


def test_what_is_critical_and_came_too_late_is_told_alone(channels: Channels) -> None:
    store, time = Store(None), Time()
    queue(store, 1, 2, 4, stale=True)
    queue(store, 3, severity="critical", stale=True)
    outgoing = an_outgoing(store, channels, time)

    outgoing.tell_digest()
    for _ in range(3):
        outgoing.deliver()
        time.passes(1)

    assert channels.posts == [("#a", -1), ("#a", 3)]


def test_one_alert_that_came_too_late_is_told_as_its_full_card(channels: Channels) -> None:
    store = Store(None)
    queue(store, 1, stale=True)
    outgoing = an_outgoing(store, channels, Time())

    outgoing.tell_digest()
    outgoing.deliver()

    assert [card.text for card in channels.cards] == ["a1"]
    assert [line.label for line in channels.cards[0].lines] == ["Where"]


def test_a_digest_says_of_an_alert_that_may_stand_there_already_that_it_may_be_a_repeat() -> None:
    store, time = Store(None), Time()
    channels = Channels(spacing=timedelta(seconds=1), may_repeat=True)
    channels.answers["#a"] = [LOST]
    queue(store, 1)
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    store.outbox.send_again(1, Reconciled.UNSEEN)
    store.outbox.takes_again("#a", at=time.now)  # by a message of another channel of the webhook
    queue(store, *range(2, 15))

    for _ in range(9):
        outgoing.deliver()
        time.passes(1)

    assert channels.posts == [("#a", 1), ("#a", -1)]
    told = [line.text for line in channels.cards[1].lines]
    assert told[:2] == ["a1 (may be a repeat)", "a2"]


def test_the_head_of_a_story_names_no_alert_that_a_digest_tells_after_it(
    channels: Channels,
) -> None:
    store, time = Store(None), Time()
    channels.answers["#a"] = [NotSent(why="503")]
    queue(store, 1)
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    queue(store, *range(2, 7), parent=1)
    for _ in range(3):
        outgoing.deliver()
        time.passes(1)
    queue(store, *range(7, 20), parent=1)
    for _ in range(60):
        outgoing.deliver()
        time.passes(1)

    head = next(card for card in channels.cards if card.alert_id == 1)
    named = [card.alert_id for card in channels.cards if card.is_alert]
    digest = next(card for card in channels.cards if card.is_digest)
    in_head = {int(line.label.split()[0][1:]) for line in head.lines if line.label[0] == "#"}
    in_digest = {int(line.label.split()[0][1:]) for line in digest.lines}
    assert in_head == set(named)
    assert not in_head & in_digest
    assert in_head | in_digest == set(range(1, 20))


def test_a_waiting_head_and_its_legs_are_folded_together(channels: Channels) -> None:
    store = Store(None)
    queue(store, 1)
    queue(store, *range(2, 15), parent=1)

    drain(store, channels, Time())

    assert channels.posts == [("#a", -1)]
    assert {row.state for row in store.outbox.all() if row.message_id > 0} == {Delivery.DIGEST}


@pytest.mark.parametrize(
    "outcome", [Dead(why="ekm_access_denied"), Refused(why="invalid_blocks", pointers=("/0",))]
)
def test_the_owner_is_told_once_of_alerts_that_are_refused_for_one_cause(
    outcome: Dead | Refused, channels: Channels
) -> None:
    store, time = Store(None), Time()
    channels.answers["#a"] = [outcome] * 3
    channels.answers["#b"] = [outcome]
    queue(store, 1, 2, 3)
    queue(store, 4, channel="#b")
    outgoing = an_outgoing(store, channels, time, ops_channel="#ops")

    for _ in range(9):
        outgoing.deliver()
        time.passes(1)

    told = [slack_message(each.card)["text"] for each in channels.standing["#ops"]]
    assert [text.split(" · ")[0] for text in told] == [
        f"#a has refused alert #1 for good: {outcome.why}",
        f"#b has refused alert #4 for good: {outcome.why}",
    ]
    assert "mend: bot outbox retry 1 " in told[0]


def test_the_owner_is_told_again_of_a_cause_that_was_mended(channels: Channels) -> None:
    store, time = Store(None), Time()
    channels.answers["#a"] = [Dead(why="ekm_access_denied")]
    queue(store, 1)
    outgoing = an_outgoing(store, channels, time, ops_channel="#ops")
    outgoing.deliver()
    store.outbox.retry([1])
    for _ in range(3):
        time.passes(1)
        outgoing.deliver()
    channels.answers["#a"] = [Dead(why="ekm_access_denied")]
    queue(store, 2)

    for _ in range(3):
        time.passes(1)
        outgoing.deliver()

    assert len(channels.standing["#ops"]) == 2


@pytest.mark.parametrize("outcome", [Dead(why="ekm_access_denied"), Uncertain(why="200")])
def test_no_word_is_told_of_a_word_to_the_owner(outcome: Outcome, channels: Channels) -> None:
    store, time = Store(None), Time()
    channels.answers["#a"] = [Dead(why="ekm_access_denied")]
    channels.answers["#ops"] = [outcome] * 20
    queue(store, 1)
    outgoing = an_outgoing(store, channels, time, ops_channel="#ops")

    for _ in range(9):
        outgoing.deliver()
        time.passes(1)

    assert len(store.outbox.all()) == 2
