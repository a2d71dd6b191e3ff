"""One channel that is named by its name here and by its id there: one lane, one order, one pace."""

from dataclasses import dataclass
from datetime import timedelta

from bot.cards import Card
from bot.clock import to_ms
from bot.notifiers import Outcome, Parked, Place, Uncertain, Wait
from bot.outbox import Holds
from bot.store import Store
from tests.builders import NOW
from tests.channels import Channels
from tests.outgoing import Time, a_store, an_outgoing, queue

ID = "C0ALPHA0001"


@dataclass
class Renamed(Channels):
    """Answers for its one channel by its id, however it is called."""

    def send(
        self,
        channel: str,
        card: Card,
        *,
        revision: int = 1,
        thread: Place | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        self.posts.append((channel, card.alert_id))
        if self.answers[channel]:
            return self.answers[channel].pop(0)
        self.posts.pop()
        outcome = Channels.send(
            self, ID, card, revision=revision, thread=thread, broadcast=broadcast
        )
        self.posts[-1] = (channel, card.alert_id)
        return outcome


def known() -> tuple[Store, Renamed, Time]:
    """A bot that has posted under the name, and then waits a second."""
    store, channels, time = a_store((1, "#a")), Renamed(spacing=timedelta(seconds=1)), Time()
    an_outgoing(store, channels, time).deliver()
    time.passes(1)
    return store, channels, time


def test_messages_under_both_names_keep_their_order_and_one_pace() -> None:
    store, channels, time = known()
    queue(store, (2, ID), (3, "#a"), (4, ID), at=time.now)
    outgoing = an_outgoing(store, channels, time)

    sent = []
    for _ in range(3):
        outgoing.deliver()
        sent.append(list(channels.posts[1:]))
        time.passes(1)

    assert sent[0] == [(ID, 2)]
    assert sent[2] == [(ID, 2), ("#a", 3), (ID, 4)]
    assert [len(each) for each in sent] == [1, 2, 3]


def test_nothing_under_another_name_overtakes_a_message_in_doubt() -> None:
    store, channels, time = known()
    queue(store, (2, "#a"), (3, ID), at=time.now)
    channels.answers["#a"] = [Uncertain(why="TimeoutError")]
    outgoing = an_outgoing(store, channels, time)

    for _ in range(4):
        outgoing.deliver()
        time.passes(1)

    assert channels.posts[1:] == [("#a", 2)]


def test_a_pause_under_one_name_holds_the_other_once_both_are_known_to_be_one() -> None:
    store, channels, time = a_store((1, ID), (2, "#a"), (3, ID)), Renamed(), Time()
    channels.answers[ID] = [Wait(after=timedelta(seconds=60), why="429")]
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    assert channels.posts == [(ID, 1), ("#a", 2)]
    queue(store, (4, "#a"), at=time.now)

    time.passes(30)
    outgoing.deliver()

    assert len(channels.posts) == 2


def test_what_was_parked_under_a_name_of_its_own_takes_messages_again() -> None:
    store, channels, time = known()
    queue(store, (2, "#b"), at=time.now)
    channels.answers["#b"] = [Parked(why="channel_not_found", mend="invite the bot")]
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    assert list(store.outbox.parked()) == ["#b"]

    time.passes(600)
    outgoing.deliver()

    assert channels.posts[1:] == [("#b", 2), ("#b", 2)]
    assert store.outbox.parked() == {}
    assert store.outbox.pauses()["#b"] == 0
    assert store.outbox.pauses()["#a"] == to_ms(NOW + timedelta(seconds=602))


def test_what_holds_a_channel_is_told_of_messages_under_each_of_its_names() -> None:
    store, channels, time = known()
    queue(store, (2, "#a"), (3, ID), at=time.now)
    channels.answers["#a"] = [Wait(after=timedelta(seconds=60), why="429 ratelimited")]
    an_outgoing(store, channels, time).deliver()
    _, by_name, by_id = store.outbox.all()

    holds = Holds(store)

    assert holds.next_try(by_id) == holds.next_try(by_name) == store.outbox.pauses()["#a"]
    assert holds.why(by_id, to_ms(time.now)) == "429 ratelimited"


def test_a_message_in_doubt_under_one_name_is_why_the_other_name_waits() -> None:
    store, channels, time = known()
    queue(store, (2, ID), (3, "#a"), at=time.now)
    channels.answers[ID] = [Uncertain(why="TimeoutError")]
    an_outgoing(store, channels, time).deliver()

    *_, waits = store.outbox.all()

    assert Holds(store).why(waits, to_ms(time.now)) == "behind 2, which may have arrived"


def test_a_channel_that_takes_nothing_is_told_by_all_names_under_which_messages_wait() -> None:
    store, channels, time = known()
    queue(store, (2, "#a"), (3, ID), (4, "#b"), at=time.now)
    channels.answers["#a"] = [Parked(why="is_archived", mend="unarchive it")]
    an_outgoing(store, channels, time).deliver()

    assert Holds(store).parked() == [(["#a", ID], "is_archived: unarchive it")]
