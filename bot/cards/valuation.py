"""The lines of a card about what the market pays for a company or a fund."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from bot.cards.amounts import money, price
from bot.cards.card import Line
from bot.cards.doubts import doubts
from bot.cards.filing import filing_source
from bot.cards.prices import signed
from bot.clock import from_day_number
from bot.facts import VALUATION
from bot.numbers import number_text, percent_text

Row = Mapping[str, Any]

_MISSING = VALUATION.by_name["pe_missing"]
_FIGURES = {
    "eps_ttm_usd": "EPS",
    "pe_trailing": "P/E",
    "pe_forward": "forward P/E",
    "revenue_ttm_usd": "revenue",
    "revenue_growth": "revenue a year before",
    "gross_margin": "gross profit",
    "shares_outstanding": "shares",
    "eps_quarter_usd": "EPS of the quarter",
    "eps_quarter_year_ago_usd": "EPS a year before",
    "operating_income_quarter_usd": "operating income",
    "operating_income_year_ago_usd": "operating income a year before",
    "net_income_quarter_usd": "net income",
    "net_income_year_ago_usd": "net income a year before",
    "fair_value_usd": "fair value",
    "earnings_on": "next results",
}


def valuation_lines(row: Row) -> list[Line]:
    """P/E with method, its own past and the benchmark; size, growth, results; each with its day."""
    return [
        Line(label="P/E", text=_multiples(row)),
        *_line("Past", _standing(row, "pe", "of its 60 month ends")),
        *_line("Against", _against(row)),
        *_line("Size", _size(row)),
        *_line("Growth", _growth(row)),
        *_line("Quarter", _quarter(row)),
        *_line("Value", _fair_value(row)),
        *_line("Results", _results(row)),
        *_line("Doubt", doubts(row["quality"])),
        *(Line(label="From", text=text) for text in _origins(row)),
        Line(label="When", text=_when(row)),
    ]


def valuation_fact(row: Row) -> str:
    """What is paid for it: the close, the market value and the multiples, in a sentence."""
    cap = "" if row["market_cap_usd"] is None else f", {_size(row)[0]}"
    return f"{_multiples(row)}{cap}, {_when(row)}"


def valuation_brief(row: Row) -> Line:
    """A valuation in one line, beside another fact."""
    cap = [] if row["market_cap_usd"] is None else _size(row)[:1]
    revenue = _growth(row)[:1] if cap else []
    parts = [*cap, *revenue, _multiples(row, brief=True), _when(row).removeprefix("at the ")]
    return Line(label="Cap" if cap else "P/E", text=" · ".join(parts))


def valuation_source(row: Row) -> tuple[str | None, str | None]:
    """The newest report behind the figures, on sec.gov; else who told them."""
    reports = [part for _, parts in _reports(row) for part in parts]
    if reports and row["issuer_cik"]:
        newest = max(reports, key=lambda part: str(part["filed"]))
        name, url = filing_source(newest["accession_number"], None, row["issuer_cik"])
        return f"{name} (filed {newest['filed']})", url
    source = "your file" if row["source"] == "user" else row["source"]
    return (f"Valuation: {source}" if source else None), None


def _multiples(row: Row, *, brief: bool = False) -> str:
    """ "OKLO at $171.01: no trailing P/E (…) · forward unknown": the method stands behind both.

    brief: without the earnings where there is no multiple of them.
    """
    trailing, forward = row["pe_trailing"], row["pe_forward"]
    reason = row["pe_missing"]
    why = f" ({_MISSING.in_plain_words(reason)})" if reason else ""
    parts = [
        f"no trailing P/E{why}" if trailing is None else f"trailing {_number(trailing)}",
        "no forward P/E" if forward is None else f"forward {_number(forward)}",
    ]
    if not brief or trailing is not None or forward is not None:
        eps = row["eps_ttm_usd"]
        parts += [] if eps is None else [f"EPS {price(eps)}"]
        parts += _method(row)
    close = row["close_usd"]
    at = "without a close" if close is None else f"at {price(close)}"
    return f"{row['ticker']} {at}: {' · '.join(parts)}"


def _method(row: Row) -> list[str]:
    """How the P/Es were made; of a forward P/E alone without saying again that it is one."""
    method = row["pe_method"]
    if not method:
        return []
    return [method.removeprefix("forward: ") if row["pe_trailing"] is None else method]


def _when(row: Row) -> str:
    """The session, as a close only where there is one."""
    word = "session" if row["close_usd"] is None else "at the close"
    return f"{word} of {_day(row['as_of'])}"


def _standing(row: Row, of: str, whose: str) -> list[str]:
    percentile, zscore = row[f"{of}_percentile_5y"], row[f"{of}_zscore_5y"]
    told = []
    if percentile is not None:
        told.append(f"not below {number_text(percentile, 1)}% {whose}")
    if zscore is not None:
        told.append(f"{_number(zscore)} deviations")
    return told


def _against(row: Row) -> list[str]:
    told = []
    if row["pe_ratio"] is not None:
        spread = "" if row["pe_spread"] is None else f", {_number(row['pe_spread'])} apart"
        ratio = f"{number_text(row['pe_ratio'], 3)} times the {row['pe_ratio_of'] or ''} P/E"
        told.append(f"{ratio} of {row['benchmark']}{spread}")
        told += _standing(row, "pe_ratio", "of 60 month ends")
    if row["yield_spread"] is not None:
        points = signed(row["yield_spread"]).removesuffix("%")
        told.append(f"earnings yield {points} points from that of {row['benchmark']}")
    return told


def _size(row: Row) -> list[str]:
    told = []
    if row["market_cap_usd"] is not None:
        told.append(f"market cap {money(row['market_cap_usd'])}")
    if row["shares_outstanding"] is not None:
        told.append(f"{number_text(row['shares_outstanding'])} shares outstanding")
    return told


def _growth(row: Row) -> list[str]:
    """A revenue of 0 is told as reported, an unknown one is left out."""
    if row["revenue_ttm_usd"] is None:
        return []
    told = [f"revenue of four quarters {money(row['revenue_ttm_usd'])}"]
    if row["revenue_growth"] is not None:
        told.append(f"{signed(row['revenue_growth'])} on the year")
    if row["gross_margin"] is not None:
        told.append(f"gross margin {percent_text(row['gross_margin'], 1)}")
    return told


def _quarter(row: Row) -> list[str]:
    """Figures of the newest quarter, each beside that of the year before."""
    told = []
    pairs = (
        ("EPS", price, "eps_quarter_usd", "eps_quarter_year_ago_usd"),
        (
            "operating income",
            money,
            "operating_income_quarter_usd",
            "operating_income_year_ago_usd",
        ),
        ("net income", money, "net_income_quarter_usd", "net_income_year_ago_usd"),
    )
    for name, tell, now, before in pairs:
        if row[now] is not None:
            past = "" if row[before] is None else f" (a year before {tell(row[before])})"
            told.append(f"{name} {tell(row[now])}{past}")
    return [f"to {_day(row['quarter_end'])}", *told] if told else []


def _fair_value(row: Row) -> list[str]:
    fair, discount = row["fair_value_usd"], row["fair_value_discount"]
    if fair is None and discount is None:
        return []
    told = [f"your fair value {price(fair)} of {_day(row['fair_value_as_of'])}"]
    if discount is not None:
        side = "below" if discount >= 0 else "above"
        told.append(f"the close is {percent_text(abs(discount), 1)} {side} it")
    return told


def _results(row: Row) -> list[str]:
    if row["earnings_on"] is None:
        return []
    told = [f"next about {_day(row['earnings_on'])}, an estimate"]
    if row["earnings_confidence"] is not None:
        told.append(f"{percent_text(row['earnings_confidence'])} of such hit within five sessions")
    return told


def _origins(row: Row) -> Iterator[str]:
    """What stands in which filing, the newest first, and in which row of a file; the fact itself
    tells concept and period of each number."""
    filings: dict[tuple[str, str], list[str]] = {}
    for name, parts in _reports(row):
        for part in parts:
            figures = filings.setdefault((part["filed"], part["accession_number"]), [])
            figures.append(_FIGURES.get(name, name))
    for (filed, number), figures in sorted(filings.items(), reverse=True):
        yield f"{number} (filed {filed}): {', '.join(dict.fromkeys(figures))}"
    for name, held in _sources(row).items():
        if isinstance(held, dict) and "of" not in held:
            row = {key: PurePath(part).name if key == "row" else part for key, part in held.items()}
            told = ", ".join(map(str, row.values()))
            yield f"{_FIGURES.get(name, name)}: {told}"


def _reports(row: Row) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Each figure that reports tell, with the numbers it is made of."""
    for name, held in _sources(row).items():
        parts = held.get("of") if isinstance(held, dict) else held
        if isinstance(parts, list) and parts:
            yield name, parts


def _sources(row: Row) -> dict[str, Any]:
    return json.loads(row["sources"]) if row["sources"] else {}


def _line(label: str, parts: list[str]) -> list[Line]:
    return [Line(label=label, text=" · ".join(parts))] if parts else []


def _number(value: float) -> str:
    return number_text(value, 2).replace("-", "−")


def _day(number: int | None) -> str:
    return "an unknown day" if number is None else from_day_number(number).isoformat()
