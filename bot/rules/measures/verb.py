"""What every measure has: a name, what it measures, what comes out, and how to ask SQLite."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.facts import Type

if TYPE_CHECKING:
    from bot.rules.lookback import LookBack


class Argument(StrEnum):
    """What stands behind the verb."""

    EVENTS = "events"
    NUMBER = "a field that holds a number"
    ORDERED = "a field that holds a number, a day or an instant"
    FIELD = "a field"
    RULE = "the id of a rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One way to measure.

    takes: the keys that may stand beside it, besides ``by``, ``before`` and ``ending``.
    needs: those of them that must.
    result: the type of the answer, from the type of the field.
    sqlite: the look-back as a tree of SQL, built from the parts that ``LookBack`` offers.
    """

    name: str
    doc: str
    example: str
    argument: Argument
    takes: frozenset[str]
    needs: frozenset[str]
    result: Callable[[Type], Type]
    sqlite: "Callable[[LookBack], Any]"

    @property
    def keys(self) -> frozenset[str]:
        """All keys that may stand beside it."""
        return self.takes | {"by", "before", "ending"}


OVER = frozenset({"over"})
WINDOWED = frozenset({"over", "of", "where", "time"})
"""What a window over facts may have."""


def same(kind: Type) -> Type:
    return kind


def whole_number(_kind: Type) -> Type:
    return Type.COUNT


def ratio(_kind: Type) -> Type:
    return Type.RATIO


def real(kind: Type) -> Type:
    """The dimension of a mean: of whole numbers it is none any more."""
    return Type.NUMBER if kind is Type.COUNT else kind


def plain_number(_kind: Type) -> Type:
    return Type.NUMBER
