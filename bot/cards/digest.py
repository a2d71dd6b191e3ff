"""Many alerts in one message, or in as few as name them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.card import REPEAT, Card, Line, day_and_time
from bot.cards.slack_text import cut, escaped, length, one_line, outside, weight
from bot.rules.model import Severity

_SEVERITIES = [str(severity) for severity in Severity]
_LINE = 400  # units of an alert's line: its number is never cut, and nothing of a common line is
_LINES = 9_000  # units of the lines of one message as JSON; the rest is for header and context
_HEADLINE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert of a digest.

    at: when what it tells became known.
    repeat: it may stand in the channel already.
    """

    card: Card
    at: datetime
    repeat: bool = False


def digest_cards(
    alerts: Sequence[Told], headline: str, *, marks: tuple[str, ...] = ()
) -> list[Card]:
    """Cards whose lines name each alert, in the order of the alerts, one line an alert.

    The headline says why they come together, of several cards also which of them it is.  Where
    they differ in severity, those above the lowest bear theirs beside the number.
    """
    lowest = min(_rank(each.card) for each in alerts)
    lines = [_line(each, marked=_rank(each.card) > lowest) for each in alerts]
    parts, cards, begin = list(_parts(lines)), list[Card](), 0
    for number, part in enumerate(parts, start=1):
        told = [each.card for each in alerts[begin : begin + len(part)]]
        begin += len(part)
        which = f", {number} of {len(parts)}" if len(parts) > 1 else ""
        cards.append(
            Card(
                alert_id=-told[0].alert_id,
                rule="digest",
                severity=max(told, key=_rank).severity,
                headlines=(cut(headline, _HEADLINE) + which,),
                lines=tuple(part),
                marks=marks,
            )
        )
    return cards


def digest_text(card: Card, limit: int) -> str:
    """The headline of a digest, as many of its alerts as fit, and how many more there are."""
    told = one_line(card.text)
    for place, line in enumerate(card.lines):
        more = f" · and {len(card.lines) - place} more"
        longer = f"{told} · {line.label}: {line.text}"
        if length(escaped(longer + more)) > limit:
            return told + more
        told = longer
    return told


def _rank(card: Card) -> int:
    return _SEVERITIES.index(card.severity)


def _line(told: Told, *, marked: bool) -> Line:
    label = (
        f"#{told.card.alert_id}",
        told.card.severity if marked else "",
        day_and_time(told.at),
    )
    text = cut(one_line(told.card.text), _LINE)
    text = f"{text} {REPEAT}" if told.repeat else text
    return Line(label=" · ".join(filter(None, label)), text=text)


def _parts(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines by the message that has room for them."""
    part, room = list[Line](), _LINES
    for line in lines:
        needs = weight(outside(f"**{line.label}**: {line.text}\n", 2 * _LINE))
        if part and needs > room:
            yield part
            part, room = [], _LINES
        part.append(line)
        room -= needs
    yield part
