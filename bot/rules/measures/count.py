"""count: how many facts stand in the window."""

from bot.rules.measures.verb import OVER, WINDOWED, Argument, Verb, whole_number

COUNT = Verb(
    name="count",
    doc="How many facts stand in the window; 0 where there is none.",
    example="sales: {count: events, over: 30d}",
    argument=Argument.EVENTS,
    takes=WINDOWED,
    needs=OVER,
    result=whole_number,
    sqlite=lambda look: look.select(look.count_rows()),
)
