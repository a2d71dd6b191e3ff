"""A short run of the chaos, and that its checks see what is wrong; the long one: make chaos."""

from pathlib import Path

import pytest

from bot.cards.slack import slack_message
from bot.clock import system_clock
from bot.sandbox.slack import SlackServer
from bot.store import Delivery, NewMessage, Store
from tests.chaos.alerts import a_card
from tests.chaos.checks import findings
from tests.chaos.run import Plan, run


@pytest.mark.parametrize("drops_metadata", [False, True])
def test_under_faults_and_kills_each_alert_stands_once_in_order_and_is_recorded_so(
    tmp_path: Path, drops_metadata: bool
) -> None:
    plan = Plan(
        seed=7, alerts=24, kills=5, span_s=2.0, settle_s=4.0, lag_s=0.2, outage_s=0.4,
        drops_metadata=drops_metadata,
    )  # fmt: skip

    report = run(plan, tmp_path)

    assert report.findings.all() == []
    assert report.kills > 0
    assert report.faults > 0
    assert report.messages >= 24


def told(store: Store, slack: SlackServer, *numbers: int) -> None:
    """Alerts that stand in their channel, and are recorded so."""
    for number in numbers:
        card = a_card(number)
        store.outbox.add(
            [NewMessage(message_id=number, channel="#alerts", created_at=number,
                        text=card.text, card=card.to_json())]
        )  # fmt: skip
        row = store.outbox.all()[-1]
        stands = slack.workspace.post({"channel": "#alerts", **slack_message(card)})
        store.outbox.settle(row, Delivery.SENT, at=system_clock(), place="C1", ts=stands["ts"])


def test_the_checks_see_what_is_lost_doubled_out_of_order_and_recorded_falsely() -> None:
    with SlackServer(channels=("alerts",)) as slack:
        store = Store(None)
        told(store, slack, 1, 2, 3, 4)
        assert findings(store, slack).all() == []
        messages = slack.channel("alerts").messages

        lost = messages.pop(3)
        assert [each.split(" (")[0] for each in findings(store, slack).lost] == ["lost: #alerts #4"]
        messages.append(lost)
        slack.workspace.post({"channel": "#alerts", **slack_message(a_card(2))})
        found = findings(store, slack)
        assert len(found.doubled) == 1
        assert len(found.disordered) == 1
        messages.pop()
        store.outbox.want_edit(1)
        assert len(findings(store, slack).misrecorded) == 1


def test_the_checks_see_a_correction_that_stands_before_its_alert() -> None:
    with SlackServer(channels=("alerts",)) as slack:
        store = Store(None)
        told(store, slack, -1_000_001, 1, 2)
        reply, alert, _ = store.outbox.all()
        store._connections.connection.execute(
            "UPDATE outbox SET corrects = ? WHERE id = ?", (alert.id, reply.id)
        )

        (found,) = findings(store, slack).disordered

    assert "stands before" in found
