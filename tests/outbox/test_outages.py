"""What an outage, a full or closed channel and a refused token do to messages, and what is told."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.cards import Card
from bot.notifiers import CredentialsRefused, NotSent, Outcome, Parked, Uncertain, Unseen, Wait
from bot.outbox import Outgoing
from bot.store import Delivery, Store
from tests.channels import Channels
from tests.outgoing import Time, a_store, queue, states

ARCHIVED = Parked(why="is_archived", mend="unarchive the channel")
REFUSED = NotSent(why="ConnectionRefusedError")


def an_outgoing(store: Store, channels: Channels, time: Time, **more: Any) -> Outgoing:
    return Outgoing(store, channels, clock=time, jitter=lambda: 1.0, **more)


def run(outgoing: Outgoing, time: Time, span: timedelta, step: float) -> None:
    end = time.now + span
    while time.now < end:
        outgoing.deliver()
        time.passes(step)
    outgoing.deliver()


def test_after_hours_without_slack_all_is_told_oldest_first_and_says_how_late() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#a")), Channels(), Time()
    channels.answers["#a"] = [REFUSED] * 46
    outgoing = an_outgoing(store, channels, time)

    run(outgoing, time, timedelta(hours=1), 60)
    outgoing = an_outgoing(store, channels, time)  # a restart inside
    run(outgoing, time, timedelta(hours=3), 60)

    assert [each.alert_id for each in channels.cards] == [1, 2, 3]
    for card in channels.cards:
        (mark,) = card.marks
        assert mark.startswith("delayed 3 h ")
        assert mark.endswith(" min by Slack outage")


def test_an_alert_after_the_outage_is_not_called_delayed() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    channels.answers["#a"] = [REFUSED] * 10
    outgoing = an_outgoing(store, channels, time)
    run(outgoing, time, timedelta(minutes=40), 10)
    queue(store, (2, "#a"), at=time.now)

    run(outgoing, time, timedelta(minutes=20), 10)

    assert [bool(card.marks) for card in channels.cards] == [True, False]


def test_a_few_minutes_are_no_delay_worth_a_word() -> None:
    store, channels, time = a_store((1, "#a")), Channels(), Time()
    channels.answers["#a"] = [REFUSED] * 3

    run(an_outgoing(store, channels, time), time, timedelta(minutes=4), 1)

    assert channels.cards[0].marks == ()


def test_what_an_outage_has_made_old_is_one_digest_with_original_times() -> None:
    store, channels, time = Store(None), Channels(spacing=timedelta(seconds=1)), Time()
    channels.answers["#a"] = [REFUSED] * 60
    outgoing = an_outgoing(store, channels, time, stale_after=timedelta(hours=2))
    for number in range(1, 5):
        queue(store, (number, "#a"), at=time.now)
        run(outgoing, time, timedelta(minutes=20), 60)
    run(outgoing, time, timedelta(hours=2), 60)
    queue(store, (5, "#a"), at=time.now)
    run(outgoing, time, timedelta(hours=3), 60)

    told = [each.alert_id for each in channels.cards]
    assert told == [1, -2, 5]
    digest = channels.cards[1]
    assert digest.marks[0].startswith("delayed ")
    assert [line.label for line in digest.lines] == [
        "#2 · Oct 01 12:20 ET", "#3 · Oct 01 12:40 ET", "#4 · Oct 01 13:00 ET",
    ]  # fmt: skip
    assert digest.lines[0].text == "a2"


def test_alerts_that_gather_while_a_channel_rests_are_one_digest_when_it_takes_messages() -> None:
    store, channels, time = a_store((1, "#a")), Channels(spacing=timedelta(seconds=1)), Time()
    channels.answers["#a"] = [Wait(after=timedelta(seconds=60), why="429 ratelimited")]
    outgoing = an_outgoing(store, channels, time)
    for number in range(2, 32):
        outgoing.deliver()
        time.passes(1)
        queue(store, (number, "#a"), at=time.now)

    assert channels.posts == [("#a", 1)]
    run(outgoing, time, timedelta(seconds=40), 1)

    assert channels.posts == [("#a", 1), ("#a", 1), ("#a", -2)]
    assert channels.cards[1].headlines == ("30 alerts in 29 s",)


def test_the_owner_is_told_once_of_a_channel_that_takes_nothing_and_it_resumes() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#a"), (3, "#b")), Channels(), Time()
    channels.answers["#a"] = [ARCHIVED, REFUSED, ARCHIVED, ARCHIVED]
    outgoing = an_outgoing(store, channels, time, ops_channel="#ops")

    with capture_logs() as logs:
        run(outgoing, time, timedelta(hours=1), 60)

    (told,) = [each.card for each in channels.standing["#ops"]]
    assert told.headlines == ("#a takes no messages: is_archived",)
    assert told.lines[0].text == "unarchive the channel"
    assert [each.card.alert_id for each in channels.standing["#a"]] == [1, 2]
    assert [each.card.alert_id for each in channels.standing["#b"]] == [3]
    assert [log["event"] for log in logs].count("channel.resumed") == 1


@pytest.mark.parametrize("ops_channel", [None, "#a"])
def test_where_the_owner_can_not_be_told_by_message_the_log_tells(ops_channel: str | None) -> None:
    store, channels = a_store((1, "#a")), Channels()
    channels.answers["#a"] = [ARCHIVED]

    with capture_logs() as logs:
        an_outgoing(store, channels, Time(), ops_channel=ops_channel).deliver()

    assert ("channel.parked", "unarchive the channel") in [
        (log["event"], log.get("mend")) for log in logs
    ]
    assert len(store.outbox.all()) == 1


def test_a_refused_token_is_no_matter_any_more_when_a_message_gets_through() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b")), Channels(), Time()
    channels.answers["#a"] = [CredentialsRefused(why="token_revoked", mend="install it again")] * 5
    outgoing = an_outgoing(store, channels, time)

    outgoing.deliver()
    assert store.outbox.parked() == {"*": "token_revoked: install it again"}
    run(outgoing, time, timedelta(minutes=9), 10)

    assert store.outbox.parked() == {}
    assert channels.cards[0].marks == ("delayed 8 min by a refused token",)


def test_looks_into_a_channel_that_was_closed_wait_until_it_is_open_again() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b")), Channels(), Time()
    channels.answers["#a"] = [Uncertain(why="TimeoutError")]
    channels.looks = [Unseen(why="not_in_channel", mend="invite the bot")] * 100

    run(an_outgoing(store, channels, time), time, timedelta(minutes=45), 10)
    assert channels.posts == [("#a", 1), ("#b", 2)]
    run(an_outgoing(store, channels, time), time, timedelta(minutes=10), 10)

    assert channels.posts == [("#a", 1), ("#b", 2), ("#a", 1)]
    assert states(store) == [Delivery.SENT, Delivery.SENT]
    assert not store.outbox.all()[0].repeat


def test_a_notifier_that_breaks_leaves_its_message_in_doubt_and_goes_on() -> None:
    class Broken(Channels):
        def send(self, channel: str, card: Card, **told: Any) -> Outcome:
            if card.alert_id == 1:
                raise KeyError(channel)
            return super().send(channel, card, **told)

    store, channels = a_store((1, "#a"), (2, "#b")), Broken()

    an_outgoing(store, channels, Time()).deliver()

    assert states(store) == [Delivery.UNCERTAIN, Delivery.SENT]
    assert store.outbox.all()[0].error == "KeyError"


def test_when_one_channel_is_answered_the_others_are_tried_at_once() -> None:
    store, channels, time = a_store((1, "#a"), (2, "#b")), Channels(), Time()
    channels.answers["#a"], channels.answers["#b"] = [REFUSED] * 12, [REFUSED] * 12
    outgoing = an_outgoing(store, channels, time)
    run(outgoing, time, timedelta(minutes=20), 1)
    assert channels.posts.count(("#b", 2)) == 12
    channels.answers["#a"].clear()  # Slack is back
    queue(store, (3, "#c"), at=time.now)

    outgoing.deliver()

    assert channels.posts[-3:] == [("#c", 3), ("#a", 1), ("#b", 2)]
