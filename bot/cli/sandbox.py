"""``bot sandbox``: the local EDGAR, Slack, Yahoo, Alpaca and Fed that the bot can run against."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from bot.cli.output import say
from bot.cli.ranges import PORT_AND_NEXT, Amount
from bot.clock import NEW_YORK, system_clock
from bot.errors import ConfigError
from bot.live import Ending, stop_on_signals
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.edgar_publication import Publication, accepted_again
from bot.sandbox.edgar_routes import NO_REPORTS, Reports
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_record import FedRecord
from bot.sandbox.fed_story import released_again, story
from bot.sandbox.market import filings
from bot.sandbox.market_prices import price_market
from bot.sandbox.market_reports import REPORTS
from bot.sandbox.prices_alpaca import KEY, SECRET, SandboxAlpaca
from bot.sandbox.prices_yahoo import SandboxYahoo
from bot.sandbox.slack import SlackServer

_LOOK = timedelta(seconds=0.2)
_CONFIG = """\
[store]
path = "sandbox.db"

[edgar]
contact = "Sandbox sandbox@example.org"
every = "5s"
www_url = "{edgar}"
data_url = "{edgar}"

[fed]
every = "5s"
regional = []
url = "{fed}"

[calendar]
agencies = ["fed"]

[slack]
api_url = "{slack}"

[prices]
provider = "yahoo"
url = "{yahoo}"
# or, with ALPACA_KEY={key} and ALPACA_SECRET={secret} in the environment:
# provider = "alpaca"
# url = "{alpaca}"

[alerts]
channel = "#alerts"
"""


@click.group()
def sandbox() -> None:
    """Servers on this machine that stand in for the SEC, Slack, Yahoo, Alpaca and the Fed."""


@sandbox.command()
@click.option(
    "--filings",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Serve the ownership documents of this folder. Default: the made-up market of the demo.",
)
@click.option(
    "--port",
    type=PORT_AND_NEXT,
    default=8899,
    show_default=True,
    help="Of EDGAR; Slack, Yahoo, Alpaca and the Fed are the next four.  0: any that are free.",
)
@click.option(
    "--every",
    type=Amount(min=0.1, max=86_400),
    help="Publish a filing and a release every so many seconds from now, accepted anew.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="Time of EDGAR and the Fed at the start, New York; prices are of now. Default: now.",
)
def serve(folder: Path | None, port: int, every: float | None, at: datetime | None) -> int:
    """Serve EDGAR, Slack, Yahoo, Alpaca and the Federal Reserve on loopback until Ctrl-C.

    Filings and releases keep their times, all of them published; with --every filings come one
    after another from now on, and releases since the decision of September 2025 do too, so that a
    bot has something to tell.
    """
    market, refused = _market(folder)
    record = story()
    for name, reason in refused.items():
        say(f"left out: {name}: {reason}", err=True)
    start = at.replace(tzinfo=NEW_YORK) if at else system_clock()
    clock = SandboxClock(start=start)
    if every:
        market = SandboxMarket(_from_now(market, start, timedelta(seconds=every)))
        record = released_again(record, start, timedelta(seconds=every))
    ending = Ending()
    stop_on_signals(ending.ask)
    servers = _servers(market, record, clock, port, NO_REPORTS if folder else REPORTS)
    with servers.edgar, servers.slack as slack, servers.yahoo, servers.alpaca, servers.fed:
        count = len(market.publications)
        say(f"# {count} filings; stop with Ctrl-C.  This is a config.toml for it,")
        say(f"# with SLACK_BOT_TOKEN={slack.token} and, to ask it in Slack (extra `web`),")
        say(f"# SLACK_APP_TOKEN={slack.app_token} in the environment.  Slack, for a browser:")
        say(f"# {slack.url}")
        say(servers.config())
        _tell_posts(slack, ending)
    return 0


class _Servers(NamedTuple):
    edgar: SandboxEdgar
    slack: SlackServer
    yahoo: SandboxYahoo
    alpaca: SandboxAlpaca
    fed: SandboxFed

    def config(self) -> str:
        """The settings of a bot that asks these."""
        return _CONFIG.format(
            edgar=self.edgar.url,
            slack=self.slack.api_url,
            yahoo=self.yahoo.url,
            alpaca=self.alpaca.url,
            fed=self.fed.url,
            key=KEY,
            secret=SECRET,
        )


def _servers(
    market: SandboxMarket,
    record: FedRecord,
    clock: SandboxClock,
    port: int,
    reports: Reports,
) -> _Servers:
    """ConfigError where a port is taken."""
    ports = [port + n if port else 0 for n in range(5)]
    prices = price_market(system_clock())
    try:
        return _Servers(
            SandboxEdgar(market, clock, port=ports[0], reports=reports),
            SlackServer(port=ports[1]),
            SandboxYahoo(prices, port=ports[2]),
            SandboxAlpaca(prices, port=ports[3]),
            SandboxFed(record, clock, port=ports[4]),
        )
    except OSError as error:
        mend = "give another one with --port, or 0 for any that is free"
        what = f"no server can be there, or at the four after it: {error}"
        raise ConfigError(what, where=f"port {port}", mend=mend) from error


def _market(folder: Path | None) -> tuple[SandboxMarket, dict[str, str]]:
    if folder is None:
        return SandboxMarket.of(filings()), {}
    return SandboxMarket.from_folder(folder)


def _from_now(market: SandboxMarket, start: datetime, every: timedelta) -> Iterator[Publication]:
    for place, publication in enumerate(market.publications, start=1):
        yield accepted_again(publication, start + place * every)


def _tell_posts(slack: SlackServer, ending: Ending) -> None:
    """Print what arrives in Slack until the end, a line each."""
    told = 0
    while not ending.asked(_LOOK):
        messages = slack.messages("alerts")
        for message in messages[told:]:
            say(f"#alerts  {' '.join(str(message.get('text')).split())}")
        told = len(messages)
