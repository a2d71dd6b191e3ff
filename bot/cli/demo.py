"""``bot demo``: a made-up market through the whole bot, offline, in seconds."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.table import Table
from rich.text import Text

from bot.cards.terminal import terminal_card
from bot.cli.logs import log_lines
from bot.cli.output import console
from bot.cli.ranges import Amount
from bot.config import Config, Rules, shipped_rules
from bot.rules.fire import Fate
from bot.sandbox.demo import Demo, Shown


@click.command()
@click.option(
    "--speed",
    type=Amount(min=0.1, max=1_000_000),
    help="Play the pauses too, so many times as fast as real.",
)
def demo(speed: float | None) -> int:
    """The Oklo story of 2025 and what lies around it, from a local EDGAR to a local Slack.

    Every document is synthetic.  Nothing leaves this machine.
    """
    log_lines(logging.ERROR)
    screen = console()
    screen.print(Text("A made-up market after the Oklo story of 2025: all of it is synthetic."))
    with TemporaryDirectory(prefix="bot-demo-") as folder:
        run = Demo(
            Config(rules=Rules(path=shipped_rules())),
            Path(folder),
            speed=speed,
            show=lambda card: screen.print(terminal_card(card)),
        )
        shown = run.run(say=lambda text: screen.print(Text(f"· {text}", style="bold")))
    screen.print(_table(shown))
    return 0 if shown.documents == shown.published else 1


def _table(shown: Shown) -> Table:
    table = Table(title="What came of it", title_justify="left", show_header=False, box=None,
                  padding=(0, 2))  # fmt: skip
    table.add_row("filings", f"{shown.published} published, {shown.documents} kept")
    facts = ", ".join(f"{count:,} {kind}" for kind, count in shown.facts.items())
    table.add_row("facts", facts)
    fired = shown.fates.get(Fate.FIRED, 0)
    table.add_row("alerts", f"{fired} fired; {shown.messages} messages in Slack")
    for fate, count in shown.fates.items():
        if fate != Fate.FIRED:
            table.add_row(f"  {fate}", f"{count:,}")
    requests = f"{shown.requests} requests, at most {shown.most_in_a_second} in a second"
    table.add_row("EDGAR", requests)
    return table
