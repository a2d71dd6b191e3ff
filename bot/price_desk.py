"""Wires what looks after prices and valuations; the one place that knows the concrete providers.

Libraries of providers and NumPy are loaded here where prices are asked for, and nowhere before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, new_york_day
from bot.config import Config, Secret
from bot.errors import BotError, SourceUnavailable, SourceUnreadable, StoreLost
from bot.market.asking import newest_closed
from bot.sources.edgar.client import EdgarClient
from bot.store import Store

if TYPE_CHECKING:
    from bot.market.desk import Desk
    from bot.market.valuing import Valuing
    from bot.sources.prices.folder import FolderProvider
    from bot.sources.prices.provider import PriceProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What looks after prices, and what looks after valuations, each in a lane of its own."""

    desk: "Desk"
    valuing: "Valuing"

    def close(self) -> None:
        """Let go of the provider and end what is under way, from any thread."""
        self.valuing.close()
        self.desk.close()


def market_of(config: Config, store: Store, edgar: EdgarClient, *, clock: Clock) -> "Market | None":
    """What looks after prices and valuations; None where prices are switched off or can not be
    asked for, which is told and keeps nobody from the rest.

    edgar: asked for what companies report, and by nobody else.
    """
    try:
        provider = provider_of(config, clock=clock)
    except StoreLost:
        raise
    except BotError as error:
        log: FilteringBoundLogger = structlog.get_logger()
        log.error("prices.not_asked", reason=error.what, where=error.where, mend=error.mend)
        return None
    return None if provider is None else _market(config, store, edgar, provider, clock)


def _market(
    config: Config, store: Store, edgar: EdgarClient, provider: "PriceProvider", clock: Clock
) -> Market:
    from bot.market.closed import ClosedSessions
    from bot.market.desk import Desk
    from bot.market.expecting import Expecting
    from bot.market.figures import Figures
    from bot.market.quotes import Quotes
    from bot.market.tables import UserTables
    from bot.market.valuing import Valuing
    from bot.market.watching import Watching
    from bot.sources.prices.provider import Catalogue
    from bot.valuation.funds import LossPolicy

    prices = config.prices
    tables = UserTables(tables_folder(config, clock=clock))
    catalogue = provider if isinstance(provider, Catalogue) else None

    def listed() -> Iterable[str]:
        """A folder names its tickers itself; else those of the user's tables are followed too."""
        if catalogue is not None:
            return catalogue.tickers()
        return (*tables.told.tickers, *sorted(tables.told.members))

    watching = Watching(
        store,
        benchmark=prices.benchmark,
        watch=(
            *(() if catalogue is not None else (prices.pe_benchmark,)),
            *prices.watch,
            *(each for each in config.edgar.watch if not each.isdigit()),
        ),
        insiders=prices.insiders,
        listed=listed,
    )
    identities = catalogue.identities if catalogue is not None else dict
    closed = ClosedSessions(store, provider, watching, identities=lambda: identities().values())
    quotes = Quotes(store, provider, watching, every=prices.every)
    expecting = Expecting(store, provider, watching, clock=clock)
    valuing = Valuing(
        store,
        watching,
        Figures(store, edgar, clock=clock),
        tables,
        clock=clock,
        benchmark=prices.pe_benchmark,
        policy=LossPolicy(prices.fund_losses),
    )

    def after(session: date) -> None:
        expecting.ask(session)
        valuing.bars_are_in(session)

    desk = Desk(store, closed, quotes, clock=clock, close=provider.close, after=after)
    return Market(desk=desk, valuing=valuing)


def tables_folder(config: Config, *, clock: Clock) -> "FolderProvider | None":
    """Where people keep tables for valuations; None where no folder is configured."""
    if config.prices.path is None:
        return None
    from bot.sources.prices.folder import FolderProvider

    return FolderProvider(config.prices.path, clock=clock)


def tables_of(config: Config, *, clock: Clock) -> tuple[str, Mapping[str, str], Mapping[str, str]]:
    """Which of the user's tables there are, what is wrong with them, by file and line, and which
    rows are not used now."""
    folder = tables_folder(config, clock=clock)
    if folder is None:
        return "", {}, {}
    from bot.market.tables import UserTables

    tables = UserTables(folder)
    told = tables.look()
    found = [f"{Path(each.path).name} ({len(each.rows)} rows)" for each in told.contents.values()]
    mistakes = {each.where: each.what for each in (*told.problems, *tables.unread)}
    now = clock()
    unused = {e.where: e.what for e in told.unused(newest_closed(now), new_york_day(now))}
    return ", ".join(found), mistakes, unused


def provider_of(config: Config, *, clock: Clock) -> "PriceProvider | None":
    """Who is asked for prices; None where they are switched off.

    ConfigError where a library or a key is missing.
    """
    prices = config.prices
    match prices.chosen:
        case "off":
            return None
        case "folder" if prices.path is not None:
            from bot.sources.prices.folder import FolderProvider

            return FolderProvider(prices.path, clock=clock)
        case "alpaca":
            from bot.sources.prices.alpaca import AlpacaProvider

            return AlpacaProvider(
                key=_revealed(prices.alpaca_key),
                secret=_revealed(prices.alpaca_secret),
                clock=clock,
                url=prices.url,
            )
        case _:
            from bot.sources.prices.yahoo import YahooProvider

            return YahooProvider(clock, url=prices.url)


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()


def ask_for_one(config: Config, *, clock: Clock) -> tuple[str, str]:
    """What the provider says of the benchmark's last sessions, and how to mend it where it does
    not."""
    provider = provider_of(config, clock=clock)
    if provider is None:
        return "off", ""
    benchmark, newest = config.prices.benchmark, newest_closed(clock())
    try:
        daily = provider.daily([benchmark], newest - timedelta(days=14), newest)
    except (SourceUnavailable, SourceUnreadable) as error:
        place = f" ({error.where})" if isinstance(error, SourceUnreadable) else ""
        return f"does not answer: {error.what}{place}", _mend(config, error)
    finally:
        provider.close()
    bars = daily.bars.get(benchmark)
    if bars is None or not len(bars):
        why = daily.refused.get(benchmark, "no bar of the last two weeks")
        mend = f"without {benchmark} no return is compared: set another [prices] benchmark"
        return f"answers, but not for {benchmark}: {why}", mend
    return f"answers, {benchmark} closed {date.fromordinal(int(bars.days[-1]))}", ""


def _mend(config: Config, error: BotError) -> str:
    """A filter of names looks like a provider that is down, or like a delisting."""
    if config.prices.chosen != "yahoo" or config.prices.url is not None:
        return error.mend
    from bot.sources.prices.yahoo import blocked

    found = blocked()
    return f"let the machine find Yahoo's hosts: {'; '.join(found)}" if found else error.mend
