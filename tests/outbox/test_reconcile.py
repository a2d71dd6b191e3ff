"""Uncertain messages: found where they stand, sent again where they do not, told where unknown."""

from datetime import timedelta
from typing import Any

import pytest

from bot.cards import Card
from bot.clock import to_ms
from bot.notifiers import Found, NotSent, Outcome, Seen, Sent, Uncertain, Unseen
from bot.outbox import Holds, Outgoing, Patience
from bot.store import Delivery, Message, Reconciled, Store
from tests.builders import NOW
from tests.channels import LOST, Channels
from tests.outgoing import Time, a_card, a_store, an_outgoing, states

SILENT = Uncertain(why="TimeoutError")
FORBIDDEN = Unseen(why="missing_scope", definite=True, mend="add channels:history")
AWAY = Unseen(why="URLError")


def doubtful(*messages: tuple[int, str]) -> tuple[Store, Channels, Time, Outgoing]:
    """A bot whose first message is lost on its way: nobody knows where."""
    store, channels, time = a_store(*messages or ((1, "#a"), (2, "#a"))), Channels(), Time()
    channels.answers["#a"] = [SILENT]
    return store, channels, time, an_outgoing(store, channels, time)


def run(outgoing: Outgoing, time: Time, seconds: float, step: float = 1) -> None:
    outgoing.deliver()
    for _ in range(int(seconds / step)):
        time.passes(step)
        outgoing.deliver()


def first(store: Store) -> Message:
    return store.outbox.all()[0]


def test_a_message_whose_answer_was_lost_is_found_where_it_stands_and_not_sent_again() -> None:
    store, channels, time, outgoing = doubtful()
    channels.answers["#a"] = [LOST]

    run(outgoing, time, 6)

    assert channels.posts == [("#a", 1), ("#a", 2)]
    assert states(store) == [Delivery.SENT, Delivery.SENT]
    found = first(store)
    assert (found.reconciled, found.ts, found.sent_at) == (
        Reconciled.FOUND, "1.000000", to_ms(NOW),
    )  # fmt: skip


def test_what_did_not_arrive_is_sent_again_only_after_it_can_not_arrive_any_more() -> None:
    store, channels, time, outgoing = doubtful()

    run(outgoing, time, 59)
    assert channels.posts == [("#a", 1)]
    run(outgoing, time, 1)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2)]
    assert first(store).reconciled is Reconciled.NOT_FOUND
    assert first(store).attempts == 2
    assert not first(store).repeat


def test_nothing_of_its_channel_overtakes_a_message_in_doubt_and_no_other_channel_waits() -> None:
    store, channels, time, outgoing = doubtful((1, "#a"), (2, "#a"), (3, "#b"))

    run(outgoing, time, 30)

    assert channels.posts == [("#a", 1), ("#b", 3)]
    _, second, _ = store.outbox.all()
    holds = Holds(store)
    assert holds.why(second, to_ms(time.now)) == "behind 1, which may have arrived"
    assert holds.next_try(first(store)) == to_ms(NOW + timedelta(seconds=35))
    assert first(store).error == "TimeoutError; not seen yet, looked for again"


def test_the_time_to_settle_runs_from_the_end_of_the_attempt() -> None:
    store, time = a_store((1, "#a")), Time()

    class Slow(Channels):
        def send(self, channel: str, card: Card, **told: Any) -> Outcome:
            time.passes(10)
            return super().send(channel, card, **told)

    slow = Slow()
    slow.answers["#a"] = [SILENT]
    outgoing = an_outgoing(store, slow, time)

    run(outgoing, time, 59)
    assert len(slow.posts) == 1
    run(outgoing, time, 1)
    assert len(slow.posts) == 2


def test_the_time_to_settle_of_what_a_killed_bot_was_sending_runs_from_the_next_start() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a")), Channels(), Time()
    store.outbox.mark_sending(first(store), at=NOW)
    time.passes(3600)
    outgoing = an_outgoing(store, channels, time)
    assert first(store).doubted_at == to_ms(time.now)

    run(outgoing, time, 59)
    assert channels.posts == []
    run(outgoing, time, 1)

    assert channels.posts == [("#a", 1), ("#a", 2)]


def test_what_a_killed_bot_had_sent_is_found_at_once_at_the_next_start() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a")), Channels(), Time()
    channels.answers["#a"] = [LOST]
    store.outbox.mark_sending(first(store), at=NOW)
    channels.send("#a", a_card(1))  # then it was killed

    an_outgoing(store, channels, time).deliver()

    assert channels.posts == [("#a", 1), ("#a", 2)]
    assert first(store).reconciled is Reconciled.FOUND


def test_a_history_that_lags_behind_makes_no_double() -> None:
    _, channels, time, outgoing = doubtful()
    channels.answers["#a"] = [LOST]
    outgoing.deliver()
    late = channels.standing.pop("#a")

    run(outgoing, time, 50)
    channels.standing["#a"] = late
    run(outgoing, time, 20)

    assert channels.posts == [("#a", 1), ("#a", 2)]


def test_one_look_settles_all_uncertain_messages_of_a_channel() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#a")), Channels(), Time()
    for message in store.outbox.all()[:2]:
        store.outbox.mark_sending(message, at=NOW)
    outgoing = an_outgoing(store, channels, time)
    time.passes(60)

    outgoing.deliver()

    assert channels.looked == ["#a"]
    assert channels.posts == [("#a", 1), ("#a", 2), ("#a", 3)]


def test_a_history_that_nobody_may_read_leads_to_one_repeat_that_says_so() -> None:
    store, channels, time, outgoing = doubtful()
    channels.answers["#a"] = [LOST]
    channels.looks = [FORBIDDEN] * 1_000

    run(outgoing, time, 600, step=5)
    assert channels.posts == [("#a", 1)]
    assert "add channels:history" in str(first(store).error)
    run(outgoing, time, 60, step=5)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2)]
    titles = [card.headlines for card in channels.cards]
    assert titles == [("a1",), ("a1 (may be a repeat)",), ("a2",)]
    assert (first(store).repeat, first(store).reconciled) == (True, Reconciled.UNSEEN)


def test_a_repeat_that_is_lost_too_is_left_in_doubt_and_holds_nothing_up() -> None:
    store, channels, time, outgoing = doubtful()
    channels.answers["#a"] = [SILENT, SILENT]
    channels.looks = [FORBIDDEN] * 1_000

    run(outgoing, time, 2 * 700, step=5)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2)]
    assert states(store) == [Delivery.UNCERTAIN, Delivery.SENT]
    assert Holds(store).next_try(first(store)) is None


def test_while_slack_does_not_answer_nothing_is_repeated_however_long_it_lasts() -> None:
    store, channels, time, outgoing = doubtful()
    channels.answers["#a"] = [LOST]
    channels.looks = [AWAY] * 300

    run(outgoing, time, 3 * 3600, step=30)

    assert channels.posts == [("#a", 1), ("#a", 2)]
    assert first(store).reconciled is Reconciled.FOUND


def test_looks_wait_as_long_as_slack_asks_for() -> None:
    _, channels, time, outgoing = doubtful()
    channels.looks = [Unseen(why="429 ratelimited", after=timedelta(seconds=90))]

    run(outgoing, time, 90)
    assert len(channels.looked) == 1
    run(outgoing, time, 10)

    assert len(channels.looked) == 2
    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2)]


def test_a_way_that_can_not_look_repeats_after_the_time_to_settle_and_says_so() -> None:
    store, channels, time, outgoing = doubtful()
    channels.may_repeat = True
    channels.answers["#a"] = [SILENT, SILENT]

    run(outgoing, time, 59)
    assert channels.posts == [("#a", 1)]
    run(outgoing, time, 200)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2), ("#a", 1)]
    assert channels.looked == []
    assert first(store).repeat
    assert states(store) == [Delivery.SENT, Delivery.SENT]


def test_what_an_outage_of_a_webhook_left_in_doubt_is_sent_when_it_answers_again() -> None:
    store, channels, time, outgoing = doubtful((1, "#a"), (2, "#a"), (3, "#a"))
    channels.may_repeat = True
    channels.answers["#a"] = [SILENT] * 5

    run(outgoing, time, 700, step=10)

    posts = [number for _, number in channels.posts]
    assert posts == [1, 1, 2, 2, 3, 3, 1, 2]
    assert set(states(store)) == {Delivery.SENT}
    assert all("(may be a repeat)" in card.text for card in channels.cards)


def test_a_click_on_a_message_in_doubt_proves_that_it_was_sent() -> None:
    store, channels, _, outgoing = doubtful()
    outgoing.deliver()

    assert store.outbox.found_at(1, "C7", "9.5")
    outgoing.deliver()

    assert channels.posts == [("#a", 1), ("#a", 2)]
    found = first(store)
    assert (found.reconciled, found.place, found.ts) == (Reconciled.CLICKED, "C7", "9.5")
    assert not store.outbox.found_at(1, "C7", "9.5")
    assert not store.outbox.found_at(77, "C7", "9.5")


def test_a_click_during_the_attempt_is_not_undone_by_its_outcome() -> None:
    store = a_store((1, "#a"))

    class Clicked(Channels):
        def send(self, channel: str, card: Card, **told: Any) -> Outcome:
            store.outbox.found_at(card.alert_id, "C7", "9.5")
            return super().send(channel, card, **told)

    channels = Clicked()
    channels.answers["#a"] = [SILENT]
    an_outgoing(store, channels, Time()).deliver()

    assert states(store) == [Delivery.SENT]
    assert first(store).ts == "9.5"


def test_what_a_look_found_before_it_broke_off_is_sent_and_the_rest_waits_for_its_end() -> None:
    store, channels, time, outgoing = doubtful((1, "#a"), (2, "#a"))
    broken_off = Unseen(why="429 ratelimited", after=timedelta(seconds=20))
    there = {2: Found(ts="5.000000")}
    channels.looks = [Seen(channel="C1", messages=there, unread=broken_off)]
    outgoing.deliver()
    for row in store.outbox.all():
        store.outbox.settle(row, Delivery.UNCERTAIN, at=time.now)

    time.passes(5)
    outgoing.deliver()

    first, second = store.outbox.all()
    assert (second.state, second.ts) == (Delivery.SENT, "5.000000")
    assert first.state is Delivery.UNCERTAIN
    assert first.not_before == to_ms(time.now + timedelta(seconds=20))


def test_a_look_that_was_begun_before_a_message_could_settle_does_not_prove_it_is_missing() -> None:
    _, channels, time, outgoing = doubtful((1, "#a"))
    outgoing.deliver()
    channels.looks = [Seen(channel="C1", messages={}, began=NOW + timedelta(seconds=59))] * 2
    channels.looks.append(Seen(channel="C1", messages={}, began=NOW + timedelta(seconds=60)))
    time.passes(90)

    outgoing.deliver()

    assert (len(channels.looked), channels.looks) == (3, [])
    assert channels.posts == [("#a", 1), ("#a", 1)]


def test_a_click_in_one_of_two_channels_says_nothing_of_the_other() -> None:
    store = a_store((9, "#a"), (9, "#b"), (1, "#a"), (1, "#b"))
    channels, time = Channels(), Time()
    outgoing = an_outgoing(store, channels, time)
    for channel in ("#a", "#b"):
        channels.answers[channel] = [Sent(channel=f"C{channel}", ts="1.0"), SILENT]
    outgoing.deliver()

    assert store.outbox.found_at(1, "C#b", "9.5")

    assert states(store)[2:] == [Delivery.UNCERTAIN, Delivery.SENT]


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_jump_of_the_clock_does_not_end_the_time_to_settle(hours: int) -> None:
    store, channels, time, outgoing = doubtful()
    outgoing.deliver()
    jump = timedelta(hours=hours)
    time.now += jump
    if hours < 0:
        store.outbox.bring_forward(-jump)
    else:
        store.outbox.doubt_longer(jump)

    run(outgoing, time, 58)
    assert channels.posts == [("#a", 1)]
    run(outgoing, time, 3)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2)]


def test_the_time_to_settle_can_be_set_and_looks_fit_into_it() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    channels.answers["#a"] = [SILENT]
    patience = Patience.settling(timedelta(seconds=2))
    outgoing = Outgoing(store, channels, clock=time, patience=patience)

    run(outgoing, time, 0.5, step=0.5)
    assert channels.looked == ["#a"]
    run(outgoing, time, 1.5, step=0.5)

    assert channels.posts == [("#a", 1), ("#a", 1)]


def test_a_refused_connection_after_a_doubt_is_no_doubt() -> None:
    store, channels, time, outgoing = doubtful()
    channels.answers["#a"] = [SILENT, NotSent(why="ConnectionRefusedError")]

    run(outgoing, time, 70)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 1), ("#a", 2)]
    assert states(store) == [Delivery.SENT, Delivery.SENT]
