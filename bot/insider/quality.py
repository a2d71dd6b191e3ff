"""What of a trade's money can be trusted: unknown where it can not, restated only with proof.

What was filed stays beside it.  Marks tell the reason; none of them accuses anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from bot.insider.classify import Side
from bot.insider.filing import Filing
from bot.insider.trades import (
    EXACT,
    LARGE_USD,
    PRICE_IMPLAUSIBLE,
    VALUE_IMPLAUSIBLE,
    Trade,
    notes_of,
    number,
)
from bot.insider.units import ads_ratio, is_in_foreign_money, is_priced_per_ads
from bot.numbers import number_text, to_cents

PRICE_ZERO = "price_zero"
CURRENCY_FOREIGN = "currency_foreign"
ADS_UNPROVEN = "ads_unproven"
ADS_RESTATED = "ads_restated"
DOUBTS: Mapping[str, str] = {
    VALUE_IMPLAUSIBLE: "more than $5bn: likely mistyped",
    PRICE_IMPLAUSIBLE: "no price of a share: likely the total or another currency",
    CURRENCY_FOREIGN: "a note prices it in another currency and none says that it was converted",
    ADS_UNPROVEN: "a note prices an ADS, ordinary shares are counted, and no ratio proves how many",
}
"""Marks for which the value is unknown, and the reason in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Shares and dollars that rules may judge.

    price_as_filed_usd, value_as_filed_usd: where the others are corrected or refused.
    correction: how they were corrected, in words.
    ads_ratio: ordinary shares to an ADS, where ADS are counted.  marks: all marks of the trade.
    """

    shares: Decimal | None
    price_usd: Decimal | None
    value_usd: Decimal | None
    marks: tuple[str, ...]
    price_as_filed_usd: Decimal | None = None
    value_as_filed_usd: Decimal | None = None
    correction: str | None = None
    ads_ratio: Decimal | None = None


def amounts_of(filing: Filing, trade: Trade) -> Amounts:
    """The numbers of a trade that can be trusted, as far as its filing alone tells.

    A price of 0 gives no value to judge: who trades for nothing?
    """
    filed = Amounts(
        shares=trade.shares,
        price_usd=trade.price_usd if trade.value_usd else None,
        value_usd=trade.value_usd or None,
        marks=trade.quality,
    )
    if filed.value_usd is None:
        zero = trade.value_usd is not None and trade.side is not Side.NONE
        return replace(filed, marks=(*trade.quality, PRICE_ZERO)) if zero else filed
    with localcontext(EXACT):
        return _trusted(filing, trade, filed, filed.value_usd)


def _trusted(filing: Filing, trade: Trade, filed: Amounts, value: Decimal) -> Amounts:
    texts = notes_of(filing, trade.lines)
    if is_in_foreign_money(texts):
        return _refused(filed, CURRENCY_FOREIGN)
    if is_priced_per_ads(trade.security, texts):
        return _per_ads(filing, trade, filed, value)
    return _refused(filed) if DOUBTS.keys() & set(filed.marks) else filed


def _per_ads(filing: Filing, trade: Trade, filed: Amounts, as_filed: Decimal) -> Amounts:
    """Ordinary shares × the price of an ADS is no value: counted in ADS where the ratio is proven.

    Proven is a ratio that a note of the filing tells, and by which the shares of each row divide.
    """
    ratio = ads_ratio([*filing.footnotes.values(), filing.remarks or ""])
    counts = [number(line.shares) for line in trade.lines]
    if ratio is None or trade.shares is None or any(c is None or c % ratio for c in counts):
        return _refused(filed, ADS_UNPROVEN)
    value = Decimal(to_cents(as_filed / ratio)) / 100
    marks = [mark for mark in filed.marks if mark != VALUE_IMPLAUSIBLE]
    restated = replace(
        filed,
        shares=trade.shares / ratio,
        value_usd=value,
        marks=(*marks, ADS_RESTATED, *([VALUE_IMPLAUSIBLE] if value > LARGE_USD else [])),
        price_as_filed_usd=filed.price_usd,
        value_as_filed_usd=as_filed,
        correction=f"{number_text(trade.shares)} shares ÷ {number_text(ratio)} an ADS = "
        f"{number_text(trade.shares / ratio)} ADS, which the note prices",
        ads_ratio=ratio,
    )
    return _refused(filed) if DOUBTS.keys() & set(restated.marks) else restated


def _refused(amounts: Amounts, mark: str | None = None) -> Amounts:
    """As filed, with a value that nobody may judge by."""
    return Amounts(
        shares=amounts.shares,
        price_usd=None,
        value_usd=None,
        marks=(*amounts.marks, mark) if mark else amounts.marks,
        price_as_filed_usd=amounts.price_usd,
        value_as_filed_usd=amounts.value_usd,
    )
