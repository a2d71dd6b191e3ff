"""What sort of transaction a row tells of: one classifier, used everywhere.

The transaction code decides, then the table, then what the notes of the row and the remarks say.
Source: SEC Form 4, General Instruction 8 (transaction codes) and EDGAR Ownership XML Technical
Specification.  Neither the acquired/disposed flag nor a price makes a purchase or a sale.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from bot.insider.filing import Filing, Line, Table
from bot.insider.wording import buys_off_market, sells_off_market, tells_corporate_action


class TradeClass(StrEnum):
    """The sorts of transactions, one for each row."""

    OPEN_MARKET = "open_market"
    OFF_MARKET = "off_market"
    EXERCISE = "exercise"
    AWARD = "award"
    TAX_WITHHOLDING = "tax_withholding"
    GIFT = "gift"
    CORPORATE_ACTION = "corporate_action"
    DERIVATIVE = "derivative"
    INCONSISTENT = "inconsistent"
    OTHER = "other"


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"
    NONE = "none"


class Sort(NamedTuple):
    trade_class: TradeClass
    side: Side


CODES = frozenset("PSADFIMCEHOXGLWZJKUV")
"""The transaction codes of Form 4, General Instruction 8."""

_EXERCISES = frozenset("MXOC")
_BY_CODE = {
    "A": TradeClass.AWARD,
    "F": TradeClass.TAX_WITHHOLDING,
    "G": TradeClass.GIFT,
    "W": TradeClass.GIFT,
    "D": TradeClass.CORPORATE_ACTION,
    "U": TradeClass.CORPORATE_ACTION,
    "E": TradeClass.DERIVATIVE,
    "H": TradeClass.DERIVATIVE,
    "K": TradeClass.DERIVATIVE,
}
_MARKET_SIDES = {("P", "A"): Side.BUY, ("S", "D"): Side.SELL}
_SIDES_BY_FLAG = {"A": Side.BUY, "D": Side.SELL}


def sort_of(filing: Filing, line: Line) -> Sort:
    """The class and side of one transaction."""
    code, flag = line.code, line.acquired_disposed
    if line.equity_swap:
        return Sort(TradeClass.DERIVATIVE, Side.NONE)
    if code in _EXERCISES:
        return Sort(TradeClass.EXERCISE, Side.NONE)
    if line.table is Table.DERIVATIVE:
        return Sort(TradeClass.DERIVATIVE, Side.NONE)
    if code in ("P", "S"):
        return _market(filing, line)
    if code in ("I", "L"):
        return Sort(TradeClass.OFF_MARKET, _SIDES_BY_FLAG.get(flag or "", Side.NONE))
    if code in ("J", "Z"):
        action = any(map(tells_corporate_action, _texts(filing, line)))
        found = TradeClass.CORPORATE_ACTION if action else TradeClass.OTHER
        return Sort(found, Side.NONE)
    return Sort(_BY_CODE.get(code or "", TradeClass.OTHER), Side.NONE)


def _market(filing: Filing, line: Line) -> Sort:
    """P and S: in the market, unless a note names a private or issued-to source of the shares."""
    side = _MARKET_SIDES.get((line.code or "", line.acquired_disposed or ""))
    if side is None:
        if line.acquired_disposed is None:
            return Sort(TradeClass.OTHER, Side.NONE)
        return Sort(TradeClass.INCONSISTENT, Side.NONE)
    off = buys_off_market if side is Side.BUY else sells_off_market
    if any(map(off, _texts(filing, line))):
        return Sort(TradeClass.OFF_MARKET, side)
    return Sort(TradeClass.OPEN_MARKET, side)


def _texts(filing: Filing, line: Line) -> Iterable[str]:
    """The notes that speak of the trade itself, and the remarks."""
    texts = [filing.footnotes[note] for note in line.trade_notes if note in filing.footnotes]
    return [*texts, filing.remarks] if filing.remarks else texts
