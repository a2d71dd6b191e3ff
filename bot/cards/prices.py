"""The lines of a card about prices: closed sessions, quotes, and how broad a rally is."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.cards.amounts import price
from bot.cards.card import Line
from bot.cards.doubts import doubts
from bot.clock import from_day_number
from bot.numbers import number_text, percent_text, signed_text

Row = Mapping[str, Any]

_TOP = 10
_NAMES = {
    "1d": "1 session",
    "5d": "5 sessions",
    "21d": "21 sessions",
    "63d": "63 sessions",
    "126d": "126 sessions",
    "252d": "252 sessions",
    "qtd": "quarter",
    "ytd": "year",
}
_GROUPS = {
    "Short": ("1d", "5d", "21d"),
    "Long": ("63d", "126d", "252d"),
    "To date": ("qtd", "ytd"),
}


def bar_lines(row: Row) -> list[Line]:
    """Close, returns with both days and the benchmark, where the close stands, doubts."""
    return [
        Line(label="What", text=_close(row)),
        *_returns(row),
        *_told("Stands", _stands(row)),
        *_missing(row),
        *doubt_lines(row),
    ]


def bar_fact(row: Row) -> str:
    """The close, with how far it moved in a session and in a month, in a sentence."""
    moves = [told for span in ("1d", "21d") if (told := _return(row, span, dated=False))]
    return ", ".join([_close(row).replace(" · ", ", "), *moves])


def bar_brief(row: Row) -> Line:
    """A closed session in one line, beside another fact: a month and half a year."""
    spans = [told for span in ("21d", "126d") if (told := _return(row, span))]
    doubts = [line.text for line in doubt_lines(row)]
    return Line(label="Price", text=" · ".join([_close(row), *spans, *doubts]))


def quote_lines(row: Row) -> list[Line]:
    """Price against the close before, and when it was looked at."""
    return [
        Line(label="What", text=" · ".join([row["ticker"], *_quoted(row)])),
        *doubt_lines(row),
        Line(label="When", text="while the exchange trades"),
    ]


def quote_fact(row: Row) -> str:
    """The price against the close before, in a sentence."""
    return f"{row['ticker']} trades at {', '.join(_quoted(row))}"


def _quoted(row: Row) -> list[str]:
    move = signed(row["return_1d"])
    parts = [
        f"{price(row['price_usd'])}, {move} on a close of {price(row['previous_close_usd'])}",
        _benchmark(row, row["return_1d"], row["excess_1d"]),
        *_known(row["volume"], lambda shares: f"{number_text(shares)} sh so far"),
    ]
    return [part for part in parts if part]


def breadth_lines(row: Row) -> list[Line]:
    """What the index, its members and the ten largest contributors did."""
    what = " · ".join(_breadth(row))
    members = [
        _members(row["members"]),
        *_known(row["coverage"], lambda share: f"{percent_text(share)} of the weight"),
        *_known(row["beating_share"], lambda share: f"{percent_text(share)} beat the index"),
        *_known(
            row["effective_members"], lambda n: f"as broad as {number_text(n, 0)} equal members"
        ),
        f"weights of {_day(row['weights_as_of'])}",
    ]
    return [
        Line(label="What", text=what),
        Line(label="Members", text=" · ".join(members)),
        *_told("Top", _contributors(row)),
        *doubt_lines(row),
        Line(label="When", text=f"{_day(row['since'])} to {_day(row['session'])}"),
    ]


def _members(count: int | None) -> str:
    told = "an unknown number of" if count is None else number_text(count)
    return f"{told} member{'s' * (count != 1)} with a return"


def breadth_fact(row: Row) -> str:
    """What the index did beside its members, in a sentence."""
    return f"{', '.join(_breadth(row))} from {_day(row['since'])} to {_day(row['session'])}"


def _breadth(row: Row) -> tuple[str, str, str]:
    return (
        f"{row['ticker']} {signed(row['index_return'])}",
        f"all weighted alike {signed(row['equal_weight_return'])}",
        f"median member {signed(row['median_return'])}",
    )


def price_source(row: Row) -> tuple[str | None, str | None]:
    """Whose figures they are; a provider has no page of a bar."""
    word = {"price_bar": "Daily bars", "quote": "Quote"}[row["kind"]]
    return (f"{word}: {row['source']}" if row["source"] else None), None


def signed(ratio: float | None) -> str:
    """A change with its sign: +107%, −13.9%; 0% is none."""
    return "unknown" if ratio is None else signed_text(ratio, 1)


def doubt_lines(row: Row) -> list[Line]:
    """Marks of doubt in words."""
    return _told("Doubt", doubts(row.get("quality")))


def _missing(row: Row) -> list[Line]:
    """Sessions without a bar, which make every span reach further back."""
    missing = row["missing_sessions"]
    if not missing:
        return []
    text = (
        f"{missing} session{'s' * (missing > 1)} without a bar in the last year: spans reach back"
    )
    return [Line(label="Missing", text=f"{text} further")]


def _close(row: Row) -> str:
    over_the_counter = " (over the counter)" if row["exchange"] == "OTC" else ""
    close, day = row["close_usd"], _day(row["session"])
    told = f" closed at {price(close)} on {day}"
    if close is None:
        told = f", session of {day}, close not known"
    parts = [
        f"{row['ticker']}{over_the_counter}{told}",
        *_known(row["volume"], lambda shares: f"{number_text(shares)} sh"),
        *_known(
            row["volume_ratio"], lambda n: f"{number_text(n, 1)} times the mean of 20 sessions"
        ),
    ]
    return " · ".join(parts)


def _returns(row: Row) -> list[Line]:
    lines = []
    for label, spans in _GROUPS.items():
        told = [text for span in spans if (text := _return(row, span))]
        if label == "To date" and row["since_listing"] is not None:
            first = f" from {_day(row['start_listing'])}" if row["start_listing"] else ""
            told.append(f"first close {signed(row['since_listing'])}{first}")
        lines += _told(label, told)
    return lines


def _return(row: Row, span: str, *, dated: bool = True) -> str:
    """ "21 sessions +106.8% from 2025-09-12 (IWM +2.5%)"; empty where it is unknown."""
    change, start = row[f"return_{span}"], row[f"start_{span}"]
    if change is None:
        return ""
    since = f" from {_day(start)}" if dated and start is not None else ""
    beside = _benchmark(row, change, row[f"excess_{span}"])
    return f"{_NAMES[span]} {signed(change)}{since}{f' ({beside})' if beside else ''}"


def _benchmark(row: Row, change: float | None, excess: float | None) -> str:
    if change is None or excess is None or not row["benchmark"]:
        return ""
    return f"{row['benchmark']} {signed(change - excess)}"


def _stands(row: Row) -> list[str]:
    below = row["drawdown_252d"]
    return [
        *(["above all 252 closes before"] if row["high_252d"] else []),
        *(["below all 252 closes before"] if row["low_252d"] else []),
        *([f"{percent_text(-below, 1)} below the highest of 252 sessions"] if below else []),
        *_known(row["zscore_1d"], lambda z: f"{_plain(z)} deviations of its 60 sessions before"),
        *_known(row["gap"], lambda gap: f"opened {signed(gap)}"),
    ]


def _contributors(row: Row) -> list[str]:
    """What the largest contributors make of the rise, then ticker and points of each."""
    top = json.loads(row["top"]) if row["top"] else []
    share = _known(row["top10_share"], lambda s: f"{_whom(row)} make {percent_text(s)} of the rise")
    return [*share, *(f"{each['ticker']} {_plain(each['contribution'] * 100)}" for each in top)]


def _whom(row: Row) -> str:
    """Whose share that is: of ten members or fewer it is all of the rise."""
    members = row["members"]
    if members is None:
        return "ten"
    return f"all {members}" if members <= _TOP else f"ten of {members}"


def _plain(number: float) -> str:
    return number_text(number, 2).replace("-", "−")


def _known(value: float | None, tell: Callable[[float], str]) -> list[str]:
    return [] if value is None else [tell(value)]


def _told(label: str, parts: Iterable[str]) -> list[Line]:
    """A line, unless there is nothing to tell."""
    text = " · ".join(parts)
    return [Line(label=label, text=text)] if text else []


def _day(number: int | None) -> str:
    return "an unknown day" if number is None else from_day_number(number).isoformat()
