"""What a command loads: each only what it needs."""

import subprocess
import sys

import pytest


def _loaded_by(*arguments: str) -> set[str]:
    """The modules of a bot that was asked for something, in a process of its own."""
    script = (
        "import sys; from bot.cli import bot\n"
        f"bot.main({list(arguments)!r}, standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    return set(told.stderr.split())


def test_the_list_of_commands_loads_none_of_them() -> None:
    loaded = _loaded_by("--help")

    assert {name for name in loaded if name.startswith("bot.cli")} == {"bot.cli"}


@pytest.mark.parametrize("command", ["run", "history", "doctor", "outbox", "rules"])
def test_what_writes_statements_is_loaded_when_one_is_asked_for_only(command: str) -> None:
    assert "sqlglot" not in _loaded_by(command, "--help")
