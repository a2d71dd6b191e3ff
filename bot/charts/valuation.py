"""The chart of a P/E: its history, the band it kept to, and the stretches of losses."""

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from bot.charts.card import (
    BESIDE,
    BIG,
    FAINT,
    HIGH,
    INK,
    MIDDLE,
    PAPER,
    PIXELS,
    SALE,
    SMALL,
    Card,
    points,
)
from bot.charts.content import BAND_LEAST, Band, PeChart, band_of
from bot.charts.frame import Frame, draw_line
from bot.charts.scales import multiple_text, span_text

_BAND, _HATCH = "#d6ece4", "////"


def png(content: PeChart) -> bytes:
    return drawn(content).png()


def drawn(content: PeChart) -> Card:
    """The card before it is printed."""
    card, band = Card(), band_of(content.days, content.pe)
    shown = content.drawn
    _header(card, shown, band)
    frame = _frame(card, shown, band)
    frame.make_room(14, 18)
    frame.finish()
    if band:
        _draw_band(frame, shown, band)
    _draw_losses(frame, shown)
    _draw_lines(frame, shown)
    card.footer(_footer(shown, band, log=frame.scale.log))
    return card


# What is said.


def headline(content: PeChart) -> list[tuple[str, str, bool]]:
    """NVDA P/E 32.3  SPY 27.1; without one why; whose reports, where that is not sure."""
    told = f"{content.ticker} P/E {_now(content)}"
    if content.reporter:
        return [(told, INK, True), (f"by the reports of {content.reporter}", FAINT, False)]
    theirs = content.benchmark_pe
    if content.benchmark is None or theirs is None:
        return [(told, INK, True)]
    beside = multiple_text(float(theirs[-1])) if np.isfinite(theirs[-1]) else "unknown"
    return [(told, INK, True), (f"{content.benchmark} {beside}", FAINT, False)]


def words(content: PeChart) -> str:
    """The picture in a sentence."""
    first, last = content.drawn.span
    told = [text for text, _, _ in headline(content)]
    band = standing(content, band_of(content.days, content.pe))
    return f"P/Es from {first} to {last}: {', beside '.join(told)}; {band}"


def _now(content: PeChart) -> str:
    if np.isfinite(content.pe[-1]):
        return multiple_text(float(content.pe[-1]))
    return "none: loss" if content.losses[-1] else "unknown"


def standing(content: PeChart, band: Band | None) -> str:
    """How the last P/E stands to the band."""
    if band is None:
        return f"No band: fewer than {BAND_LEAST} of the 60 month ends before have a P/E"
    last = float(content.pe[-1])
    half = f"its middle half, {multiple_text(band.low)} to {multiple_text(band.high)}"
    if np.isnan(last):
        return f"{half[4:].capitalize()} in the {band.months} months before"
    where = "above" if last > band.high else "below" if last < band.low else "within"
    return f"{where} {half}".capitalize() + f" in the {band.months} months before"


def _footer(content: PeChart, band: Band | None, *, log: bool) -> str:
    told = [f"P/E: {content.method}. Source: {content.source}, as of {content.span[1]}."]
    if band:
        told.append(f"Band: {band.name}.")
    if log:
        told.append("Log scale.")
    return " ".join(told)


def _header(card: Card, content: PeChart, band: Band | None) -> None:
    card.line(554, headline(content), BIG, aside=span_text(content.span))
    card.line(520, [(standing(content, band), INK, False)], MIDDLE)
    x = 24.0
    for name, face, edge, hatch in _keys(content, band):
        key = Rectangle((x, 483), 26, 16, facecolor=face, edgecolor=edge, hatch=hatch, linewidth=0)
        key.set_transform(PIXELS)
        card.figure.add_artist(key)
        x += card.width(card.text(x + 34, 484, name, size=SMALL, color=FAINT)) + 62


def _keys(content: PeChart, band: Band | None) -> Iterator[tuple[str, str, str, str | None]]:
    if band:
        yield "middle half", _BAND, _BAND, None
    if content.losses.any():
        yield "no P/E: loss", PAPER, SALE, _HATCH


# What is drawn.


def _frame(card: Card, content: PeChart, band: Band | None) -> Frame:
    names, values = list[tuple[float, str, str]](), [content.pe]
    known = content.pe[np.isfinite(content.pe)]
    newest = multiple_text(float(known[-1]))
    told = newest if np.isfinite(content.pe[-1]) else f"last {newest}"
    names.append((float(known[-1]), told, INK))
    if band:
        names.append((band.median, f"median {multiple_text(band.median)}", HIGH))
        values.append(np.array([band.low, band.high]))
    if content.benchmark and content.benchmark_pe is not None:
        values.append(content.benchmark_pe)
        theirs = content.benchmark_pe[np.isfinite(content.benchmark_pe)]
        if len(theirs):
            names.append((float(theirs[-1]), content.benchmark, FAINT))
    first, last = content.span
    return Frame(
        card,
        first=first,
        last=last,
        top=468.0 if any(True for _ in _keys(content, band)) else 494.0,
        write=multiple_text,
        values=np.concatenate(values),
        names=names,
    )


def _draw_band(frame: Frame, content: PeChart, band: Band) -> None:
    days = [max(band.first.toordinal(), int(content.days[0])), int(content.days[-1])]
    frame.axes.fill_between(
        days, band.low, band.high, color=_BAND, linewidth=0, gid="band", zorder=0.5
    )
    frame.axes.plot(
        days, [band.median] * 2, color=HIGH, linewidth=points(2), linestyle=(0, (5, 3)),
        gid="median",
    )  # fmt: skip


def _draw_losses(frame: Frame, content: PeChart) -> None:
    for start, end in loss_spans(content):
        frame.axes.axvspan(
            start, end, facecolor="none", edgecolor=SALE, hatch=_HATCH, linewidth=0, alpha=0.45,
            gid="loss",
        )  # fmt: skip


def loss_spans(content: PeChart) -> Sequence[tuple[float, float]]:
    """Stretches of losses, each to half way to the days with another answer."""
    days = content.days.astype(np.float64)
    edges = np.concatenate([days[:1], (days[1:] + days[:-1]) / 2, days[-1:]])
    turns = np.diff(np.concatenate([[0], content.losses.astype(int), [0]]))
    starts, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    return [(float(edges[a]), float(edges[b])) for a, b in zip(starts, ends, strict=True)]


def _draw_lines(frame: Frame, content: PeChart) -> None:
    days = content.days.astype(np.float64)
    if content.benchmark_pe is not None:
        draw_line(frame, days, content.benchmark_pe, color=BESIDE, width=2.5, name="benchmark")
    draw_line(frame, days, content.pe, color=INK, width=3.0, name="pe")
    last = np.flatnonzero(np.isfinite(content.pe))[-1]
    frame.axes.plot(
        days[last], content.pe[last], "o", color=INK, markeredgecolor=PAPER, markersize=points(14),
        markeredgewidth=points(2), gid="current",
    )  # fmt: skip
