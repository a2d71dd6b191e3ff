"""The lines of a card about a filing of a watched company."""

from collections.abc import Mapping
from typing import Any

from bot.cards.card import Line
from bot.cards.filing import company_text, filing_source
from bot.clock import NEW_YORK, from_day_number, from_ms

Row = Mapping[str, Any]


def company_lines(row: Row) -> list[Line]:
    """Who, what and when."""
    known = from_ms(row["known_at"]).astimezone(NEW_YORK)
    items = f" (items {row['items']})" if row["items"] else ""
    title = f": {row['title']}" if row["title"] else ""
    filed = "" if row["filed_on"] is None else f", filed {from_day_number(row['filed_on'])}"
    return [
        Line(label="Who", text=company_text(row)),
        Line(label="What", text=f"{row['form'] or 'form not given'}{title}{items}"),
        Line(label="When", text=f"accepted {known:%Y-%m-%d %H:%M} ET{filed}"),
    ]


def company_brief(row: Row) -> Line:
    """A filing in one line, beside another fact."""
    _, what, when = company_lines(row)
    return Line(label="Filing", text=f"{what.text} · {when.text}")


def company_source(row: Row) -> tuple[str | None, str | None]:
    """The filing: its name for a reader and its page on sec.gov."""
    return filing_source(row["accession_number"], row["form"], row["issuer_cik"])
