"""A page of the Federal Reserve once its markup is gone, and what was read in it."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from bot.fed.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of one page; what the page does not show is None."""

    title: str | None = None
    published_on: date | None = None  # as the page shows it above the text
    release_line: str | None = None  # "For release at 2:00 p.m. EDT"
    speaker_line: str | None = None  # as shown, with offices: "Governor Lisa D. Cook"
    venue: str | None = None
    last_update_on: date | None = None
    paragraphs: tuple[str, ...] = ()  # text only: no header, share menu, media line or footnotes
    footnotes: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The paragraphs, a blank line between two."""
        return "\n\n".join(self.paragraphs)

    @property
    def text_sha256(self) -> str:
        """Changes only when title or text do: pages differ at every request, articles do not."""
        return hashlib.sha256(f"{self.title or ''}\n\n{self.text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as read: its sort, who speaks, and the statement in it where it is one."""

    kind: str  # a word of FED_TYPES
    article: Article
    speaker: str | None = None  # name without offices
    speaker_role: str | None = None
    statement: Statement | None = None
    meeting_on: date | None = None  # last day of the meeting, of minutes
