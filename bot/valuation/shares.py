"""Shares outstanding and what the market pays for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.numbers import to_cents
from bot.prices.bars import Action
from bot.valuation.company_facts import CompanyFacts, Reported
from bot.valuation.concepts import COVER_SHARES
from bot.valuation.earnings_per_share import FRESH_DAYS
from bot.valuation.periods import split_ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares outstanding on the share basis of a day; None is unknown, and the mark says why.

    cover: the count as it stands on the cover of a report.
    """

    outstanding: Decimal | None = None
    cover: Reported | None = None
    marks: tuple[str, ...] = ()


def shares_outstanding(company: CompanyFacts, actions: Sequence[Action], as_of: date) -> Shares:
    """The count of the newest cover filed by a day, times the splits since the cover's date.

    Unknown where that date is more than 200 days back (companies with several classes tell of each
    alone, which companyfacts leaves out: their last count is years old), where a split lies between
    the cover's date and its filing (either basis is in use), and of a 20-F, which counts ordinary
    shares while depositary ones trade.
    """
    covers = [each for each in company.of(COVER_SHARES, "shares") if each.filed <= as_of]
    covers = [each for each in covers if each.value > 0]
    if not covers:
        return Shares()
    cover = max(covers, key=lambda each: (each.end, each.filed))
    if (as_of - cover.end).days > FRESH_DAYS:
        return Shares(marks=("shares_stale",))
    if cover.counts_ordinary_shares:
        return Shares(cover=cover, marks=("may_count_ordinary_shares",))
    if split_ratio(actions, after=cover.end, until=cover.filed) != 1:
        return Shares(cover=cover, marks=("shares_basis_unclear",))
    ratio = split_ratio(actions, after=cover.end, until=as_of)
    return Shares(outstanding=cover.value * ratio, cover=cover)


def market_cap_cents(shares: Shares, close_usd: float | None) -> int | None:
    """Shares × close as traded, in whole cents."""
    if shares.outstanding is None or close_usd is None or not close_usd > 0:
        return None
    return to_cents(shares.outstanding * Decimal(str(close_usd)))
