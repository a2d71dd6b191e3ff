"""Which closed sessions are told as facts now, which are held back, and which are told anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.calendar import NYSE
from bot.facts import PRICE_BAR
from bot.market.rebase import rebase, tell_anew
from bot.market.view import View
from bot.prices.bars import Action
from bot.store import Arrival, Followed, Store
from bot.store.prices import Kept

FIRST_TOLD = 30
"""So many sessions of a ticker that is new are told, quietly: rules then see where it stands, and
so many are told anew where an action came late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What came of a ticker: how it stood before, which bars are new or restated, and which actions
    that were heeded before its provider tells no more."""

    before: Followed
    kept: Kept
    withdrawn: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The newest session that is told of a ticker, and one that is held back."""

    newest: date | None
    withheld: date | None


def tell(
    store: Store,
    view: View,
    changes: Mapping[str, Change],
    *,
    newest: date,
    seen_at: int,
) -> dict[str, Told]:
    """Store the facts of the sessions that are new, in the transaction that is open.

    Facts of earlier sessions are brought onto the basis of the newest one first.  A newest close
    that looks like a split is held back: by the next close an action has explained it, or it is
    taken as the move that it looks like, and told with a mark.
    """
    due, told, first = dict[str, list[date]](), dict[str, Told](), set[str]()
    for ticker, change in changes.items():
        actions = store.prices.to_apply(ticker, newest)
        undone = [replace(each, price_ratio=1 / each.price_ratio) for each in change.withdrawn]
        rebase(store, ticker, [*undone, *actions], seen_at=seen_at)
        store.prices.mark_applied(ticker, newest)
        withheld = newest if view.is_suspect(ticker, newest) else None
        sessions = [day for day in view.sessions(ticker) if day != withheld]
        due[ticker] = _due(sessions, change)
        again = _again(sessions, change, [*change.withdrawn, *actions])
        tell_anew(store, ticker, view.facts({ticker: again}), seen_at=seen_at)
        if change.before.told is None and due[ticker]:
            first.add(ticker)
            store.collection.cover(PRICE_BAR.name, ticker, NYSE.open_at(due[ticker][0]))
        reached = max((*due[ticker], change.before.told or date.min))
        told[ticker] = Told(newest=reached if reached > date.min else None, withheld=withheld)
    store.facts.add(
        Arrival(fact=fact, seen_at=seen_at, quiet=fact.subject in first) for fact in view.facts(due)
    )
    return told


def _due(sessions: list[date], change: Change) -> list[date]:
    """The sessions after the newest one told, and those that came late."""
    told = change.before.told
    if told is None:
        return sessions[-FIRST_TOLD:]
    new = set(change.kept.new)
    since = sessions[-FIRST_TOLD] if len(sessions) >= FIRST_TOLD else date.min
    return [day for day in sessions if day > told or (day in new and day >= since)]


def _again(sessions: list[date], change: Change, actions: Iterable[Action]) -> list[date]:
    """The told sessions whose returns read otherwise now: since one that was restated, or since
    the day of an action that nobody had told by then, or that nobody tells any more."""
    told = change.before.told
    if told is None:
        return []
    changed = [*change.kept.restated, *(action.ex_day for action in actions)]
    since = min((day for day in changed if day <= told), default=None)
    if since is None:
        return []
    new = set(change.kept.new)
    return [day for day in sessions[-FIRST_TOLD:] if since <= day <= told and day not in new]
