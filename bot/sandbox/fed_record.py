"""What the sandbox's Federal Reserve publishes, and when: documents, meetings, calendar.

A document has its page from the second of its release on, and is 404 before; what comes later into
a list (feed, archive) does so by the list's own delay.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.clock import NEW_YORK

PRESS = "/newsevents/pressreleases/"
SPEECH = "/newsevents/speech/"
TESTIMONY = "/newsevents/testimony/"
MINUTES = "/monetarypolicy/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The text of a page that was changed after its release, and when."""

    at: datetime
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as the Board publishes it.

    path: of its page.  title: in lists; heading: on its page, where that differs.
    category: as the feed names it; None for a document that no list has, such as an implementation
    note or the full minutes.
    paragraphs: its text, without what every page has around it.
    release_line: "For release at 2:00 p.m. EDT".  speaker: with the title of the office.
    day_only: the archive tells no time.  links: (path, words) at the end of the page.
    """

    path: str
    title: str
    published_at: datetime
    paragraphs: Sequence[str]
    category: str | None = None
    heading: str | None = None
    description: str | None = None
    release_line: str | None = None
    speaker: str | None = None
    venue: str | None = None
    day_only: bool = False
    links: Sequence[tuple[str, str]] = ()
    revisions: Sequence[Revision] = ()

    def text_at(self, now: datetime) -> Sequence[str]:
        """The paragraphs of its page at an instant."""
        told = [each.paragraphs for each in self.revisions if each.at <= now]
        return told[-1] if told else self.paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the calendar; days as written there: ``28``, ``27-28``, ``1,2``."""

    month: str
    days: str
    time: str
    title: str
    type: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FedRecord:
    """All that the sandbox's Federal Reserve ever publishes.

    meetings: first and last day of each regular one.
    feed_delay: how long after a release the feeds name it; archive_delay: the same of the archives.
    """

    documents: Sequence[Document]
    entries: Sequence[Entry] = ()
    meetings: Sequence[tuple[date, date]] = ()
    feed_delay: timedelta = timedelta()
    archive_delay: timedelta = timedelta()

    def page(self, path: str, now: datetime) -> Document | None:
        """The document whose page stands at a path."""
        found = (each for each in self.documents if each.path == path)
        return next((each for each in found if each.published_at <= now), None)

    def listed(self, now: datetime, *folders: str) -> list[Document]:
        """What feeds name at an instant, newest first."""
        return self._listed(now - self.feed_delay, folders)

    def archived(self, now: datetime, *folders: str) -> list[Document]:
        """What archives name at an instant, newest first."""
        return self._listed(now - self.archive_delay, folders)

    def _listed(self, until: datetime, folders: Iterable[str]) -> list[Document]:
        found = [
            each
            for each in self.documents
            if each.category is not None
            and each.published_at <= until
            and each.path.startswith(tuple(folders))
        ]
        return sorted(found, key=lambda each: (each.published_at, each.path), reverse=True)


def meeting_entries(meetings: Iterable[tuple[date, date]]) -> Iterator[Entry]:
    """How the calendar tells of regular meetings and their minutes, three weeks later."""
    for first, last in meetings:
        span = f"{first:%B} {first.day} - {last.day}"
        if first.month != last.month:
            span = f"{first:%B} {first.day} - {last:%B} {last.day}"
        told = f"&lt;p&gt;Two-day meeting, {span}&lt;/p&gt;&#10;&lt;p&gt;Press Conference&lt;/p&gt;"
        minutes = last + timedelta(days=21)
        yield _entry(last, "2:00 p.m.", "FOMC Meeting", told)
        yield _entry(last, "2:30 p.m.", "FOMC Press Conference", "")
        yield _entry(minutes, "2:00 p.m.", "FOMC Minutes", f"&lt;p&gt;Meeting of {span}&lt;/p&gt;")


def _entry(day: date, time: str, title: str, description: str) -> Entry:
    return Entry(
        month=f"{day:%Y-%m}",
        days=str(day.day),
        time=time,
        title=title,
        type="FOMC",
        description=description,
    )


def eastern(year: int, month: int, day: int, hour: int = 14, minute: int = 0) -> datetime:
    """An instant by the New York clock; two in the afternoon where no hour is given."""
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)
