"""What a trade means beside those known when it was filed: signals, point in time.

Nothing here knows of a trade that became known after the filing.  What history would have to say
and is not loaded to say is None, never a guess.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.insider.signals.company import cluster, cluster_persons, net_purchase_ratio
from bot.insider.signals.exercise import exercise_hold_ratio
from bot.insider.signals.habits import first_in_years, reversal, sequence_months, trading_pattern
from bot.insider.signals.past import COLUMNS, Known, Past
from bot.insider.signals.timing import filed_after_close, late

__all__ = ["COLUMNS", "NAMES", "Past", "filed_after_close", "late", "signals"]

NAMES = (
    "trading_pattern",
    "net_purchase_ratio",
    "first_in_years",
    "reversal",
    "sequence_months",
    "cluster_persons",
    "cluster",
    "exercise_hold_ratio",
)
"""The fields that `signals` tells; ``late`` and ``filed_after_close`` need no history."""

Signals = dict[str, Any]


def signals(
    new: Sequence[Past], history: Iterable[Past], *, loaded_since: date | None
) -> list[Signals]:
    """The signals of each trade of one filing, all NAMES, in the order of ``new``.

    Purchases and sales on the open market have them, and exercises their hold ratio; others, and
    trades that another fact tells (``duplicate_of``, ``superseded_by``), have none: all None.

    new: all trades of the filing, whatever their class.
    history: counted trades of the same issuer, open market and exercises, in any order; what became
    known after the filing, is not counted, or is one of ``new`` is passed over.
    loaded_since: since which New York day every filing of the issuer is loaded, up to this one;
    None where that is not known.
    Raises ValueError where the new trades became known at different instants.
    """
    if len({trade.known_at for trade in new}) > 1:
        raise ValueError("the trades of one filing become known at one instant; give one filing")
    if not any(_speaks(trade) for trade in new):
        return [dict.fromkeys(NAMES) for _ in new]
    known = Known(new, history, loaded_since)
    return [dict.fromkeys(NAMES) | _told(trade, known) for trade in new]


def _speaks(trade: Past) -> bool:
    return trade.counts and (trade.is_market or trade.is_exercise)


def _told(trade: Past, known: Known) -> Signals:
    if not _speaks(trade):
        return {}
    if trade.is_exercise:
        return {"exercise_hold_ratio": exercise_hold_ratio(trade, known)}
    return {
        "net_purchase_ratio": net_purchase_ratio(known),
        "cluster_persons": cluster_persons(trade, known),
        "cluster": cluster(trade, known),
        **_habits(trade, known),
    }


def _habits(trade: Past, known: Known) -> Signals:
    """Signals from the person's own trades; none where nobody knows whose they are."""
    if trade.person_key is None:
        return {}
    person = known.person(trade.person_key)
    return {
        "trading_pattern": trading_pattern(trade, person),
        "first_in_years": first_in_years(trade, person),
        "reversal": reversal(trade, person),
        "sequence_months": sequence_months(trade, person),
    }
