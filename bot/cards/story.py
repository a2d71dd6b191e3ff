"""The card that tells a story: its first alert, and those that came after it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.cards.card import WHY, Card, Line, day_and_time
from bot.rules.model import Severity

_SHOWN = 5
_SEVERITIES = [str(severity) for severity in Severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One alert of a story, and when it was decided."""

    card: Card
    at: datetime


def story_card(first: Leg, later: Sequence[Leg], *, subject: str) -> Card:
    """The first alert's card with the whole story above it, oldest first; without later alerts
    the card as it is.

    The headline is that of the gravest alert, of equals the newest, by its number; the figures are
    those of the first, and say so: those of the others stand in the thread.  Of many the newest
    are named.
    """
    if not later:
        return first.card
    legs = [first, *later]
    gravest = max(reversed(legs), key=lambda leg: _SEVERITIES.index(leg.card.severity))
    name = subject.capitalize() if subject.islower() else subject
    lasted = _lasted(later[-1].at - first.at)
    news = gravest.card.text.removeprefix(f"{name}: ")
    whose = "Story" if _is_cik(subject) else f"{name} story"
    headline = f"{whose}, {len(legs)} alerts{lasted} · #{gravest.card.alert_id}: {news}"
    shown = [first, *later[-_SHOWN:]]
    lines = [Line(label=_label(leg), text=leg.card.text) for leg in shown]
    began, *further = first.card.facts or (first.card.text,)
    facts = (f"Begun by #{first.card.alert_id}, whose figures follow: {began}", *further)
    if left := len(legs) - len(shown):
        lines.insert(1, Line(label="…", text=f"{left} more in the thread"))
    lines += [line for line in first.card.lines if line.label != WHY]
    whose_why = [first] if gravest is first else [first, gravest]
    lines += [why for leg in whose_why for why in _why(leg)]
    tells = tuple(leg.card.alert_id for leg in later)
    return replace(first.card, headlines=(headline,), facts=facts, marks=(), lines=tuple(lines),
                   tells=tells)  # fmt: skip


def numbers_told(alerts: Sequence[int]) -> str:
    """Alerts by their numbers, for a reader: "#1, #2 and #3"; of many the first."""
    names = [f"#{number}" for number in alerts]
    if len(names) > _SHOWN + 1:
        names[_SHOWN:] = [f"{len(names) - _SHOWN} more"]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _is_cik(subject: str) -> bool:
    """Of a company without a ticker, whose name the news begins with."""
    return len(subject) == 10 and subject.isdecimal()


def _label(leg: Leg) -> str:
    return f"#{leg.card.alert_id} · {day_and_time(leg.at)}"


def _why(leg: Leg) -> Iterator[Line]:
    """Why an alert of a story fired, by its number."""
    for line in leg.card.lines:
        if line.label == WHY:
            yield Line(label=f"{WHY} #{leg.card.alert_id}", text=line.text)


def _lasted(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours >= 48:
        return f" in {hours // 24} days"
    if hours:
        return f" in {hours} h"
    return f" in {minutes} min" if minutes else ""
