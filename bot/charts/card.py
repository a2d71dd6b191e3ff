"""The sheet that charts are drawn on: a solid card, legible at 360 pixels on light and on dark."""

import io
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

matplotlib.rcdefaults()  # a file of settings on this machine does not change the pictures

WIDTH, HEIGHT, DPI = 960, 600, 100
"""Pixels, and dots an inch."""

PAPER, INK, FAINT, GRID, FRAME = "#ffffff", "#16233a", "#5b6675", "#e3e7ee", "#c3cad6"
SHADE, BESIDE = "#eceff4", "#98a2b1"

# Safe for the colour-blind: Okabe and Ito (2008), "Color Universal Design".
SALE, PURCHASE, HIGH, SPLIT = "#c94f00", "#0068a8", "#00735a", "#8a3f86"

MARGIN = 24
BIG, MIDDLE, SMALL, FINE = 32, 21, 18, 14
"""Heights of letters in pixels; a preview shows them at 3/8."""

PIXELS = IdentityTransform()


def points(pixels: float) -> float:
    return pixels * 72 / DPI


class Box(NamedTuple):
    """A rectangle of the picture, in pixels from its lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


class Card:
    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self.figure)
        self._renderer = RendererAgg(WIDTH, HEIGHT, DPI)  # type: ignore[no-untyped-call]
        frame = Rectangle(
            (1, 1), WIDTH - 2, HEIGHT - 2, fill=False, edgecolor=FRAME, linewidth=points(2)
        )
        frame.set_transform(PIXELS)
        self.figure.add_artist(frame)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = MIDDLE,
        color: str = INK,
        bold: bool = False,
        ha: str = "left",
        va: str = "baseline",
        halo: bool = False,
    ) -> Text:
        """Words at a place; a dollar sign is one, no formula."""
        made = self.figure.text(
            x, y, text, transform=PIXELS, fontsize=points(size), color=color, ha=ha, va=va,
            fontweight="bold" if bold else "normal", fontfamily="DejaVu Sans", parse_math=False,
        )  # fmt: skip
        if halo:
            made.set_path_effects([withStroke(linewidth=points(4), foreground=PAPER)])
        return made

    def width(self, text: Text) -> float:
        return float(text.get_window_extent(self._renderer).width)

    def wide(self, text: str, size: float, *, bold: bool = False) -> float:
        """How many pixels some words take."""
        tried = self.text(0, 0, text, size=size, bold=bold)
        width = self.width(tried)
        tried.remove()
        return width

    def line(
        self, y: float, pieces: Sequence[tuple[str, str, bool]], size: float, aside: str = ""
    ) -> None:
        """Words of several colours in one line: (text, colour, bold); smaller where too long.

        aside: smaller words at the right end of the line.
        """
        room = WIDTH - 2.0 * MARGIN
        if aside:
            told = self.text(WIDTH - MARGIN, y, aside, size=SMALL, color=FAINT, ha="right")
            room -= self.width(told) + MARGIN
        taken = 0.5 * size * (len(pieces) - 1)
        taken += sum(self.wide(text, size, bold=bold) for text, _, bold in pieces)
        size *= min(1.0, room / max(taken, 1.0))
        x = float(MARGIN)
        for text, color, bold in pieces:
            x += self.width(self.text(x, y, text, size=size, color=color, bold=bold)) + 0.5 * size

    def footer(self, text: str) -> None:
        """What it is made from and how, in two lines."""
        lines = textwrap.wrap(text, 120, max_lines=2, placeholder=" …")
        for n, line in enumerate(lines):
            self.text(MARGIN, 38 - 20 * n, line, size=FINE, color=FAINT)

    def axes(self, box: Box) -> Axes:
        """Bare axes: a floor, faint lines across and no frame."""
        shares = (
            box.left / WIDTH, box.bottom / HEIGHT, box.width / WIDTH, box.height / HEIGHT,
        )  # fmt: skip
        axes = self.figure.add_axes(shares, facecolor="none")
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(FRAME)
        axes.set_axisbelow(True)
        axes.set_autoscale_on(False)
        axes.tick_params(length=0, labelbottom=False, labelleft=False)
        axes.minorticks_off()
        return axes

    def png(self) -> bytes:
        held = io.BytesIO()
        self.figure.savefig(held, format="png", dpi=DPI, metadata={"Software": None})
        return held.getvalue()
