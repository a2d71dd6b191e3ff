"""Wires the resident bot from a configuration: store, EDGAR, rules, notifier, schedule."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from typing import TYPE_CHECKING
from zlib import crc32

import structlog
from rich.console import Console
from structlog.typing import FilteringBoundLogger

from bot.app import judge_of, rule_texts
from bot.cards import Card
from bot.cards import Line as CardLine
from bot.chart_desk import chart_desk_of
from bot.clock import Clock, system_clock, to_ms
from bot.collect import INSIDERS, INSIDERS_AND_NOTICES, Collector, Line, Watch
from bot.companies import Companies
from bot.composing import composed
from bot.config import Alerts, Config
from bot.edgar_desk import UNKNOWN_MEND, edgar_client, unknown_told, watch_of
from bot.errors import SourceUnavailable, StoreLost
from bot.fed_desk import fed_desk_of
from bot.judge import Judge
from bot.live import LiveBot
from bot.notifiers import Notifier
from bot.outbox import Outgoing, Patience
from bot.pipeline import read_documents
from bot.price_desk import market_of
from bot.rehearsal import rehearse
from bot.release_desk import release_desk_of
from bot.reload import Judging, Reloader, choose
from bot.rules.loading import Text
from bot.rules.model import Rule, Severity
from bot.sources.edgar.client import EdgarClient
from bot.store import NewMessage, Store
from bot.store.lock import only_one

if TYPE_CHECKING:
    from bot.slack_desk import SlackDesk

LOST = -(10**16)
"""The number of the one message that no store can number; those of unknown tickers lie below."""


@contextmanager
def resident_bot(
    config: Config, *, console: Console, clock: Clock = system_clock
) -> Iterator[LiveBot]:
    """The bot, ready to run; it alone works on its store while the block lasts.

    clock: the time that filings and alerts live in, another than the machine's in a sandbox; jobs
    and requests keep to the machine's.
    """
    path = config.store.path
    with (
        only_one(path),
        closing(Store(path)) as store,
        edgar_client(config, store) as client,
        edgar_client(config, store) as figures,
    ):
        store.collection.come_back(clock())
        judging, reloader = _rules(config, store, console, clock)
        notifier = notifier_of(config, console, clock)
        outgoing = Outgoing(
            store, notifier, clock=clock, compose=partial(composed, store),
            ops_channel=config.alerts.ops_channel, stale_after=config.alerts.stale_after,
            patience=Patience.settling(config.slack.settle),
        )  # fmt: skip
        collector, companies = _filings(config, store, client, judging, outgoing, clock)
        charts = chart_desk_of(config, store, notifier, clock=clock)
        chat = _chat(config, store, reloader, clock)
        with closing(_Desks(config, store, figures, judging, clock)) as desks:

            def hang_up() -> None:
                for each in (client, figures, desks):
                    each.hang_up()
                if chat is not None:
                    chat.hang_up()
                if charts is not None:
                    charts.hang_up()

            yield LiveBot(
                store, collector, outgoing, poll_every=config.edgar.every,
                reload=reloader.look, tick=judging.tick, companies=companies.look,
                prices=desks.prices, valuations=desks.valuations,
                fed=desks.fed, releases=desks.releases, chat=chat.look if chat else None,
                charts=charts.look if charts else None,
                hang_up=hang_up,
                lost=lambda error: _tell_lost(error, notifier, config.alerts),
            )  # fmt: skip


def _chat(config: Config, store: Store, reloader: Reloader, clock: Clock) -> "SlackDesk | None":
    """What answers in Slack, loaded only where there is a token of Slack."""
    if config.slack.bot_token is None and config.slack.app_token is None:
        return None
    from bot.slack_desk import slack_desk_of

    return slack_desk_of(
        config,
        store,
        rules=lambda: reloader.rules,
        refused=lambda: reloader.refused,
        clock=clock,
    )


def _filings(
    config: Config,
    store: Store,
    client: EdgarClient,
    judging: Judging,
    outgoing: Outgoing,
    clock: Clock,
) -> tuple[Collector, Companies]:
    """What collects filings of insiders, and what collects those of watched companies."""
    watch = _watching(config, client, lambda told: _tell_unknown(told, config, store, clock))
    collector = Collector(
        store,
        client,
        clock=clock,
        line=_line(store, judging),
        done=outgoing.tell_digest,
        watch=watch,
        forms=INSIDERS_AND_NOTICES if config.edgar.form144 else INSIDERS,
    )
    companies = Companies(
        store,
        client,
        clock=clock,
        every=config.edgar.companies_every,
        watched=lambda: watch().ciks,
    )
    return collector, companies


class _Desks:
    """What looks after prices, valuations, the Fed and releases; a look is None where that is
    switched off."""

    def __init__(
        self, config: Config, store: Store, figures: EdgarClient, judging: Judging, clock: Clock
    ) -> None:
        market = market_of(config, store, figures, clock=clock)
        fed = fed_desk_of(config, store, clock=clock, judge=judging.tick)
        releases = release_desk_of(config, store, fed, clock=clock)
        self.prices = market.desk.look if market else None
        self.valuations = market.valuing.look if market else None
        self.fed = fed.look if fed else None
        self.releases = releases.look if releases else None
        self._hang_ups = [market.close] if market else []
        self._hang_ups += [desk.hang_up for desk in (fed, releases) if desk]
        self._closes = [desk.close for desk in (fed, releases) if desk]

    def hang_up(self) -> None:
        """End what is under way, from any thread."""
        for each in self._hang_ups:
            each()

    def close(self) -> None:
        self.hang_up()
        for each in self._closes:
            each()


def _rules(
    config: Config, store: Store, console: Console, clock: Clock
) -> tuple[Judging, Reloader]:
    """The rules of the configuration in force, and what takes up their changes."""

    def read() -> list[tuple[str, Text]]:
        return rule_texts([config.rules.path])

    def make(rules: Sequence[Rule]) -> Judge:
        return judge_of(config, store, rules, clock=clock)

    texts = dict(read())
    choice = choose(texts, store.rule_files.last_good(texts), rehearse).or_raise()
    judge = make(choice.rules)
    _tell_joined(judge, console)
    judging = Judging(judge)
    reloader = Reloader(
        store,
        judging,
        read=read,
        make=make,
        run=rehearse,
        start=choice,
        seen=texts,
        clock=clock,
        ops_channel=config.alerts.ops_channel,
    )
    reloader.begin()
    return judging, reloader


def _tell_lost(error: StoreLost, notifier: Notifier, alerts: Alerts) -> None:
    """To the operators, else where alerts go: whoever waits for some must know."""
    card = Card(
        alert_id=LOST,
        rule="store",
        severity=Severity.CRITICAL,
        headlines=(f"The bot has ended: {error.what}",),
        lines=(CardLine(label="Store", text=error.where), CardLine(label="Mend", text=error.mend)),
    )
    notifier.send(alerts.ops_channel or alerts.channel, card)


def notifier_of(config: Config, console: Console, clock: Clock) -> Notifier:
    """Slack by token, else by webhook, else the terminal.

    clock: the one by which messages are queued.
    """
    slack = config.slack
    if slack.bot_token is not None:
        from bot.notifiers.slack import SlackNotifier

        return SlackNotifier(
            token=slack.bot_token.reveal(),
            api_url=slack.api_url,
            clock=clock,
            interactive=slack.app_token is not None,
        )
    if slack.webhook_url is not None:
        from bot.notifiers.webhook import WebhookNotifier

        return WebhookNotifier(url=slack.webhook_url.reveal())
    from bot.notifiers.console import ConsoleNotifier

    return ConsoleNotifier(console)


def _watching(
    config: Config, client: EdgarClient, tell_unknown: Callable[[Watch], object]
) -> Callable[[], Watch]:
    """The watched issuers, looked up once; while EDGAR does not answer, at every poll again."""

    @cache
    def found() -> Watch:
        watch = watch_of(config, client)
        if watch.unknown:
            tell_unknown(watch)
        return watch

    with suppress(SourceUnavailable):
        found()
    return found


def _tell_unknown(watch: Watch, config: Config, store: Store, clock: Clock) -> None:
    """In the log at each start, to the operators once for the same tickers."""
    told = unknown_told(watch.unknown)
    log: FilteringBoundLogger = structlog.get_logger()
    log.error("watch.unknown", tickers=watch.unknown, watched=len(watch.ciks), mend=UNKNOWN_MEND)
    if config.alerts.ops_channel is None:
        return
    card = Card(
        alert_id=LOST - crc32(told.encode()),
        rule="watch",
        severity=Severity.HIGH,
        headlines=(f"Not watched: {told}",),
        lines=(
            CardLine(label="Watched", text=f"{len(watch.ciks)} others"),
            CardLine(label="Mend", text=UNKNOWN_MEND),
        ),
    )
    message = NewMessage(
        message_id=card.alert_id,
        channel=config.alerts.ops_channel,
        created_at=to_ms(clock()),
        text=card.text,
        card=card.to_json(),
    )
    store.outbox.add([message])


def _line(store: Store, judging: Judging) -> Line:
    def line() -> None:
        while read_documents(store).documents:
            pass
        judging.tick()

    return line


def _tell_joined(judge: Judge, console: Console) -> None:
    for joined in judge.joined:
        if joined.matching:
            console.print(f"{joined.rule.id}: {joined.matching} already match and start fired")
