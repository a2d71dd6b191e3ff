"""The command line: thin words over what the rest of the bot does.

Exit status: 0 good, 1 problems found, 2 wrong usage or configuration.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from bot import __version__
from bot.errors import BotError, SourceUnavailable, SourceUnreadable
from bot.garbage import no_collection
from bot.readable import readable


class Lazy(NamedTuple):
    """A command that is not loaded: where it stands, and what the list of commands says of it."""

    place: str
    says: str


COMMANDS = {
    "backfill": Lazy(
        "bot.cli.backfill:backfill_command",
        "Bring past ownership filings of companies into the store, without alerts.",
    ),
    "bars": Lazy(
        "bot.cli.bars:bars",
        "What is wrong with daily bars: units, splits, dividends, days, ranges.",
    ),
    "chart": Lazy("bot.cli.chart:chart", "A PNG of closes with insider trades, or of P/Es."),
    "demo": Lazy(
        "bot.cli.demo:demo",
        "The Fed's decision of September 2025, then the Oklo story and what lies around it, from"
        " local servers to a local Slack.",
    ),
    "doctor": Lazy(
        "bot.cli.doctor:doctor",
        "Check configuration, rules, store, disk, EDGAR, the clock and Slack.",
    ),
    "facts": Lazy("bot.cli.facts:facts", "Stored facts of a kind, newest first."),
    "fed": Lazy("bot.cli.fed:fed", "What the Federal Reserve publishes."),
    "history": Lazy(
        "bot.cli.history:history", "Past alerts, newest first: OKLO insider since:90d min:1m."
    ),
    "outbox": Lazy(
        "bot.cli.outbox:outbox", "Messages that are not delivered yet, or never will be."
    ),
    "parse": Lazy("bot.cli.parse:parse", "Read documents and show what stands in them."),
    "replay": Lazy(
        "bot.cli.replay:replay",
        "Take ownership documents through documents, facts, rules and alerts.",
    ),
    "routes": Lazy("bot.cli.routes:routes", "The routes in their order, and what in them is odd."),
    "rules": Lazy("bot.cli.rules:rules", "Check and test rule files."),
    "run": Lazy("bot.cli.run:run", "Watch EDGAR, judge by the rules, deliver alerts."),
    "sandbox": Lazy(
        "bot.cli.sandbox:sandbox",
        "Servers on this machine that stand in for the SEC, Slack, Yahoo, Alpaca and the Fed.",
    ),
    "signals": Lazy(
        "bot.cli.signals:signals",
        "Price signals of each ticker's last bar, from files of daily bars.",
    ),
    "slack": Lazy("bot.cli.slack:slack", "Set the bot up in Slack."),
}
"""Each command; loaded only when it is asked for.  What is said is how its own help begins."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, so that the bot starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].place.split(":")
        with no_collection():  # what is loaded stays: looking for circles in it took a twelfth
            command: click.Command = getattr(importlib.import_module(module), name)
        return _taking_config(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, none of which is loaded for it."""
        del ctx
        room = formatter.width - 6 - max(map(len, COMMANDS))
        said = {name: click.Command(name, help=each.says) for name, each in COMMANDS.items()}
        rows = [(name, command.get_short_help_str(room)) for name, command in said.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


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
