"""A card: what a reader is shown of an alert, apart from where it is shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.clock import NEW_YORK, from_ms, to_ms
from bot.readable import readable

REPEAT = "(may be a repeat)"
"""Beside an alert that is sent again although nobody could look whether it stands there."""


WHY = "Why"
"""How the label of a line begins that tells why an alert fired; in stories its number follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a card: a label of a word or two, and what it says.

    as_written: its breaks and blanks mean something, and it may be copied.
    """

    label: str
    text: str
    as_written: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", readable(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something told with its instant, which each reader is shown in a zone of its own: "accepted",
    "acknowledged by Ann".  at: None where only the words are to be told."""

    words: str
    at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", readable(self.words))

    @property
    def text(self) -> str:
        """With the time of New York, for those whose zone nobody knows."""
        return self.words if self.at is None else f"{self.words} {new_york_text(self.at)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that stands in Slack as a file.  shows: what is to be seen on it, in words."""

    file_id: str
    shows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One alert, or a message without a number that a reader could use: a digest, a word to
    operators.

    alert_id: of an alert the number by which people ask for it, else below zero, for our own use.
    headlines: who did what, how much and why it matters; one for each match of the document.
    facts: what happened, a sentence for each match; it tells what the lines Who and What tell.
    marks: late, amended and the like, shown beside the headline.
    source, url: the document behind the numbers.
    amends: of a correction the document that the source amends, its name and its address.
    redline: what changed in a text against the one before, as ``fed.redline_json`` tells it.
    ticker: the one that is muted from the card, and whose history is shown.
    moments: when it became known, then what has become of the alert since.
    caveat: what a reader should not take it for: "not advice".
    chart: what of the ticker is worth a picture, "price" or "pe"; it comes after the alert.
    was_told: False where it made no alert, so that nobody can acknowledge it or judge it.
    tells: of a story the numbers of the alerts after the first that it shows.
    """

    alert_id: int
    rule: str
    severity: str
    headlines: tuple[str, ...]
    lines: tuple[Line, ...]
    facts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    redline: Mapping[str, Any] | None = None
    ticker: str | None = None
    moments: tuple[Moment, ...] = ()
    caveat: str | None = None
    chart: str | None = None
    picture: Picture | None = None
    tells: tuple[int, ...] = ()
    amends: tuple[str | None, str | None] | None = None
    was_told: bool = True

    def __post_init__(self) -> None:
        for name in ("headlines", "facts"):
            object.__setattr__(self, name, tuple(map(readable, getattr(self, name))))

    @property
    def is_alert(self) -> bool:
        """Whether its number says anything to a reader."""
        return self.alert_id > 0

    @property
    def is_digest(self) -> bool:
        """Whether its lines are alerts, which are told nowhere else."""
        return self.rule == "digest" and not self.is_alert

    @property
    def text(self) -> str:
        """The news in one line, for histories and digests."""
        marks = f" ({', '.join(self.marks)})" if self.marks else ""
        return "; ".join(self.headlines) + marks

    @property
    def whole_text(self) -> str:
        """The whole fact in one text, for notifications and screen readers: the news, the sentence
        of what happened and when, how to mend it, the source."""
        told = self.text
        mend = (f"mend: {line.text}" for line in self.lines if line.label == "Mend")
        moments = (moment.text for moment in self.moments)
        amends = f"amends {self.amends[0]}" if self.amends and self.amends[0] else None
        for each in (*self.facts, *mend, *moments, self.source, amends):
            told += f" · {each}" if each and each not in told else ""
        return told

    def to_json(self) -> str:
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        held["lines"] = [_held(line) for line in self.lines]
        held["moments"] = [[each.words, each.at and to_ms(each.at)] for each in self.moments]
        held["picture"] = self.picture and [self.picture.file_id, self.picture.shows]
        return json.dumps(held, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """Of a card that an earlier version wrote too, which lacks what came later."""
        held: dict[str, Any] = json.loads(text)
        held |= {
            name: tuple(held[name])
            for name in ("headlines", "facts", "marks", "tells")
            if name in held
        }
        held["lines"] = tuple(Line(**line) for line in held["lines"])
        held["moments"] = tuple(
            Moment(words=words, at=None if at is None else from_ms(at))
            for words, at in held.get("moments", ())
        )
        if amends := held.get("amends"):
            held["amends"] = (amends[0], amends[1])
        if picture := held.get("picture"):
            held["picture"] = Picture(file_id=picture[0], shows=picture[1])
        return cls(**held)


def day_and_time(at: datetime) -> str:
    """Sep 23 18:02 ET."""
    return f"{at.astimezone(NEW_YORK):%b %d %H:%M} ET"


def _held(line: Line) -> dict[str, Any]:
    written = {"as_written": True} if line.as_written else {}
    return {"label": line.label, "text": line.text, **written}


def new_york_text(at: datetime) -> str:
    """2025-09-23 18:02 ET."""
    return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M} ET"
