"""share: which part of a sum comes from some of the facts."""

from bot.rules.measures.verb import WINDOWED, Argument, Verb, ratio

SHARE = Verb(
    name="share",
    doc="The sum over the facts for which the measure's 'where' holds ÷ the sum over all in the "
    "window; 0 where it holds for none, unknown where the whole is unknown or 0.",
    example="planned_share: {share: value_usd, where: planned, over: 90d}",
    argument=Argument.NUMBER,
    takes=WINDOWED | {"min_points"},
    needs=frozenset({"over", "where"}),
    result=ratio,
    sqlite=lambda look: look.select(look.share()),
)
