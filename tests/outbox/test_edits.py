"""Changes of messages have a pace and pauses of their own: no alert waits for one."""

from datetime import timedelta

import pytest

from bot.clock import to_ms
from bot.notifiers import Parked, Sent, Wait
from tests.builders import NOW
from tests.channels import Channels
from tests.outbox.edited import revisions, standing
from tests.outgoing import queue


def test_an_alert_and_a_change_go_out_at_once_as_each_has_its_own_pace() -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"))
    queue(store, (2, "#a"), at=time.now)
    store.outbox.want_edit(1)

    outgoing.deliver()
    assert revisions(channels) == {"#a": [2, 1]}
    queue(store, (3, "#a"), at=time.now)
    time.passes(1)
    outgoing.deliver()

    assert channels.posts[1:] == [("#a", 2), ("#a", 3)]


def test_changes_of_all_channels_share_one_pace_as_slack_counts_them_by_workspace() -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"), (2, "#b"), (3, "#c"))
    for number in (1, 2, 3):
        store.outbox.want_edit(number)

    made = []
    for _ in range(3):
        outgoing.deliver()
        made.append(sum(revision == 2 for (revision,) in revisions(channels).values()))
        time.passes(1.2)

    assert made == [1, 2, 3]


def test_wishes_for_one_message_that_come_while_changes_wait_are_one_change() -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"), (2, "#b"))
    store.outbox.want_edit(1)
    outgoing.deliver()
    for _ in range(5):
        store.outbox.want_edit(2)
        outgoing.deliver()

    assert revisions(channels) == {"#a": [2], "#b": [1]}
    time.passes(1.2)
    outgoing.deliver()

    assert revisions(channels) == {"#a": [2], "#b": [6]}


def test_a_limit_for_posts_of_a_channel_holds_its_posts_alone_and_no_change_ends_it() -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"))
    channels.answers["#a"] = [Wait(after=timedelta(seconds=30), why="429 ratelimited")]
    queue(store, (2, "#a"), at=time.now)
    outgoing.deliver()
    store.outbox.want_edit(1)

    time.passes(5)
    outgoing.deliver()
    assert revisions(channels) == {"#a": [2]}
    assert store.outbox.reasons() == {"#a": "429 ratelimited"}
    time.passes(24)
    outgoing.deliver()
    assert len(channels.posts) == 2
    time.passes(2)
    outgoing.deliver()

    assert channels.posts == [("#a", 1), ("#a", 2), ("#a", 2)]


def test_a_limit_for_changes_holds_those_of_all_channels_and_no_post() -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"), (2, "#b"))
    channels.edits = [Wait(after=timedelta(seconds=30), why="429 ratelimited")]
    store.outbox.want_edit(1)
    store.outbox.want_edit(2)
    outgoing.deliver()
    queue(store, (3, "#a"), (4, "#b"), at=time.now)

    for _ in range(4):
        time.passes(7)
        outgoing.deliver()
    assert revisions(channels) == {"#a": [1, 1], "#b": [1, 1]}
    for _ in range(3):
        time.passes(2)
        outgoing.deliver()

    assert revisions(channels) == {"#a": [2, 1], "#b": [2, 1]}


@pytest.mark.parametrize("parked_by", ["a post", "a change"])
def test_a_channel_that_takes_nothing_is_asked_for_no_change_before_it_is_probed(
    parked_by: str,
) -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"))
    parked = Parked(why="is_archived", mend="unarchive it")
    if parked_by == "a post":
        channels.answers["#a"] = [parked]
        queue(store, (2, "#a"), at=time.now)
        outgoing.deliver()
    else:
        channels.edits = [parked]
    store.outbox.want_edit(1)
    outgoing.deliver()
    channels.edits = [Sent()]

    time.passes(29)
    outgoing.deliver()
    assert channels.edits == [Sent()]
    time.passes(2)
    outgoing.deliver()

    assert channels.edits == []


def test_a_change_leaves_the_pace_of_posts_as_it_was() -> None:
    channels = Channels()
    store, time, outgoing = standing(channels, (1, "#a"))
    queue(store, (2, "#a"), at=time.now)
    outgoing.deliver()
    time.passes(0.5)
    store.outbox.want_edit(1)

    outgoing.deliver()

    assert store.outbox.pauses()["#a"] == to_ms(NOW + timedelta(seconds=1))
