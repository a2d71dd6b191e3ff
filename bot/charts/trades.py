"""Insider trades as marks beside the line: one each, and together where there are too many."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from bot.charts.card import FAINT, PAPER, PIXELS, PURCHASE, SALE, SMALL, WIDTH, Card, points
from bot.charts.content import Mark, PriceChart, Side
from bot.charts.frame import Frame
from bot.charts.swarm import BOX_WIDTH, Glyph, Placed, Sort, gathered, placed

Floats = NDArray[np.float64]

ROOM = 14.0
"""Least pixels between the line and the edges of the picture."""

_HIGHEST = 0.3  # of the height may be taken by stacks above, and as much below
_LEAST, _MORE = 7.0, 9.0  # radius of the smallest mark, and what the largest adds
_PLANS = ("", "by plan", "plan unknown")


def marks_beside(frame: Frame, content: PriceChart, below: float) -> list[Placed]:
    """The marks of all trades, none over another, and room for them in the frame.

    Where columns of marks would leave the picture, each is taken together; if that is not enough,
    wider columns.
    """
    glyphs, width = gathered(_glyphs(frame, content.marks), (), BOX_WIDTH), BOX_WIDTH
    scale, (days, closes) = frame.scale, content.drawn
    while True:
        frame.scale = scale
        found = _fitted(frame, glyphs, days, closes, below)
        crowded = {each.glyph for each in found if not _inside(frame, each)}
        if not crowded or width > WIDTH:
            return found
        fewer = gathered(glyphs, crowded, width)
        width *= 1 if len(fewer) < len(glyphs) else 1.5
        glyphs = sorted(fewer, key=lambda glyph: (-glyph.radius, glyph.x))


def _inside(frame: Frame, mark: Placed) -> bool:
    high, low = mark.y + mark.glyph.half_height, mark.y - mark.glyph.half_height
    return low >= frame.box.bottom - 1 and high <= frame.box.top + 1


def _fitted(
    frame: Frame, glyphs: Sequence[Glyph], days: NDArray[np.int32], closes: Floats, below: float
) -> list[Placed]:
    """Marks beside the line, after the scale has made as much room as they may take."""
    scale, most, x = frame.scale, _HIGHEST * frame.box.height, frame.x(days)
    low, high, found = below, ROOM, list[Placed]()
    for _ in range(12):
        frame.scale = scale
        frame.make_room(low, high)
        line = frame.y(closes)
        found = placed(glyphs, partial(_edge, x, line))
        over = max((p.y + p.glyph.half_height for p in found), default=0.0) - frame.box.top
        lowest = min((p.y - p.glyph.half_height for p in found), default=frame.box.top)
        under = frame.box.bottom + below - ROOM - lowest
        if over <= 1 and under <= 1:
            break
        low = min(low + max(under, 0.0), below + most)
        high = min(high + max(over, 0.0), ROOM + most)
    return found


def _edge(x: Floats, line: Floats, at: float, half: float, up: bool) -> float:
    """The highest, or lowest, of the line within some pixels, ends of its pieces included."""
    first = max(int(np.searchsorted(x, at - half, side="right")) - 1, 0)
    last = int(np.searchsorted(x, at + half, side="left")) + 1
    near, places = line[first:last], x[first:last]
    inside = (places >= at - half) & (places <= at + half)
    ends = np.interp([at - half, at + half], x, line)
    held = np.concatenate([near[inside], ends])
    return float(held.max() if up else held.min())


def _glyphs(frame: Frame, marks: Sequence[Mark]) -> list[Glyph]:
    """Marks with the largest first: it stands next to the line."""
    most = max((mark.value_usd or 0.0 for mark in marks), default=0.0) or 1.0
    glyphs = [
        Glyph(
            x=float(frame.x(mark.day.toordinal())),
            radius=_LEAST + _MORE * ((mark.value_usd or 0.0) / most) ** 0.5,
            up=mark.side is Side.SELL,
            sort=_sort(mark),
        )
        for mark in marks
    ]
    return sorted(glyphs, key=lambda glyph: (-glyph.radius, glyph.x))


def draw_mark(card: Card, mark: Placed) -> None:
    glyph = mark.glyph
    side, planned = glyph.sort
    if glyph.count == 1:
        _scatter(card, glyph.x, mark.y, glyph.radius, side, planned)
        return
    color, faces = _colors(side)
    sign = {Side.SELL: "▼▽▼", Side.BUY: "▲△▲"}[side][planned]
    text = card.text(
        glyph.x, mark.y, f"{sign}{glyph.count}", size=SMALL, bold=True, ha="center", va="center",
        color=color if planned else PAPER,
    )  # fmt: skip
    text.set_gid("trades")
    text.set_bbox(
        {"boxstyle": "round,pad=0.2", "facecolor": faces[planned], "edgecolor": color,
         "linewidth": points(2)}
    )  # fmt: skip


def _colors(side: Side) -> tuple[str, tuple[str, str, str]]:
    """The colour of an edge, and of faces: filled not by plan, hollow by plan, pale unknown."""
    color, pale = (SALE, "#f3c7a8") if side is Side.SELL else (PURCHASE, "#a9cfe8")
    return color, (color, PAPER, pale)


def _scatter(card: Card, x: float, y: float, radius: float, side: Side, planned: int) -> None:
    color, faces = _colors(side)
    line = Line2D(
        [x], [y], linewidth=0, transform=PIXELS, marker="v" if side is Side.SELL else "^",
        markersize=points(2 * radius - 2), markerfacecolor=faces[planned],
        markeredgecolor=color, markeredgewidth=points(2), gid=f"trade {side} {planned}", zorder=5,
    )  # fmt: skip
    card.figure.add_artist(line)


def legend(card: Card, marks: Sequence[Mark]) -> None:
    """The sorts of marks that are drawn; a side is named once."""
    x, named = 32.0, set[Side]()
    for side, planned in sorted({_sort(mark) for mark in marks}, key=lambda s: (s[0] < "s", s[1])):
        word = "" if side in named else "sale " if side is Side.SELL else "purchase "
        named.add(side)
        _scatter(card, x, 490, 8.0, side, planned)
        told = card.text(x + 16, 484, f"{word}{_PLANS[planned]}".strip(), size=SMALL, color=FAINT)
        x += card.width(told) + 46


def _sort(mark: Mark) -> Sort:
    """Side, and 0 not by plan, 1 by plan, 2 unknown."""
    return mark.side, 2 if mark.planned is None else int(mark.planned)
