"""The lines of a card about a filing of a watched company."""

from collections.abc import Mapping
from typing import Any

from bot.cards.card import Line
from bot.cards.filing import accepted_text, company_text, filing_source
from bot.clock import from_day_number

Row = Mapping[str, Any]


def company_lines(row: Row) -> list[Line]:
    """Who, what and when."""
    filed = row["filed_on"]
    day = [] if filed is None else [Line(label="When", text=f"filed {from_day_number(filed)}")]
    return [
        Line(label="Who", text=company_text(row)),
        Line(label="What", text=_what(row)),
        *day,
    ]


def company_fact(row: Row) -> str:
    """Who filed what, in a sentence."""
    return f"{company_text(row)} filed {_what(row)}"


def company_brief(row: Row) -> Line:
    """A filing in one line, beside another fact."""
    _, *lines = company_lines(row)
    parts = [*(line.text for line in lines), *accepted_text(row)]
    return Line(label="Filing", text=" · ".join(parts))


def _what(row: Row) -> str:
    items = f" (items {row['items']})" if row["items"] else ""
    title = f": {row['title']}" if row["title"] else ""
    return f"{row['form'] or 'a form not given'}{title}{items}"


def company_source(row: Row) -> tuple[str | None, str | None]:
    """The filing: its name for a reader and its page on sec.gov."""
    return filing_source(row["accession_number"], row["form"], row["issuer_cik"])
