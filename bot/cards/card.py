"""A card: what a reader is shown of an alert, apart from where it is shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from bot.readable import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a card: a label of a word or two, and what it says."""

    label: str
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", readable(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One alert, or a message without a number that a reader could use: a digest, a word to
    operators.

    alert_id: of an alert the number by which people ask for it, else below zero, for our own use.
    headlines: who did what, how much and why it matters; one for each match of the document.
    marks: late, amended and the like, shown beside the headline.
    source, url: the document behind the numbers.
    redline: what changed in a text against the one before, as ``fed.redline_json`` tells it.
    """

    alert_id: int
    rule: str
    severity: str
    headlines: tuple[str, ...]
    lines: tuple[Line, ...]
    marks: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    redline: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "headlines", tuple(map(readable, self.headlines)))

    @property
    def is_alert(self) -> bool:
        """Whether its number says anything to a reader."""
        return self.alert_id > 0

    @property
    def text(self) -> str:
        """The whole fact in one text, for notifications and screen readers."""
        marks = f" ({', '.join(self.marks)})" if self.marks else ""
        return "; ".join(self.headlines) + marks

    def to_json(self) -> str:
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        held["lines"] = [{"label": line.label, "text": line.text} for line in self.lines]
        return json.dumps(held, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Card":
        held: dict[str, Any] = json.loads(text)
        lines = tuple(Line(**line) for line in held.pop("lines"))
        headlines, marks = tuple(held.pop("headlines")), tuple(held.pop("marks"))
        return cls(lines=lines, headlines=headlines, marks=marks, **held)
