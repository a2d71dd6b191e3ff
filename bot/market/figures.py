"""Asks the SEC for what followed companies report: whose a ticker is, and each company's figures.

A document has up to 5 MB, so few are asked for at a look, and each again only when there may be
something new: after a filing that its list tells of, else once a week.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache, partial

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import EPOCH, Clock
from bot.errors import BotError, SourceUnreadable, StoreLost
from bot.sources.edgar.client import AnotherDocument, EdgarClient, Ended
from bot.sources.edgar.tickers import read_ciks
from bot.store import Asked, Store
from bot.valuation.company_facts import CompanyFacts, read_company_facts

AT_ONCE = 2
"""Documents of one look: a fraction of the requests that feed and filings need."""

AGAIN = timedelta(days=7)
"""A company whose list of filings is not read is asked for again so often."""

NONE_AGAIN = timedelta(days=30)
"""One that has no figures, a fund or a foreign one, is asked for again so often."""

AFTER_FILING = (timedelta(minutes=10), timedelta(hours=6))
"""So long after a filing the SEC's document is asked for: it may lag behind."""

OLD_AFTER = timedelta(days=14)

NOT_READ, UNREADABLE, OLD = "figures_not_read", "figures_unreadable", "figures_old"
"""Marks: no answer came yet, it can not be read, or none has come for two weeks."""

_PARSED = 4  # the benchmark, and whoever is being looked at

_MAP = "company_tickers.json"
_MAP_EVERY = timedelta(days=1)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=2)
_SHORTEST_REST, _LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)


class Figures:
    """Keeps the figures of companies in the store fresh."""

    def __init__(self, store: Store, client: EdgarClient, *, clock: Clock) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._rest, self._not_before = timedelta(), EPOCH
        self._map_tries, self._map_not_before = 0, EPOCH
        self._reasons: dict[str, str] = {}
        self._unreadable: set[str] = set()
        self._parsed = lru_cache(maxsize=_PARSED)(self._parse)
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source="companyfacts")

    def whose(self, tickers: Iterable[str]) -> dict[str, str]:
        """CIK of each ticker that the SEC's map has, as it was told last; asked for once a day."""
        now, told_at = self._clock(), self._store.figures.ciks_at()
        if (told_at is None or now - told_at >= _MAP_EVERY) and now >= max(
            self._not_before, self._map_not_before
        ):
            why_not = self._why_not(_MAP, self._read_map)
            self._map_not_before = now + _pause(self._map_tries) if why_not else EPOCH
            self._map_tries = self._map_tries + 1 if why_not else 0
        held = self._store.figures.ciks()
        return {ticker: held[ticker] for ticker in tickers if ticker in held}

    def look(self, ciks: Iterable[str]) -> None:
        """Ask for the figures of a few companies that are due, the first of them first.

        Raises nothing that EDGAR does, but Ended where the bot ends.
        """
        asked = self._store.figures.asked()
        due = [cik for cik in dict.fromkeys(ciks) if self._is_due(asked.get(cik) or Asked(cik=cik))]
        for cik in due[:AT_ONCE]:
            if self._clock() < self._not_before:
                return
            if reason := self._why_not(f"CIK {cik}", partial(self._read, cik)):
                pause = _pause(asked[cik].tries if cik in asked else 0)
                self._store.figures.failed(cik, reason, not_before=self._clock() + pause)

    def company(self, cik: str) -> tuple[CompanyFacts | None, str | None]:
        """What a company reported, as it was handed out last, and a mark of doubt about that.

        None without a mark: it has told that there is nothing.
        """
        asked = self._store.figures.asked_for(cik)
        if asked is None or asked.answered_at is None:
            return None, NOT_READ
        if asked.digest is None:
            return None, None
        mark = OLD if self._clock() - asked.answered_at >= OLD_AFTER else None
        if asked.digest in self._unreadable:
            return None, UNREADABLE
        try:
            return self._parsed(cik, asked.digest), mark
        except SourceUnreadable as error:
            self._unreadable.add(asked.digest)
            self._log.warning("figures.unreadable", cik=cik, reason=error.what, mend=error.mend)
            return None, UNREADABLE

    def _parse(self, cik: str, digest: str) -> CompanyFacts:
        body = self._store.figures.body(cik) or b""
        return read_company_facts(body, f"companyfacts of CIK {cik}, sha256 {digest[:8]}", cik=cik)

    def _is_due(self, asked: Asked) -> bool:
        now = self._clock()
        if asked.not_before is not None and now < asked.not_before:
            return False
        if asked.answered_at is None or asked.tries:
            return True
        reported = self._store.figures.reported_at(asked.cik, asked.answered_at - AFTER_FILING[-1])
        if reported is not None and any(
            asked.answered_at < reported + late <= now for late in AFTER_FILING
        ):
            return True
        return now - asked.answered_at >= (NONE_AGAIN if asked.digest is None else AGAIN)

    def _read(self, cik: str) -> None:
        self._store.figures.keep(cik, self._client.company_facts(cik), self._clock())

    def _read_map(self) -> None:
        ciks = read_ciks(self._client.company_tickers())
        if not ciks:
            raise AnotherDocument(
                "the map of ticker symbols is empty",
                where=_MAP,
                mend="nothing to do, it is asked for again",
            )
        self._store.figures.keep_ciks(ciks, self._clock())

    def _why_not(self, what: str, ask: Callable[[], object]) -> str | None:
        """Why there is no answer of use, told once in the log; None where there is one.

        A document that can not be used is a matter of its own; where EDGAR does not answer at all,
        it is left in peace, ever longer.
        """
        try:
            ask()
        except (StoreLost, Ended):
            raise
        except BotError as error:
            if isinstance(error, AnotherDocument | SourceUnreadable):
                self._rest = timedelta()
            else:
                self._rest = min(self._rest * 2 or _SHORTEST_REST, _LONGEST_REST)
                self._not_before = self._clock() + self._rest
            if self._reasons.get(what) != error.what:
                self._reasons[what] = error.what
                self._log.warning(
                    "figures.not_answered", of=what, reason=error.what, where=error.where
                )
            return error.what
        if self._reasons.pop(what, None):
            self._log.info("figures.answered_again", of=what)
        self._rest = timedelta()
        return None


def _pause(tries: int) -> timedelta:
    """How long one document is not asked for after so many tries in vain before the last."""
    return min(_FIRST_PAUSE * (1 << min(tries, 10)), _LONGEST_PAUSE)
