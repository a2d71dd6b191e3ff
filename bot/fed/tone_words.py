"""The words by which ``tone`` reads: which things, which directions, which phrases of policy.

Put together by us from the Committee's own vocabulary; each shows in the evidence of what it made.
``*`` stands for any ending.
"""


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


THINGS = _listed(
    "inflation price prices wage wages compensation earnings employment payroll* hiring job jobs "
    "labor demand spending consumption investment growth activity economy output gdp production "
    "sales orders exports housing income incomes expectations gains"
)
"""More of these speaks for a higher rate."""

REVERSED_THINGS = _listed(
    "unemployment jobless* layoffs slack productivity uncertaint* strain* stress* turmoil "
    "volatility headwinds disinflation delinquenc* defaults"
)
"""More of these speaks for a lower one; productivity, as it lets output grow without inflation."""

RISING = _listed(
    "rise rises rose risen rising increase increases increased increasing higher high elevated "
    "strong stronger strengthen* solid robust resilient firm firmer firmed rapid "
    "accelerat* gained expand* climb* surge* surging upward brisk buoyant heightened "
    "intensif* above tight tightness improve* improving recovering rebound* picked"
)

FALLING = _listed(
    "fall falls fell fallen falling decline* declining decreas* drop* lower low reduced weak "
    "weaken* weakness soft soften* softness slow slower slowed slowing slowdown moderated "
    "moderating moderation eased easing subdued sluggish muted tepid diminish* contract* downward "
    "cool cooled cooling deteriorat* depressed below abate* subside* recede* dampen* restrain* "
    "weigh* wane*"
)

TIGHTER_PHRASES = (
    "remove policy accommodation",
    "removing policy accommodation",
    "removal of policy accommodation",
    "removing accommodation",
    "removal of accommodation",
    "policy firming",
    "further firming",
    "further tightening",
    "ongoing increases in the target range",
    "further gradual increases",
    "raise the target range",
    "raise its target",
    "increase in the target range",
    "increases in the target range",
    "upside risks to inflation",
    "upside risk to inflation",
    "risks to inflation are tilted to the upside",
    "inflation risks remain",
    "highly attentive to inflation risks",
    "attentive to inflation risks",
    "inflationary pressures",
    "sufficiently restrictive",
    "restrictive stance",
    "returning inflation to its 2 percent objective",
    "return inflation to 2 percent",
    "reducing its holdings",
    "reduce its holdings",
    "deliver price stability",
    "heightened inflation",
    "too high",
)

EASIER_PHRASES = (
    "accommodative",
    "exceptionally low",
    "highly accommodative",
    "downside risks",
    "downside risk",
    "weighted mainly toward conditions that may generate economic weakness",
    "lower the target range",
    "lower its target",
    "reduction in the target range",
    "reductions in the target range",
    "support the flow of credit",
    "increase its holdings",
    "increasing its holdings",
    "purchases of treasury securities",
    "running below 2 percent",
    "below 2 percent",
    "persistently below",
    "can be patient",
    "will be patient",
    "considerable period",
    "considerable time",
    "shortfall",
    "shortfalls",
    "use its full range of tools",
    "using its full range of tools",
    "act as appropriate to sustain the expansion",
)

NEGATIONS = _listed("not no never without neither nor cannot hardly unlikely")
"""One of these in a clause turns what it says."""

NO_NEGATION = ("no longer", "not only", "no doubt")
"""These turn nothing."""
