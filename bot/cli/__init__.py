"""The command line: thin words over what the rest of the bot does.

Exit status: 0 good, 1 problems found, 2 wrong usage or configuration.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bot import __version__
from bot.errors import BotError

COMMANDS = {
    "backfill": "bot.cli.backfill:backfill_command",
    "demo": "bot.cli.demo:demo",
    "doctor": "bot.cli.doctor:doctor",
    "facts": "bot.cli.facts:facts",
    "history": "bot.cli.history:history",
    "outbox": "bot.cli.outbox:outbox",
    "parse": "bot.cli.parse:parse",
    "replay": "bot.cli.replay:replay",
    "rules": "bot.cli.rules:rules",
    "run": "bot.cli.run:run",
    "sandbox": "bot.cli.sandbox:sandbox",
}
"""Each command and where it stands; loaded only when it is asked for."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, so that the bot starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="bot")
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file. Default: config.toml here, else embedded defaults.",
)
@click.pass_context
def bot(ctx: click.Context, config_path: Path | None) -> None:
    """Event alerts for people who watch US stocks."""
    ctx.obj = config_path


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what went wrong is told in the error's own words."""
    try:
        result: Any = bot.main(args=arguments, standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)
    except BotError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
