"""The kinds made from prices: closed sessions, quotes in a session, and how broad a rally is."""

from bot.facts.field import Field, Type, count, day, number, price, ratio, text, yes_no
from bot.facts.kind import Kind

RETURN_SPANS = ("1d", "5d", "21d", "63d", "126d", "252d", "qtd", "ytd")
"""Spans of returns: so many of the ticker's own bars back, or since the last bar before the
calendar quarter or year."""


def _returns() -> tuple[Field, ...]:
    return (
        tuple(
            ratio(f"return_{span}", f"Close ÷ close {_since(span)} − 1.") for span in RETURN_SPANS
        )
        + tuple(
            ratio(
                f"excess_{span}",
                f"return_{span} less the benchmark's between the same two sessions: a difference.",
            )
            for span in RETURN_SPANS
        )
        + tuple(
            day(f"start_{span}", f"Session whose close return_{span} starts from.")
            for span in RETURN_SPANS
        )
    )


def _since(span: str) -> str:
    if span == "qtd":
        return "of the last session before the calendar quarter"
    if span == "ytd":
        return "of the last session before the calendar year"
    return f"{span.removesuffix('d')} of the ticker's own sessions before"


PRICE_BAR = Kind(
    name="price_bar",
    doc="One closed session of one ticker, and how it stands to those before it.  Closes are "
    "adjusted for splits and spin-offs, not for cash dividends.  A signal whose window lacks more "
    "than one session is unknown.",
    subject="ticker",
    fires="rise",
    fields=(
        day("session", "The session, by the calendar of the exchange."),
        price("close_usd", "Last price of the session, on the share basis known then."),
        number("volume", "Shares traded in it."),
        *_returns(),
        ratio("since_listing", "Close ÷ first close since the ticker means this company − 1."),
        day("start_listing", "Session of that first close."),
        number(
            "zscore_1d",
            "Log return less the mean of the 60 before it, ÷ their sample deviation.",
        ),
        yes_no(
            "high_252d",
            "Whether it closed above every one of the 252 closes before.",
            {"yes": "above all 252 closes before", "no": "not above all 252 closes before"},
        ),
        yes_no(
            "low_252d",
            "Whether it closed below every one of the 252 closes before.",
            {"yes": "below all 252 closes before", "no": "not below all 252 closes before"},
        ),
        ratio(
            "drawdown_252d",
            "Close ÷ the highest of it and the 252 closes before − 1: 0 at a high, else negative.",
        ),
        number("volume_ratio", "Volume ÷ the mean of the 20 sessions before."),
        ratio("gap", "Open ÷ the close before − 1; also moved by ex-dividend days."),
        count(
            "missing_sessions",
            "Sessions of the exchange without a bar among those back to the 252nd bar before.",
        ),
        text("benchmark", "Ticker of the benchmark of the excess returns."),
        text("exchange", "Where it trades as its provider says; over-the-counter is OTC."),
        text("source", "Provider of the bar: folder, yahoo, alpaca."),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
    ),
)

QUOTE = Kind(
    name="quote",
    doc="One look at a ticker's price while the exchange trades, told at the first of a session "
    "and again when the price has moved since by half a point of the close before.",
    subject="ticker",
    fires="rise",
    fields=(
        day("session", "The session, by the calendar of the exchange."),
        price("price_usd", "Last price of regular trading."),
        price("previous_close_usd", "Close of the session before, on today's share basis."),
        ratio("return_1d", "Price ÷ the close before − 1."),
        ratio("excess_1d", "return_1d less the benchmark's at the same look."),
        number("volume", "Shares traded so far in the session."),
        text("benchmark", "Ticker of the benchmark."),
        text("source", "Provider of the quote."),
        text("quality", "Marks of doubt, separated by blanks; empty of marks is unknown."),
    ),
)

MARKET_BREADTH = Kind(
    name="market_breadth",
    doc="How many members carry a rally: one fund or index over 63 sessions, weighted by its "
    "holdings at the start of them.",
    subject="ticker",
    fires="rise",
    fields=(
        day("session", "Last session of the span."),
        day("since", "Session whose close the span starts from."),
        ratio("index_return", "Sum of weight at the start × return of each member."),
        ratio("equal_weight_return", "Plain mean of the members' returns."),
        ratio("median_return", "Median of the members' returns."),
        ratio("beating_share", "Share of the members that did better than the index."),
        ratio(
            "top10_share",
            "Contributions of the ten largest ÷ index_return; unknown unless positive.",
        ),
        number("effective_members", "1 ÷ the sum of squared weights."),
        count("members", "How many members have a return."),
        ratio("coverage", "Weight of the members with a return ÷ weight of all."),
        day("weights_as_of", "Day of the holdings."),
        Field(
            name="top",
            type=Type.DETAIL,
            doc="Ticker and contribution of the ten largest, largest first: 0.005 is half a point.",
        ),
    ),
)
