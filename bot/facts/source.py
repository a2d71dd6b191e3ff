"""The kind ``source_poll``: what the bot knows of its own sources."""

from datetime import datetime

from bot.clock import to_ms
from bot.facts.field import Field, Type, count, text, yes_no
from bot.facts.kind import Fact, Kind

SOURCE_POLL = Kind(
    name="source_poll",
    doc="One poll of one source: whether it answered, and how far behind it was.",
    subject="source",
    fires="rise",
    fields=(
        text("source", "Name of the source: edgar."),
        yes_no(
            "ok",
            "Whether the source answered in full.",
            {"yes": "answered in full", "no": "did not answer in full"},
        ),
        count("items", "How many new documents it brought."),
        Field(name="lag_seconds", type=Type.SPAN, doc="Age of its newest entry when it answered."),
        text("error", "Why it did not answer."),
    ),
)

_LONGEST_ERROR = 500


def source_poll(
    source: str,
    at: datetime,
    *,
    ok: bool,
    items: int = 0,
    lag_seconds: float | None = None,
    error: str | None = None,
) -> Fact:
    """The fact that a source was polled at an instant, which makes its id: once a millisecond."""
    return Fact(
        kind=SOURCE_POLL,
        id=f"poll:{source}:{to_ms(at)}",
        subject=source,
        known_at=at,
        happened_at=at,
        values={
            "source": source,
            "ok": ok,
            "items": items,
            "lag_seconds": lag_seconds,
            "error": error[:_LONGEST_ERROR] if error else None,
        },
    )
