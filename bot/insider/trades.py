"""Rows of a filing merged into trades: shares and dollars summed exactly.

Rows are one trade where table, code, acquired/disposed flag, class, side, security and plan are the
same.  Table I alone has dollar values: a derivative's price is never a stock price.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from bot.insider.classify import CODES, Side, Sort, TradeClass, sort_of
from bot.insider.filing import LONGEST_TEXT, Filing, Line, Table
from bot.insider.plans import Planned, denies_plan, is_market, plan_texts, planned_lines
from bot.numbers import read_decimal

EXACT = Context(prec=128)
"""Products and sums of numbers as filed keep every digit."""

VALUE_IMPLAUSIBLE = "value_implausible"
PRICE_IMPLAUSIBLE = "price_implausible"
LARGE_USD = Decimal(5_000_000_000)
"""No insider's trade is worth more: such a value is mistyped."""

_HIGH_PRICE_USD, _HIGHEST_PRICE_USD = Decimal(10_000), Decimal(100_000)
_HIGH_PRICED = frozenset({"0001067983"})
"""Issuers of shares at such prices: Berkshire Hathaway, class A."""

_CENT = Decimal("0.01")
_TEN_THOUSANDTH = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One trade of a filing.

    shares: sum over the rows that state them; None where none does.
    value_usd: shares × price over the rows that state both, rounded half up to the cent; a price of
    0 is filed and counts.  None where no row states both, in Table II and for derivatives.
    price_usd: that value ÷ the shares of those rows, to four places.
    quality: marks of doubt, such as ``price_missing`` where some rows have none.
    """

    lines: tuple[Line, ...]
    table: Table
    code: str | None
    acquired_disposed: str | None
    security: str | None
    trade_class: TradeClass
    side: Side
    planned: Planned
    shares: Decimal | None
    price_usd: Decimal | None
    value_usd: Decimal | None
    quality: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """Lowest and highest price of a trade's executions, and whether prices are averages."""

    low_usd: Decimal | None
    high_usd: Decimal | None
    is_average: bool


def trades_of(filing: Filing) -> list[Trade]:
    """The trades of a filing in the order of their first rows; holdings are none."""
    rows = [line for line in filing.lines if line.is_transaction]
    sorts = [sort_of(filing, row) for row in rows]
    market = {
        (row.code, row.acquired_disposed, sort, row.security)
        for row, sort in zip(rows, sorts, strict=True)
        if is_market(row)
    }
    planned = planned_lines(filing, rows, len(market))
    groups: dict[_Key, list[Line]] = {}
    for row, sort, plan in zip(rows, sorts, planned, strict=True):
        key = _Key(row.table, row.code, row.acquired_disposed, sort, row.security, plan)
        groups.setdefault(key, []).append(row)
    with localcontext(EXACT):
        return [_trade(filing, key, lines) for key, lines in groups.items()]


class _Key(NamedTuple):
    """What rows of one trade have in common."""

    table: Table
    code: str | None
    flag: str | None
    sort: Sort
    security: str | None
    planned: Planned


def _trade(filing: Filing, key: _Key, lines: Sequence[Line]) -> Trade:
    trade_class, side = key.sort
    sums = _Sums.over(lines)
    valued = key.table is Table.NON_DERIVATIVE and trade_class is not TradeClass.DERIVATIVE
    value = sums.value if valued else None
    return Trade(
        lines=tuple(lines),
        table=key.table,
        code=key.code,
        acquired_disposed=key.flag,
        security=key.security,
        trade_class=trade_class,
        side=side,
        planned=key.planned,
        shares=sums.shares,
        price_usd=_rounded(value / sums.priced_shares, _TEN_THOUSANDTH)
        if value is not None and sums.priced_shares
        else None,
        value_usd=_rounded(value, _CENT) if value is not None else None,
        quality=(
            *_quality(filing, lines, key.planned, valued),
            *(_implausible(filing, lines, value) if valued else ()),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    shares: Decimal | None
    priced_shares: Decimal
    value: Decimal | None

    @classmethod
    def over(cls, lines: Sequence[Line]) -> "_Sums":
        shares = value = None
        priced = Decimal(0)
        for line in lines:
            count = number(line.shares)
            if count is None:
                continue
            shares = count if shares is None else shares + count
            price = number(line.price)
            if price is not None:
                priced += count
                value = count * price if value is None else value + count * price
        return cls(shares, priced, value)


def number(text: str | None) -> Decimal | None:
    """A number of shares or dollars as filed; None where it is absent, unreadable or negative."""
    if text is None:
        return None
    found = read_decimal(text)
    return None if found is None or found < 0 else found


def _quality(filing: Filing, lines: Sequence[Line], plan: Planned, valued: bool) -> list[str]:
    marks = [*_doubtful_coding(lines[0])]
    if valued and any(line.price is None for line in lines):
        marks.append("price_missing")
    if any(line.shares is None for line in lines):
        marks.append("shares_missing")
    if any((text or "").startswith("-") for line in lines for text in (line.shares, line.price)):
        marks.append("number_negative")
    if plan is Planned.UNKNOWN and filing.plan_box is not None:
        conflict = not filing.plan_box or denies_plan(plan_texts(filing, lines))
        marks.append("plan_conflict" if conflict else "plan_unspecified")
    return marks


def _doubtful_coding(line: Line) -> Iterator[str]:
    """Marks where the row does not say, in the words of the form, what sort of trade it is."""
    if line.code is None:
        yield "code_missing"
    elif line.code not in CODES:
        yield "code_unknown"
    if line.acquired_disposed is None:
        yield "flag_missing"


def _implausible(filing: Filing, lines: Sequence[Line], value: Decimal | None) -> Iterator[str]:
    """Marks of what filers mistype: the total, or another currency, in the place of the price."""
    if value is not None and value > LARGE_USD:
        yield VALUE_IMPLAUSIBLE
    if filing.issuer_cik in _HIGH_PRICED and "class b" not in (lines[0].security or "").lower():
        return
    for line in lines:
        price, count = number(line.price), number(line.shares)
        if price is None or price <= _HIGH_PRICE_USD:
            continue
        if price > _HIGHEST_PRICE_USD or (count is not None and count >= 100):
            yield PRICE_IMPLAUSIBLE
            return


def _rounded(amount: Decimal, place: Decimal) -> Decimal:
    return amount.quantize(place, rounding=ROUND_HALF_UP)


_AMOUNT = r"\$?\s?(\d[\d,]*(?:\.\d+)?)"
_RANGE = re.compile(
    r"\b(?:prices?|ranging|ranged?|between)\b[^$;]{0,80}?" + _AMOUNT
    + r"(?: per \w+)?,?\s*(?:to|and|through|[-–—])\s*" + _AMOUNT,
    re.IGNORECASE,
)  # fmt: skip
_NEXT_RANGE = re.compile(
    _AMOUNT.replace("?", "", 1) + r"(?: per \w+)?,?\s*(?:to|and|through|[-–—])\s*" + _AMOUNT, re.I
)
"""Further ranges of a list need no word that says so: "(1) $10.00 to $10.99, (2) $11.00 to"."""

_AVERAGE = re.compile(r"\bweighted[- ]average\b|\baverage (?:sales? |purchase )?price", re.I)


def price_range(filing: Filing, lines: Sequence[Line]) -> PriceRange:
    """The span of a trade's prices: of its rows, and of the ranges that their notes tell."""
    prices = [price for line in lines if (price := number(line.price))]
    texts = _trade_notes(filing, lines)
    ranges = [bound for text in texts for bound in told_range(text)] if prices else []
    near = [b for b in ranges if min(prices) / 2 <= b <= max(prices) * 2]
    return PriceRange(
        low_usd=min(prices + near, default=None),
        high_usd=max(prices + near, default=None),
        is_average=any(map(_tells_average, texts)),
    )


def tells_price(text: str) -> bool:
    """Whether a note says that a price is an average, or what range it is of."""
    return _tells_average(text) or bool(told_range(text))


def _tells_average(text: str) -> bool:
    return _AVERAGE.search(text[:LONGEST_TEXT]) is not None


def notes_of(filing: Filing, lines: Sequence[Line]) -> list[str]:
    """The notes of some rows that speak of the trade itself, and the remarks."""
    return [*_trade_notes(filing, lines), *([filing.remarks] if filing.remarks else [])]


def _trade_notes(filing: Filing, lines: Sequence[Line]) -> list[str]:
    notes = dict.fromkeys(note for line in lines for note in line.trade_notes)
    return [filing.footnotes[note] for note in notes if note in filing.footnotes]


@lru_cache(maxsize=4096)
def told_range(text: str) -> tuple[Decimal, ...]:
    """Lower and upper price of each range that a note tells."""
    text = text[:LONGEST_TEXT]
    bounds: list[Decimal] = []
    found, place = _RANGE.search(text), 0
    while found:
        bounds += (Decimal(amount.replace(",", "")) for amount in found.groups())
        place = found.end()
        found = _NEXT_RANGE.search(text, place) or _RANGE.search(text, place)
    return tuple(bounds)
