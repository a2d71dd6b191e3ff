"""Signals from all insiders of an issuer: their net purchases, and clusters.

Ten percent owners who are nothing else are left out.  Windows go by the acceptance of the filings.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.calendar import NYSE
from bot.clock import from_day_number, to_day_number
from bot.insider.signals.past import ONLY_OWNER, Known, Past

RATIO_DAYS = 180
CLUSTER_DAYS = 30


def net_purchase_ratio(known: Known) -> float | None:
    """Purchases less sales ÷ both, by number of trades known in 180 days (Lakonishok and Lee 2001).

    None where there is no trade, or these days are not loaded whole.
    """
    trades = known.recent(RATIO_DAYS)
    if not trades or not known.whole(RATIO_DAYS):
        return None
    bought = len([trade for trade in trades if trade.side == "buy"])
    return (2 * bought - len(trades)) / len(trades)


def cluster_persons(trade: Past, known: Known) -> int | None:
    """Persons who traded on this side in 30 days, the one of the trade among them.

    0 where the trade can be part of no cluster: by a plan, by a ten percent owner who is nothing
    else, or because those trades are one arranged event.  Where the 30 days are not loaded whole,
    two persons or more are told as at least so many, fewer as None.
    """
    if _stands_apart(trade):
        return 0
    if trade.person_key is None:
        return None
    persons = _persons(_candidates(trade, known))
    return persons if known.whole(CLUSTER_DAYS) or (persons or 0) > 1 else None


def cluster(trade: Past, known: Known) -> bool | None:
    """Whether another person traded on this side on the same day or a neighbouring session
    (Kang, Kim and Wang 2018), known in 30 days, other than by a plan or in one arranged event.

    No only where these days are loaded whole.
    """
    if _stands_apart(trade):
        return False
    if trade.person_key is None or trade.traded_on is None:
        return None
    group = _candidates(trade, known)
    if all(each.person_key == trade.person_key for each in group):
        return False if known.whole(CLUSTER_DAYS) else None
    first, end = _neighbours(trade.traded_on)
    near = [each for each in group if each.traded_on is not None and first <= each.traded_on < end]
    persons = _persons(near)
    if persons is not None and persons > 1:
        return True
    undated = any(each.traded_on is None and each.person_key != trade.person_key for each in group)
    return None if persons is None or undated or not known.whole(CLUSTER_DAYS) else False


def _stands_apart(trade: Past) -> bool:
    """Whether a trade is part of no cluster whatever others do."""
    return trade.planned == 1 or trade.role == ONLY_OWNER


def _candidates(trade: Past, known: Known) -> list[Past]:
    """The trades that may make a cluster with this one."""
    return [
        each
        for each in known.recent(CLUSTER_DAYS)
        if each.side == trade.side and each.planned != 1 and each.person_key is not None
    ]


def _persons(group: Sequence[Past]) -> int | None:
    """Different persons of a group; 0 where its trades are one event, None where that is open."""
    persons = len({each.person_key for each in group})
    if persons == 1:
        return 1
    arranged = is_arranged(group)
    return None if arranged is None else 0 if arranged else persons


def is_arranged(group: Iterable[Past]) -> bool | None:
    """Whether 80 % of the trades or more have one day and one price: an offering, a programme of
    the company, or one broker selling for everybody.

    What a person trades on one day at one price counts once.  None where trades decide whose price
    is not known, or whose day: such a one may be part of any.
    """
    different = {(each.person_key, each.traded_on, each.price_usd) for each in group}
    sure: Counter[tuple[int, float]] = Counter()
    open_price: Counter[int] = Counter()
    open_day = 0
    for _, day, price in different:
        if day is None:
            open_day += 1
        elif price is None:
            open_price[day] += 1
        else:
            sure[day, price] += 1
    if _most(len(different), max(sure.values(), default=0)):
        return True
    can_be = [count + open_price[day] for (day, _), count in sure.items()]
    largest = max([*can_be, *open_price.values()], default=0) + open_day
    return None if _most(len(different), largest) else False


def _most(all_of_them: int, some: int) -> bool:
    return some * 5 >= all_of_them * 4


def _neighbours(day: int) -> tuple[int, int]:
    """First and last day, the last excluded, of a day's session and the ones before and after it;
    a closed day belongs to the session before it."""
    number = NYSE.session_number(from_day_number(day))
    first, end = NYSE.session_day(number - 1), NYSE.session_day(number + 2)
    return to_day_number(first), to_day_number(end)
