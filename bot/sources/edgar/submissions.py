"""Reads a company's list of filings (submissions JSON): columns of equal length, newest first."""

import json
from datetime import date
from typing import Any

from bot.clock import from_text
from bot.company_filings import Company, Filed
from bot.errors import SourceUnreadable
from bot.insider.tickers import plain_ticker
from bot.sources.edgar.names import ACCESSION_NUMBER, padded_cik

_COLUMNS = ("accessionNumber", "form", "acceptanceDateTime", "filingDate", "items")


def read_submissions(body: bytes, *, where: str) -> Company:
    """The list of a company; SourceUnreadable where it is none, or not whole.

    where: what to call it in an error.
    """
    try:
        told = json.loads(body)
        recent = told["filings"]["recent"]
        rows = zip(*(recent[name] for name in _COLUMNS), strict=True)
        return Company(
            cik=padded_cik(str(told["cik"])),
            name=str(told["name"]),
            tickers=tuple(filter(None, map(plain_ticker, told.get("tickers") or ()))),
            exchanges=tuple(filter(None, told.get("exchanges") or ())),
            former_names=tuple(map(_former, told.get("formerNames") or ())),
            filings=tuple(_filed(*row) for row in rows),
            older=bool(told["filings"].get("files")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceUnreadable(
            f"this is no list of a company's filings: {type(error).__name__} {error}",
            where=where,
            mend="look at the address in a browser; a new shape needs the reader mended",
        ) from error


def _filed(accession: str, form: str, accepted: str, filed_on: str, items: str) -> Filed:
    if not ACCESSION_NUMBER.fullmatch(accession):
        raise ValueError(f"{accession!r} is no accession number")
    return Filed(
        accession_number=accession,
        form=form.strip(),
        told_at=from_text(accepted),
        filed_on=date.fromisoformat(filed_on),
        items=tuple(each.strip() for each in items.split(",") if each.strip()),
    )


def _former(told: dict[str, Any]) -> tuple[str, date, date]:
    since, to = (date.fromisoformat(str(told[name])[:10]) for name in ("from", "to"))
    return str(told["name"]), since, to
