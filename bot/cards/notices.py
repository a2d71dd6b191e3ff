"""The lines of a card about a notice of proposed sale (Form 144)."""

from collections.abc import Mapping
from typing import Any

from bot.cards.amounts import money
from bot.cards.card import Line, Moment
from bot.cards.filing import accepted, company_text, doubt_lines, filing_source
from bot.clock import from_day_number
from bot.numbers import number_text, percent_text

Row = Mapping[str, Any]

_STAGES = {
    "announced": "announced; nothing is sold yet",
    "executed": "carried out: {sold}",
    "partly_executed": "carried out in part within 90 days: {sold}",
    "not_executed": "no sale told by Forms 4 within 90 days",
}


def notice_lines(row: Row) -> list[Line]:
    """Who, what, when, by which plan, and what became of it; what is not known says so."""
    return [
        Line(label="Who", text=_who(row)),
        Line(label="What", text=_what(row)),
        Line(label="Stage", text=_stage(row)),
        Line(label="Plan", text=_plan(row)),
        Line(label="When", text=_when(row)),
        *doubt_lines(row),
    ]


def notice_fact(row: Row) -> str:
    """Who means to sell what, and what became of it, in a sentence."""
    of = company_text(row)
    return f"{_seller(row)} gave notice of a sale of {_amounts(row)}, of {of}: {_stage(row)}"


def notice_moments(row: Row) -> tuple[Moment, ...]:
    """Its acceptance; a later stage is none of EDGAR's."""
    return accepted(row) if row["stage"] == "announced" else ()


def notice_source(row: Row) -> tuple[str | None, str | None]:
    """The notice: its name for a reader and its page on sec.gov."""
    return filing_source(row["accession_number"], row["form"], row["issuer_cik"])


def _who(row: Row) -> str:
    return f"{_seller(row)} · {company_text(row)}"


def _seller(row: Row) -> str:
    relation = f" ({row['relationship']})" if row["relationship"] else ""
    return f"{row['seller_name'] or 'seller not named'}{relation}"


def _stage(row: Row) -> str:
    return _STAGES[row["stage"]].format(sold=_sold(row))


def _what(row: Row) -> str:
    return f"proposed sale: {_amounts(row)}"


def _amounts(row: Row) -> str:
    shares, value, share = row["shares"], row["value_usd"], row["share_of_class"]
    parts = [
        "an unknown number of shares" if shares is None else f"{number_text(shares)} sh",
        "value not given" if value is None else f"worth {money(value)}",
        "" if share is None else f"{percent_text(share, 2)} of the class",
        row["security"] or "",
        f"through {row['broker']}" if row["broker"] else "",
    ]
    return ", ".join(part for part in parts if part)


def _sold(row: Row) -> str:
    shares, value = row["executed_shares"], row["executed_value_usd"]
    told = "number of shares not known" if shares is None else f"{number_text(shares)} sh"
    return told if value is None else f"{told} for {money(value)}"


def _plan(row: Row) -> str:
    adopted = row["plan_adopted_on"]
    if adopted is None:
        return "no Rule 10b5-1 plan named"
    return f"under a Rule 10b5-1 plan, adopted {from_day_number(adopted).isoformat()}"


def _when(row: Row) -> str:
    planned = row["planned_on"]
    for_day = "" if planned is None else f" for about {from_day_number(planned).isoformat()}"
    return f"notice of {from_day_number(row['filed_on']).isoformat()}{for_day}"
