"""Every fault that can befall a post, before or after Slack has accepted it."""

from bot.notifiers import Outcome, Uncertain, Wait
from bot.sandbox.slack import Fault, FaultKind
from tests.processes import LONG

LATE = 2 * LONG
"""Seconds of a late answer: more than any client of these tests waits; its server ends sooner."""

PATIENCE = 0.15
"""Seconds that a client waits for what never comes; for all else it has LONG, on however busy a
machine."""


def patience_with(fault: Fault) -> float:
    """How long a client waits that a fault befalls."""
    never = (FaultKind.SILENCE, FaultKind.DELAY)
    return PATIENCE if fault.kind in never else LONG


FAULTS: list[tuple[Fault, type[Outcome]]] = [
    (Fault(FaultKind.STATUS, accepted=accepted, status=status), Uncertain)
    for accepted in (False, True)
    for status in (500, 502, 503, 504)
] + [
    (Fault(kind, accepted=accepted, seconds=LATE), Uncertain)
    for accepted in (False, True)
    for kind in (
        FaultKind.SILENCE,
        FaultKind.DROP,
        FaultKind.RESET,
        FaultKind.CUT,
        FaultKind.HTML,
        FaultKind.ERROR,
    )
] + [
    (Fault(FaultKind.DELAY, accepted=True, seconds=LATE), Uncertain),
    (Fault(FaultKind.RATE_LIMIT, seconds=7), Wait),
]  # fmt: skip

NAMES = [
    f"{fault.kind.name.lower()} {fault.status if fault.kind is FaultKind.STATUS else ''}"
    f" {'after' if fault.accepted else 'before'}"
    for fault, _ in FAULTS
]
