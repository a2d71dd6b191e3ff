"""Facts of the kind ``insider_trade``: one for each trade of a filing.

Source of the times: Forms 3, 4 and 5 submitted by 22:00 ET keep that day as filing date (Regulation
S-T, Rule 13(a)(4)); a Form 4 is due by the end of the second business day (Form 4, General
Instruction 1).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.calendar import SEC, start_of
from bot.clock import new_york_day
from bot.facts import INSIDER_TRADE, Fact
from bot.insider.classify import Side, TradeClass
from bot.insider.filing import Filing, Line, Table, read_day
from bot.insider.plans import Planned, is_short_cooling_off, plan_day
from bot.insider.quality import Amounts, amounts_of
from bot.insider.roles import leading_owner
from bot.insider.securities import is_common
from bot.insider.signals import filed_after_close, late
from bot.insider.tickers import plain_ticker
from bot.insider.trades import Trade, number, price_range, trades_of
from bot.insider.versions import WITHDRAWAL
from bot.insider.wording import withdraws
from bot.numbers import to_cents

EDGAR_CLOSES = timedelta(hours=22)
ACCEPTANCE_UNKNOWN = "acceptance_unknown"
_SECTION_16 = date(1934, 6, 6)
"""The day of the Securities Exchange Act; what is dated before it is mistyped."""

_LATEST = date(2100, 1, 1)
_Position = tuple[str | None, str | None]
_PLANNED = {Planned.YES: True, Planned.NO: False, Planned.UNKNOWN: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Times:
    """When the world could know a filing, the New York day of it, and whether both are certain."""

    known_at: datetime
    day: date
    certain: bool


def insider_trades(filing: Filing, *, accepted_at: datetime | None, digest: str) -> list[Fact]:
    """The facts of a filing; none where it holds no transaction, unless it withdraws another.

    accepted_at: when EDGAR accepted it as a source beside the document tells (a feed); the document
    itself wins.  Where nobody tells, the latest day it was signed stands in, 22:00 ET, marked
    ``acceptance_unknown``.
    digest: names the filing where no accession number is known.
    """
    trades = trades_of(filing)
    withdrawn = not trades and withdraws(filing)
    if not trades and not withdrawn:
        return []
    times = _times(filing, filing.accepted_at or accepted_at)
    document = filing.accession_number or f"sha256-{digest[:16]}"
    shared = _shared(filing, times)
    if withdrawn:
        return [_withdrawal(filing, times, document, shared)]
    return [_fact(filing, trade, times, document, shared) for trade in trades]


def known_at(filing: Filing) -> datetime:
    """When the world could know a filing: its acceptance, else the day it was signed."""
    return _times(filing, filing.accepted_at).known_at


def digest_of(body: bytes) -> str:
    """What names a document whose accession number is not known."""
    return hashlib.sha256(body).hexdigest()


def _times(filing: Filing, accepted_at: datetime | None) -> _Times:
    if accepted_at is not None:
        return _Times(known_at=accepted_at, day=new_york_day(accepted_at), certain=True)
    signed = [read_day(each) for _, each in filing.signatures]
    told = [read_day(filing.period_of_report), *(read_day(line.date) for line in filing.lines)]
    last = _latest(signed) or _latest(told) or date(1970, 1, 1)
    return _Times(known_at=start_of(last) + EDGAR_CLOSES, day=last, certain=False)


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day and _SECTION_16 <= day < _LATEST), default=None)


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
        "owners": "; ".join(_names(filing)),
        "person_key": owner.cik,
        "role": role,
        "officer_title": title,
        "is_director": any(each.is_director for each in filing.owners),
        "is_officer": any(each.is_officer for each in filing.owners),
        "is_ten_percent_owner": any(each.is_ten_percent_owner for each in filing.owners),
        "filed_on": times.day,
        "filed_after_close": filed_after_close(times.known_at) if times.certain else None,
        "amendment": filing.is_amendment,
        "original_filed_on": read_day(filing.original_filed_on),
        "parties": [{"cik": owner.cik, "name": owner.name} for owner in filing.owners],
    }


def _names(filing: Filing) -> Iterator[str]:
    """The owners' names, each person once, without the sign that separates them."""
    for owner in {each.cik: each for each in filing.owners}.values():
        yield (owner.name or owner.cik).replace(";", ",")


def _fact(
    filing: Filing, trade: Trade, times: _Times, document: str, shared: dict[str, Any]
) -> Fact:
    amounts = amounts_of(filing, trade)
    marks = [*filing.quality, *amounts.marks]
    if not times.certain:
        marks.append(ACCEPTANCE_UNKNOWN)
    traded_on = _traded_on(filing, trade, times, marks)
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
            **_amounts(filing, trade, amounts),
            **_plan(filing, trade, times, marks),
            "code": trade.code,
            "acquired_disposed": trade.acquired_disposed,
            "class": trade.trade_class.value,
            "side": trade.side.value,
            "security": trade.security,
            "common": is_common(trade.security, trade.table),
            "direct_indirect": _agreed(line.direct_indirect for line in trade.lines),
            "derivative": trade.table is Table.DERIVATIVE,
            "traded_on": traded_on,
            "lag_business_days": _lag(traded_on, times),
            "late": late(trade.lines, form=filing.form, filed_on=times.day)
            if times.certain
            else None,
            "quality": " ".join(dict.fromkeys(marks)) or None,
            "rows": [_row(filing, line) for line in trade.lines],
        },
    )


def _withdrawal(filing: Filing, times: _Times, document: str, shared: dict[str, Any]) -> Fact:
    """An amendment that takes a filing back: a fact that tells of no trade."""
    marks = [*filing.quality, WITHDRAWAL, *([] if times.certain else [ACCEPTANCE_UNKNOWN])]
    return Fact(
        kind=INSIDER_TRADE,
        id=f"form4:{document}:{WITHDRAWAL}",
        subject=filing.issuer_cik,
        ticker=plain_ticker(filing.issuer_ticker),
        known_at=times.known_at,
        values={
            **shared,
            "class": TradeClass.OTHER.value,
            "side": Side.NONE.value,
            "quality": " ".join(marks),
        },
    )


def _traded_on(filing: Filing, trade: Trade, times: _Times, marks: list[str]) -> date | None:
    """The last day of the trade that can be; unknown where its rows name none."""
    days = [read_day(line.date) for line in trade.lines]
    if None in days:
        marks.append("trade_date_missing")
    if any(day and not _SECTION_16 <= day <= times.day for day in days):
        marks.append("trade_date_implausible")
    return max(_possible(filing, trade, times), default=None)


def _possible(filing: Filing, trade: Trade, times: _Times) -> list[date]:
    """The days of the rows that can be.  Where rows name only days that can not, the period of
    report stands in."""
    known = [day for line in trade.lines if (day := read_day(line.date))]
    period = read_day(filing.period_of_report)
    possible = [day for day in known if _SECTION_16 <= day <= times.day]
    if known and not possible and period and _SECTION_16 <= period <= times.day:
        return [period]
    return possible


def _lag(traded_on: date | None, times: _Times) -> int | None:
    """SEC business days from the trade to the filing."""
    if traded_on is None or not times.certain:
        return None
    return SEC.business_days_between(traded_on, times.day)


def _amounts(filing: Filing, trade: Trade, amounts: Amounts) -> dict[str, Any]:
    """Shares, prices and dollars; as filed beside them where they were corrected or refused."""
    prices = price_range(filing, trade.lines) if amounts.value_usd else None
    after, change = _stake(filing, trade)
    return {
        "shares": _double(amounts.shares),
        "price_usd": _double(amounts.price_usd),
        "price_low_usd": _double(prices.low_usd) if prices else None,
        "price_high_usd": _double(prices.high_usd) if prices else None,
        "price_basis": ("weighted_avg" if prices.is_average else "as_filed") if prices else None,
        "value_usd": to_cents(amounts.value_usd) if amounts.value_usd else None,
        "price_as_filed_usd": _double(amounts.price_as_filed_usd),
        "value_as_filed_usd": to_cents(amounts.value_as_filed_usd)
        if amounts.value_as_filed_usd
        else None,
        "correction": amounts.correction,
        "ads_ratio": _double(amounts.ads_ratio),
        "shares_after": _double(after / (amounts.ads_ratio or 1) if after is not None else None),
        "holding_change_ratio": _double(change),
    }


def _plan(filing: Filing, trade: Trade, times: _Times, marks: list[str]) -> dict[str, Any]:
    """The plan, the day of its adoption and the days from then to its first trade here."""
    adopted = plan_day(filing, trade.lines)
    told = {"planned": _PLANNED[trade.planned], "plan_adopted_on": adopted}
    first = min(_possible(filing, trade, times), default=None)
    if adopted is None or first is None or trade.planned is not Planned.YES:
        return told
    days = (first - adopted).days
    if days < 0:
        marks.append("plan_date_implausible")
        return told
    insider = any(owner.is_director or owner.is_officer for owner in filing.owners)
    if is_short_cooling_off(adopted, days, insider=insider):
        marks.append("cooling_off_short")
    return {**told, "cooling_off_days": days}


def _stake(filing: Filing, trade: Trade) -> tuple[Decimal | None, Decimal | None]:
    """Shares of the security owned after the trade, direct and indirect, and the change of them.

    A sale's share is sold ÷ (owned after + sold), as in Scott and Xu (2004); what other rows add
    between is not counted.  Unknown where a position is.
    """
    positions = list(_positions(filing, trade))
    known = [each for each in positions if each is not None]
    if len(known) < len(positions):
        return None, None
    after = sum(known, Decimal(0))
    if trade.shares is None or trade.side is Side.NONE:
        return after, None
    if trade.side is Side.SELL:
        before = after + trade.shares
        return after, -trade.shares / before if before else None
    before = after - trade.shares
    return after, trade.shares / before if before > 0 else None


def _positions(filing: Filing, trade: Trade) -> Iterator[Decimal | None]:
    """What is left in each position in the security that the filing tells of."""
    rows: dict[_Position, list[Line]] = {}
    for line in filing.lines:
        if line.table is trade.table and line.security == trade.security:
            if line.is_transaction:
                rows.setdefault(_position(line), []).append(line)
            else:
                yield number(line.shares_after)
    for lines in rows.values():
        yield _left([number(line.shares_after) for line in lines], [_moved(line) for line in lines])


def _left(after: Sequence[Decimal | None], moved: Sequence[Decimal | None]) -> Decimal | None:
    """Shares left after the rows of one position, filed in the order of time or against it.

    Rows that neither add up from one to the next nor all tell one total are of several positions
    under one name ("By Trust"): unknown.
    """
    if len(set(after)) == 1 or _adds_up(after, moved):
        return after[-1]
    return after[0] if _adds_up(after[::-1], moved[::-1]) else None


def _adds_up(after: Sequence[Decimal | None], moved: Sequence[Decimal | None]) -> bool:
    """Whether each row is the one before it and what it moved."""
    steps = zip(after, after[1:], moved[1:], strict=False)
    return all(
        before is not None and then is not None and by is not None and then == before + by
        for before, then, by in steps
    )


def _moved(line: Line) -> Decimal | None:
    """By how much a row changes what is owned."""
    count = number(line.shares)
    return None if count is None else -count if line.acquired_disposed == "D" else count


def _position(line: Line) -> _Position:
    """A way of holding: direct, or indirect by its nature."""
    return line.direct_indirect, line.nature


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
        "notes": {note: filing.footnotes.get(note) for note in line.notes},
    }
    return {name: value for name, value in told.items() if value}


def _agreed(values: Iterable[str | None]) -> str | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _double(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
