"""What filers and rules wrote commands no terminal."""

import json
import logging
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from bot.cli.logs import log_lines
from bot.cli.output import console, print_json, say
from tests.builders import Line, a_trade, rules_of
from tests.cli.console import run

HOSTILE = "Kl\u009b31mein\u202e \x1b[31mred\x07"
SHOWN = "Kl31mein [31mred"
RULES = """
rules:
- id: r
  on: insider_trade
  by: ticker
  when: value_usd >= $1M
  message: "{owner_name}"
"""


def test_a_table_and_a_line_show_text_without_its_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table()
    table.add_column("who")
    table.add_row(Text(HOSTILE))

    console().print(table)
    console().print(Text(HOSTILE), soft_wrap=True)
    say(HOSTILE)
    said = capsys.readouterr().out

    assert said.count(SHOWN) == 3
    assert not set(said) & set("\x1b\x07\u009b\u202e")


def test_styles_of_our_own_still_reach_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    console().print(Text("alert", style="bold"))

    assert "\x1b[1malert" in capsys.readouterr().out


def test_json_keeps_the_whole_text_and_escapes_what_a_terminal_would_obey(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"who": HOSTILE + " Müller"})
    said = capsys.readouterr().out

    assert json.loads(said) == {"who": HOSTILE + " Müller"}
    assert "\\u009b" in said
    assert "Müller" in said
    assert not set(said) & set("\x1b\x07\u009b\u202e")


@pytest.mark.parametrize(
    "command",
    [("rules", "why", "r", "OKLO"), ("history",), ("facts", "insider_trade")],
)
def test_a_name_from_a_filing_commands_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    config = tmp_path / "config.toml"
    config.write_text('[store]\npath = "bot.db"\n[rules]\npath = "rules.yaml"\n')
    line = Line(*rules_of(RULES), path=tmp_path / "bot.db")
    line.see(a_trade("2025-09-01", owner_name="Kl\u009b31mein\u202e"))
    line.store.close()

    run("--config", config, *command)
    said = capsys.readouterr().out

    assert "Kl" in said
    assert not set(said) & set("\x1b\u009b\u202e")


def test_a_log_line_shows_an_error_without_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    log_lines(logging.WARNING)
    try:
        structlog.get_logger().error("rule.failing", error=HOSTILE)
        said = capsys.readouterr().err
    finally:
        structlog.reset_defaults()

    assert "rule.failing" in said
    assert not set(said) & set("\x1b\x07\u009b\u202e")
