"""``bot history VERB``: the verbs of the chat, asked by the operator."""

import json
from pathlib import Path

import pytest

from bot.store import Store
from tests.builders import Line, a_trade, rules_of
from tests.cli.console import run

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
