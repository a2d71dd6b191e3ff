"""The kind ``source_poll``: what the bot knows of its own sources."""

from bot.facts.field import Field, Type, count, text, yes_no
from bot.facts.kind import Kind

SOURCE_POLL = Kind(
    name="source_poll",
    doc="One poll of one source: whether it answered, and how far behind it was.",
    subject="source",
    fires="rise",
    fields=(
        text("source", "Name of the source: edgar."),
        yes_no("ok", "Whether the source answered in full."),
        count("items", "How many new documents it brought."),
        Field(name="lag_seconds", type=Type.SPAN, doc="Age of its newest entry when it answered."),
        text("error", "Why it did not answer."),
    ),
)
