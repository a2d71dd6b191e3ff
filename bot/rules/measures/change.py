"""change: how far the newest value of a field has come since the start of the window."""

from bot.rules.measures.verb import OVER, Argument, Verb, ratio

CHANGE = Verb(
    name="change",
    doc="The newest known value in the window ÷ the last one known at or before its start, less 1; "
    "unknown without both.",
    example="growth: {change: shares_after, over: 1y}",
    argument=Argument.NUMBER,
    takes=frozenset({"over", "of", "where"}),
    needs=OVER,
    result=ratio,
    sqlite=lambda look: look.change(),
)
