"""What the page of a release says, as fields of facts, beside what was released before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.central_bank.release import Release
from bot.clock import new_york_day, to_ms
from bot.errors import SourceUnreadable
from bot.fed.blackout import Meeting
from bot.fed.decided import decide, decision_fields
from bot.fed.documents import Article, Document
from bot.fed.expected import in_silence, scheduled
from bot.fed.ladder import ladder_fields, view_json, views
from bot.fed.passages import Paragraph, body
from bot.fed.people import Term, office_on, president_of, votes_on
from bot.fed.rates import Target
from bot.fed.reading import read_document
from bot.fed.redline import redline
from bot.fed.redline_json import redline_json
from bot.fed.speakers import speaker_of
from bot.fed.tone import tone, tone_json
from bot.store import Store

_COMPARED = frozenset({"statement", "longer_run_goals"})
"""Sorts whose words are compared with those of the one before."""

_TONED = frozenset({"statement", "minutes", "speech", "testimony"})
_SPOKEN = frozenset({"speech", "testimony"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Fields of the kinds fed_release and fed_decision; no decision where it is no statement."""

    release: Mapping[str, Any]
    decision: Mapping[str, Any] | None = None

    @property
    def unread(self) -> bool:
        """Whether this is a statement that could not be read."""
        return self.decision is not None and self.decision["action"] == "unread"


def article_of(release: Release) -> Article | None:
    """The text of a release; None where there is no page.  SourceUnreadable where it holds none."""
    if release.body is None:
        return None
    from bot.sources.fed.pages import read_page  # lxml is large, and pages are few

    return read_page(release.body, name=release.url)


def read_release(
    release: Release, store: Store, meetings: Sequence[Meeting], *, sure_of_previous: bool = True
) -> Told:
    """What a release says.

    sure_of_previous: whether no release between the stored ones and this one may be missing.
    """
    marks = list(release.marks)
    try:
        article = article_of(release)
    except SourceUnreadable as error:
        article = None
        marks.append("page_unread")
        why = error.what
    else:
        why = "the page did not come"
    document = read_document(article, kind=release.type) if article else None
    fields = {
        **_listed(release, meetings),
        **_spoken(release, document),
        **_worded(release, document, store),
        "quality": " ".join(marks) or None,
    }
    if release.type != "statement":
        return Told(release=fields)
    decision = _decided(release, document, store, meetings, sure=sure_of_previous, why=why)
    compared = {name: fields[name] for name in ("similarity_to_previous", "redline")}
    quality = " ".join(dict.fromkeys([*marks, *(decision["quality"] or "").split()])) or None
    return Told(release=fields, decision={**decision, **compared, "quality": quality})


def _listed(release: Release, meetings: Sequence[Meeting]) -> dict[str, Any]:
    """What lists and calendar tell."""
    item = release.item
    return {
        "type": release.type,
        "title": item.title,
        "url": release.url,
        "category": item.category,
        "in_blackout": in_silence(release.known_at, meetings),
        "meeting_on": new_york_day(release.known_at) if release.type == "statement" else None,
    }


def _spoken(release: Release, document: Document | None) -> dict[str, Any]:
    """Who speaks, as page, archive or title say; the office by date where they do not."""
    day = new_york_day(release.known_at)
    name, role, venue = _speaker(release, document, day)
    term = office_on(name, day) if name else None
    told: dict[str, Any] = {
        "speaker": name,
        "speaker_role": role or (term.office if term else None),
        "speaker_votes": votes_on(term, day) if term else None,
        "venue": venue or release.item.venue,
    }
    if document and document.article.title and release.type in _SPOKEN:
        told["title"] = document.article.title
    if document and document.meeting_on:
        told["meeting_on"] = document.meeting_on
    return told


def _speaker(
    release: Release, document: Document | None, day: date
) -> tuple[str | None, str | None, str | None]:
    """Name, office and venue; each None where nothing tells it."""
    if document and document.speaker:
        return document.speaker, document.speaker_role, document.article.venue
    if release.type not in _SPOKEN:
        return None, None, None
    if release.bank:
        term = _mentioned(release, president_of(release.bank, day))
        return (term.name, term.office, None) if term else (None, None, None)
    if release.item.speaker:
        return (*speaker_of(release.item.speaker), release.item.venue)
    surname, comma, _ = release.item.title.partition(", ")
    term = office_on(surname, day) if comma else None
    return (term.name, term.office, None) if term else (None, None, None)


def _mentioned(release: Release, term: Term | None) -> Term | None:
    """The president of a bank, where an item of its list names no other: others speak there too."""
    item = release.item
    told = f"{item.link} {item.title} {item.description or ''}".casefold()
    return term if term and term.surname in told else None


def _worded(release: Release, document: Document | None, store: Store) -> dict[str, Any]:
    """The text, and what was made of its words beside the one before."""
    none: dict[str, Any] = dict.fromkeys(("similarity_to_previous", "redline"))
    if document is None:
        return none
    article, type_ = document.article, release.type
    before, evidence = to_ms(release.known_at), dict[str, Any]()
    told: dict[str, Any] = {**none, "text": article.text, "words": len(article.text.split())}
    if type_ in _COMPARED and (previous := store.fed.previous_release(type_, before)):
        told |= _compared(previous["text"], article)
    if type_ in _TONED:
        found = tone(body(article.paragraphs) if type_ == "statement" else article.paragraphs)
        speaker = document.speaker if type_ in _SPOKEN else None
        one_before = store.fed.previous_release(type_, before, speaker)
        told["tone"] = found.score
        told["tone_change"] = _step(found.score, one_before)
        evidence["tone"] = tone_json(found)
    if type_ == "minutes":
        counted = views(_paragraphs(article))
        told |= ladder_fields(counted)
        evidence["views"] = [view_json(each) for each in counted]
    return {**told, "evidence": evidence or None}


def _paragraphs(article: Article) -> list[Paragraph]:
    return [Paragraph(number=n, text=text) for n, text in enumerate(article.paragraphs, start=1)]


def _step(score: float | None, before: Mapping[str, Any] | None) -> float | None:
    known = score is not None and before is not None and before["tone"] is not None
    return score - before["tone"] if known and before and score is not None else None


def _compared(previous: str | None, article: Article) -> dict[str, Any]:
    """Nothing where the text before is not known: that is no text without a change."""
    if previous is None:
        return {}
    changed = redline(body(previous.split("\n\n")), body(article.paragraphs))
    return {
        "similarity_to_previous": changed.similarity,
        "redline": redline_json(changed),
    }


def _decided(
    release: Release,
    document: Document | None,
    store: Store,
    meetings: Sequence[Meeting],
    *,
    sure: bool,
    why: str,
) -> dict[str, Any]:
    """The decision of a statement; ``unread`` where it can not be told, with the reason."""
    day = new_york_day(release.known_at)
    around = {
        "meeting_on": day,
        "scheduled": scheduled(day, meetings),
        "url": release.url,
    }
    if document is None:
        told = "statement could not be read"
        return {"action": "unread", "told": told, "quality": None, "evidence": {"unread": [why]},
                **around}  # fmt: skip
    previous = previous_target(store, release.known_at) if sure else None
    return {**decision_fields(decide(document.article, previous)), **around}


def previous_target(store: Store, before: datetime) -> Target | None:
    """The target by the decision before an instant; None where that could not be read, or where no
    decision is stored: an older one is never carried over."""
    row = store.fed.previous_decision(to_ms(before))
    if row is None or row["target_upper_pct"] is None:
        return None
    lower, upper = row["target_lower_pct"], row["target_upper_pct"]
    return Target(lower_pct=Decimal(str(lower)), upper_pct=Decimal(str(upper)))
