"""The lines of a card about a release of a calendar: due, come or not, and what else is overdue."""

from collections.abc import Mapping
from typing import Any

from bot.cards.card import Line
from bot.clock import NEW_YORK, from_ms
from bot.numbers import span_text

Row = Mapping[str, Any]


def macro_lines(row: Row) -> list[Line]:
    """What it is, when it was due, when it came, and which others are overdue with it."""
    return [
        Line(label="What", text=_named(row)),
        Line(label="Due", text=_instant(row["scheduled_at"])),
        Line(label="Came", text=_came(row)),
        *_others(row),
    ]


def macro_fact(row: Row) -> str:
    """What was due when, and whether it came, in a sentence."""
    return f"{_named(row)} was due {_instant(row['scheduled_at'])}; came: {_came(row)}"


def macro_source(row: Row) -> tuple[str | None, str | None]:
    """Where it stands; of one that did not come the calendar that announced it."""
    sort = "Calendar" if row["status"] == "missing" else "Release"
    return f"{sort} of {row['agency'] or 'an agency'}", row["url"]


def _named(row: Row) -> str:
    period = f" of {row['period']}" if row["period"] else ""
    agency = f" ({row['agency']})" if row["agency"] else ""
    return f"{row['title'] or 'a release'}{period}{agency}"


def _came(row: Row) -> str:
    delay = row["delay_seconds"]
    match row["status"]:
        case "missing":
            return "not yet, and its source answers"
        case "late" if delay is not None:
            return f"{span_text(delay)} late"
        case "late":
            return "late; nobody saw by how much"
        case _ if delay is None:
            return "on its day"
        case _:
            return f"{span_text(delay)} after that instant"


def _others(row: Row) -> list[Line]:
    count = row["overdue"]
    if count is None:
        return []
    others = count - (row["status"] == "missing")
    if not others:
        return [Line(label="Overdue", text="nothing else")]
    named = f": {row['also_overdue']}" if row["also_overdue"] else ""
    return [Line(label="Overdue", text=f"{others} more{named}")]


def _instant(ms: int | None) -> str:
    if ms is None:
        return "not known"
    return from_ms(ms).astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M ET")
