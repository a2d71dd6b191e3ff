"""The whole bot on a made-up market, as fast as it goes: what ``bot demo`` shows.

The real scheduler, HTTP client, parser, rules, outbox and Slack client work against an EDGAR, a
Slack, a Federal Reserve and a provider of prices on loopback.  Only the market's clock is ours: it
jumps from one filing or closed session to the next.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console

from bot.backfill import Backfilled, backfill
from bot.calendar import NYSE
from bot.cards import Card
from bot.clock import monotonic, sleep, to_day_number
from bot.config import Calendar, Config, Edgar, Fed, Prices, Secret, Slack
from bot.facts import FED_RELEASE, VALUATION
from bot.live import LiveBot
from bot.market.asking import newest_closed
from bot.pipeline import EDGAR
from bot.running import resident_bot
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_story import DECIDED, story
from bot.sandbox.market import AWAY, OPENED, filings
from bot.sandbox.market_reports import REPORTS
from bot.sandbox.prices_alpaca import SandboxAlpaca
from bot.sandbox.slack import SlackServer
from bot.sandbox.story_prices import (
    LAST,
    LOOKED_AT,
    TABLES_AT,
    TO_BE_WHOLE,
    story_market,
    story_prices,
    write_tables,
)
from bot.sources.edgar.backfill import Hosts
from bot.store import Delivery, Store

CHANNEL = "#alerts"
_HASTE = 5.0
"""So fast the market's clock runs while the story is told: by it the bot paces its messages."""
_BURST = 1_000  # of this Slack, whose clock is the machine's
_CONTACT = "Sandbox demo@example.org"
_POLL = timedelta(seconds=2)
_PATIENCE_S = 15.0
_TO_BE_LISTED = timedelta(seconds=40)
_WAKE_S = 0.2
_BEFORE_THE_DECISION = timedelta(minutes=2)
_WITH_THE_FEED = timedelta(minutes=1)
_OVER = NYSE.close_at(LAST) + timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a demo came to, for its closing table.

    requests: to EDGAR.  sessions: bars stored, of all tickers.
    """

    published: int
    documents: int
    facts: dict[str, int]
    fates: dict[str, int]
    messages: int
    requests: int
    most_in_a_second: int
    tickers: int
    sessions: int


class Demo:
    """One run of the demo.

    speed: how many times as fast as real the market's pauses pass; None leaves them out.
    show: told of each card when it stands in the channel.
    chat: whether the local Slack is looked at: the bot can be asked there, and adds charts.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        speed: float | None,
        show: Callable[[Card], None],
        chat: bool = False,
    ) -> None:
        self._folder, self._speed, self._show = folder, speed, show
        self._clock = SandboxClock(start=DECIDED - _BEFORE_THE_DECISION, speed=_HASTE)
        self._market = SandboxMarket.of(filings())
        self._edgar = SandboxEdgar(self._market, self._clock, reports=REPORTS)
        self._fed = SandboxFed(story(), self._clock)
        self._alpaca = SandboxAlpaca(story_market(), self._clock)
        self._slack = SlackServer(channels=(CHANNEL,), burst=_BURST)
        self._shown = 0
        self._tables = folder / "mine"
        self._config = replace(
            config,
            store=replace(config.store, path=folder / "demo.db"),
            edgar=Edgar(
                contact=_CONTACT, every=_POLL, www_url=self._edgar.url, data_url=self._edgar.url
            ),
            fed=Fed(enabled=False),
            calendar=Calendar(agencies=()),
            prices=story_prices(self._tables, self._alpaca.url),
            slack=Slack(
                api_url=self._slack.api_url,
                bot_token=Secret(self._slack.token),
                app_token=Secret(self._slack.app_token) if chat else None,
                charts=chat,
            ),
            alerts=replace(config.alerts, channel=CHANNEL),
        )

    @property
    def store_path(self) -> Path:
        """Where everything that the demo stores is."""
        return self._config.store.path

    @property
    def page(self) -> str:
        """The address of the local Slack, for a browser."""
        return self._slack.url

    @contextmanager
    def played(self, say: Callable[[str], None]) -> Iterator[Shown]:
        """Play the story, and go on running until the context ends.

        say: told what happens beside the alerts.
        """
        with self._edgar, self._fed, self._alpaca, self._slack:
            found = self._backfill()
            say(f"bot backfill OKLO: {found.new} filings of the past, quietly")
            say("bot run: the Federal Reserve on 17 September 2025")
            self._play_the_decision()
            self._move_to(OPENED)
            say("bot run: the market of autumn 2025")
            with self._running(self._config) as bot:
                self._play(bot, until=TABLES_AT)
                tables = ", ".join(write_tables(self._tables))
                say(f"you put the figures of an article into your folder: {tables}")
                self._play(bot, until=AWAY[0])
            say(f"the bot is away until {AWAY[1]:%A, %d %B %H:%M} ET, and comes back")
            self._move_to(AWAY[1])
            with self._running(self._config) as bot:
                self._play(bot, until=_OVER)
                self._clock.run_at(1)
                yield self._summary()

    @contextmanager
    def _running(self, config: Config) -> Iterator[LiveBot]:
        """A resident bot in a thread of its own."""
        with resident_bot(config, console=Console(quiet=True), clock=self._clock) as bot:
            thread = threading.Thread(target=bot.run, name="bot")
            thread.start()
            try:
                yield bot
            finally:
                bot.stop()
                thread.join()

    def _play_the_decision(self) -> None:
        """Two minutes before a decision, the second of it, and the feed that follows."""
        config = replace(
            self._config,
            fed=Fed(url=self._fed.url, regional=()),
            prices=Prices(provider="off"),
        )
        with self._running(config) as bot:
            self._wait_until(bot, lambda store: store.collection.polled_since("fed:testimony"))
            self._move_to(DECIDED)
            self._wait_until(bot, lambda store: _released(store) >= 1)
            self._move_to(DECIDED + _WITH_THE_FEED)
            self._wait_until(bot, lambda store: _released(store) >= self._due())

    def _due(self) -> int:
        """How many documents the Federal Reserve has released with the decision."""
        return sum(each.published_at == DECIDED for each in self._fed.record.documents)

    def _backfill(self) -> Backfilled:
        hosts = Hosts(
            contact=_CONTACT,
            www_url=self._edgar.url,
            data_url=self._edgar.url,
            pace_file=self._folder / "pace",
            per_second=8,
        )
        store = Store(self._config.store.path)
        try:
            return backfill(
                store,
                "OKLO",
                hosts,
                since=datetime(2025, 1, 1, tzinfo=OPENED.tzinfo).date(),
                clock=self._clock,
                progress=lambda _came, _wanted: None,
            )
        finally:
            store.close()

    def _play(self, bot: LiveBot, *, until: datetime) -> None:
        """Jump from one event to the next and wait until the bot is done with each."""
        self._wait_for_quiet(bot)
        for at in self._events():
            if self._clock() < at < until:
                if self._speed:
                    sleep(min((at - self._clock()).total_seconds() / self._speed, 10))
                self._move_to(at)
                self._wait_for_quiet(bot)
        self._move_to(until)

    def _move_to(self, instant: datetime) -> None:
        """Where a slow machine has not let the clock come past it already."""
        if instant > self._clock():
            self._clock.move_to(instant)

    def _events(self) -> list[datetime]:
        """When filings are listed and bars of sessions are whole, in their order."""
        listed = [each.accepted_at + _TO_BE_LISTED for each in self._market.publications]
        return sorted([*listed, *(NYSE.close_at(day) + TO_BE_WHOLE for day in LOOKED_AT)])

    def _published(self) -> int:
        return sum(each.accepted_at <= self._clock() for each in self._market.publications)

    def _wait_for_quiet(self, bot: LiveBot) -> None:
        """Until all that is published and traded is judged and told, or patience ends."""
        documents, session = self._published(), newest_closed(self._clock())
        self._wait_until(
            bot, lambda store: _has_read(store, documents) and _is_valued(store, session)
        )

    def _wait_until(self, bot: LiveBot, done: Callable[[Store], object]) -> None:
        """Until that is so and all is judged and told, or patience ends."""
        deadline, woken = monotonic() + _PATIENCE_S, 0.0
        store = Store(self._config.store.path)
        try:
            while (now := monotonic()) < deadline:
                self._show_new(store)
                if done(store) and _is_told(store):
                    return
                if now - woken >= _WAKE_S:  # its jobs wait by the machine's clock
                    bot.wake()
                    woken = now
                sleep(0.05)
        finally:
            self._show_new(store)
            store.close()

    def _show_new(self, store: Store) -> None:
        sent = [m for m in store.outbox.all() if m.state is Delivery.SENT]
        for message in sorted(sent, key=lambda m: (m.sent_at or 0, m.id))[self._shown :]:
            self._show(Card.from_json(message.card))
            self._shown += 1

    def _summary(self) -> Shown:
        store = Store(self._config.store.path)
        try:
            bars = store.prices.traded([each.ticker for each in store.followed.all()], until=LAST)
            return Shown(
                published=len(self._market.publications),
                documents=len(store.documents.keys(EDGAR)),
                facts=store.facts.count(),
                fates=store.decisions.count_by_fate(),
                messages=len(self._slack.messages(CHANNEL)),
                requests=len(self._edgar.requests),
                most_in_a_second=self._edgar.most_in_a_second(),
                tickers=len(bars),
                sessions=sum(map(len, bars.values())),
            )
        finally:
            store.close()


def _has_read(store: Store, filings: int) -> bool:
    return len(store.documents.keys(EDGAR)) >= filings and not store.documents.unread(1)


def _released(store: Store) -> int:
    """How many releases of the Federal Reserve were news."""
    return sum(not row["quiet"] for row in store.facts.select(FED_RELEASE, limit=100))


def _is_told(store: Store) -> bool:
    judged = store.decisions.judged_seq() >= store.facts.newest_seq()
    return judged and not store.outbox.unfinished() and not store.outbox.channels_with_digest()


def _is_valued(store: Store, session: date) -> bool:
    """Whether every ticker that is followed was asked for up to a session, and valued at it."""
    followed = store.followed.all()
    newest = store.facts.select(VALUATION, limit=2 * len(followed) + 1)
    valued = {row["ticker"] for row in newest if row["as_of"] == to_day_number(session)}
    return bool(followed) and all(
        each.asked is not None and each.asked >= session and each.ticker in valued
        for each in followed
    )
