"""Every setting of the bot: name, type, reader, meaning and default, declared in one place.

A new setting is one line of its section here, and its lines in config.example.toml.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from bot.config import readers as read
from bot.config.declared import Key, Secret, Setting, Variable, field_of, settings_of
from bot.config.route_settings import QuietEntry, RouteEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What the bot remembers."""

    path: Annotated[Path, Key(read.path, "The database file.")] = Path("bot.db")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which rules are in force."""

    path: Annotated[
        Path,
        Key(
            read.path,
            "A rule file or a folder of them.  Default: the folder 'rules' beside this file,"
            " or the rules that come with the bot where there is none.",
        ),
    ] = Path("rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edgar:
    """Filings from the SEC."""

    contact: Annotated[
        str | None,
        Key(
            read.contact,
            "Who asks: an e-mail address, or a company and an address.  The SEC wants it with"
            " every request; without it the bot does not ask EDGAR for anything.",
        ),
    ] = None
    every: Annotated[timedelta, Key(read.span, "How often to look for new filings.")] = timedelta(
        seconds=30
    )
    watch: Annotated[
        tuple[str, ...],
        Key(read.watch_list, "Tickers or CIKs to watch.  Without any: the whole market."),
    ] = ()
    form144: Annotated[
        bool,
        Key(
            read.yes_no,
            "Whether to collect notices of proposed sale (Form 144) too: one more request each look"
            " and one each notice.",
        ),
    ] = True
    companies_every: Annotated[
        timedelta,
        Key(
            read.span,
            "How often to read each watched company's list of filings (8-K, 25, 424B5 and so on): a"
            " request each.  Without 'watch' none is read.",
        ),
    ] = timedelta(minutes=10)
    www_url: Annotated[str, Key(read.url, "Where EDGAR's feed, indexes and filings are.")] = (
        "https://www.sec.gov"
    )
    data_url: Annotated[str, Key(read.url, "Where EDGAR's lists of a company's filings are.")] = (
        "https://data.sec.gov"
    )


PRESIDENTS = (
    "https://www.dallasfed.org/rss/speeches.xml",
    "https://www.atlantafed.org/rss/speechindex",
    "https://www.richmondfed.org/press_room/speeches?cc_view=rss",
    "https://www.kansascityfed.org/speeches/",
)
"""Lists of speeches of the regional banks that publish one: feeds, and a page of Kansas City's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What the Federal Reserve publishes."""

    enabled: Annotated[
        bool, Key(read.yes_no, "Whether to ask the Federal Reserve for anything.")
    ] = True
    every: Annotated[
        timedelta,
        Key(
            read.span,
            "How often to look for new releases, speeches and testimony: three requests each look."
            "  Around a scheduled release the bot looks every few seconds by itself.",
        ),
    ] = timedelta(minutes=1)
    regional: Annotated[
        tuple[str, ...],
        Key(
            read.addresses,
            "Lists of speeches of presidents of the regional banks: RSS, or a page of links.  They"
            " are read every ten minutes.",
        ),
    ] = PRESIDENTS
    url: Annotated[str, Key(read.url, "Where the Board of Governors is asked.")] = (
        "https://www.federalreserve.gov"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Releases that calendars announce, and that are told when they do not come."""

    agencies: Annotated[
        tuple[str, ...],
        Key(
            read.agencies,
            "Whose releases are waited for: fed (statements and minutes), bls (jobs, CPI, PPI, job"
            " openings), bea (GDP, income and outlays, trade).  The BLS wants [edgar] contact.",
        ),
    ] = read.AGENCIES
    grace: Annotated[
        timedelta,
        Key(read.span, "How long after its time a release may come and is not missing."),
    ] = timedelta(hours=1)
    bls_url: Annotated[str, Key(read.url, "Where the Bureau of Labor Statistics is asked.")] = (
        "https://www.bls.gov"
    )
    bea_url: Annotated[str, Key(read.url, "Where the Bureau of Economic Analysis is asked.")] = (
        "https://apps.bea.gov"
    )


WATCHED_FUNDS = (
    "SPY", "IWV", "IWM", "IWO", "RSP", "IJR",
    "XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY",
)  # fmt: skip
"""The market by size, style and weight, then its sectors: what the shipped rules compare, each
after what it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices of the watched companies and of what they are compared with."""

    provider: Annotated[
        str | None,
        Key(
            read.price_provider,
            "Who is asked: yahoo, alpaca, folder (files of your own; csv and parquet mean the"
            " same) or off.  Default: alpaca where both its secrets are set, else yahoo.",
        ),
    ] = None
    path: Annotated[
        Path | None,
        Key(
            read.path,
            "The folder of your own files: bars where the provider is folder, and tables of fair"
            " values and holdings with every provider.",
        ),
    ] = None
    every: Annotated[
        timedelta,
        Key(
            read.quotes_every,
            "How often to ask for quotes while the exchange trades, and never else: 30s or more.",
        ),
    ] = timedelta(minutes=5)
    watch: Annotated[
        tuple[str, ...],
        Key(
            read.tickers,
            "Tickers to follow besides the benchmark and those of [edgar] watch: funds to compare"
            " with.",
        ),
    ] = WATCHED_FUNDS
    insiders: Annotated[
        bool,
        Key(
            read.yes_no,
            "Whether to follow every ticker too in which insiders traded $1M or more at once in the"
            " open market within 90 days.",
        ),
    ] = True
    benchmark: Annotated[str, Key(read.ticker, "What excess returns are measured against.")] = "IWM"
    pe_benchmark: Annotated[
        str, Key(read.ticker, "Whose P/E the P/Es of all others are compared with.")
    ] = "SPY"
    fund_losses: Annotated[
        str,
        Key(
            read.loss_policy,
            "What becomes of holdings that lose money in the P/E of a fund that is made of its"
            " holdings: losses_excluded, losses_included, losses_as_zero or capped_60.",
        ),
    ] = "losses_excluded"
    url: Annotated[
        str | None,
        Key(read.url, "Where the provider is asked.  Without it: at its own addresses."),
    ] = None
    alpaca_key: Annotated[
        Secret | None, Variable("ALPACA_KEY", "Key of a free account at Alpaca.", "Alpaca")
    ] = None
    alpaca_secret: Annotated[
        Secret | None, Variable("ALPACA_SECRET", "The secret that belongs to it.", "Alpaca")
    ] = None

    @property
    def chosen(self) -> str:
        """The provider that is asked: the one named, else the best that needs nothing more."""
        keys = self.alpaca_key is not None and self.alpaca_secret is not None
        return self.provider or ("alpaca" if keys else "yahoo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """How alerts reach Slack."""

    api_url: Annotated[str, Key(read.api_url, "Where Slack's Web API is.")] = (
        "https://slack.com/api/"
    )
    charts: Annotated[
        bool,
        Key(
            read.yes_no,
            "Whether an alert on a ticker gets its chart, a little later: needs the extra charts "
            "and the scope files:write.",
        ),
    ] = True
    bot_token: Annotated[
        Secret | None, Variable("SLACK_BOT_TOKEN", "Lets the bot write to channels: xoxb-…")
    ] = None
    app_token: Annotated[
        Secret | None, Variable("SLACK_APP_TOKEN", "Lets the bot be asked in Slack: xapp-…")
    ] = None
    webhook_url: Annotated[
        Secret | None,
        Variable("SLACK_WEBHOOK_URL", "An incoming webhook, the way without a bot token."),
    ] = None
    settle: Annotated[
        timedelta,
        Key(
            read.span,
            "So long after its answer was lost a message may still arrive or come to be shown; "
            "only then is it sent again.",
        ),
    ] = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Where alerts go, and when they come too late."""

    channel: Annotated[str, Key(read.channel, "Where alerts of rules without 'to' go.")] = "#alerts"
    ops_channel: Annotated[
        str | None,
        Key(read.channel, "Where the bot tells of its own troubles.  Without it: only in the log."),
    ] = None
    stale_after: Annotated[
        timedelta,
        Key(
            read.span, "Older facts, as after an outage, are told in one digest instead of alerts."
        ),
    ] = timedelta(hours=24)
    stories: Annotated[
        timedelta,
        Key(
            read.story_span,
            "Alerts about one company or subject within this span make one story in their channel;"
            ' "off": each stands alone.',
        ),
    ] = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Who may do what in Slack: "everyone", or users (U…) and user groups (S…) by their ids.

    Whoever may run the bot on its machine may do everything at the terminal.
    """

    mute: Annotated[tuple[str, ...], Key(read.people, "Who may mute alerts, and end a mute.")] = (
        read.EVERYONE
    )
    acknowledge: Annotated[tuple[str, ...], Key(read.people, "Who may acknowledge alerts.")] = (
        read.EVERYONE
    )
    subscribe: Annotated[
        tuple[str, ...],
        Key(read.people, "Who may have alerts sent to their own direct messages."),
    ] = read.EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings, a section each; of routes and quiet times as many as there are."""

    store: Store = field(default_factory=Store)
    rules: Rules = field(default_factory=Rules)
    edgar: Edgar = field(default_factory=Edgar)
    fed: Fed = field(default_factory=Fed)
    calendar: Calendar = field(default_factory=Calendar)
    prices: Prices = field(default_factory=Prices)
    slack: Slack = field(default_factory=Slack)
    alerts: Alerts = field(default_factory=Alerts)
    chat: Chat = field(default_factory=Chat)
    routes: tuple[RouteEntry, ...] = ()
    quiet: tuple[QuietEntry, ...] = ()


@cache
def sections() -> Mapping[str, type]:
    """The sections by name, in the order in which they are written."""
    return {name: hint for name, hint in get_type_hints(Config).items() if isinstance(hint, type)}


@cache
def tables() -> Mapping[str, type]:
    """What stands as often as there are such things, each under a header of its own."""
    hints = get_type_hints(Config).items()
    return {name: get_args(hint)[0] for name, hint in hints if get_origin(hint) is tuple}


def all_settings() -> Iterator[tuple[str, str, Setting, Any]]:
    """Section, name, declaration and default, None without one, of every setting."""
    for section, kind in sections().items():
        defaults = kind()
        for name, setting in settings_of(kind).items():
            yield section, name, setting, getattr(defaults, name)
    for table, kind in tables().items():
        defaults = {f.name: f.default for f in fields(kind) if f.default is not MISSING}
        for name, setting in settings_of(kind).items():
            yield table, name, setting, defaults.get(field_of(name))
