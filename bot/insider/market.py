"""A trade's prices against what the shares traded at on the day: right, mistyped, or not yet known.

What is compared is the price as filed, so that later splits change nothing.  A total that stands in
the place of a price is put right only where total ÷ shares was a price of that day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

from bot.facts import Fact
from bot.insider.filing import read_day
from bot.insider.quality import ADS_RESTATED, ADS_UNPROVEN, CURRENCY_FOREIGN
from bot.insider.trades import EXACT, LARGE_USD, PRICE_IMPLAUSIBLE, VALUE_IMPLAUSIBLE, number
from bot.numbers import round_half_up, to_cents

PRICE_PENDING = "price_pending"
PRICE_WAS_TOTAL = "price_was_total"
_OURS = frozenset({PRICE_IMPLAUSIBLE, VALUE_IMPLAUSIBLE, PRICE_PENDING, PRICE_WAS_TOTAL})
_OF_OTHER_UNITS = frozenset({ADS_RESTATED, ADS_UNPROVEN, CURRENCY_FOREIGN})
_TIMES = 10
"""A price is implausible above so many times the market's."""


class Verdict(StrEnum):
    OK = "ok"
    TOTAL = "total"  # the field holds price × shares
    IMPLAUSIBLE = "implausible"
    PENDING = "pending"  # doubtful, and no price of the day to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPrices:
    """What the shares of an issuer traded at on one day.

    low_usd, high_usd: the day's range; both None where only its close is known.
    splits_since: by how much later splits have divided these prices: 20 where they are adjusted for
    a 20:1 split, 1 where they are of the day itself, as in the filings of others; None while a
    split is not settled.
    source: in words, for people: "filings of 2 others on 2025-09-19".
    Raises ValueError where neither a range nor a close is given.
    """

    source: str
    low_usd: Decimal | None = None
    high_usd: Decimal | None = None
    close_usd: Decimal | None = None
    splits_since: Decimal | None = Decimal(1)

    def __post_init__(self) -> None:
        if (self.low_usd is None) != (self.high_usd is None):
            raise ValueError("DayPrices has both low_usd and high_usd, or neither")
        if self.close_usd is None and self.high_usd is None:
            raise ValueError("DayPrices needs a range or a close")

    def verdict(self, price: Decimal, shares: Decimal) -> Verdict:
        """What a price as filed is, beside this day's."""
        factor = self.splits_since or Decimal(1)
        if price <= _TIMES * factor * (self.close_usd or self.high_usd or 0):
            return Verdict.OK
        if self.splits_since is None:
            return Verdict.PENDING
        inside = self._least <= price / shares / factor <= self._most
        return Verdict.TOTAL if inside else Verdict.IMPLAUSIBLE

    @property
    def _least(self) -> Decimal:
        if self.low_usd is not None:
            return self.low_usd * Decimal("0.9")
        return (self.close_usd or Decimal(0)) / 2

    @property
    def _most(self) -> Decimal:
        if self.high_usd is not None:
            return self.high_usd * Decimal("1.1")
        return (self.close_usd or Decimal(0)) * 2


@dataclass(frozen=True, slots=True)
class _Lot:
    """A row that states shares and a price."""

    shares: Decimal
    price: Decimal
    verdict: Verdict

    @property
    def true_price(self) -> Decimal:
        return self.price / self.shares if self.verdict is Verdict.TOTAL else self.price


def weighed(fact: Fact, days: Mapping[date, DayPrices]) -> Fact:
    """A trade's fact with its money judged by the prices of its days.

    days: what is known of the market on the days of its rows.  A day that is not known leaves what
    was doubtful in doubt (``price_pending``) and all else as it is.  Weighing again with more days
    starts from what was filed.  Trades in other units than the market's are left alone.
    """
    marks = (fact.values.get("quality") or "").split()
    if not _is_comparable(fact.values, marks):
        return fact
    with localcontext(EXACT):
        lots = list(_lots(fact.values, marks, days))
        return _judged(fact, [m for m in marks if m not in _OURS], lots, days) if lots else fact


def _is_comparable(values: Mapping[str, Any], marks: Sequence[str]) -> bool:
    """Only shares that changed hands for dollars have the market's price."""
    in_shares = not values.get("derivative") and values.get("common") is not False
    return in_shares and values.get("side") != "none" and _OF_OTHER_UNITS.isdisjoint(marks)


def _lots(
    values: Mapping[str, Any], marks: Sequence[str], days: Mapping[date, DayPrices]
) -> Iterator[_Lot]:
    doubtful = not {PRICE_IMPLAUSIBLE, VALUE_IMPLAUSIBLE, PRICE_PENDING}.isdisjoint(marks)
    mistyped = "trade_date_implausible" in marks
    for row in values.get("rows") or []:
        shares, price = number(row.get("shares")), number(row.get("price"))
        if not shares or not price or row.get("told_by"):
            continue
        day = read_day(row.get("date"))
        known = days.get(day) if day else None
        if known is None and mistyped:
            known = days.get(values["traded_on"])
        unknown = Verdict.PENDING if doubtful else Verdict.OK
        yield _Lot(shares, price, known.verdict(price, shares) if known else unknown)


def _judged(
    fact: Fact, marks: list[str], lots: Sequence[_Lot], days: Mapping[date, DayPrices]
) -> Fact:
    verdicts = {lot.verdict for lot in lots}
    filed = sum((lot.shares * lot.price for lot in lots), Decimal(0))
    shares = sum((lot.shares for lot in lots), Decimal(0))
    if Verdict.IMPLAUSIBLE in verdicts:
        return _refused(fact, [*marks, PRICE_IMPLAUSIBLE], filed, shares)
    if Verdict.PENDING in verdicts:
        held = (fact.values.get("quality") or "").split()
        return _with(fact, quality=_text([*held, PRICE_PENDING]))
    value = sum((lot.shares * lot.true_price for lot in lots), Decimal(0))
    if value > LARGE_USD:
        return _refused(fact, [*marks, VALUE_IMPLAUSIBLE], filed, shares)
    if Verdict.TOTAL not in verdicts:
        if fact.values.get("value_as_filed_usd") is None:
            return _with(fact, quality=_text(marks))
        return _priced(fact, marks, lots, value, price_as_filed_usd=None, value_as_filed_usd=None,
                       correction=None)  # fmt: skip
    return _priced(
        fact,
        [*marks, PRICE_WAS_TOTAL],
        lots,
        value,
        price_as_filed_usd=float(filed / shares),
        value_as_filed_usd=to_cents(filed),
        correction="the price filed is the total: divided by the shares it is a price of the day "
        f"({'; '.join(dict.fromkeys(day.source for day in days.values()))})",
    )


def _refused(fact: Fact, marks: list[str], filed: Decimal, shares: Decimal) -> Fact:
    unknown = dict.fromkeys(
        ("price_usd", "value_usd", "price_low_usd", "price_high_usd", "price_basis", "correction")
    )
    return _with(
        fact,
        **unknown,
        price_as_filed_usd=float(filed / shares),
        value_as_filed_usd=to_cents(filed),
        quality=_text(marks),
    )


def _priced(
    fact: Fact, marks: list[str], lots: Sequence[_Lot], value: Decimal, **beside: Any
) -> Fact:
    shares = sum((lot.shares for lot in lots), Decimal(0))
    prices = [lot.true_price for lot in lots]
    return _with(
        fact,
        value_usd=to_cents(value),
        price_usd=float(round_half_up(value / shares, 4)),
        price_low_usd=float(round_half_up(min(prices), 4)),
        price_high_usd=float(round_half_up(max(prices), 4)),
        price_basis="as_filed",
        quality=_text(marks),
        **beside,
    )


def _with(fact: Fact, **values: Any) -> Fact:
    return fact.plus(values)


def _text(marks: Sequence[str]) -> str | None:
    return " ".join(dict.fromkeys(marks)) or None
