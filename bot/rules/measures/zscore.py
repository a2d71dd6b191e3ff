"""zscore: how unusual the newest value of a field is among those before it."""

from bot.rules.measures.verb import OVER, Argument, Verb, plain_number

ZSCORE = Verb(
    name="zscore",
    doc="(the newest known value in the window, less the mean of those before it) ÷ their sample "
    "deviation; unknown with fewer than min_points of those (default 2), or where they are equal.",
    example="unusual: {zscore: value_usd, over: 2y, min_points: 10}",
    argument=Argument.NUMBER,
    takes=frozenset({"over", "of", "where", "min_points"}),
    needs=OVER,
    result=plain_number,
    sqlite=lambda look: look.score(),
)
