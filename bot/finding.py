"""What a check found: how something the bot needs is, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and how to mend it."""

    what: str
    health: Health
    told: str
    mend: str = ""


def good(what: str, told: str) -> Finding:
    return Finding(what=what, health=Health.GOOD, told=told)


def warning(what: str, told: str, mend: str) -> Finding:
    return Finding(what=what, health=Health.WARNING, told=told, mend=mend)


def bad(what: str, told: str, mend: str) -> Finding:
    return Finding(what=what, health=Health.BAD, told=told, mend=mend)
