"""Facts of the kind ``insider_trade``: one for each trade of a filing.

Source of the times: Forms 3, 4 and 5 submitted by 22:00 ET keep that day as filing date (Regulation
S-T, Rule 13(a)(4)); a Form 4 is due by the end of the second business day (Form 4, General
Instruction 1).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.calendar import SEC, start_of
from bot.clock import new_york_day
from bot.facts import INSIDER_TRADE, Fact
from bot.insider.classify import Side
from bot.insider.filing import Filing, Line, Table, read_day
from bot.insider.plans import Planned, plan_day
from bot.insider.roles import leading_owner
from bot.insider.tickers import plain_ticker
from bot.insider.trades import Trade, number, price_range, trades_of
from bot.numbers import to_cents

EDGAR_CLOSES = timedelta(hours=22)
ACCEPTANCE_UNKNOWN = "acceptance_unknown"
_PLANNED = {Planned.YES: True, Planned.NO: False, Planned.UNKNOWN: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times:
    """When the world could know a filing, the New York day of it, and whether both are certain."""

    known_at: datetime
    day: date
    certain: bool


def insider_trades(filing: Filing, *, accepted_at: datetime | None, digest: str) -> list[Fact]:
    """The facts of a filing; none where it holds no transaction.

    accepted_at: when EDGAR accepted it as a source beside the document tells (a feed); the document
    itself wins.  Where nobody tells, the latest day it names stands in, 22:00 ET, marked
    ``acceptance_unknown``.
    digest: names the filing where no accession number is known.
    """
    trades = trades_of(filing)
    if not trades:
        return []
    times = _times(filing, filing.accepted_at or accepted_at)
    document = filing.accession_number or f"sha256-{digest[:16]}"
    shared = _shared(filing, times)
    return [_fact(filing, trade, times, document, shared) for trade in trades]


def known_at(filing: Filing) -> datetime:
    """When the world could know a filing: its acceptance, else the latest day that it names."""
    return _times(filing, filing.accepted_at).known_at


def digest_of(body: bytes) -> str:
    """What names a document whose accession number is not known."""
    return hashlib.sha256(body).hexdigest()


def _times(filing: Filing, accepted_at: datetime | None) -> _Times:
    if accepted_at is not None:
        return _Times(known_at=accepted_at, day=new_york_day(accepted_at), certain=True)
    days = [read_day(signed) for _, signed in filing.signatures]
    days += [read_day(filing.period_of_report), *(read_day(line.date) for line in filing.lines)]
    last = max((day for day in days if day), default=date(1970, 1, 1))
    return _Times(known_at=start_of(last) + EDGAR_CLOSES, day=last, certain=False)


def _shared(filing: Filing, times: _Times) -> dict[str, Any]:
    """What all trades of a filing have in common."""
    owner, role, title = leading_owner(filing)
    return {
        "accession_number": filing.accession_number,
        "form": filing.form,
        "issuer_cik": filing.issuer_cik,
        "issuer_name": filing.issuer_name,
        "owner_cik": owner.cik,
        "owner_name": owner.name,
        "owners": "; ".join(each.name or each.cik for each in filing.owners),
        "person_key": owner.cik,
        "role": role,
        "officer_title": title,
        "is_director": any(each.is_director for each in filing.owners),
        "is_officer": any(each.is_officer for each in filing.owners),
        "is_ten_percent_owner": any(each.is_ten_percent_owner for each in filing.owners),
        "filed_on": times.day,
        "amendment": filing.is_amendment,
    }


def _fact(
    filing: Filing, trade: Trade, times: _Times, document: str, shared: dict[str, Any]
) -> Fact:
    marks = [*filing.quality, *trade.quality]
    if not times.certain:
        marks.append(ACCEPTANCE_UNKNOWN)
    traded_on = _traded_on(trade, times, marks)
    first = trade.lines[0]
    return Fact(
        kind=INSIDER_TRADE,
        id=f"form4:{document}:{first.table}{first.number}",
        subject=filing.issuer_cik,
        ticker=plain_ticker(filing.issuer_ticker),
        known_at=times.known_at,
        happened_at=start_of(traded_on) if traded_on else None,
        values={
            **shared,
            **_amounts(filing, trade),
            "code": trade.code,
            "acquired_disposed": trade.acquired_disposed,
            "class": trade.trade_class.value,
            "side": trade.side.value,
            "security": trade.security,
            "planned": _PLANNED[trade.planned],
            "plan_adopted_on": plan_day(filing, trade.lines),
            "direct_indirect": _agreed(line.direct_indirect for line in trade.lines),
            "derivative": trade.table is Table.DERIVATIVE,
            "traded_on": traded_on,
            "lag_business_days": _lag(traded_on, times),
            "quality": " ".join(dict.fromkeys(marks)) or None,
            "rows": [_row(filing, line) for line in trade.lines],
        },
    )


def _traded_on(trade: Trade, times: _Times, marks: list[str]) -> date | None:
    """The last day of the trade; unknown where a row has none or one that can not be."""
    days = [read_day(line.date) for line in trade.lines]
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        marks.append("trade_date_missing")
    if not known:
        return None
    last = max(known)
    if last > times.day or min(known) < date(1934, 6, 6):
        marks.append("trade_date_implausible")
        return None
    return last


def _lag(traded_on: date | None, times: _Times) -> int | None:
    """SEC business days from the trade to the filing."""
    if traded_on is None or not times.certain:
        return None
    return SEC.business_days_between(traded_on, times.day)


def _amounts(filing: Filing, trade: Trade) -> dict[str, Any]:
    """Shares, prices and dollars; a price of 0 gives no value to judge: who trades for nothing?"""
    valued = trade.value_usd is not None and trade.value_usd > 0
    prices = price_range(filing, trade.lines) if valued else None
    after, change = _holding(trade)
    return {
        "shares": _double(trade.shares),
        "price_usd": _double(trade.price_usd) if valued else None,
        "price_low_usd": _double(prices.low_usd) if prices else None,
        "price_high_usd": _double(prices.high_usd) if prices else None,
        "price_basis": ("weighted_avg" if prices.is_average else "as_filed") if prices else None,
        "value_usd": to_cents(trade.value_usd) if valued and trade.value_usd else None,
        "shares_after": _double(after),
        "holding_change_ratio": _double(change),
    }


def _holding(trade: Trade) -> tuple[Decimal | None, Decimal | None]:
    """Shares owned after the trade in the positions it touched, and the change of them.

    A sale's share is sold ÷ (owned after + sold), as in Scott and Xu (2004); what other rows add
    between is not counted.  A position is a way of holding: direct, or indirect by its nature.
    """
    positions: dict[tuple[str | None, str | None], Decimal | None] = {}
    for line in trade.lines:
        positions[line.direct_indirect, line.nature] = number(line.shares_after)
    held = list(positions.values())
    known = [each for each in held if each is not None]
    if len(known) < len(held):
        return None, None
    after = sum(known, Decimal(0))
    if trade.shares is None or trade.side is Side.NONE:
        return after, None
    if trade.side is Side.SELL:
        before = after + trade.shares
        return after, -trade.shares / before if before else None
    before = after - trade.shares
    return after, trade.shares / before if before > 0 else None


def _row(filing: Filing, line: Line) -> dict[str, Any]:
    """One merged row as filed, with the notes it carries: what a reader can check."""
    told = {
        "line": line.number,
        "table": line.table.value,
        "date": line.date,
        "shares": line.shares,
        "price": line.price,
        "shares_after": line.shares_after,
        "direct_indirect": line.direct_indirect,
        "nature": line.nature,
        "notes": {note: filing.footnotes.get(note) for note in line.trade_notes},
    }
    return {name: value for name, value in told.items() if value}


def _agreed(values: Iterable[str | None]) -> str | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _double(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
