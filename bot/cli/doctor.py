"""``bot doctor``: is everything there that the bot needs?"""

import logging
from pathlib import Path

import click
from rich.text import Text

from bot.cli.logs import log_lines
from bot.cli.output import console, print_json
from bot.config import load_config
from bot.doctor import examine
from bot.finding import Health

_MARKS = {Health.GOOD: ("ok  ", "green"), Health.WARNING: ("warn", "yellow"),
          Health.BAD: ("bad ", "red")}  # fmt: skip
_WHAT = 15
"""Columns for what was looked at; a longer name pushes what is told of it to the right."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
@click.option(
    "--probe",
    metavar="CHANNEL",
    help="Post into this channel of Slack, read back and delete.  Default: [alerts] ops_channel.",
)
@click.pass_obj
def doctor(config_path: Path | None, as_json: bool, probe: str | None) -> int:
    """Check configuration, rules, store, disk, EDGAR, the clock and Slack."""
    log_lines(logging.WARNING)
    bad = 0
    screen = console()
    for finding in examine(load_config(config_path), probe_in=probe):
        bad += finding.health is Health.BAD
        if as_json:
            print_json(
                {
                    "what": finding.what,
                    "health": finding.health.value,
                    "told": finding.told,
                    "mend": finding.mend or None,
                }
            )
            continue
        mark, colour = _MARKS[finding.health]
        line = Text(f"{mark} ", style=colour).append(f"{finding.what:{_WHAT}} ", style="default")
        screen.print(line.append(finding.told, style="default"))
        if finding.mend:
            screen.print(Text(f"{'':{_WHAT + 6}}mend: {finding.mend}", style="dim"))
    return 1 if bad else 0
