"""From when on a ticker means the company that it means now.

A symbol is used again: the bars before belong to another company, or to the blank-cheque shell
that became this one.  Returns since the listing start at ``valid_from``.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.calendar import NYSE
from bot.errors import SourceUnreadable
from bot.prices.bars import Bars

LONG_SILENCE = 126
"""Sessions without a bar, half a year, after which the symbol may have gone to somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """valid_from: first session of the ticker's company.  before: who it was, for people."""

    ticker: str
    valid_from: date
    before: str | None = None


def read_identities(text: str, where: str) -> Mapping[str, Identity]:
    """A table ``ticker,valid_from`` and maybe ``before``, by ticker; the latest day wins.

    Raises SourceUnreadable with the line where a column or a day can not be read.
    """
    found: dict[str, Identity] = {}
    table = csv.DictReader(text.splitlines())
    if missing := {"ticker", "valid_from"} - set(table.fieldnames or ()):
        raise SourceUnreadable(
            f"no column {' and '.join(sorted(missing))}",
            where=f"{where}:1",
            mend="the first line names the columns: ticker,valid_from,before",
        )
    for row in table:
        identity = _identity(row, f"{where}:{table.line_num}")
        known = found.get(identity.ticker)
        if known is None or known.valid_from < identity.valid_from:
            found[identity.ticker] = identity
    return found


def of_this_company(bars: Bars, identity: Identity | None = None) -> Bars:
    """The bars of the company that the ticker means now.

    Where nobody told from when on, they start after the last silence of half a year: who came back
    from it may be somebody else, and a return across it says nothing.
    """
    first = identity.valid_from.toordinal() if identity else _after_silence(bars)
    return bars.take(bars.days >= first)


def _identity(row: Mapping[str, str | None], where: str) -> Identity:
    ticker, day = (row["ticker"] or "").strip(), (row["valid_from"] or "").strip()
    try:
        valid_from = date.fromisoformat(day)
    except ValueError:
        raise SourceUnreadable(
            f"valid_from {day!r} is no day", where=where, mend="write it as 2024-05-10"
        ) from None
    if not ticker:
        raise SourceUnreadable("no ticker", where=where, mend="write one, or take the line away")
    return Identity(
        ticker=ticker, valid_from=valid_from, before=(row.get("before") or "").strip() or None
    )


def _after_silence(bars: Bars) -> int:
    """Ordinal of the first bar after the last long silence; 0 where there was none."""
    for i in reversed(np.flatnonzero(np.diff(bars.days) > LONG_SILENCE)):
        before, after = (date.fromordinal(int(day)) for day in bars.days[i : i + 2])
        if NYSE.session_number(after) - NYSE.session_number(before) > LONG_SILENCE:
            return after.toordinal()
    return 0
