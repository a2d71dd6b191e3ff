"""seen: how often another rule has fired."""

from bot.rules.measures.verb import OVER, Argument, Verb, whole_number

SEEN = Verb(
    name="seen",
    doc="How many times that rule fired in the window, for this key or with 'by: all' for any.",
    example="clusters: {seen: cluster-buy, over: 30d}",
    argument=Argument.RULE,
    takes=OVER,
    needs=OVER,
    result=whole_number,
    sqlite=lambda look: look.alerts(),
)
