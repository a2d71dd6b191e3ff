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
from bot.errors import BotError, SourceUnavailable, SourceUnreadable
from bot.readable import readable

COMMANDS = {
    "backfill": "bot.cli.backfill:backfill_command",
    "bars": "bot.cli.bars:bars",
    "chart": "bot.cli.chart:chart",
    "demo": "bot.cli.demo:demo",
    "doctor": "bot.cli.doctor:doctor",
    "facts": "bot.cli.facts:facts",
    "fed": "bot.cli.fed:fed",
    "history": "bot.cli.history:history",
    "outbox": "bot.cli.outbox:outbox",
    "parse": "bot.cli.parse:parse",
    "replay": "bot.cli.replay:replay",
    "routes": "bot.cli.routes:routes",
    "rules": "bot.cli.rules:rules",
    "run": "bot.cli.run:run",
    "sandbox": "bot.cli.sandbox:sandbox",
    "signals": "bot.cli.signals:signals",
    "slack": "bot.cli.slack:slack",
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
        return _taking_config(command)


def _remember_config(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    """The nearest one to the command wins."""
    if path is not None:
        ctx.obj = path


def _config_option() -> click.Option:
    return click.Option(
        ["--config"],
        type=click.Path(path_type=Path, dir_okay=False),
        help="Configuration file. Default: config.toml here, else embedded defaults.",
        expose_value=False,
        callback=_remember_config,
    )


def _taking_config(command: click.Command) -> click.Command:
    """The command, and those below it, with ``--config`` after its name too."""
    if all(parameter.name != "config" for parameter in command.params):
        command.params.append(_config_option())
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _taking_config(each)
    return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[_config_option()],
)
@click.version_option(__version__, prog_name="bot")
def bot() -> None:
    """Event alerts for people who watch US stocks."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; what went wrong is told in the error's own words."""
    try:
        result: Any = bot.main(args=arguments, standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)
    except BotError as error:
        click.echo(readable(str(error)), err=True)
        sys.exit(1 if isinstance(error, (SourceUnavailable, SourceUnreadable)) else 2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        from bot.store.failures import store_failure

        failure = store_failure(error)
        if failure is None:
            raise
        click.echo(readable(str(failure)), err=True)
        sys.exit(2)
