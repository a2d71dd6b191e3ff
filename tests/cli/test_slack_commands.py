"""``bot slack test``: a card on the way that alerts take, looked for where it should stand."""

from pathlib import Path

import pytest

from bot.sandbox.slack import SlackServer
from bot.store import Store
from tests.cli.console import run
from tests.live import a_config, has_polled, servers
from tests.processes import command, environment, until

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "bot.toml"
    file.write_text('[store]\npath = "bot.db"\n[alerts]\nchannel = "#quotes"\n')
    Store(tmp_path / "bot.db").close()
    return file


def test_a_test_waits_in_the_outbox_and_where_no_bot_runs_that_is_told(
    config: Path, capsys: Printed
) -> None:
    status = run("--config", config, "slack", "test", "#insiders", "--wait", "0")

    shown = capsys.readouterr().out
    store = Store(config.parent / "bot.db")
    (message,) = store.outbox.all()
    store.close()
    assert status == 1
    assert (message.channel, message.attempts) == ("#insiders", 0)
    assert "test" in message.text
    assert "on its way to #insiders" in shown
    assert "Does `bot run` run?" in shown


def test_without_a_channel_a_test_goes_where_alerts_go(config: Path) -> None:
    run("--config", config, "slack", "test", "--wait", "0")

    store = Store(config.parent / "bot.db")
    assert [message.channel for message in store.outbox.all()] == ["#quotes"]
    store.close()


def test_a_channel_that_is_none_is_refused_with_the_mend(config: Path, capsys: Printed) -> None:
    assert run("--config", config, "slack", "test", "Insiders!") == 2

    assert "'Insiders!' is no channel" in capsys.readouterr().err
    store = Store(config.parent / "bot.db")
    assert store.outbox.all() == []
    store.close()


def test_beside_a_running_bot_a_test_is_delivered_and_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    with servers() as (edgar, slack):
        config = a_config(tmp_path, (edgar, slack))
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.token)
        environ = environment(SLACK_BOT_TOKEN=slack.token)
        with command("--config", config, "run", environ=environ, heard=False):
            until(lambda: has_polled(config.with_suffix(".db")))
            good = run("--config", config, "slack", "test", "#sales")
            slack.workspace.refusals["conversations.history"] = "missing_scope"
            unread = run("--config", config, "slack", "test", "#sales")

    assert (good, unread) == (0, 1)
    assert "read back from the channel" in capsys.readouterr().out
    assert [_is_test(message["text"]) for message in slack.messages("sales")] == [True, True]


def test_a_shell_without_the_token_is_told_that_the_running_bot_posted_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    with servers() as (edgar, slack):
        config = a_config(tmp_path, (edgar, slack))
        monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
        environ = environment(SLACK_BOT_TOKEN=slack.token)
        with command("--config", config, "run", environ=environ, heard=False):
            until(lambda: has_polled(config.with_suffix(".db")))
            status = run("--config", config, "slack", "test", "#sales", "--wait", "60")
        (posted,) = slack.messages("sales")

    shown = " ".join(capsys.readouterr().out.split())
    assert status == 0
    assert f"Posted in Slack by the running bot (channel {slack.channel('sales').id}" in shown
    assert f"message {posted['ts']})" in shown
    assert "SLACK_BOT_TOKEN is not set in this shell" in shown


def _is_test(text: str) -> bool:
    return text.startswith("This is a test")


def test_a_channel_that_takes_nothing_is_told_with_slacks_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    with servers() as (edgar, slack):
        config = a_config(tmp_path, (edgar, slack))
        slack.channel("sales").is_archived = True
        environ = environment(SLACK_BOT_TOKEN=slack.token)
        with command("--config", config, "run", environ=environ, heard=False):
            until(lambda: has_polled(config.with_suffix(".db")))
            status = run("--config", config, "slack", "test", "#sales", "--wait", "60")

    assert status == 1
    assert "is_archived" in capsys.readouterr().out


def test_slack_itself_is_asked_for_nothing_by_the_manifest(capsys: Printed) -> None:
    with SlackServer() as slack:
        assert run("slack", "manifest", "--link") == 0

    assert capsys.readouterr().out.startswith("https://api.slack.com/apps?new_app=1")
    assert slack.calls == []
