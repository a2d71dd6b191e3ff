"""``bot chart``: a picture of one ticker."""

from datetime import date, datetime
from pathlib import Path

import click
import numpy as np

from bot.app import reading_store
from bot.charts import PeChart, PriceChart, pe_chart, price_chart
from bot.cli.output import say
from bot.config import Config, load_config
from bot.errors import ConfigError, QueryError
from bot.pictures import cik_of, insider_trades, pe_content, price_content, reported_pe_content
from bot.prices.bars import Bars
from bot.prices.complete import sessions
from bot.sources.edgar.files import read_unpacked
from bot.sources.prices.files import read_bars_file
from bot.valuation.company_facts import read_company_facts

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _day(_: click.Context, __: click.Parameter, given: datetime | None) -> date | None:
    return given.date() if given else None


@click.command()
@click.argument("ticker")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PNG."
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="First day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Last day.")
@click.option("--benchmark", help="Drawn beside it.  Default: [prices] benchmark.")
@click.option("--pe", is_flag=True, help="The history of its P/E with the band, not its price.")
@click.option(
    "--companyfacts",
    type=_FILE,
    help="With --pe: a companyfacts file of the SEC, .json or .json.gz, instead of the one stored.",
)
@click.option("--bars", type=_FILE, help="Bars from this file instead of the store.")
@click.pass_obj
def chart(
    config_path: Path | None,
    ticker: str,
    out: Path,
    since: date | None,
    until: date | None,
    benchmark: str | None,
    pe: bool,
    companyfacts: Path | None,
    bars: Path | None,
) -> int:
    """A PNG of closes with insider trades, or of P/Es.

    What the store holds is drawn: prices that the bot collected, trades that it read.
    """
    if companyfacts and not pe:
        raise click.UsageError("--companyfacts needs --pe")
    if pe and (bars or until):
        raise click.UsageError("--pe reads the store up to its last day, without --bars, --until")
    config, ticker = load_config(config_path), ticker.upper()
    beside = (benchmark or config.prices.benchmark).upper()
    if pe:
        png = pe_chart(_pes(config, ticker, beside, since, companyfacts))
    elif bars:
        png = price_chart(_of_file(config, bars, ticker, beside, since, until))
    else:
        with reading_store(config) as store:
            content = price_content(store, ticker, benchmark=beside, since=since, until=until)
        png = price_chart(content)
    _write(out, png)
    say(str(out))
    return 0


def _pes(
    config: Config, ticker: str, benchmark: str, since: date | None, companyfacts: Path | None
) -> PeChart:
    with reading_store(config) as store:
        if companyfacts is None:
            return pe_content(store, ticker, benchmark=benchmark, since=since)
        body, where = read_unpacked(companyfacts), str(companyfacts)
        company = read_company_facts(body, where, cik=cik_of(store, ticker))
        return reported_pe_content(store, ticker, company, since=since)


def _of_file(
    config: Config,
    path: Path,
    ticker: str,
    benchmark: str,
    since: date | None,
    until: date | None,
) -> PriceChart:
    """Bars of a file as they are written there; the trades of the store, where there is one."""
    file = read_bars_file(path, only={ticker, benchmark})
    if ticker not in file.series:
        raise file.refused.get(ticker) or QueryError(
            f"no bar of {ticker} in this file", where=str(path), mend="give a file that has it"
        )
    trades = None
    if config.store.path.exists():
        with reading_store(config) as store:
            trades = insider_trades(store, ticker, since, until)
    return PriceChart(
        bars=_on_sessions(file.series[ticker].bars),
        source=path.name,
        basis="on the share basis of that file",
        since=since,
        until=until,
        benchmark=_on_sessions(file.series[benchmark].bars)
        if benchmark in file.series and benchmark != ticker
        else None,
        trades=trades,
    )


def _on_sessions(bars: Bars) -> Bars:
    """Without rows of days on which the exchange was closed: they are no bars."""
    if not len(bars):
        return bars
    first, last = (date.fromordinal(int(bars.days[place])) for place in (0, -1))
    return bars.take(np.isin(bars.days, sessions(first, last)))


def _write(out: Path, png: bytes) -> None:
    try:
        out.write_bytes(png)
    except OSError as error:
        what = f"can not be written: {(error.strerror or str(error)).lower()}"
        raise ConfigError(what, where=str(out), mend="name a file in a folder of yours") from error
