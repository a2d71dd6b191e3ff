"""``bot run``: live, until it is told to stop."""

import logging
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from bot.cli.logs import log_lines
from bot.cli.output import console, say
from bot.config import load_config
from bot.errors import StoreLost
from bot.live import stop_on_signals
from bot.running import resident_bot


@click.command()
@click.option("--verbose", is_flag=True, help="Log every poll, not only what may need a look.")
@click.pass_obj
def run(config_path: Path | None, verbose: bool) -> int:
    """Watch EDGAR, judge by the rules, deliver alerts.  Ctrl-C or SIGTERM ends it."""
    stop_on_signals(lambda: sys.exit(0))  # while it starts
    log_lines(logging.INFO if verbose else logging.WARNING)
    config = load_config(config_path)
    with resident_bot(config, console=console()) as bot:
        stop_on_signals(bot.stop)
        try:
            orderly = bot.run()
        except StoreLost as error:
            say(str(error), err=True)
            _end_now(2)  # nothing that still runs has a store to be kept in
        if not orderly:
            _end_now(0)  # work that still runs is undone by the store, as after a kill
    return 0


def _end_now(status: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
