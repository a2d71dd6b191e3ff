"""Statements of the Federal Reserve by their day: of the store, of files, or those shipped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.app import reading_store
from bot.clock import NEW_YORK
from bot.config import Config
from bot.errors import QueryError
from bot.facts import kind
from bot.fed.decided import decide, told_of
from bot.fed.documents import Article
from bot.fed.passages import body
from bot.fed.reading import read_document
from bot.sandbox.fed_texts import statement_days, statement_paragraphs
from bot.sources.edgar.files import read_file
from bot.sources.fed.pages import read_page
from bot.store import loaded

_BOARD = "https://www.federalreserve.gov/newsevents/pressreleases"
_STATEMENT = "FOMC statement"
_ALL = 10_000
"""More statements than there will be in any store: eight a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One statement to be compared, or another document from a file.

    name: its day, else the name of the file.  released_on: day of its release in New York, None
    where a file does not show it.  meeting_on: last day of its meeting, None where unknown.
    paragraphs: what it tells of economy and policy.  decision: what it decides and how was voted,
    in a line; None where that is not known.
    """

    name: str
    released_on: date | None
    meeting_on: date | None
    paragraphs: Sequence[str]
    url: str | None = None
    decision: str | None = None
    sort: str = _STATEMENT

    def is_of(self, day: date) -> bool:
        return day in (self.released_on, self.meeting_on)


def stored_statements(config: Config) -> list[Told]:
    """Those in the store whose text was read, oldest first; none where there is no store yet."""
    if not config.store.path.exists():
        return []
    releases, decisions = kind("fed_release"), kind("fed_decision")
    with reading_store(config) as store:
        rows = [loaded(releases, row) for row in store.facts.select(releases, limit=_ALL)]
        told = [loaded(decisions, row) for row in store.facts.select(decisions, limit=_ALL)]
    decided = {row["url"]: row["told"] for row in reversed(told)}
    newest: dict[str, Told] = {}
    for row in reversed(rows):
        if row["type"] == "statement" and row["text"]:
            newest[row["url"]] = _stored(row, decided.get(row["url"]))
    return sorted(newest.values(), key=lambda each: each.released_on or date.min)


def _stored(row: dict[str, Any], decision: str | None) -> Told:
    day = row["known_at"].astimezone(NEW_YORK).date()
    return Told(
        name=day.isoformat(),
        released_on=day,
        meeting_on=row["meeting_on"],
        paragraphs=body(row["text"].splitlines()),
        url=row["url"],
        decision=decision,
    )


def shipped_statements() -> list[Told]:
    """Those that come with the bot, oldest first."""
    return [
        Told(
            name=day.isoformat(),
            released_on=day,
            meeting_on=day,
            paragraphs=body(statement_paragraphs(day)),
            decision=_decision(Article(paragraphs=tuple(statement_paragraphs(day)))),
            url=f"{_BOARD}/monetary{day:%Y%m%d}a.htm",
        )
        for day in statement_days()
    ]


def filed_statement(path: Path) -> Told:
    """The statement in a file: a page as it was received, or its text.

    Raises SourceUnreadable where the file holds no article, QueryError where that tells nothing.
    """
    article = read_page(read_file(path), name=str(path))
    document = read_document(article)
    told = body(article.paragraphs)
    if not told:
        raise QueryError(
            "nothing is told in it beside title and votes",
            where=str(path),
            mend="give a statement of the Federal Open Market Committee, as a page or its text",
        )
    day = article.published_on
    return Told(
        name=day.isoformat() if day else path.name,
        released_on=day,
        meeting_on=None,
        paragraphs=told,
        decision=_decision(article) if document.statement else None,
        sort=_STATEMENT if document.statement else document.kind.replace("_", " "),
    )


def _decision(article: Article) -> str:
    """In a line; the size of a move only where the statement states it, since the other statement
    need not be the one before."""
    return told_of(decide(article, None))
