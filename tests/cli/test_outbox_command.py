"""bot outbox: what waits and why, and what a person can do about it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.store import Delivery, NewMessage, Store
from tests.builders import NOW
from tests.cli.console import Printed, objects, run
from tests.outgoing import a_card


@pytest.fixture
def queued(tmp_path: Path, config: Path) -> Path:
    """Four messages: one waits, one is parked, one is dead, one uncertain."""
    store = Store(tmp_path / "bot.db")
    store.outbox.add(
        [
            NewMessage(message_id=n, channel="#alerts", created_at=1_759_334_400_000,
                       text=f"alert {n}", card=a_card(n).to_json())
            for n in range(1, 5)
        ]
    )  # fmt: skip
    states = (Delivery.PENDING, Delivery.PARKED, Delivery.DEAD, Delivery.UNCERTAIN)
    for message, state in zip(store.outbox.all(), states, strict=True):
        if state is not Delivery.PENDING:
            store.outbox.mark_sending(message, at=NOW)
            store.outbox.settle(message, state, at=NOW, error=f"why {message.id}")
    store.outbox.pause("#alerts", at=NOW, until=NOW, parked="is_archived: unarchive it")
    store.close()
    return config


def test_the_outbox_tells_what_waits_why_and_until_when(queued: Path, capsys: Printed) -> None:
    assert run("outbox", "--json", "--config", queued) == 0

    first, *others = objects(capsys)
    assert first == {
        "id": 1,
        "alert": 1,
        "channel": "#alerts",
        "status": "pending",
        "attempts": 0,
        "error": "behind 4, which may have arrived",
        "created_at": "2025-10-01T16:00:00.000Z",
        "next_try_at": "2025-10-01T16:00:00.000Z",
        "text": "alert 1",
    }
    assert [(o["status"], o["attempts"], o["error"]) for o in others] == [
        ("parked", 1, "why 2"),
        ("dead", 1, "why 3"),
        ("uncertain", 1, "why 4"),
    ]
    assert run("outbox", "--config", queued) == 0
    shown = capsys.readouterr().out
    assert "held: #alerts: is_archived: unarchive it" in shown
    assert "1 dead, 1 parked, 1 pending, 1 uncertain" in shown


def test_a_retry_lets_dead_and_parked_messages_wait_again(
    queued: Path, tmp_path: Path, capsys: Printed
) -> None:
    assert run("outbox", "retry", "2", "3", "3", "--json", "--config", queued) == 0
    assert objects(capsys) == [
        {"id": 2, "changed": True, "status": "pending", "why": None},
        {"id": 3, "changed": True, "status": "pending", "why": None},
    ]

    store = Store(tmp_path / "bot.db")
    states = [message.state.value for message in store.outbox.all()]
    store.close()
    assert states == ["pending", "pending", "pending", "uncertain"]


def test_a_retry_tells_of_each_message_why_it_was_not_queued_again(
    queued: Path, tmp_path: Path, capsys: Printed
) -> None:
    store = Store(tmp_path / "bot.db")
    store.outbox.settle(store.outbox.all()[0], Delivery.SENT, at=NOW)
    store.close()

    assert run("--config", queued, "outbox", "retry", "1", "3", "4", "99") == 1

    assert capsys.readouterr().out.splitlines() == [
        "1: sent already at 2025-10-01 12:00 ET to #alerts",
        "3: waits for its turn again",
        "4: may have been posted at 2025-10-01 12:00 ET in #alerts; it is looked for; "
        "by hand: `bot outbox settle 4` where it stands there, "
        "`bot outbox retry --anyway 4` posts it again",
        "99: there is no such message",
        "1 of 4 messages wait for their turn again",
    ]
    assert run("--config", queued, "outbox", "retry", "99", "--json") == 1
    (answer,) = objects(capsys)
    assert answer == {
        "id": 99, "changed": False, "status": None, "why": "there is no such message",
    }  # fmt: skip
    assert run("--config", queued, "outbox", "retry", "first") == 2
    assert run("--config", queued, "outbox", "retry") == 2


def test_an_uncertain_message_is_sent_again_when_somebody_says_anyway(
    queued: Path, capsys: Printed
) -> None:
    assert run("outbox", "retry", "--anyway", "4", "--json", "--config", queued) == 0
    assert objects(capsys) == [{"id": 4, "changed": True, "status": "pending", "why": None}]


def test_an_uncertain_message_that_somebody_found_counts_as_sent(
    queued: Path, capsys: Printed
) -> None:
    assert run("outbox", "settle", "4", "--config", queued) == 0
    assert "4: counts as sent" in capsys.readouterr().out
    assert run("outbox", "settle", "4", "3", "--json", "--config", queued) == 1

    sent, dead = objects(capsys)
    assert (sent["status"], sent["changed"]) == ("sent", False)
    assert dead["why"] == "dead, so it did not arrive; `bot outbox retry 3` sends it"


def test_a_pause_is_told_of_messages_under_both_names_of_their_channel(
    queued: Path, tmp_path: Path, capsys: Printed
) -> None:
    store = Store(tmp_path / "bot.db")
    later = NOW + timedelta(days=40_000)
    sent, *_ = store.outbox.all()
    store.outbox.settle(sent, Delivery.SENT, at=NOW, place="C0ALPHA0001", ts="1.0")
    store.outbox.found_sent([4])
    store.outbox.pause("#alerts", at=NOW, until=later, why="429", parked="is_archived: unarchive")
    text, card = "alert 5", a_card(5).to_json()
    store.outbox.add(
        [NewMessage(message_id=5, channel="C0ALPHA0001", created_at=1, text=text, card=card)]
    )
    store.close()

    assert run("outbox", "--json", "--config", queued) == 0
    told = objects(capsys)[-1]
    assert (told["channel"], told["error"]) == ("C0ALPHA0001", "429")
    assert str(told["next_try_at"]).startswith("2135-")
    assert run("outbox", "--config", queued) == 0
    assert "held: #alerts = C0ALPHA0001: is_archived" in capsys.readouterr().out
