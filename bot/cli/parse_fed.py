"""``bot parse fed``: documents of the Federal Reserve as JSON and in a few lines."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.cli.output import say
from bot.errors import SourceUnreadable
from bot.fed.documents import Document
from bot.fed.reading import read_document
from bot.fed.titles import title_kind
from bot.sources.edgar.files import read_file
from bot.sources.fed.pages import read_page


def fed_document(file: Path) -> dict[str, Any]:
    """What stands in one file, or why it could not be read."""
    try:
        document = read_document(read_page(read_file(file), name=file.name))
    except SourceUnreadable as error:
        return {"file": file.name, "ok": False, "error": error.what}
    return {"file": file.name, **_told(document)}


def fed_titles(file: Path) -> Iterator[dict[str, Any]]:
    """The sort of each title: the first column of each line that is no heading."""
    try:
        text = read_file(file).decode("utf-8-sig", errors="replace")
    except SourceUnreadable as error:
        yield {"file": file.name, "ok": False, "error": error.what}
        return
    for number, line in enumerate(text.splitlines()):
        title = line.split("\t")[0].strip()
        if title and not (number == 0 and title.lower() in ("title", "titles")):
            yield {"title": title, "kind": title_kind(title)}


def _told(document: Document) -> dict[str, Any]:
    article, statement = document.article, document.statement
    target = statement.target if statement else None
    votes = statement.votes if statement else None
    told: dict[str, Any] = {
        "kind": document.kind,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "target_lower_pct": _number(target.lower_pct if target else None),
        "target_upper_pct": _number(target.upper_pct if target else None),
        "votes_for": votes and votes.votes_for,
        "votes_against": votes and votes.votes_against,
        "dissents": [
            {"name": dissent.name, "preferred": dissent.preferred}
            for dissent in (votes.dissents if votes else ())
        ],
        "speaker": document.speaker,
        "title": article.title,
    }
    if statement and statement.unread:
        told["unread"] = list(statement.unread)
    return told


def _number(rate: Decimal | None) -> float | None:
    return None if rate is None else float(rate)


def tell_document(answer: dict[str, Any]) -> None:
    """The answer in a few lines for people."""
    if "error" in answer:
        say(f"{answer['file']}: not read: {answer['error']}")
    elif "file" not in answer:
        say(f"{answer['kind']:22} {answer['title']}")
    else:
        for line in _lines(answer):
            say(line)


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    by = f" by {answer['speaker']}" if answer["speaker"] else ""
    on = f" of {answer['published_on']}" if answer["published_on"] else ""
    kind, title = answer["kind"].replace("_", " "), answer["title"] or "no title"
    yield f"{answer['file']}: {kind}{on}{by}: {title}"
    if answer["target_upper_pct"] is not None:
        yield f"  target {answer['target_lower_pct']} to {answer['target_upper_pct']} percent"
    if answer["votes_for"] is not None or answer["votes_against"] is not None:
        ayes, noes = _count(answer["votes_for"]), _count(answer["votes_against"])
        yield f"  votes {ayes} for, {noes} against"
    for dissent in answer["dissents"]:
        yield f"  against: {dissent['name']}: {dissent['preferred'] or 'no reason given'}"
    for sentence in answer.get("unread", ()):
        yield f"  NOT READ: {sentence}"


def _count(votes: int | None) -> str:
    return "?" if votes is None else str(votes)
