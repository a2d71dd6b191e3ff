"""Walks back through the feed, a window that moves while it is paged, to the filings known.

New entries push the others down, so filings repeat across page edges; a page that EDGAR made
before the one above it may skip some, and is bridged by a page half-way between.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.client import LAST_START
from bot.sources.edgar.feed import FeedEntry, FeedPage, Role, read_feed
from bot.sources.edgar.listing import Known, ListedFiling
from bot.sources.edgar.names import OWNERSHIP_FORMS

PAGE = 100
"""Entries of a page, the most EDGAR gives."""

KNOWN_IN_A_ROW = 12
"""A walk ends at so many known filings listed one after another.  In a list in order one would do;
entries come out of order now and then, and a few more are mostly on the same page."""

_REPEATED_PAGES = 2  # one may repeat what moved down; more mean that ``start`` is not heeded


class FeedSource(Protocol):
    """What a walk asks of the client."""

    def feed(self, start: int, count: int = PAGE, form: str = "4") -> bytes: ...


class Walk:
    """One walk through the list of one form and those it is a prefix of.

    known: filings not wanted again.  forms: those wanted, compared exactly.
    """

    def __init__(
        self, client: FeedSource, form: str, *, known: Known, forms: Collection[str], page: int
    ) -> None:
        self._client, self._form = client, form
        self._known, self._forms, self._page = known, forms, page
        self._parties: dict[str, list[FeedEntry]] = {}
        self._unknown: set[str] = set()
        self._in_a_row = 0
        self.pages = 0
        self.overlapped = False
        self.newest_at: datetime | None = None
        self.lag: timedelta | None = None
        self.unread: list[str] = []

    @property
    def listed(self) -> int:
        """Filings of the wanted forms on the pages walked."""
        return len(self._parties)

    def new(self) -> list[ListedFiling]:
        """Filings not known, as listed: newest first."""
        return [
            _listed(entries)
            for accession_number, entries in self._parties.items()
            if accession_number in self._unknown
        ]

    def run(self, max_pages: int) -> None:
        """Page back until among known filings, or to the end of the feed or of the reach.

        Raises what the client raises, SourceUnavailable and SourceUnreadable for a page.
        """
        start, made, short, repeated, whole = 0, None, False, 0, True
        while self.pages < max_pages and start <= LAST_START:
            try:
                feed = self._read_again_if_empty(start, short)
            except (SourceUnavailable, SourceUnreadable):
                if not short:
                    raise
                return  # the page above was not full: most likely the end of the feed
            if start == 0:
                self._look_at_newest(feed)
            elif made and feed.updated and feed.updated < made:
                whole = self._bridge(start - self._page // 2) and whole
            made = feed.updated or made
            before = self.listed
            if self._note(feed) or not feed.listed:
                self.overlapped = whole
                return
            repeated = repeated + 1 if feed.entries and self.listed == before else 0
            if repeated == _REPEATED_PAGES:
                return
            start, short = start + feed.listed, feed.listed < self._page

    def _read_again_if_empty(self, start: int, short: bool) -> FeedPage:
        """A page; one without entries below a full one is asked for twice.

        The feed may end there, but mostly EDGAR has failed: what lies below such a page would be
        hidden from all later polls by what was fetched above it.
        """
        feed = self._read(start)
        return feed if feed.listed or short or not start else self._read(start)

    def _read(self, start: int) -> FeedPage:
        body = self._client.feed(start, self._page, self._form)
        self.pages += 1
        below = f" below the first {start}" if start else ""
        where = f"latest filings of form {self._form}{below}"
        rare = self._form not in OWNERSHIP_FORMS
        feed = read_feed(body, where=where, start=start, forms=self._forms, may_be_empty=rare)
        self.unread += [f"{where}: {text}" for text in feed.unread]
        return feed

    def _look_at_newest(self, feed: FeedPage) -> None:
        self.newest_at = max((entry.at for entry in feed.entries), default=None)
        if self.newest_at and feed.updated:
            self.lag = feed.updated - self.newest_at

    def _bridge(self, start: int) -> bool:
        """Read across the edge of two pages; whether it shows that nothing lies between them."""
        try:
            feed = self._read(start)
        except (SourceUnavailable, SourceUnreadable):
            return False
        joined = any(entry.accession_number in self._parties for entry in feed.entries)
        self._note(feed)
        return joined

    def _note(self, feed: FeedPage) -> bool:
        """Take the filings of a page; whether the walk is now among known ones."""
        fresh = []
        for entry in feed.entries:
            parties = self._parties.setdefault(entry.accession_number, [])
            if not parties:
                fresh.append(entry.accession_number)
            if entry not in parties:
                parties.append(entry)
        known = self._known(fresh)
        for accession_number in fresh:
            self._in_a_row = self._in_a_row + 1 if accession_number in known else 0
            if self._in_a_row >= KNOWN_IN_A_ROW:
                break
        self._unknown |= set(fresh) - known
        only_known = bool(fresh) and known.issuperset(fresh)
        return only_known or self._in_a_row >= KNOWN_IN_A_ROW


def _listed(entries: Collection[FeedEntry]) -> ListedFiling:
    """One filing of its entries: the issuer's address first."""
    ordered = sorted(entries, key=lambda entry: entry.role is not Role.ISSUER)
    return ListedFiling(
        accession_number=ordered[0].accession_number,
        form=ordered[0].form,
        at=min(entry.at for entry in ordered),
        filed_on=None,
        urls=tuple(dict.fromkeys(entry.text_url for entry in ordered)),
    )
