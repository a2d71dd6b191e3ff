"""From an article to a document: its sort, and what is read in one of that sort."""

import re
from datetime import date

from bot.fed.decisions import Form
from bot.fed.documents import Article, Document
from bot.fed.rates import Target
from bot.fed.speakers import speaker_of
from bot.fed.statement import Statement, read_statement
from bot.fed.titles import title_kind
from bot.fed.typography import plain

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_MEETING = re.compile(
    rf"(?P<month>{_MONTH}) (?P<first>\d{{1,2}})"
    rf"(?: ?(?:-|and) ?(?P<last_month>{_MONTH})? ?(?P<last>\d{{1,2}}))?, (?P<year>\d{{4}})"
)
_BEFORE_CONGRESS = re.compile(
    r"before (?:the )?(?:.*\b(?:committee|subcommittee|commission)\b).*"
    r"(?:senate|house of representatives|congress)",
    re.I,
)
_OF_THE_COMMITTEE = re.compile(r"\bthe (?:federal open market )?committee\b", re.I)
_LONGEST_STATEMENT = 1500
"""Words; the longest statements (2014) have about 900."""


def read_document(article: Article, *, kind: str | None = None) -> Document:
    """What an article is and says.  kind: its sort where the address told it already."""
    speaker, role = speaker_of(article.speaker_line)
    sort = kind or _kind(article)
    return Document(
        kind=sort,
        article=article,
        speaker=speaker,
        speaker_role=role,
        statement=statement_of(article) if sort == "statement" else None,
        meeting_on=meeting_on(article) if sort == "minutes" else None,
    )


def statement_of(article: Article, previous: Target | None = None) -> Statement:
    """The target and the vote that an article tells; previous: the target before it, if known."""
    return read_statement(
        article.paragraphs,
        title=article.title,
        previous=previous,
        published_on=article.published_on,
    )


def meeting_on(article: Article) -> date | None:
    """The last day of the meeting whose minutes these are, from title or first lines."""
    for text in (article.title or "", *article.paragraphs[:3]):
        if found := _MEETING.search(plain(text)):
            month = found["last_month"] or found["month"]
            number = _MONTH.split("|").index(month) + 1
            return date(int(found["year"]), number, int(found["last"] or found["first"]))
    return None


def _kind(article: Article) -> str:
    if article.speaker_line:
        return "testimony" if _BEFORE_CONGRESS.search(article.venue or "") else "speech"
    told = title_kind(article.title) if article.title else "other"
    if told != "other":
        return told
    return "statement" if _reads_like_a_statement(article) else "other"


def _reads_like_a_statement(article: Article) -> bool:
    """A text that decides and votes; where no title is shown, any short one of the Committee."""
    words = len(article.text.split())
    if words > _LONGEST_STATEMENT:
        return False
    if article.title is None and _OF_THE_COMMITTEE.search(article.text):
        return True
    statement = statement_of(article)
    return statement.form is Form.DECIDED or statement.votes.on_action
