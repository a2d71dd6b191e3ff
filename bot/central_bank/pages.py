"""Fetches the pages of releases; one that does not come is waited for, and then done without.

A page may be there before its text is final: a statement that can not be read yet is fetched again
for a minute before it is told as unread.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.central_bank.keeping import Keeper
from bot.central_bank.reading import Told
from bot.central_bank.release import WITH_TEXT, Release
from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.fed.client import FedClient

PATIENCE = timedelta(minutes=5)
"""How long a release waits for its page."""

NOT_FINAL = timedelta(minutes=1)
"""How long a statement that can not be read is taken for one that is not final."""

_AGAIN = timedelta(seconds=5)


@dataclass(slots=True, kw_only=True)
class _Waiting:
    release: Release
    since: datetime
    tried: datetime


class Pages:
    """Releases on their way: ``take`` hands in what was found, ``step`` keeps what has its page."""

    def __init__(self, client: FedClient, keeper: Keeper) -> None:
        self._client, self._keeper = client, keeper
        self._waiting: dict[str, _Waiting] = {}

    def take(self, releases: Iterable[Release], now: datetime) -> int:
        """Keep what needs no page or has it; the others wait.  Says how many were kept."""
        kept = 0
        for release in releases:
            if release.id in self._waiting:
                continue
            if release.body is not None or not self._needs_page(release):
                kept += self._keeper.keep(release)
            else:
                kept += self._try(_Waiting(release=release, since=now, tried=now), now)
        return kept

    def step(self, now: datetime) -> int:
        """Try again what waits and is due for it."""
        due = [each for each in self._waiting.values() if now - each.tried >= _AGAIN]
        return sum(self._try(each, now) for each in due)

    def waits_for(self, release_id: str) -> bool:
        return release_id in self._waiting

    def _needs_page(self, release: Release) -> bool:
        return release.type in WITH_TEXT and release.bank is None

    def _try(self, waiting: _Waiting, now: datetime) -> int:
        """Keep a release whose page is there and final, or that has waited long enough."""
        release, late = waiting.release, now - waiting.since >= PATIENCE
        waiting.tried = now
        try:
            body = self._client.release(release.url, patient=False)
        except (SourceUnavailable, SourceUnreadable):
            if not late:
                self._waiting[release.id] = waiting
                return 0
            return self._done(replace(release, marks=(*release.marks, "page_missing")))
        release = replace(release, body=body)
        told = self._keeper.read(release)
        if _may_change(told) and not release.quiet and now - waiting.since < NOT_FINAL:
            self._waiting[release.id] = waiting
            return 0
        return self._done(release, told)

    def _done(self, release: Release, told: Told | None = None) -> int:
        self._waiting.pop(release.id, None)
        return int(self._keeper.keep(release, told))


def _may_change(told: Told) -> bool:
    return told.unread or "page_unread" in (told.release["quality"] or "").split()
