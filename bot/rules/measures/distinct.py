"""distinct: how many different known values a field takes."""

from bot.rules.measures.verb import OVER, WINDOWED, Argument, Verb, whole_number

DISTINCT = Verb(
    name="distinct",
    doc="How many different known values a field takes in the window; 0 where none is known.",
    example="sellers: {distinct: person_key, over: 30d}",
    argument=Argument.FIELD,
    takes=WINDOWED,
    needs=OVER,
    result=whole_number,
    sqlite=lambda look: look.select(look.count_distinct()),
)
