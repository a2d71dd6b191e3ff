"""The option --config, and where a configuration is looked for."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import COMMANDS, LazyGroup, bot
from tests.cli.console import Printed, run


def all_commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*names, name)
        if isinstance(found, click.Group):
            yield from all_commands(found, (*names, name))


@pytest.mark.parametrize("names", list(all_commands(bot)), ids=" ".join)
def test_every_command_takes_the_configuration_after_its_name_too(
    names: tuple[str, ...], capsys: Printed
) -> None:
    assert run(*names, "--config", "nowhere.toml", "--help") == 0
    assert "--config FILE" in capsys.readouterr().out


def test_the_list_of_commands_leads_to_commands_and_says_of_each_what_its_own_help_says() -> None:
    assert isinstance(bot, LazyGroup)
    for place, says in COMMANDS.values():
        module, name = place.split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        assert command.get_short_help_str(limit=1_000) == says


@pytest.mark.parametrize(
    "arguments",
    [
        ("--config", "{}", "rules", "check"),
        ("rules", "--config", "{}", "check"),
        ("rules", "check", "--config", "{}"),
        ("rules", "check", "--config={}", "--json"),
        ("--config", "elsewhere.toml", "rules", "check", "--config", "{}"),
    ],
)
def test_the_configuration_nearest_to_the_command_is_the_one_in_force(
    config: Path, capsys: Printed, arguments: tuple[str, ...]
) -> None:
    assert run(*(each.format(config) for each in arguments)) == 0
    assert "mistakes" not in capsys.readouterr().err


def test_a_configuration_that_is_not_there_or_wrong_is_status_2(
    tmp_path: Path, capsys: Printed
) -> None:
    assert run("history", "--config", tmp_path / "nowhere.toml") == 2
    (tmp_path / "wrong.toml").write_text("[edgar]\ncontakt = 3\n")
    assert run("outbox", "--config", tmp_path / "wrong.toml") == 2
    assert "did you mean 'contact'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("history",), ("outbox",), ("outbox", "retry", "1"), ("facts", "insider_trade")]
)
def test_without_a_store_there_is_nothing_to_look_at_and_status_2(
    config: Path, capsys: Printed, arguments: tuple[str, ...]
) -> None:
    assert run("--config", config, *arguments) == 2
    assert "there is no store yet" in capsys.readouterr().err
