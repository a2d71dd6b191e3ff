"""count: how many facts stand in the window."""

from bot.rules.measures.verb import Argument, Verb, whole_number

COUNT = Verb(
    name="count",
    doc="How many facts stand in the window; 0 where there is none.",
    example="sales: {count: events, over: 30d}",
    argument=Argument.EVENTS,
    windowed=True,
    result=whole_number,
    sqlite=lambda look: look.select(look.count_rows()),
)
