"""last: the newest known value of a field."""

from bot.rules.measures.verb import Argument, Verb, same

LAST = Verb(
    name="last",
    doc="The newest known value, not older than max_age; "
    "with 'before: event' the one before this fact.",
    example="run: {last: return_21d, of: price_bar, max_age: 5d}",
    argument=Argument.FIELD,
    takes=frozenset({"of", "where", "max_age"}),
    needs=frozenset(),
    result=same,
    sqlite=lambda look: look.newest(),
)
