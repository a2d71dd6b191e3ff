"""sum and avg: the known values of a field, added up or their mean."""

from bot.rules.measures.verb import OVER, WINDOWED, Argument, Verb, real, same

SUM = Verb(
    name="sum",
    doc="The known values of a field added up; unknown where none is known.",
    example="sold: {sum: value_usd, over: 90d}",
    argument=Argument.NUMBER,
    takes=WINDOWED | {"min_points"},
    needs=OVER,
    result=same,
    sqlite=lambda look: look.select(look.sum_of(look.value)),
)

AVG = Verb(
    name="avg",
    doc="The mean of the known values; unknown where none is known.",
    example="usual: {avg: value_usd, over: 1y, before: event, min_points: 5}",
    argument=Argument.NUMBER,
    takes=WINDOWED | {"min_points"},
    needs=OVER,
    result=real,
    sqlite=lambda look: look.select(look.average()),
)
