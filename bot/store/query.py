"""A search among past alerts, as the grammar reads it and SQL answers it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Sort(StrEnum):
    """The order of an answer."""

    NEW = "new"  # newest first
    OLD = "old"  # oldest first
    VALUE = "value"  # greatest value first, unknown values last


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One condition.

    field: what it looks at, by the name that ``bot.store.searchable`` declares.
    values: of which one must be so: words, whole cents, ratios, numbers; of a field that is
    measured ``low`` and ``high`` may stand instead, of ``on`` they always do: instants.
    low, high: the bounds, None: open; open_low, open_high: the bound itself does not count.
    negated: it must not hold; an alert of which it is unknown does not count either way.
    """

    field: str
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    open_low: bool = False
    open_high: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which alerts: all terms must hold; at most ``limit`` of them, in the order of ``sort``.

    limit: None: all, a page after another.  Where no term tells of fates, only those that fired.
    """

    terms: tuple[Term, ...] = ()
    sort: Sort = Sort.NEW
    limit: int | None = None
