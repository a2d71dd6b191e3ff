"""``bot slack test``: a card on the way that alerts take."""

from pathlib import Path

import pytest

from bot.store import Store
from tests.cli.test_commands import run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    Store(tmp_path / "bot.db").close()
    file = tmp_path / "config.toml"
    file.write_text('[store]\npath = "bot.db"\n')
    return file


def test_a_test_waits_in_the_outbox_of_the_running_bot(config: Path) -> None:
    status = run("--config", config, "slack", "test", "#insiders")

    (message,) = Store(config.with_name("bot.db")).outbox.all()
    assert status == 0
    assert (message.channel, message.text) == (
        "#insiders", "This is a test: alerts can reach #insiders"
    )  # fmt: skip


def test_what_is_no_channel_is_refused(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--config", config, "slack", "test", "Insiders!") == 2

    assert "'Insiders!' is no channel" in capsys.readouterr().err
    assert Store(config.with_name("bot.db")).outbox.all() == []
