"""What every measure has: a name, what it measures, what comes out, and how to ask SQLite."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.facts import Type

if TYPE_CHECKING:
    from bot.rules.compile import LookBack


class Argument(StrEnum):
    """What stands behind the verb."""

    EVENTS = "events"
    NUMBER = "a field that holds a number"
    FIELD = "a field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One way to measure.

    result: the type of the answer, from the type of the field.
    windowed: needs ``over``; the others look at the newest value and may have ``max_age``.
    empty: the answer over no known value: 0 for counts, else unknown.
    sqlite: the look-back as a tree of SQL, built from the parts that ``LookBack`` offers.
    """

    name: str
    doc: str
    example: str
    argument: Argument
    windowed: bool
    result: Callable[[Type], Type]
    sqlite: "Callable[[LookBack], Any]"


def same(kind: Type) -> Type:
    return kind


def whole_number(_kind: Type) -> Type:
    return Type.COUNT
