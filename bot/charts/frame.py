"""Days across and numbers up, on a card: what both charts share."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from matplotlib.ticker import NullLocator
from numpy.typing import NDArray

from bot.charts.card import FAINT, GRID, MARGIN, SMALL, WIDTH, Box, Card, points
from bot.charts.scales import Scale, day_ticks, spread, ticks_text

Floats = NDArray[np.float64]
Write = Callable[[float, float], str]
BOTTOM = 92.0
LABEL_HEIGHT = SMALL * 1.25
_FEW = 15  # so few points are shown each as a dot


class Frame:
    """Axes whose every place is known in pixels before anything is drawn.

    names: labels beside the right edge: (value, text, colour).
    """

    def __init__(
        self,
        card: Card,
        *,
        first: date,
        last: date,
        top: float,
        write: Write,
        values: Floats,
        names: Sequence[tuple[float, str, str]],
    ) -> None:
        self.card, self.write, self.names = card, write, names
        self.first, self.last = first, last
        self.scale = Scale.of(values)
        right = max((card.wide(text, SMALL, bold=True) for _, text, _ in names), default=0.0)
        left = self._widest_tick()
        self.box = Box(MARGIN + left + 10, BOTTOM, WIDTH - MARGIN - right - 10, top)
        aside = max(0.5, 0.012 * (last - first).days)
        self._start, self._end = first.toordinal() - aside, last.toordinal() + aside
        self.axes = card.axes(self.box)

    def x(self, days: "float | Floats | NDArray[np.int32]") -> Floats:
        """Pixels of days given as ordinals."""
        share = (np.asarray(days, dtype=np.float64) - self._start) / (self._end - self._start)
        placed: Floats = self.box.left + share * self.box.width
        return placed

    def y(self, values: Floats) -> Floats:
        """Pixels of values."""
        placed: Floats = self.box.bottom + self.scale.share(values) * self.box.height
        return placed

    def make_room(self, below: float, above: float) -> None:
        """Let the scale reach so many pixels further than the values."""
        held = self.box.height - below - above
        self.scale = self.scale.widened(below / held, above / held)

    def finish(self) -> None:
        """Set the axes and write their labels; the scale stays as it is from here on."""
        self.axes.set_xlim(self._start, self._end)
        self.axes.set_yscale("log" if self.scale.log else "linear")
        self.axes.set_ylim(self.scale.low, self.scale.high)
        self.axes.tick_params(length=0, labelbottom=False, labelleft=False, which="both")
        self._write_values()
        self._write_days()
        self._write_names()

    def _widest_tick(self) -> float:
        """Pixels of the longest label of values, now or after room was made."""
        told = set[str]()
        for more in range(13):  # up to twice the height and a fifth
            scale = self.scale.widened(0.05 * more, 0.05 * more)
            told |= set(ticks_text(scale.ticks(), self.write))
        longest = max(map(len, told))
        return max(self.card.wide(text, SMALL) for text in told if len(text) == longest)

    def _ticks(self) -> tuple[list[float], list[str]]:
        ticks = self.scale.ticks()
        return ticks, ticks_text(ticks, self.write)

    def _write_values(self) -> None:
        ticks, texts = self._ticks()
        self.axes.set_yticks(ticks)
        self.axes.yaxis.set_minor_locator(NullLocator())
        self.axes.grid(axis="y", which="major", color=GRID, linewidth=points(1.2))
        for value, text in zip(self.y(np.array(ticks)), texts, strict=True):
            self.card.text(
                self.box.left - 8, value, text, size=SMALL, color=FAINT, ha="right", va="center"
            )

    def _write_days(self) -> None:
        ticks = day_ticks(self.first, self.last)
        self.axes.set_xticks([day.toordinal() for day, _ in ticks])
        self.axes.grid(axis="x", color=GRID, linewidth=points(1.2))
        end = -1.0
        for day, text in ticks:
            half = self.card.wide(text, SMALL) / 2
            middle = float(np.clip(self.x(day.toordinal()), MARGIN + half, WIDTH - MARGIN - half))
            if middle - half > end:
                y = self.box.bottom - 10
                self.card.text(middle, y, text, size=SMALL, color=FAINT, ha="center", va="top")
                end = middle + half + 8

    def _write_names(self) -> None:
        wanted = [float(self.y(np.array([value]))[0]) for value, _, _ in self.names]
        places = spread(wanted, LABEL_HEIGHT, self.box.bottom, self.box.top)
        for y, (_, text, color) in zip(places, self.names, strict=True):
            self.card.text(
                self.box.right + 10, y, text, size=SMALL, color=color, bold=True, va="center"
            )


def draw_line(
    frame: Frame, days: Floats, values: Floats, *, color: str, width: float, name: str
) -> None:
    """A line that ends at each gap; a point without neighbours is a dot."""
    frame.axes.plot(
        days, values, color=color, linewidth=points(width), solid_joinstyle="round", gid=name
    )
    known = np.isfinite(values)
    around = np.concatenate([[False], known, [False]])
    alone = known & ~around[:-2] & ~around[2:]
    dots = known if known.sum() <= _FEW else alone
    frame.axes.plot(
        days[dots], values[dots], "o", color=color, markersize=points(3 * width), linewidth=0
    )
