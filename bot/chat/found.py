"""An alert as people ask for it: by the number at its foot."""

from typing import Any

from bot.chat.ask import Ask
from bot.errors import QueryError
from bot.store import Store

_END = 2**63
"""Behind the last number that a store can give."""


def alert_asked(ask: Ask) -> dict[str, Any]:
    """The decision of the number that a command gives; QueryError where there is none."""
    if ask.command.number is None:
        example = ask.line(f"{ask.command.verb} 1234")
        mend = f"{example}: the number is at the foot of every alert"
        raise QueryError("which alert?", where=ask.command.verb, mend=mend)
    return decision_of(ask.store, ask.command.number)


def decision_of(store: Store, number: int) -> dict[str, Any]:
    """The decision of a number; QueryError where there is none."""
    decision = store.decisions.of(number) if number < _END else None
    if decision is None:
        mend = "its number is at the foot of every alert; `last 10` lists the newest"
        raise QueryError(f"there is no alert #{number}", where="alert", mend=mend)
    return decision


def card_number(decision: dict[str, Any]) -> int:
    """The number that the card of a decision shows: several matches may share one message."""
    return int(decision["message_id"] or decision["id"])
