"""What becomes of messages: order, pace, retries, and nothing twice."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.cards import Card
from bot.clock import to_ms
from bot.notifiers import (
    CredentialsRefused,
    Dead,
    NotSent,
    Outcome,
    Parked,
    Refused,
    Uncertain,
    Wait,
)
from bot.outbox import Holds, Outgoing
from bot.store import Delivery, Store
from tests.builders import NOW
from tests.channels import Channels
from tests.outgoing import Time, a_card, a_store, an_outgoing, queue, states


def test_messages_of_a_channel_go_out_in_their_order_one_in_its_spacing() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#b")), Channels(), Time()
    channels.spacing = timedelta(seconds=1)
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert channels.posts == [("#a", 1), ("#b", 3)]
    time.passes(0.9)
    outgoing.deliver()
    assert len(channels.posts) == 2
    time.passes(0.1)
    outgoing.deliver()

    assert channels.posts[2:] == [("#a", 2)]
    assert set(states(store)) == {Delivery.SENT}


def test_what_is_known_not_to_be_sent_is_tried_again_later_and_later() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    channels.answers["#a"] = [NotSent(why="ConnectionRefusedError")] * 3
    outgoing = an_outgoing(store, channels, time)

    waits = []
    for _ in range(4):
        outgoing.deliver()
        began = time.now
        while states(store) == [Delivery.PENDING] and outgoing.deliver() == 0:
            time.passes(0.5)
        waits.append((time.now - began).total_seconds())

    assert len(channels.posts) == 4
    assert states(store) == [Delivery.SENT]
    assert waits[0] == 1.0


def test_a_later_message_does_not_overtake_one_that_is_tried_again() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a")), Channels(), Time()
    channels.answers["#a"] = [NotSent(why="refused")]
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert channels.posts == [("#a", 1)]
    time.passes(2)
    outgoing.deliver()

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", 2)]


def test_a_wait_pauses_its_channel_only_and_survives_a_restart() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b")), Channels(), Time()
    channels.answers["#a"] = [Wait(after=timedelta(seconds=30), why="ratelimited")]
    an_outgoing(store, channels, time).deliver()

    assert states(store) == [Delivery.PENDING, Delivery.SENT]
    time.passes(29)
    restarted = an_outgoing(store, channels, time)
    assert restarted.deliver() == 0
    time.passes(2)
    restarted.deliver()

    assert states(store) == [Delivery.SENT, Delivery.SENT]


@pytest.mark.parametrize("refusal", [Dead(why="message_too_old"), Refused(why="invalid_blocks")])
def test_what_is_refused_for_good_is_kept_with_its_reason_and_blocks_nothing(
    refusal: Outcome,
) -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a")), Channels(), Time()
    channels.answers["#a"] = [refusal]

    an_outgoing(store, channels, time).deliver()

    assert states(store) == [Delivery.DEAD, Delivery.SENT]
    assert store.outbox.unfinished()[0].error


def probes(channels: Channels, outgoing: Outgoing, time: Time, channel: str) -> list[int]:
    """After how many seconds a channel was tried, until it took everything."""
    tried, began = list[int](), time.now
    for _ in range(400):
        before = len([each for each in channels.posts if each[0] == channel])
        outgoing.deliver()
        after = len([each for each in channels.posts if each[0] == channel])
        tried += [round((time.now - began).total_seconds())] * (after > before)
        time.passes(10)
    return tried


def test_a_channel_that_takes_nothing_is_probed_ever_more_seldom_and_goes_on_when_mended() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#b")), Channels(), Time()
    channels.answers["#a"] = [Parked(why="is_archived", mend="unarchive it")] * 8
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert channels.posts == [("#a", 1), ("#b", 3)]
    assert store.outbox.parked() == {"#a": "is_archived: unarchive it"}

    assert probes(channels, outgoing, time, "#a") == [30, 60, 120, 240, 480, 960, 1560, 2160]
    assert set(states(store)) == {Delivery.SENT}
    assert store.outbox.parked() == {}


def test_without_credentials_nothing_is_sent_anywhere_until_they_are_mended() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b")), Channels(), Time()
    refused = CredentialsRefused(why="token_revoked", mend="install it again")
    channels.answers["#a"] = [refused] * 7
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert channels.posts == [("#a", 1)]

    assert probes(channels, outgoing, time, "#a") == [30, 60, 120, 240, 480, 780, 1080]
    assert channels.posts[-2:] == [("#a", 1), ("#b", 2)]
    assert set(states(store)) == {Delivery.SENT}


def test_stale_alerts_join_one_digest_a_channel() -> None:
    store, channels, time = (
        a_store((1, "#a"), (2, "#a"), (3, "#b"), (4, "#b"), stale=True),
        Channels(),
        Time(),
    )
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert channels.posts == []
    outgoing.tell_digest()
    outgoing.tell_digest()
    outgoing.deliver()

    assert channels.posts == [("#a", -1), ("#b", -3)]
    digest = Card.from_json(store.outbox.all()[4].card)
    assert digest.headlines == ("2 alerts, too old to tell one by one",)
    assert [line.text for line in digest.lines] == ["a1", "a2"]


def test_an_alert_waits_for_the_digest_of_older_ones_and_comes_after_it() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), stale=True), Channels(), Time()
    queue(store, (3, "#a"), (4, "#b"), at=time.now)
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert channels.posts == [("#b", 4)]
    outgoing.tell_digest()
    outgoing.deliver()

    assert channels.posts == [("#b", 4), ("#a", -1), ("#a", 3)]


def test_an_alert_that_was_queued_before_them_does_not_wait_for_a_digest() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    queue(store, (2, "#a"), at=time.now, stale=True)

    an_outgoing(store, channels, time).deliver()

    assert channels.posts == [("#a", 1)]


def test_a_digest_is_told_after_ten_minutes_although_catching_up_has_not_ended() -> None:
    store, channels, time = Store(None), Channels(), Time()
    queue(store, (1, "#a"), (2, "#a"), at=time.now, stale=True)
    queue(store, (3, "#a"), at=time.now)
    outgoing = an_outgoing(store, channels, time)

    time.passes(600)
    outgoing.deliver()
    assert channels.posts == []
    time.passes(1)
    outgoing.deliver()

    assert channels.posts == [("#a", -1), ("#a", 3)]


def test_the_digest_of_a_crowd_comes_after_the_digest_of_the_time_away() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), stale=True), Channels(), Time()
    channels.spacing = timedelta(seconds=1)
    queue(store, *[(n, "#a") for n in range(3, 20)], at=time.now)
    outgoing = an_outgoing(store, channels, time)

    outgoing.tell_digest()
    for _ in range(3):
        outgoing.deliver()
        time.passes(1)

    assert channels.posts == [("#a", -1), ("#a", -3)]


@pytest.mark.parametrize("lane", ["#a", "webhook", "terminal", "*"])
def test_the_next_try_of_a_message_is_not_before_the_pause_of_its_lane_ends(lane: str) -> None:
    store = a_store((1, "#a"))
    store.outbox.pause(lane, at=NOW, until=NOW, parked=None)
    store.outbox.pause("#other", at=NOW, until=NOW + timedelta(hours=1), parked=None)

    (message,) = store.outbox.all()
    assert Holds(store).next_try(message) == to_ms(NOW)


def test_a_crowd_of_alerts_is_told_in_one_message_and_the_queue_drains() -> None:
    crowd = [(number, "#a") for number in range(1, 151)]
    store, channels, time = a_store(*crowd, (151, "#b")), Channels(), Time()
    channels.spacing = timedelta(seconds=1)
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()

    assert channels.posts == [("#a", -1), ("#b", 151)]
    assert store.outbox.unfinished() == []
    folded = [each for each in store.outbox.all() if each.state is Delivery.DIGEST]
    assert len(folded) == 150
    assert Card.from_json(store.outbox.all()[-1].card).headlines == ("150 alerts in 0 s",)


def test_ten_alerts_are_told_one_by_one() -> None:
    store, channels, time = a_store(*[(n, "#a") for n in range(1, 11)]), Channels(), Time()

    an_outgoing(store, channels, time).deliver()

    assert channels.posts == [("#a", n) for n in range(1, 11)]


def test_a_message_that_was_rewritten_since_it_was_looked_up_is_not_sent_as_it_was() -> None:
    store, time = a_store((1, "#a")), Time()
    (as_it_was,) = store.outbox.all()
    store.outbox.rewrite(1, text="t2", card=a_card(2).to_json())

    assert not store.outbox.mark_sending(as_it_was, at=NOW)

    channels = Channels()
    an_outgoing(store, channels, time).deliver()
    assert channels.posts == [("#a", 2)]


def test_a_retry_lifts_what_is_parked_and_no_pause_that_the_other_side_asked_for() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b"), (3, "#b")), Channels(), Time()
    channels.answers["#a"] = [Parked(why="is_archived", mend="unarchive it")]
    channels.answers["#b"] = [Wait(after=timedelta(seconds=30), why="ratelimited")]
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()

    assert store.outbox.retry([1, 2]) == {1, 2}
    outgoing.deliver()

    assert channels.posts == [("#a", 1), ("#b", 2), ("#a", 1)]


def test_waits_end_earlier_by_what_the_clock_was_set_back() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b")), Channels(), Time()
    channels.answers["#a"] = [Wait(after=timedelta(seconds=30), why="ratelimited")]
    channels.answers["#b"] = [NotSent(why="refused")]
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    time.passes(-3600)

    store.outbox.bring_forward(timedelta(hours=1))
    time.passes(29)
    outgoing.deliver()
    assert channels.posts[2:] == [("#b", 2)]
    time.passes(2)
    outgoing.deliver()

    assert channels.posts[3:] == [("#a", 1)]


def test_the_log_names_a_message_by_its_number_in_the_outbox_and_an_uncertain_one_as_such() -> None:
    store, channels = a_store((9, "#a"), (-8, "#b"), (7, "#c")), Channels()
    channels.answers["#a"] = [Uncertain(why="no answer")]
    channels.answers["#c"] = [Dead(why="msg_too_long")]

    with capture_logs() as logs:
        an_outgoing(store, channels, Time()).deliver()

    assert [(log["event"], log["message"], log["alert"], log["channel"]) for log in logs] == [
        ("message.uncertain", 1, 9, "#a"),
        ("message.sent", 2, None, "#b"),
        ("message.not_delivered", 3, 7, "#c"),
    ]
    assert logs[0]["log_level"] == "warning"


def test_a_retry_during_a_pause_keeps_the_reason_which_the_messages_behind_it_tell_too() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#b")), Channels(), Time()
    channels.answers["#a"] = [Wait(after=timedelta(seconds=30), why="429 ratelimited")]
    an_outgoing(store, channels, time).deliver()

    assert store.outbox.retry([1]) == {1}

    def told() -> list[str | None]:
        holds = Holds(store)
        return [holds.why(each, to_ms(time.now)) for each in store.outbox.all()[:2]]

    assert told() == ["429 ratelimited", "429 ratelimited"]
    time.passes(60)
    assert told() == ["429 ratelimited", None]
