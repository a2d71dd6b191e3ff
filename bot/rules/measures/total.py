"""sum: the known values of a field, added up."""

from bot.rules.measures.verb import Argument, Verb, same

SUM = Verb(
    name="sum",
    doc="The known values of a field added up; unknown where none is known.",
    example="sold: {sum: value_usd, over: 90d}",
    argument=Argument.NUMBER,
    windowed=True,
    result=same,
    sqlite=lambda look: look.select(look.sum_of(look.value)),
)
