"""min and max: the least and the greatest known value of a field."""

from bot.rules.measures.verb import OVER, WINDOWED, Argument, Verb, same

MIN = Verb(
    name="min",
    doc="The least known value; unknown where none is known.",
    example="lowest: {min: price_usd, over: 90d}",
    argument=Argument.ORDERED,
    takes=WINDOWED | {"min_points"},
    needs=OVER,
    result=same,
    sqlite=lambda look: look.select(look.least()),
)

MAX = Verb(
    name="max",
    doc="The greatest known value; unknown where none is known.",
    example="largest: {max: value_usd, over: 1y, before: event}",
    argument=Argument.ORDERED,
    takes=WINDOWED | {"min_points"},
    needs=OVER,
    result=same,
    sqlite=lambda look: look.select(look.greatest()),
)
