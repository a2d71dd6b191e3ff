"""The whole bot on a made-up market, as fast as it goes: what ``bot demo`` shows.

The real scheduler, HTTP client, parser, rules, outbox and Slack client work against an EDGAR and a
Slack on loopback.  Only the market's clock is ours: it jumps from one filing to the next.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from bot.backfill import Backfilled, backfill
from bot.cards import Card
from bot.clock import monotonic, sleep
from bot.config import Config, Edgar, Prices, Secret, Slack
from bot.live import LiveBot
from bot.running import resident_bot
from bot.sandbox.edgar import SandboxEdgar
from bot.sandbox.edgar_clock import SandboxClock
from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.market import AWAY, OPENED, filings
from bot.sandbox.slack import SlackServer
from bot.sources.edgar.backfill import Hosts
from bot.store import Delivery, Store

CHANNEL = "#alerts"
_CONTACT = "Sandbox demo@example.org"
_POLL = timedelta(seconds=0.25)
_PATIENCE_S = 8.0
_TO_BE_LISTED = timedelta(seconds=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a demo came to, for its closing table."""

    published: int
    documents: int
    facts: dict[str, int]
    fates: dict[str, int]
    messages: int
    requests: int
    most_in_a_second: int


class Demo:
    """One run of the demo.

    speed: how many times as fast as real the market's pauses pass; None leaves them out.
    show: told of each card when it stands in the channel.
    """

    def __init__(
        self, config: Config, folder: Path, *, speed: float | None, show: Callable[[Card], None]
    ) -> None:
        self._folder, self._speed, self._show = folder, speed, show
        self._clock = SandboxClock(start=OPENED)
        self._market = SandboxMarket.of(filings())
        self._edgar = SandboxEdgar(self._market, self._clock)
        self._slack = SlackServer(channels=(CHANNEL,))
        self._shown = 0
        self._config = replace(
            config,
            store=replace(config.store, path=folder / "demo.db"),
            edgar=Edgar(
                contact=_CONTACT, every=_POLL, www_url=self._edgar.url, data_url=self._edgar.url
            ),
            prices=Prices(provider="off"),
            slack=Slack(api_url=self._slack.api_url, bot_token=Secret(self._slack.token)),
            alerts=replace(config.alerts, channel=CHANNEL),
        )

    @property
    def store_path(self) -> Path:
        """Where everything that the demo stores is."""
        return self._config.store.path

    def run(self, say: Callable[[str], None]) -> Shown:
        """Play the story; ``say`` is told what happens beside the alerts."""
        with self._edgar, self._slack:
            found = self._backfill()
            say(f"bot backfill OKLO: {found.new} filings of the past, quietly")
            say("bot run: the market of September 2025")
            with self._running():
                self._play(until=AWAY[0])
            say(f"the bot is away until {AWAY[1]:%A, %d %B %H:%M} ET, and comes back")
            self._clock.move_to(AWAY[1])
            with self._running():
                self._wait_for_quiet(self._published())
            return self._summary()

    @contextmanager
    def _running(self) -> Iterator[LiveBot]:
        """A resident bot in a thread of its own."""
        with resident_bot(self._config, console=Console(quiet=True), clock=self._clock) as bot:
            thread = threading.Thread(target=bot.run, name="bot")
            thread.start()
            try:
                yield bot
            finally:
                bot.stop()
                thread.join()

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

    def _play(self, *, until: datetime) -> None:
        """Jump from filing to filing and wait until the bot is done with each."""
        self._wait_for_quiet(self._published())
        for publication in self._market.publications:
            listed = publication.accepted_at + _TO_BE_LISTED
            if self._clock() < listed < until:
                if self._speed:
                    sleep(min((listed - self._clock()).total_seconds() / self._speed, 10))
                self._clock.move_to(max(listed, self._clock()))
                self._wait_for_quiet(self._published())
        self._clock.move_to(until)

    def _published(self) -> int:
        return sum(each.accepted_at <= self._clock() for each in self._market.publications)

    def _wait_for_quiet(self, documents: int) -> None:
        """Until so many documents are judged and every message is out, or patience ends."""
        deadline = monotonic() + _PATIENCE_S
        store = Store(self._config.store.path)
        try:
            while monotonic() < deadline:
                self._show_new(store)
                done = store.documents.count() >= documents and not store.documents.unread(1)
                judged = store.decisions.judged_seq() >= store.facts.newest_seq()
                if done and judged and not store.outbox.unfinished() and self._all_told(store):
                    return
                sleep(0.05)
        finally:
            self._show_new(store)
            store.close()

    def _all_told(self, store: Store) -> bool:
        return not store.outbox.channels_with_digest()

    def _show_new(self, store: Store) -> None:
        sent = [m for m in store.outbox.all() if m.state is Delivery.SENT]
        for message in sorted(sent, key=lambda m: (m.sent_at or 0, m.id))[self._shown :]:
            self._show(Card.from_json(message.card))
            self._shown += 1

    def _summary(self) -> Shown:
        store = Store(self._config.store.path)
        try:
            return Shown(
                published=len(self._market.publications),
                documents=store.documents.count(),
                facts=store.facts.count(),
                fates=store.decisions.count_by_fate(),
                messages=len(self._slack.messages(CHANNEL)),
                requests=len(self._edgar.requests),
                most_in_a_second=self._edgar.most_in_a_second(),
            )
        finally:
            store.close()
