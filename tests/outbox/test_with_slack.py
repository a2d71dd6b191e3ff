"""The outbox with the notifier for Slack, against a Slack on loopback: each class of answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.notifiers.slack import SlackNotifier
from bot.notifiers.webhook import WebhookNotifier
from bot.outbox import Outgoing
from bot.sandbox.slack import Fault, FaultKind, SlackServer
from bot.store import Delivery, NewMessage, Reconciled, Store
from tests.notifiers.faults import FAULTS, NAMES, patience_with
from tests.outgoing import Time, a_card, a_store, states
from tests.processes import LONG


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def slack(time: Time) -> Iterator[SlackServer]:
    with SlackServer(channels=("alerts", "insiders"), clock=time, burst=50) as server:
        yield server


def an_outgoing(
    store: Store, slack: SlackServer, time: Time, *, timeout_s: float = LONG, **more: Any
) -> Outgoing:
    notifier = SlackNotifier(
        slack.token, api_url=slack.api_url, timeout_s=timeout_s, clock=time,
        spacing=timedelta(), edit_spacing=timedelta(),
    )  # fmt: skip
    return Outgoing(store, notifier, clock=time, jitter=lambda: 1.0, **more)


def run(outgoing: Outgoing, time: Time, seconds: float, step: float = 5) -> None:
    """Deliver again and again."""
    for _ in range(int(seconds / step)):
        outgoing.deliver()
        time.passes(step)
    outgoing.deliver()


def numbers(slack: SlackServer, channel: str = "alerts") -> list[int]:
    return [int(m["blocks"][0]["block_id"].split(":")[1]) for m in slack.messages(channel)]


@pytest.mark.parametrize(("fault", "_outcome"), FAULTS, ids=NAMES)
def test_whatever_befalls_a_post_each_alert_stands_once_and_in_order(
    slack: SlackServer, time: Time, fault: Fault, _outcome: object
) -> None:
    store = a_store((1, "#alerts"), (2, "#alerts"), (3, "#insiders"))
    slack.faults.append(fault)
    outgoing = an_outgoing(store, slack, time, timeout_s=patience_with(fault))

    for _ in range(100):  # a busy machine is slow to answer, and that is looked into as well
        run(outgoing, time, 80)
        if not store.outbox.unfinished():
            break

    assert (numbers(slack), numbers(slack, "insiders")) == ([1, 2], [3])
    rows = store.outbox.all()
    assert [row.state for row in rows] == [Delivery.SENT] * 3
    assert [row.ts for row in rows[:2]] == [m["ts"] for m in slack.messages("alerts")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RATE_LIMIT, seconds=30),
        Fault(FaultKind.ERROR, code="ratelimited"),
        Fault(FaultKind.ERROR, code="rate_limited"),
        Fault(FaultKind.ERROR, code="message_limit_exceeded"),
    ],
    ids=lambda fault: f"{fault.kind.name} {fault.code}",
)
def test_a_limit_in_any_spelling_pauses_its_channel_until_it_is_over(
    slack: SlackServer, time: Time, fault: Fault
) -> None:
    store = a_store((1, "#alerts"), (2, "#insiders"))
    slack.faults.append(fault)

    run(an_outgoing(store, slack, time), time, 29, step=1)
    assert (numbers(slack), numbers(slack, "insiders")) == ([], [2])
    run(an_outgoing(store, slack, time), time, 5, step=1)

    calls = [c.at for c in slack.calls if c.method == "chat.postMessage" and c.channel == "#alerts"]
    assert len(calls) == 2
    assert calls[1] - calls[0] >= timedelta(seconds=30)
    assert numbers(slack) == [1]


def test_three_hundred_alerts_in_ten_seconds_drain_by_a_digest_and_no_call_comes_too_early(
    time: Time,
) -> None:
    with SlackServer(channels=("alerts",), clock=time, burst=3) as slack:
        store = Store(None)
        notifier = SlackNotifier(slack.token, api_url=slack.api_url, timeout_s=LONG, clock=time)
        outgoing = Outgoing(store, notifier, clock=time)
        for number in range(1, 301):
            outgoing.deliver()
            card = a_card(number)
            store.outbox.add(
                [NewMessage(message_id=number, channel="#alerts", text="t", card=card.to_json(),
                            created_at=int(time.now.timestamp() * 1000))]
            )  # fmt: skip
            time.passes(1 / 30)
        run(outgoing, time, 120, step=0.5)

        assert store.outbox.unfinished() == []
        posts = [call for call in slack.calls if call.method == "chat.postMessage"]
        told = len(slack.messages("alerts"))
        assert told < 60
        for refused, later in pairwise(posts):
            if refused.status == 429:
                assert later.at - refused.at >= timedelta(seconds=1)
        singles = sum(number > 0 for number in numbers(slack))
        folded = [row for row in store.outbox.all() if row.state is Delivery.DIGEST]
        assert singles + len(folded) == 300


def test_a_channel_archived_meanwhile_takes_its_alerts_when_it_is_restored(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#alerts"), (2, "#alerts"), (3, "#insiders"))
    slack.channel("alerts").is_archived = True
    outgoing = an_outgoing(store, slack, time, ops_channel="#insiders")

    run(outgoing, time, 1900, step=60)
    assert numbers(slack) == []
    slack.channel("alerts").is_archived = False
    run(outgoing, time, 700, step=60)

    assert numbers(slack) == [1, 2]
    assert [m["text"].split(":")[0] for m in slack.messages("insiders")] == [
        "a3", "#alerts takes no messages",
    ]  # fmt: skip


def test_a_revoked_token_stops_sending_until_it_is_restored_and_loses_nothing(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#alerts"), (2, "#insiders"))
    slack.workspace.token_error = "token_revoked"
    outgoing = an_outgoing(store, slack, time)

    run(outgoing, time, 1000, step=20)
    assert len(slack.calls) <= 7
    slack.workspace.token_error = None
    run(outgoing, time, 400, step=20)

    assert (numbers(slack), numbers(slack, "insiders")) == ([1], [2])


def test_a_dead_letter_has_its_reason_and_a_way_back(slack: SlackServer, time: Time) -> None:
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults.append(Fault(FaultKind.ERROR, code="ekm_access_denied"))
    outgoing = an_outgoing(store, slack, time)

    outgoing.deliver()
    (dead,) = store.outbox.unfinished()
    assert (dead.state, dead.error) == (Delivery.DEAD, "ekm_access_denied")
    assert store.outbox.retry([dead.id]) == {dead.id}
    outgoing.deliver()

    assert sorted(numbers(slack)) == [1, 2]


def test_a_history_that_is_forbidden_costs_at_most_one_repeat_which_says_so(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults.append(Fault(FaultKind.DROP, accepted=True))
    slack.faults += [
        Fault(FaultKind.ERROR, code="missing_scope", method="conversations.history")
    ] * 200
    outgoing = an_outgoing(store, slack, time)

    run(outgoing, time, 1500)

    assert numbers(slack) == [1, 1, 2]
    assert [("(may be a repeat)" in m["text"]) for m in slack.messages("alerts")] == [
        False, True, False,
    ]  # fmt: skip
    assert store.outbox.all()[0].reconciled is Reconciled.UNSEEN


@pytest.mark.parametrize("lag_s", [0.0, 30.0])
def test_a_message_without_metadata_in_a_late_history_is_found(
    slack: SlackServer, time: Time, lag_s: float
) -> None:
    slack.workspace.drops_metadata, slack.workspace.history_lag_s = True, lag_s
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults.append(Fault(FaultKind.RESET, accepted=True))

    run(an_outgoing(store, slack, time), time, 80)

    assert numbers(slack) == [1, 2]
    assert store.outbox.all()[0].reconciled is Reconciled.FOUND


def test_a_clock_that_is_wrong_by_hours_makes_no_double(slack: SlackServer, time: Time) -> None:
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults.append(Fault(FaultKind.RESET, accepted=True))

    class Wrong(Time):
        def __call__(self) -> datetime:
            return time.now + timedelta(hours=5)

    wrong = Wrong()
    run(an_outgoing(store, slack, wrong), time, 80)

    assert numbers(slack) == [1, 2]


def test_a_webhook_delivers_all_and_may_repeat_what_it_can_not_look_for(
    slack: SlackServer, time: Time
) -> None:
    store = a_store((1, "#alerts"), (2, "#alerts"))
    slack.faults.append(Fault(FaultKind.DROP, accepted=True))
    outgoing = Outgoing(store, WebhookNotifier(slack.webhook_url, timeout_s=LONG), clock=time)

    run(outgoing, time, 80)

    assert numbers(slack) == [1, 1, 2]
    assert "(may be a repeat)" in slack.messages("alerts")[1]["text"]
    assert states(store) == [Delivery.SENT] * 2
