"""``bot history VERB``: the verbs of the chat, asked by the operator."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Store
from tests.builders import Line, a_trade, rules_of
from tests.cli.console import run
from tests.rules.reloading import Bot, every

RULES = """
rules:
- id: sales
  on: insider_trade
  by: ticker
  where: side == sell
  when: value_usd >= $1M
  message: "{ticker} sold {value_usd:money}"
"""
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The configuration of a bot that has told of one sale."""
    (tmp_path / "rules.yaml").write_text(RULES)
    file = tmp_path / "config.toml"
    file.write_text('[store]\npath = "bot.db"\n[rules]\npath = "rules.yaml"\n')
    line = Line(*rules_of(RULES), path=tmp_path / "bot.db")
    line.see(a_trade(value_usd=200_000_000))
    line.store.close()
    return file


def test_a_mute_is_shown_first_and_done_when_it_is_confirmed(config: Path, capsys: Printed) -> None:
    assert run("--config", config, "history", "mute", "OKLO", "7d") == 0
    typed = "bot history 'mute ticker:OKLO 7d confirmed'"
    assert f"Mute: {typed}" in capsys.readouterr().out

    assert run("--config", config, "history", "mute ticker:OKLO 7d confirmed") == 0

    (mute,) = Store(config.with_name("bot.db")).circumstances.mutes()
    assert (mute.ticker, mute.by) == ("OKLO", "the operator")


def test_an_alert_is_shown_with_its_card_and_its_proof(config: Path, capsys: Printed) -> None:
    assert run("--config", config, "history", "show", "1") == 0

    told = capsys.readouterr().out
    assert "OKLO sold $2M" in told
    assert "yes: value_usd >= $1M (value_usd $2M)" in told


def test_an_answer_is_an_object_for_other_programs(config: Path, capsys: Printed) -> None:
    assert run("--config", config, "history", "--json", "ack", "1") == 0

    told = json.loads(capsys.readouterr().out)
    assert told["answer"] == "#1 is acknowledged by the operator: OKLO sold $2M"
    assert told["refused"] is False


def test_what_can_not_be_done_is_status_2(config: Path, capsys: Printed) -> None:
    assert run("--config", config, "history", "show", "77") == 2
    assert "There is no alert #77" in capsys.readouterr().out
    assert run("--config", config, "history", "subscribe", "OKLO") == 2


def by_these_files(config: Path, **files: str) -> Path:
    """The folder of rules by which the bot judged."""
    folder = config.with_name("rules")
    folder.mkdir()
    config.write_text(config.read_text().replace("rules.yaml", "rules"))
    with closing(Store(config.with_name("bot.db"))) as store:
        Bot(folder, store, **files)
    return folder


def test_health_counts_the_rules_of_the_running_bot_and_names_a_file_that_is_refused(
    config: Path, capsys: Printed
) -> None:
    folder = by_these_files(config, a=every("a"), b=every("b"))
    (folder / "a.yaml").write_text("x: [\n")

    run("--config", config, "history", "health")

    told = " ".join(capsys.readouterr().out.split())
    assert "rules: 2 in force" in told
    assert "a.yaml has mistakes: its last good rules stay in force" in told
    assert "All is well" not in told


def test_health_counts_the_rules_of_the_running_bot_where_their_folder_is_gone(
    config: Path, capsys: Printed
) -> None:
    folder = by_these_files(config, a=every("a"))
    folder.rename(folder.with_name("elsewhere"))

    run("--config", config, "history", "health")

    told = " ".join(capsys.readouterr().out.split())
    assert "rules: 1 in force" in told
    assert f"{folder} can not be read: the last good rules stay in force" in told


def test_health_names_an_edit_that_the_running_bot_has_not_taken_up(
    config: Path, capsys: Printed
) -> None:
    folder = by_these_files(config, a=every("a"))
    (folder / "a.yaml").write_text(every("a", 5))

    run("--config", config, "history", "health")

    told = " ".join(capsys.readouterr().out.split())
    assert "a.yaml has changed and is not in force" in told
    assert "All is well" not in told
