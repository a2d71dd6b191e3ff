"""The lines of a card about a silence: that nothing came, since when, of what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.card import Line
from bot.clock import NEW_YORK, from_ms
from bot.rules.model import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A key of which nothing came, and since when that is counted, in milliseconds."""

    key: str
    since: int


def silence_lines(rule: Rule, silence: Silence, last: Mapping[str, Any]) -> list[Line]:
    """The silence.  last: the last fact before it, or the one of unknowns where none ever came."""
    kinds = " or ".join(kind.name.replace("_", " ") for kind in rule.on)
    whose = f" of {silence.key}" if rule.by else ""
    what = f"no {kinds}{whose}"
    text = f"{what} since {_time(silence.since)}"
    if not last["seq"]:
        text = f"{what} has ever come; counted from {_time(silence.since)}"
    return [Line(label="Silence", text=text)]


def last_line(last: Mapping[str, Any], source: str | None, lines: Sequence[Line]) -> Line:
    """The last fact before a silence in one line, so that nobody takes it for the news."""
    told = [line.text for line in lines if line.label in ("Who", "What")]
    parts = [f"known {_time(last['known_at'])}", *told, *([source] if source else [])]
    return Line(label="Last before", text=" · ".join(parts))


def _time(instant: int) -> str:
    return from_ms(instant).astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M ET")
