"""What the cards of all facts from EDGAR have in common: the company, the doubts, the filing."""

from collections.abc import Mapping
from typing import Any

from bot.cards.card import Line, Moment
from bot.cards.doubts import doubts
from bot.clock import from_ms
from bot.rules.messages import issuer_text

Row = Mapping[str, Any]


def company_text(row: Row) -> str:
    """The issuer by name and ticker."""
    name, ticker = row["issuer_name"], row["ticker"]
    if not name and ticker:
        return str(ticker)
    if not ticker:
        return issuer_text(row) or "an issuer not named"
    return f"{name} ({ticker})"


def certain(row: Row) -> bool:
    """Whether it is known to the second when EDGAR accepted the filing."""
    return "acceptance_unknown" not in (row.get("quality") or "")


def accepted(row: Row) -> tuple[Moment, ...]:
    return (Moment(words="accepted", at=from_ms(row["known_at"])),) if certain(row) else ()


def accepted_text(row: Row) -> list[str]:
    return [moment.text for moment in accepted(row)]


def doubt_lines(row: Row) -> list[Line]:
    """Marks of doubt in words; a guessed acceptance is told where the date stands."""
    told = " · ".join(doubts(row["quality"], besides=("acceptance_unknown",)))
    told = f"{told}: {row['correction']}" if row.get("correction") else told
    return [Line(label="Doubt", text=told)] if told else []


def filing_source(
    accession: str | None, form: str | None, cik: str | None
) -> tuple[str | None, str | None]:
    """A filing: its name for a reader and its page on sec.gov, which goes by the issuer's CIK."""
    named = f"Form {form}" if form else None
    if not accession:
        return named, None
    name = f"{named or 'Filing'} {accession}"
    if cik is None:
        return name, None
    folder = accession.replace("-", "")
    url = f"https://www.sec.gov/Archives/edgar/data/{int(cik)}/{folder}/{accession}-index.htm"
    return name, url
