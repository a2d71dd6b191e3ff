"""``bot demo``: a made-up market through the whole bot, offline, in seconds."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.cli.replay import run_replay
from bot.sandbox.market import write_market


@click.command()
@click.pass_obj
def demo(config_path: Path | None) -> int:
    """Replay the Oklo story of 2025 and what lies around it (synthetic documents)."""
    click.echo("A made-up market after the Oklo story of 2025: every document is synthetic.\n")
    with TemporaryDirectory(prefix="bot-demo-") as folder:
        write_market(Path(folder))
        run_replay(config_path, [Path(folder)])
    click.echo("\nTwo documents are damaged on purpose; they are kept aside with the reason.")
    return 0
