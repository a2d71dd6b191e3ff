"""What stood beside a trade when it was filed: its insider's year, the others' month."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.insider.signals import Past

_DAY_MS = 86_400_000
_YEAR_DAYS, _MONTH_DAYS = 365, 30
_MOST_NAMED = 3


def beside(
    new: Sequence[Past], past: Sequence[Past], *, loaded_since: date | None
) -> list[Mapping[str, Any] | None]:
    """For each trade of a filing on the open market, for a card; None for others.

    year: how many purchases and sales of the person on the open market were known in 365 days
    before, and their cents.  others: who else traded on this side in 30 days, the largest three by
    name and cents, with the number of all persons and the cents of all, this trade's included.
    since: since which day that is known, None where it is not.
    """
    return [
        _beside(trade, new, past, loaded_since) if trade.is_market and trade.counts else None
        for trade in new
    ]


def _beside(
    trade: Past, new: Sequence[Past], past: Sequence[Past], since: date | None
) -> Mapping[str, Any]:
    before = [each for each in past if each.is_market and each.known_at <= trade.known_at]
    return {
        "year": _year(trade, before),
        "others": _others(trade, [*(each for each in new if each.is_market), *before]),
        "since": since.isoformat() if since else None,
    }


def _year(trade: Past, before: Sequence[Past]) -> dict[str, int]:
    own = [
        each
        for each in before
        if each.person_key == trade.person_key
        and each.known_at > trade.known_at - _YEAR_DAYS * _DAY_MS
    ]
    told = {}
    for side, count, cents in (("buy", "purchases", "bought"), ("sell", "sales", "sold")):
        of_side = [each for each in own if each.side == side]
        told[count] = len(of_side)
        told[cents] = sum(each.value_usd or 0 for each in of_side)
    return told


def _others(trade: Past, trades: Sequence[Past]) -> dict[str, Any]:
    month = [
        each
        for each in trades
        if each.counts
        and each.side == trade.side
        and each.known_at > trade.known_at - _MONTH_DAYS * _DAY_MS
    ]
    names: dict[str | None, str | None] = {}
    cents: dict[str | None, int] = {}
    for each in month:
        names.setdefault(each.person_key, each.owner_name)
        cents[each.person_key] = cents.get(each.person_key, 0) + (each.value_usd or 0)
    largest = sorted((k for k in cents if k != trade.person_key), key=lambda k: -cents[k])
    return {
        "persons": len(cents),
        "cents": sum(cents.values()),
        "named": [[names[key], cents[key]] for key in largest[:_MOST_NAMED]],
    }
