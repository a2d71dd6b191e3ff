"""Collects filings of insiders from the whole market: poll after poll, whole days after an outage.

Filings are kept in the order of their acceptance: after an outage the days missed come first, the
oldest before the others, so that the rules see what they would have seen.  What was accepted before
the bot's very first start is quiet: it moves the state of rules and alerts nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.calendar import SEC, start_of
from bot.clock import Clock, from_text, new_york_day, to_ms, to_text
from bot.errors import BotError, ConfigError, SourceUnreadable
from bot.facts import source_poll
from bot.notices import conclude_notices
from bot.pipeline import EDGAR
from bot.sources.edgar.client import EdgarClient, Ended
from bot.sources.edgar.container import Refused, contained_form
from bot.sources.edgar.forms import read_document
from bot.sources.edgar.listing import FetchedFiling, ListedFiling, PendingFiling
from bot.sources.edgar.live import PollResult, ReconcileResult, lists_of, poll, reconcile
from bot.sources.edgar.names import FORM_4, FORM_144
from bot.store import Arrival, NewDocument, Store

FIRST_PAGES = 2
"""How far back the first poll looks, in pages of the feed."""

MANY = 40
"""So many new filings take five seconds to fetch: then the feed is looked at again at once."""

INSIDERS: Mapping[str, frozenset[str]] = {"insider_trade": FORM_4}
INSIDERS_AND_NOTICES: Mapping[str, frozenset[str]] = {**INSIDERS, "form144": FORM_144}
"""The forms to collect by the kind of fact that they give."""

_LOOK_AGAIN = timedelta(hours=1)
_NEVER_INDEXED = timedelta(days=7)

Line = Callable[[], None]
"""Reads and judges what was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The issuers to watch by CIK; none means the whole market.

    unknown: tickers that were to be watched and that the SEC does not know.
    """

    ciks: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()

    def wants(self, body: bytes, name: str) -> bool:
        """Whether the issuer that a document names is watched; an unreadable one is kept."""
        if not self.ciks:
            return True
        try:
            return read_document(body, name=name).issuer_cik in self.ciks
        except SourceUnreadable:
            return True


class Collector:
    """Keeps every ownership filing that EDGAR publishes from the first start on.

    line: reads and judges what was kept.  done: called when no earlier day is left to read.
    watch: asked at every poll which issuers are wanted.
    forms: those collected, by the kind of fact that they give.
    """

    def __init__(
        self,
        store: Store,
        client: EdgarClient,
        *,
        clock: Clock,
        line: Line,
        done: Callable[[], None],
        watch: Callable[[], Watch] = Watch,
        forms: Mapping[str, frozenset[str]] = INSIDERS,
    ) -> None:
        self._store, self._client = store, client
        self._clock, self._line, self._done = clock, line, done
        self._watching, self._watch = watch, Watch()
        self._forms = forms
        self._wanted: frozenset[str] = frozenset().union(*forms.values())
        self._looked: dict[date, datetime] = {}
        self._left_out = 0  # by the last poll
        self._concluded: date | None = None
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=EDGAR)

    # Jobs.

    def poll(self) -> None:
        """One look at the feed, after the days that an outage has left open.

        Raises what kept it from looking; that too is told by a ``source_poll`` fact.
        """
        try:
            started = self._start()
            self._watch = self._watching()
            if not self._store.collection.has_polled(EDGAR):
                self._cover(self._forms, started)
            self.catch_up()
            self._done()
            while self._look() >= MANY:
                pass  # more came meanwhile than can wait for the next poll
        except Ended:
            pass  # it says nothing about the source
        except BotError as error:
            self._tell(ok=False, items=0, lag=None, error=_told(error))
            raise
        finally:
            self._line()

    def catch_up(self) -> None:
        """Read the index of every day since the last whole one, oldest first.

        A day counts as whole when its final index was read and everything in it was fetched, and
        all days before it are; a day without an index for a week is one on which EDGAR was closed.
        """
        now, unbroken = self._clock(), True
        for day in self._open_days(new_york_day(now)):
            result = self._read_day(day) if self._is_due(day, now) else None
            closed = result is not None and not result.whole and _is_long_past(day, now)
            unbroken = unbroken and result is not None and (result.may_advance or closed)
            if unbroken and result is not None:
                missing = result.missing
                self._store.collection.mark_whole(EDGAR, day, listed=result.listed, missing=missing)
        self._conclude()

    def _conclude(self) -> None:
        """End the notices whose time is over, at the start and after each day that is whole."""
        last = self._store.collection.last_whole_day(EDGAR)
        if last is not None and last != self._concluded:
            conclude_notices(self._store, start_of(last + timedelta(days=1)))
            self._concluded = last

    # The feed.

    def _look(self) -> int:
        """One walk through the feed, told as a fact; how many new filings it brought."""
        collection = self._store.collection
        new_lists = [
            form for form in lists_of(self._wanted) if not collection.has_polled(_list_name(form))
        ]
        begun = self._clock()
        result = self._poll(new_lists)
        if isinstance(result.failure, Ended):
            raise result.failure
        self._tell_poll(result)
        if result.failure is not None:
            return 0
        with self._store.writing():
            for form in new_lists:
                collection.mark_polled(_list_name(form), self._clock())
                self._cover((kind for kind, its in self._forms.items() if form in its), begun)
        return result.new

    def _poll(self, new_lists: Iterable[str]) -> PollResult:
        result = poll(
            self._client,
            self._known,
            lambda filing: self._keep([filing]),
            clock=self._clock,
            pending=self._pending(),
            forms=self._wanted,
            reach=dict.fromkeys(new_lists, FIRST_PAGES),
        )
        self._save_pending(result.pending)
        return result

    def _start(self) -> datetime:
        """When the first start was, answered or not; the days before it are nobody's loss."""
        collection = self._store.collection
        if (started := collection.first_started_at()) is not None:
            return started
        now = self._clock()
        with self._store.writing():
            before = new_york_day(now) - timedelta(days=1)
            collection.mark_whole(EDGAR, before, listed=0, missing=0)
            return collection.start(now)

    def _cover(self, kinds: Iterable[str], since: datetime) -> None:
        """Note since when everything of these kinds is known."""
        for kind in kinds:
            for cik in self._watch.ciks or (None,):
                self._store.collection.cover(kind, cik, since)

    # Whole days.

    def _open_days(self, today: date) -> Iterable[date]:
        """Business days after the last whole one and before today, oldest first."""
        last = self._store.collection.last_whole_day(EDGAR)
        day = (last or today) + timedelta(days=1)
        while day < today:
            if SEC.is_business_day(day):
                yield day
            day += timedelta(days=1)

    def _is_due(self, day: date, now: datetime) -> bool:
        """Whether to look at a day's index: an hour after the last look, if that left it open."""
        return day not in self._looked or now - self._looked[day] >= _LOOK_AGAIN

    def _read_day(self, day: date) -> ReconcileResult:
        """Fetch what is missing of a day, and keep it in the order of acceptance."""
        found: list[FetchedFiling] = []
        try:
            result = reconcile(
                self._client,
                day,
                self._known,
                found.append,
                clock=self._clock,
                pending=self._pending(),
                forms=self._wanted,
            )
        finally:
            self._keep(sorted(found, key=_acceptance))
        self._save_pending([*self._pending(), *result.pending])
        if result.failure is not None:
            raise result.failure
        self._looked[day] = self._clock()
        return result

    # The store.

    def _known(self, accession_numbers: Iterable[str]) -> set[str]:
        asked = list(accession_numbers)
        kept = self._store.documents.known(EDGAR, asked)
        return kept | self._store.collection.settled(EDGAR, asked)

    def _keep(self, filings: Iterable[FetchedFiling]) -> None:
        wanted: list[FetchedFiling] = []
        others: list[FetchedFiling] = []
        for filing in filings:
            watched = self._watch.wants(filing.body, filing.accession_number)
            (wanted if watched else others).append(filing)
        now, since = self._clock(), self._store.collection.first_started_at()
        with self._store.writing():
            self._store.documents.add((_document(f, since) for f in wanted), seen_at=now)
            for filing in others:
                self._store.collection.settle(
                    EDGAR, filing.accession_number, state="not watched", told="issuer not watched"
                )
        if wanted:
            self._line()

    def _pending(self) -> list[PendingFiling]:
        return [_read_pending(told) for told in self._store.collection.pending(EDGAR)]

    def _save_pending(self, pending: Iterable[PendingFiling]) -> None:
        items = {item.accession_number: item for item in pending}
        with self._store.writing():
            self._store.collection.save_pending(
                EDGAR, {key: _write_pending(p) for key, p in items.items() if not p.buried}
            )
            for item in items.values():
                if item.buried:
                    self._store.collection.settle(
                        EDGAR,
                        item.accession_number,
                        state="gone" if item.absent else "missing",
                        told=item.reason,
                    )

    # What is told of a poll.

    def _tell_poll(self, result: PollResult) -> None:
        lag = result.lag.total_seconds() if result.lag is not None else None
        told = [f"left out, {text}" for text in result.unread]
        if told:
            if len(told) > self._left_out:  # the same ones stay on the list for hours
                first = result.unread[0]
                self._log.warning("feed.entries_left_out", entries=len(told), first=first)
            told.insert(0, f"{len(told)} bad {'entry' if len(told) == 1 else 'entries'}")
        self._left_out = len(result.unread)
        told += [_told_of(item) for item in result.failed]
        told += [_told(result.failure)] if result.failure else []
        self._tell(
            ok=result.failure is None, items=result.new, lag=lag, error="; ".join(told) or None
        )

    def _tell(self, *, ok: bool, items: int, lag: float | None, error: str | None) -> None:
        now = self._clock()
        fact = source_poll(EDGAR, now, ok=ok, items=items, lag_seconds=lag, error=error)
        self._store.facts.add([Arrival(fact=fact, seen_at=to_ms(now))])


def _list_name(form: str) -> str:
    """What a list of the feed is called where its first poll is noted."""
    return EDGAR if form in FORM_4 else f"{EDGAR}:{form}"


def _is_long_past(day: date, now: datetime) -> bool:
    return new_york_day(now) - day >= _NEVER_INDEXED


def _acceptance(filing: FetchedFiling) -> tuple[datetime, str]:
    accepted = _accepted_at(filing) or datetime.max.replace(tzinfo=UTC)
    return accepted, filing.accession_number


def _accepted_at(filing: FetchedFiling) -> datetime | None:
    try:
        return contained_form(filing.body).accepted_at or filing.listed.at
    except Refused:
        return filing.listed.at


def _document(filing: FetchedFiling, since: datetime | None) -> NewDocument:
    accepted = _accepted_at(filing)
    return NewDocument(
        source=EDGAR,
        key=filing.accession_number,
        name=f"{filing.accession_number}.txt",
        url=filing.url,
        body=filing.body,
        quiet=accepted is not None and since is not None and accepted <= since,
    )


def _told(error: BotError) -> str:
    """What went wrong, and what an operator can do about it."""
    return f"{error.what}; mend: {error.mend}" if isinstance(error, ConfigError) else error.what


def _told_of(failed: PendingFiling) -> str:
    again = failed.next_try_at.astimezone(UTC)
    then = "given up" if failed.buried else f"asked for again from {again:%H:%M:%S} UTC"
    return f"{failed.accession_number}: {failed.reason}; {then}"


def _write_pending(pending: PendingFiling) -> dict[str, object]:
    listed = pending.listed
    return {
        "accession_number": listed.accession_number,
        "form": listed.form,
        "at": to_text(listed.at) if listed.at else None,
        "filed_on": listed.filed_on.isoformat() if listed.filed_on else None,
        "urls": list(listed.urls),
        "first_failed_at": to_text(pending.first_failed_at),
        "next_try_at": to_text(pending.next_try_at),
        "tries": pending.tries,
        "reason": pending.reason,
        "absent": pending.absent,
    }


def _read_pending(told: dict[str, object]) -> PendingFiling:
    at, filed_on = told["at"], told["filed_on"]
    listed = ListedFiling(
        accession_number=str(told["accession_number"]),
        form=str(told["form"]),
        at=from_text(str(at)) if at else None,
        filed_on=date.fromisoformat(str(filed_on)) if filed_on else None,
        urls=tuple(map(str, told["urls"])),  # type: ignore[call-overload]
    )
    return PendingFiling(
        listed=listed,
        first_failed_at=from_text(str(told["first_failed_at"])),
        next_try_at=from_text(str(told["next_try_at"])),
        tries=int(str(told["tries"])),
        reason=str(told["reason"]),
        absent=bool(told.get("absent", True)),
    )
