"""A workspace whose history shows neither key of our messages: what may be a repeat says so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.notifiers.slack import SlackNotifier
from bot.outbox import Outgoing
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.store import Delivery, Reconciled, Store
from tests.outgoing import Time, a_store, queue, states
from tests.processes import LONG

LOST = Fault(FaultKind.DROP, accepted=True)
NOT_TAKEN = Fault(FaultKind.STATUS, accepted=False)
REPEAT = "(may be a repeat)"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def slack(time: Time) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=time, burst=50) as server:
        yield server


def drop_keys(slack: SlackServer) -> None:
    slack.workspace.drops_metadata = slack.workspace.rewrites_block_ids = True


def an_outgoing(store: Store, slack: SlackServer, time: Time) -> Outgoing:
    notifier = SlackNotifier(
        slack.token, api_url=slack.api_url, timeout_s=LONG, clock=time,
        spacing=timedelta(), edit_spacing=timedelta(),
    )  # fmt: skip
    return Outgoing(store, notifier, clock=time, jitter=lambda: 1.0)


def run(outgoing: Outgoing, time: Time, seconds: float) -> None:
    outgoing.deliver()
    for _ in range(int(seconds / 5)):
        time.passes(5)
        outgoing.deliver()


def told(slack: SlackServer, channel: str = "alerts") -> list[tuple[str, bool]]:
    """What stands in a channel: the first word of each alert, and whether it may be a repeat."""
    return [
        (str(each["text"]).split(" ")[0].rstrip(":"), REPEAT in each["text"])
        for each in slack.messages(channel)
        if "blocks" in each
    ]


def test_the_first_message_of_a_channel_that_comes_twice_says_that_it_may_be_a_repeat(
    slack: SlackServer, time: Time
) -> None:
    drop_keys(slack)
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults.append(LOST)

    run(an_outgoing(store, slack, time), time, 800)

    assert told(slack) == [("a1", False), ("a1", True), ("a2", False)]
    assert store.outbox.all()[0].reconciled is Reconciled.UNSEEN


def test_a_message_behind_one_of_two_days_ago_that_comes_twice_says_so(
    slack: SlackServer, time: Time
) -> None:
    drop_keys(slack)
    store = a_store((1, "#alerts"))
    outgoing = an_outgoing(store, slack, time)
    outgoing.deliver()
    time.passes(2 * 86_400)
    queue(store, (2, "#alerts"), at=time.now)
    slack.faults.append(LOST)

    run(outgoing, time, 800)

    assert told(slack) == [("a1", False), ("a2", False), ("a2", True)]


def test_what_is_lost_twice_where_nothing_shows_its_key_is_not_sent_a_third_time(
    slack: SlackServer, time: Time
) -> None:
    drop_keys(slack)
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults += [LOST, LOST]

    run(an_outgoing(store, slack, time), time, 1_600)

    assert told(slack) == [("a1", False), ("a1", True), ("a2", False)]
    assert states(store) == [Delivery.UNCERTAIN, Delivery.SENT]


@pytest.mark.parametrize("said", ["nobody", "people", "another app"])
def test_where_no_message_of_the_bot_stands_at_all_it_did_not_arrive_and_is_no_repeat(
    slack: SlackServer, time: Time, said: str
) -> None:
    drop_keys(slack)
    store = a_store((1, "#alerts"))
    channel = slack.channel("alerts")
    if said == "people":
        slack.workspace.say(slack.workspace.person("mira"), channel, "good morning")
    if said == "another app":
        words = slack.workspace.post({"channel": "#alerts", "text": "build passed"})["message"]
        words |= {"bot_id": "B0OTHER0001", "user": "U0OTHER0001"}
    slack.faults += [NOT_TAKEN] * 3

    run(an_outgoing(store, slack, time), time, 300)

    assert told(slack) == [("a1", False)]
    assert store.outbox.all()[0].reconciled is Reconciled.NOT_FOUND


def test_an_answer_of_the_bot_beside_alerts_that_show_their_keys_makes_no_repeat_of_another(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#alerts"))
    outgoing = an_outgoing(store, slack, time)
    outgoing.deliver()
    slack.workspace.post({"channel": "#alerts", "text": "an answer, shared"})
    queue(store, (2, "#alerts"), at=time.now)
    slack.faults.append(NOT_TAKEN)

    run(outgoing, time, 100)

    assert told(slack) == [("a1", False), ("a2", False)]


def test_who_the_bot_is_and_is_not_known_counts_any_app_as_the_bot(
    slack: SlackServer, time: Time
) -> None:
    drop_keys(slack)
    slack.workspace.refusals["auth.test"] = "unknown_method"
    store = a_store((1, "#alerts"))
    slack.faults.append(LOST)

    run(an_outgoing(store, slack, time), time, 800)

    assert told(slack) == [("a1", False), ("a1", True)]


def test_where_keys_come_back_the_first_message_of_a_channel_is_found(
    slack: SlackServer, time: Time
) -> None:
    store: Any = a_store((1, "#alerts"))
    slack.faults.append(LOST)

    run(an_outgoing(store, slack, time), time, 100)

    assert told(slack) == [("a1", False)]
    assert store.outbox.all()[0].reconciled is Reconciled.FOUND
