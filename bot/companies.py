"""Collects what watched companies file besides: their lists on EDGAR, one after another.

What a list holds at its first reading is quiet.  A list reaches back a year or a thousand filings,
so that a pause leaves no hole; since when it is known stands in the ledger of coverage.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.calendar import start_of
from bot.clock import Clock, from_ms, to_ms
from bot.company_filings import Company, filing_facts
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.facts import COMPANY_FILING
from bot.sources.edgar.client import EdgarClient
from bot.sources.edgar.submissions import read_submissions
from bot.store import Arrival, Store

AT_ONCE = 24
"""Lists of one look: three seconds, so that the feed does not wait."""


class Companies:
    """Reads the lists of watched companies, each anew after ``every``.

    watched: asked at every look whose lists are wanted, CIKs of ten digits.
    """

    def __init__(
        self,
        store: Store,
        client: EdgarClient,
        *,
        clock: Clock,
        every: timedelta,
        watched: Callable[[], frozenset[str]],
    ) -> None:
        self._store, self._client, self._clock = store, client, clock
        self._every, self._watched = every, watched
        self._looked: dict[str, datetime] = {}

    def look(self) -> int:
        """Read the lists that are due, the longest unread first; how many filings were new.

        One list that does not come is told in the log, and asked for again when it is due.
        """
        new = 0
        for cik in self._due():
            self._looked[cik] = self._clock()
            try:
                body = self._client.submissions(cik)
                new += self._keep(read_submissions(body, where=f"list of filings of {cik}"))
            except (SourceUnavailable, SourceUnreadable) as error:
                structlog.get_logger().warning("company.not_read", cik=cik, reason=error.what)
        return new

    def _due(self) -> list[str]:
        now = self._clock()
        due = [
            (self._looked.get(cik, datetime.min.replace(tzinfo=now.tzinfo)), cik)
            for cik in self._watched()
            if cik not in self._looked or now - self._looked[cik] >= self._every
        ]
        return [cik for _, cik in sorted(due)[:AT_ONCE]]

    def _keep(self, company: Company) -> int:
        accepted = {
            accession: from_ms(ms)
            for accession, ms in self._store.notices.accepted(company.cik).items()
        }
        facts, seen_at = filing_facts(company, accepted), to_ms(self._clock())
        collection, kind = self._store.collection, COMPANY_FILING.name
        first = not any(
            (each.kind, each.subject) == (kind, company.cik) for each in collection.coverage()
        )
        with self._store.writing():
            added = self._store.facts.add(
                Arrival(fact=fact, seen_at=seen_at, quiet=first) for fact in facts
            )
            if first:
                collection.cover(kind, company.cik, _since(company, self._clock()))
        return added


def _since(company: Company, now: datetime) -> datetime:
    """From when on the list holds everything."""
    if not company.filings:
        return now
    oldest = min(each.filed_on for each in company.filings)
    return start_of(oldest + timedelta(days=1)) if company.older else start_of(oldest)
