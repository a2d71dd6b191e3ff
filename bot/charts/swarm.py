"""Where the marks of trades stand, so that none hides another: all in pixels."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.charts.content import Side

MOST = 40
"""More marks than this in one column are never drawn one by one."""

Sort = tuple[Side, int]
"""Side, and by plan: 0 no, 1 yes, 2 unknown."""

APART = 1.5
"""Least room between two marks."""

BOX_WIDTH, BOX_HEIGHT = 60.0, 30.0
"""Of a mark that stands for several trades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """A mark of one trade, or of several that find no room one by one.

    up: whether it stands above the line, and others of its place above it.
    sort: marks of different sorts are never taken together.
    """

    x: float
    radius: float
    up: bool
    sort: Sort
    count: int = 1

    @property
    def half_height(self) -> float:
        """One trade is a mark in a circle; several are a line of text in a box."""
        return self.radius if self.count == 1 else BOX_HEIGHT / 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A glyph and the height of its middle."""

    glyph: Glyph
    y: float


Edge = Callable[[float, float, bool], float]
"""Height of the line around x (x, half width, above?): the highest or the lowest there."""


def placed(glyphs: Iterable[Glyph], edge: Edge) -> list[Placed]:
    """Glyphs stacked away from the line, each at its own x, in the order given."""
    done: dict[bool, list[Placed]] = {True: [], False: []}
    for glyph in glyphs:
        way = 1 if glyph.up else -1
        start = way * edge(glyph.x, glyph.radius, glyph.up) + glyph.half_height + 2 * APART
        done[glyph.up].append(Placed(glyph, way * _free(glyph, start, done[glyph.up], way)))
    return [*done[True], *done[False]]


def _free(glyph: Glyph, start: float, others: Sequence[Placed], way: int) -> float:
    """The first height from ``start`` on that no other takes."""
    taken = []
    for other in others:
        reach = glyph.radius + other.glyph.radius + APART
        across = abs(other.glyph.x - glyph.x)
        if across < reach:
            half = glyph.half_height + other.glyph.half_height + APART
            if glyph.count == other.glyph.count == 1:
                half = math.sqrt(reach * reach - across * across)
            taken.append((way * other.y - half, way * other.y + half))
    for low, high in sorted(taken):
        if low < start < high:
            start = high
    return start


def gathered(glyphs: Sequence[Glyph], crowded: Collection[Glyph], width: float) -> list[Glyph]:
    """The glyphs of crowded columns taken together, a sort each; others as they are.

    width: of a column, in pixels.
    """
    columns: dict[tuple[int, bool], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        columns[int(glyph.x // width), glyph.up].append(glyph)
    found: list[Glyph] = []
    for column in columns.values():
        too_many = len(column) > MOST or any(glyph in crowded for glyph in column)
        found += _by_sort(column) if too_many else column
    return found


def _by_sort(column: Sequence[Glyph]) -> list[Glyph]:
    sorts: dict[Sort, list[Glyph]] = defaultdict(list)
    for glyph in column:
        sorts[glyph.sort].append(glyph)
    return [_one(each) if len(each) > 1 else each[0] for each in sorts.values()]


def _one(glyphs: Sequence[Glyph]) -> Glyph:
    count = sum(glyph.count for glyph in glyphs)
    x = sum(glyph.x * glyph.count for glyph in glyphs) / count
    return replace(glyphs[0], x=x, radius=BOX_WIDTH / 2, count=count)
