"""Stores releases: the bytes of the page, the facts that it tells, all of one or nothing."""

from collections.abc import Callable, Sequence

import structlog
from structlog.typing import FilteringBoundLogger

from bot.central_bank import FED
from bot.central_bank.reading import Told, read_release
from bot.central_bank.release import Release
from bot.clock import Clock, to_ms
from bot.facts import FED_DECISION, FED_RELEASE, Fact
from bot.fed.blackout import Meeting
from bot.store import Arrival, NewDocument, Store

Meetings = Callable[[], Sequence[Meeting]]


class Keeper:
    """Stores releases in the order in which they are given.

    meetings: asked at each for the meetings that are known.
    sure: asked whether all releases between the stored ones and this one are known.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        meetings: Meetings,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store, self._clock = store, clock
        self._meetings, self._sure = meetings, sure
        self._log: FilteringBoundLogger = structlog.get_logger().bind(source=FED)

    def read(self, release: Release) -> Told:
        """What a release says, nothing stored."""
        return read_release(release, self._store, self._meetings(), sure_of_previous=self._sure())

    def keep(self, release: Release, told: Told | None = None) -> bool:
        """Store a release; says whether it was new."""
        told = told or self.read(release)
        with self._store.writing():
            if self._store.fed.known([release.id]):
                return False
            document = self._page(release, told)
            self._store.facts.add(self._arrivals(release, told, document))
        if told.unread and not release.quiet:
            self._log.error("fed.statement_unread", id=release.id, url=release.url)
        return True

    def _page(self, release: Release, told: Told, *, version: str = "") -> int | None:
        """Keep the bytes of a page; the id of the document."""
        if release.body is None:
            return None
        key = release.id.removeprefix("fed:") + version
        name = f"{key.rsplit('/', 1)[-1]}.htm"
        new = NewDocument(
            source=FED, key=key, name=name, url=release.url, body=release.body, quiet=release.quiet
        )
        self._store.documents.add([new], seen_at=self._clock())
        number = self._store.documents.number(FED, key)
        if number is not None and "page_unread" in (told.release["quality"] or ""):
            self._store.documents.mark_unreadable(number, "no text of an article")
        elif number is not None:
            self._store.documents.mark_read([number])
        return number

    def retell(self, release: Release, told: Told, version: str, *, instead_of: str = "") -> None:
        """Keep a later text of a page: from here on its facts stand for those of the one before.

        version, instead_of: what parts the ids of either text's facts from those of the first.
        They are quiet, but a statement that could not be read before and can now is news.
        """
        seen_at = to_ms(self._clock())
        with self._store.writing():
            document = self._page(release, told, version=version)
            for old, fact in zip(
                facts_of(release, told, version=instead_of),
                facts_of(release, told, version=version),
                strict=True,
            ):
                rows = self._store.facts.select(old.kind, fact_id=old.id)
                news = bool(rows) and rows[0].get("action") == "unread" and not told.unread
                self._store.facts.add(
                    [
                        Arrival(
                            fact=fact,
                            seen_at=seen_at,
                            document_id=document,
                            quiet=not news,
                            retold=not news,
                        )
                    ]
                )
                self._store.facts.supersede([old.id], by=fact.id)

    def _arrivals(self, release: Release, told: Told, document: int | None) -> list[Arrival]:
        seen_at = to_ms(self._clock())
        return [
            Arrival(fact=fact, seen_at=seen_at, document_id=document, quiet=release.quiet)
            for fact in facts_of(release, told)
        ]


def facts_of(release: Release, told: Told, *, version: str = "") -> list[Fact]:
    """The facts of a release; version: parts the ids of a later text from those of the first."""
    at = release.known_at

    def fact(kind_is_decision: bool) -> Fact:
        values = told.decision if kind_is_decision else told.release
        name = release.id.removeprefix("fed:")
        return Fact(
            kind=FED_DECISION if kind_is_decision else FED_RELEASE,
            id=f"{'fed_decision' if kind_is_decision else 'fed'}:{name}{version}",
            subject=FED,
            known_at=at,
            happened_at=at,
            values=values or {},
        )

    return [fact(False)] + ([fact(True)] if told.decision is not None else [])
