"""``bot demo``: a made-up market through the whole bot, offline, in seconds."""

import logging
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.table import Table
from rich.text import Text

from bot.app import active_rules
from bot.cards.terminal import terminal_card
from bot.cli.logs import log_lines
from bot.cli.output import console, say
from bot.cli.ranges import Amount
from bot.cli.why_text import show
from bot.clock import system_clock, to_ms
from bot.config import Config, Rules, shipped_rules
from bot.errors import ConfigError
from bot.live import Ending, stop_on_signals
from bot.rules.fire import Fate
from bot.sandbox.demo import Demo, Shown
from bot.store.explaining import explaining
from bot.why import look

_LOOK = timedelta(seconds=0.5)


@click.command()
@click.option(
    "--speed",
    type=Amount(min=0.1, max=1_000_000),
    help="Play the pauses too, so many times as fast as real.",
)
@click.option(
    "--web",
    is_flag=True,
    help="Show the local Slack in a browser, where the bot can be asked, until Ctrl-C.",
)
def demo(speed: float | None, web: bool) -> int:
    """The Fed's decision of September 2025, then the Oklo story and what lies around it, from local
    servers to a local Slack.

    Every filing and almost every price is synthetic; the two statements of the Committee are real.
    Nothing leaves this machine.
    """
    if web:
        _need_websockets()
    log_lines(logging.ERROR)
    screen = console()
    screen.print(Text(_SYNTHETIC))
    config = Config(rules=Rules(path=shipped_rules()))
    with TemporaryDirectory(prefix="bot-demo-") as folder:
        run = Demo(
            config,
            Path(folder),
            speed=speed,
            show=lambda card: screen.print(terminal_card(card)),
            chat=web,
        )
        if web:
            say(f"The local Slack, for a browser: {run.page}")
        with run.played(say=lambda text: screen.print(Text(f"· {text}", style="bold"))) as shown:
            _explain(config, run.store_path)
            screen.print(_table(shown))
            if web:
                _stay(run.page)
    return 0 if shown.documents == shown.published else 1


def _need_websockets() -> None:
    """ConfigError where the line between the local Slack and the bot can not be."""
    if find_spec("websockets") is None:
        what = "the local Slack needs websockets, which is not installed"
        raise ConfigError(what, where="bot demo --web", mend='pip install ".[web]"')


def _stay(page: str) -> None:
    """Until Ctrl-C, with the bot still running."""
    ending = Ending()
    stop_on_signals(ending.ask)
    say("")
    say(f"The bot goes on: type /alerts OKLO, or click, at {page}  (Ctrl-C ends it)")
    while not ending.asked(_LOOK):
        pass


def _explain(config: Config, store_path: Path) -> None:
    """The proof of one alert, and of one silence."""
    rules = {rule.id: rule for rule in active_rules(config)}
    with explaining(store_path) as store:
        for rule_id, key, what in _EXPLAINED:
            told = f"{what}: bot rules why {rule_id} {key}"
            console().print(Text(f"\n· {told}", style="bold"), soft_wrap=True)
            show(look(store, rules[rule_id], key, now=to_ms(system_clock())))
    console().print()


_SYNTHETIC = (
    "A made-up market after the Oklo story of 2025: all of it is synthetic, but for a few figures "
    "of that time and two statements of the Federal Open Market Committee."
)
_EXPLAINED = (
    ("insiders-sold-this-year", "OKLO", "a couple's sale, filed twice, is counted once"),
    ("large-officer-sale", "KLG", "$310.6M paid out by a merger are no sale"),
    ("halved-in-a-month", "LODE", "a 10:1 split is no fall of 90%"),
    ("discount-to-fair-value", "KLG", "what is traded no more is no bargain"),
    ("pe-above-own-history", "OKLO", "a loss has no P/E"),
)
"""Rules and keys whose decisions the demo proves, and what a reader is to see in them."""


def _table(shown: Shown) -> Table:
    table = Table(title="What came of it", title_justify="left", show_header=False, box=None,
                  padding=(0, 2))  # fmt: skip
    table.add_row("filings", f"{shown.published} published, {shown.documents} kept")
    facts = ", ".join(f"{count:,} {kind}" for kind, count in shown.facts.items() if count)
    table.add_row("facts", facts)
    table.add_row("prices", f"{shown.sessions:,} sessions of {shown.tickers} tickers kept")
    fired = shown.fates.get(Fate.FIRED, 0)
    table.add_row("alerts", f"{fired} fired; {shown.messages} messages in Slack")
    for fate, count in shown.fates.items():
        if fate != Fate.FIRED:
            table.add_row(f"  {fate}", f"{count:,}")
    requests = f"{shown.requests} requests, at most {shown.most_in_a_second} in a second"
    table.add_row("EDGAR", requests)
    return table
