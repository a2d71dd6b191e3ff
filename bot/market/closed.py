"""Closed sessions: asked for after the close, stored as traded, told as facts in their order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import structlog
from structlog.typing import FilteringBoundLogger

from bot.calendar import NYSE
from bot.clock import from_ms, to_ms
from bot.errors import SourceUnavailable
from bot.market.asking import (
    GAP,
    Looked,
    Question,
    gap_of,
    is_stale,
    newest_closed,
    pause,
    questions,
    recent,
    silent_sessions,
)
from bot.market.telling import Change, Told, tell
from bot.market.view import View, listed_on
from bot.market.watching import Watching
from bot.prices.bars import Bars
from bot.prices.complete import sessions
from bot.prices.identity import LONG_SILENCE, Identity
from bot.sources.prices.provider import Daily, PriceProvider
from bot.store import Followed, Store
from bot.store.prices import Kept

AT_ONCE = 50
"""Tickers of one question to the provider and of one transaction: a fraction of a second, so that
filings do not wait for it."""


_QUESTIONS = 4
"""So many questions a look: quotes of the session do not wait for the past of many new tickers."""

_IDLE = timedelta(minutes=5)
"""Where nothing is due it is not looked again for so long, as who is followed is asked of facts."""


class ClosedSessions:
    """Asks a provider for the sessions that each followed ticker lacks.

    identities: from when on tickers mean their companies, where somebody says so.
    """

    def __init__(
        self,
        store: Store,
        provider: PriceProvider,
        watching: Watching,
        *,
        identities: Callable[[], Iterable[Identity]] = tuple,
    ) -> None:
        self._store, self._provider, self._watching = store, provider, watching
        self._identities = identities
        self._idle: tuple[date, datetime] | None = None
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="prices")

    def look(self, now: datetime) -> Looked:
        """Ask for what is due; nothing is asked where nothing is.

        Raises SourceUnavailable and SourceUnreadable of the provider; what came before is kept.
        """
        if self._is_idle(now):
            return Looked()
        asked = new = 0
        known, followed = self._store.followed.all(), self._watching.followed(now)
        due = questions(followed, known, now=now, at_once=AT_ONCE)
        if not due:
            again = (from_ms(each.not_before) for each in known)
            soonest = min((at for at in again if at > now), default=now + _IDLE)
            self._idle = newest_closed(now), min(soonest, now + _IDLE)
        else:
            self._store.prices.keep_identities(self._identities())
        held = {each.ticker: each for each in known}
        for question in due[:_QUESTIONS]:
            asked += len(question.tickers)
            new += self._ask(question, held, now)
        newest = NYSE.close_at(newest_closed(now)) if new else None
        return Looked(asked=asked, new=new, newest=newest, left=len(due) > _QUESTIONS)

    def _is_idle(self, now: datetime) -> bool:
        """Whether nothing was due a moment ago and no session has closed since."""
        return self._idle is not None and (
            self._idle[0] == newest_closed(now) and now < self._idle[1]
        )

    def _ask(self, question: Question, held: Mapping[str, Followed], now: datetime) -> int:
        newest = newest_closed(now)
        daily = self._provider.daily(question.tickers, question.since, newest)
        question = _answered(question, daily)
        with self._store.writing():
            changes, noted = self._keep(question, daily, held, now, newest)
        for before, after in noted:
            self._say(before, after, newest)
        for ticker, reason in daily.unanswered.items():
            raise SourceUnavailable(
                f"{len(daily.unanswered)} tickers got no answer, first {ticker}: {reason}",
                where=self._provider.name,
                mend="nothing to do, they are asked for again",
            )
        return sum(len(change.kept.new) for change in changes.values())

    # One answer on its way into the store.

    def _keep(
        self,
        question: Question,
        daily: Daily,
        held: Mapping[str, Followed],
        now: datetime,
        newest: date,
    ) -> tuple[Mapping[str, Change], list[tuple[Followed, Followed]]]:
        """Store an answer and tell what is new in it, all or nothing.

        Actions come first, so that none of them looks like a move.
        """
        prices, seen_at = self._store.prices, to_ms(now)
        withdrawn = {
            ticker: prices.withdraw(
                ticker, (each for each in daily.actions if each.ticker == ticker),
                source=self._provider.name, since=question.since, until=newest,
            )
            for ticker in daily.bars
        }  # fmt: skip
        prices.keep_actions(daily.actions, seen_at=seen_at)
        changes = {}
        for ticker in question.tickers:
            before = held.get(ticker) or Followed(ticker=ticker)
            if before.last is None:
                before = replace(before, since=question.since)
            bars = daily.bars.get(ticker)
            kept = self._keep_bars(bars, newest, seen_at) if bars is not None else _NOTHING
            changes[ticker] = Change(
                before=self._listed(before, kept),
                kept=kept,
                withdrawn=withdrawn.get(ticker, ()),
            )
        known = {ticker: change.before for ticker, change in changes.items()}
        view = View(
            self._store, known, benchmark=self._watching.benchmark, newest=newest,
            source=self._provider.name,
        )  # fmt: skip
        told = tell(self._store, view, changes, newest=newest, seen_at=seen_at)
        noted = [
            (change.before, self._noted(change, told[ticker], daily.refused.get(ticker), now))
            for ticker, change in changes.items()
        ]
        self._store.followed.note(after for _, after in noted)
        return changes, noted

    def _keep_bars(self, bars: Bars, newest: date, seen_at: int) -> Kept:
        """Store the bars of closed sessions; a bar without a close above zero is none."""
        counts = (bars.close > 0) & (bars.close < float("inf")) & (bars.days <= newest.toordinal())
        own = bars.take(counts)
        if len(own):
            first = date.fromordinal(int(own.days[0]))
            own = own.take(np.isin(own.days, sessions(first, newest)))
        return self._store.prices.keep(own, source=self._provider.name, seen_at=seen_at)

    def _listed(self, before: Followed, kept: Kept) -> Followed:
        """Since when the ticker means its company, looked at where that may have changed."""
        prices, ticker = self._store.prices, before.ticker
        identity = prices.identities([ticker]).get(ticker)
        if not (_may_mean_another(before, kept) or (identity and _was_told(before, identity))):
            return before
        bars = prices.traded([ticker]).get(ticker)
        if bars is None:
            return before
        return replace(before, listed=listed_on(bars, identity, before.since or date.min))

    def _noted(self, change: Change, told: Told, refused: str | None, now: datetime) -> Followed:
        newest, before, new = newest_closed(now), change.before, change.kept.new
        last = max((*new, before.last or date.min))
        have = self._store.prices.sessions(before.ticker, recent(newest, GAP)[0])
        after = replace(
            before,
            last=last if last > date.min else None,
            told=told.newest,
            asked=newest,
            gap=gap_of(have, newest) or told.withheld,
            tries=0 if new or before.asked != newest else before.tries + 1,
            refused=refused,
        )
        if after.last == newest and after.gap is None:
            return replace(after, tries=0, not_before=0)
        return replace(after, not_before=to_ms(now + pause(after, newest)))

    def _say(self, before: Followed, after: Followed, newest: date) -> None:
        """In the log: what is refused, and what has become stale, once each."""
        if after.refused and after.refused != before.refused:
            self._log.warning("prices.refused", ticker=after.ticker, reason=after.refused)
        was_stale = before.asked is not None and is_stale(before, before.asked)
        if is_stale(after, newest) and not was_stale and after.last is not None:
            last, silent = after.last.isoformat(), silent_sessions(after, newest)
            self._log.warning("prices.stale", ticker=after.ticker, last=last, sessions=silent)


def _answered(question: Question, daily: Daily) -> Question:
    """The tickers to which an answer came; nothing is known of the others."""
    left = tuple(ticker for ticker in question.tickers if ticker not in daily.unanswered)
    return replace(question, tickers=left)


def _may_mean_another(before: Followed, kept: Kept) -> bool:
    """Whether these are the first bars, or the first after a silence of half a year."""
    if not kept.new or before.last is None:
        return bool(kept.new)
    silent = NYSE.session_number(kept.new[-1]) - NYSE.session_number(before.last)
    return silent > LONG_SILENCE


def _was_told(before: Followed, identity: Identity) -> bool:
    """Whether somebody says now from when on the ticker means its company."""
    return before.listed is None or before.listed < identity.valid_from


_NOTHING = Kept(new=(), restated=())
