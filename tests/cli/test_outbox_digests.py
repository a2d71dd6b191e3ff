"""``bot outbox`` tells what waits for a digest, until when and why."""

from pathlib import Path

import pytest

from bot.clock import to_ms
from bot.store import NewMessage, Store
from tests.builders import instant
from tests.cli.console import run
from tests.outgoing import a_card


def test_what_waits_for_a_digest_is_told_with_its_time_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("")
    store = Store(tmp_path / "bot.db")
    morning, midnight = (to_ms(instant(f"2025-09-03 {at} ET")) for at in ("07:00", "00:00"))
    waits = [
        (1, "#a", morning, "quiet", "While quiet (night)"),
        (2, "#a", morning, "quiet", "While quiet (night)"),
        (3, "#b", midnight, None, None),
        (4, "#b", None, None, None),
    ]
    store.outbox.add(
        [
            NewMessage(message_id=number, channel=channel, created_at=1, text="t", stale=True,
                       card=a_card(number).to_json(), not_before=due, digest_key=key,
                       digest_why=why)
            for number, channel, due, key, why in waits
        ]
    )  # fmt: skip
    store.close()

    assert run("outbox", "--config", tmp_path / "config.toml") == 0

    assert capsys.readouterr().out.splitlines() == [
        "1 alert for #b when the bot has caught up: too old to be told one by one",
        "1 alert for #b Wed 2025-09-03 00:00 ET: over the daily cap of a rule",
        "2 alerts for #a Wed 2025-09-03 07:00 ET: While quiet (night)",
        "4 digest",
    ]
