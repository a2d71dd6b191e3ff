"""The fields of one fact of kind ``valuation``, made of all that is known of a ticker on a day."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.numbers import to_cents
from bot.valuation.earnings_per_share import is_foreign
from bot.valuation.income import Quarter, Revenue, newest_quarter, revenue
from bot.valuation.multiples import (
    difference,
    implied_growth,
    relative,
    standing,
)
from bot.valuation.periods import Figure, split_ratio
from bot.valuation.priced import Known, Priced, Told, priced
from bot.valuation.provenance import of_figure, of_reports, of_row
from bot.valuation.results_day import next_results
from bot.valuation.shares import market_cap_cents, shares_outstanding

Values = dict[str, Any]

FAIR_VALUE_LASTS = timedelta(days=365)
"""A fair value of longer ago is an opinion of another company: it makes no discount."""


def valuation_values(as_of: date, known: Known, benchmark: Priced | None = None) -> Values:
    """Fields of VALUATION for the close of a session; what is unknown is None or absent.

    benchmark: the benchmark's P/Es of the same session, from ``priced``.
    """
    own = priced(known, as_of)
    marks: list[str] = [*own.trailing.marks, *own.forward.marks]
    values: Values = {"as_of": as_of, "close_usd": own.close_usd, "listed": known.listed}
    sources: dict[str, Any] = {}
    values |= _multiples(own, sources)
    if benchmark is not None and benchmark.ticker != known.ticker:
        values |= _beside(own, benchmark, marks)
    if known.company is not None:
        values |= _reported(as_of, known, own, marks, sources)
    values |= _fair_value(as_of, known, own, marks, sources)
    values |= _results(as_of, known, sources)
    values["source"] = _joined(_origins(own, sources))
    values["quality"] = _joined(marks)
    values["sources"] = sources or None
    return values


def _multiples(own: Priced, sources: dict[str, Any]) -> Values:
    trailing, forward = own.trailing, own.forward
    of_company = own.earnings is not None
    for name, told in (
        ("eps_ttm_usd" if of_company else "pe_trailing", trailing),
        ("pe_forward", forward),
    ):
        if told.sources:
            sources[name] = told.sources
    by = trailing if trailing.multiple.pe is not None else forward
    stands = standing(by.multiple.pe, by.multiple.history)
    earnings = own.earnings
    eps = earnings.eps_usd if earnings else None
    return {
        "pe_trailing": trailing.multiple.pe,
        "pe_forward": forward.multiple.pe,
        "pe_method": _joined((trailing.method, forward.method), "; "),
        "pe_missing": trailing.missing and trailing.missing.value,
        "pe_forward_as_of": forward.as_of,
        "eps_ttm_usd": None if eps is None else float(eps),
        "eps_period_end": earnings and earnings.period_end,
        "pe_zscore_5y": stands.zscore,
        "pe_percentile_5y": stands.percentile,
        "implied_growth": implied_growth(trailing.multiple.pe, forward.multiple.pe),
    }


def _beside(own: Priced, benchmark: Priced, marks: list[str]) -> Values:
    """Trailing P/Es where both sides have one, else forward ones."""
    values: Values = {
        "benchmark": benchmark.ticker,
        "yield_spread": difference(own.trailing.earnings_yield, benchmark.trailing.earnings_yield),
    }
    for word in ("trailing", "forward"):
        mine: Told = getattr(own, word)
        other: Told = getattr(benchmark, word)
        ratio = relative(mine.multiple, other.multiple)
        if ratio.pe is None:
            continue
        marks += _doubts(mine, other)
        stands = standing(ratio.pe, ratio.history)
        return values | {
            "pe_ratio_of": word,
            "pe_ratio": ratio.pe,
            "pe_spread": difference(mine.multiple.pe, other.multiple.pe),
            "pe_ratio_zscore_5y": stands.zscore,
            "pe_ratio_percentile_5y": stands.percentile,
        }
    return values


def _doubts(mine: Told, other: Told) -> Iterable[str]:
    """What sets two told P/Es apart besides what they are of."""
    if mine.as_of and other.as_of and mine.as_of != other.as_of:
        yield "pe_days_differ"
    if mine.way and other.way and mine.way != other.way:
        yield "pe_methods_differ"


def _reported(
    as_of: date, known: Known, own: Priced, marks: list[str], sources: dict[str, Any]
) -> Values:
    """What a company's reports tell besides earnings a share of four quarters."""
    assert known.company is not None
    told = revenue(known.company, as_of)
    quarter = newest_quarter(known.company, known.actions, as_of)
    shares = shares_outstanding(known.company, known.actions, as_of)
    marks += shares.marks
    if is_foreign(known.company, as_of):
        marks.append("foreign_currency")
    if told.inferred:
        marks.append("revenue_inferred")
    if any(each and each.how != "Q" for each in (quarter.eps, quarter.eps_before)):
        marks.append("eps_quarter_derived")
    values = _of_revenue(told, sources) | _of_quarter(quarter, sources)
    if shares.outstanding is not None and shares.cover is not None:
        values["shares_outstanding"] = float(shares.outstanding)
        sources["shares_outstanding"] = of_reports([shares.cover])
    values["issuer_cik"] = known.company.cik
    return values | {"market_cap_usd": market_cap_cents(shares, own.close_usd)}


def _of_revenue(told: Revenue, sources: dict[str, Any]) -> Values:
    figures = {
        "revenue_ttm_usd": told.total,
        "revenue_growth": told.before if told.growth is not None else None,
        "gross_margin": told.gross,
    }
    _note(figures, sources)
    return {
        "revenue_ttm_usd": _cents(told.total),
        "revenue_period_end": told.total and told.total.end,
        "revenue_growth": told.growth,
        "gross_margin": told.margin,
    }


def _of_quarter(quarter: Quarter, sources: dict[str, Any]) -> Values:
    a_share = {"eps_quarter_usd": quarter.eps, "eps_quarter_year_ago_usd": quarter.eps_before}
    amounts = {
        "operating_income_quarter_usd": quarter.operating,
        "operating_income_year_ago_usd": quarter.operating_before,
        "net_income_quarter_usd": quarter.net,
        "net_income_year_ago_usd": quarter.net_before,
    }
    _note(a_share | amounts, sources)
    values: Values = {name: f and float(f.value) for name, f in a_share.items()}
    values |= {name: _cents(figure) for name, figure in amounts.items()}
    return values | {"quarter_end": quarter.end}


def _fair_value(
    as_of: date, known: Known, own: Priced, marks: list[str], sources: dict[str, Any]
) -> Values:
    """The newest of the user's file, on the share basis of the day; an old one has no discount."""
    rows = [row for row in known.fair_values if row.as_of <= as_of]
    if not rows:
        return {}
    row = max(rows, key=lambda each: each.as_of)
    ratio = split_ratio(known.actions, after=row.as_of, until=as_of)
    fair = float(row.fair_value_usd / ratio)
    sources["fair_value_usd"] = of_row(row.where)
    if ratio != 1:
        told = f"${row.fair_value_usd:,.2f} in the file, on today's shares"
        sources["fair_value_usd"] |= {"how": f"{told}: ÷ {float(ratio):g} for splits since"}
    is_old = as_of - row.as_of > FAIR_VALUE_LASTS
    if is_old:
        marks.append("fair_value_old")
    return {
        "fair_value_usd": fair,
        "fair_value_as_of": row.as_of,
        "fair_value_discount": None
        if is_old or own.close_usd is None
        else 1 - own.close_usd / fair,
    }


def _results(as_of: date, known: Known, sources: dict[str, Any]) -> Values:
    estimate = next_results(known.results_days, as_of)
    if estimate is None:
        return {}
    sources["earnings_on"] = {"how": estimate.method}
    return {
        "earnings_on": estimate.day,
        "days_to_earnings": (estimate.day - as_of).days,
        "earnings_confidence": estimate.confidence,
    }


def _note(figures: dict[str, Figure | None], sources: dict[str, Any]) -> None:
    sources |= {name: of_figure(figure) for name, figure in figures.items() if figure}


def _cents(figure: Figure | None) -> int | None:
    return None if figure is None else to_cents(Decimal(figure.value))


def _origins(own: Priced, sources: dict[str, Any]) -> Iterable[str | None]:
    """Who tells the figures: the bars' own source is told with the bars."""
    by = (own.trailing.by, own.forward.by)
    yield from (word for each in by if each for word in each.split())
    if sources.keys() - {"pe_trailing", "pe_forward", "fair_value_usd"}:
        yield "sec"
    if "fair_value_usd" in sources:
        yield "user"


def _joined(words: Iterable[str | None], by: str = " ") -> str | None:
    """Each word once; None where there is none."""
    return by.join(dict.fromkeys(word for word in words if word)) or None
