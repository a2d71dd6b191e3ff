"""The chart of prices: closes, the trades of insiders on them, the benchmark behind them."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.charts.card import BESIDE, BIG, FAINT, HIGH, INK, MIDDLE, SHADE, SMALL, SPLIT, Card, points
from bot.charts.content import Mark, PriceChart, Side
from bot.charts.frame import Frame, draw_line
from bot.charts.scales import price_text, span_text
from bot.charts.trades import ROOM, draw_mark, legend, marks_beside
from bot.numbers import money_text, percent_text
from bot.prices.bars import Action, ActionKind
from bot.prices.complete import sessions

Floats = NDArray[np.float64]


def png(content: PriceChart) -> bytes:
    return drawn(content).png()


def drawn(content: PriceChart) -> Card:
    """The card before it is printed, for whoever wants to look at what is on it."""
    card = Card()
    _header(card, content)
    frame = _frame(card, content)
    days, closes = with_gaps(*content.drawn)
    splits = _splits(content)
    marks = marks_beside(frame, content, below=ROOM + 20 * _rows(frame, splits))
    frame.finish()
    _shade_gaps(frame, days, closes)
    _draw_splits(frame, splits)
    _draw_lines(frame, content, days, closes)
    for each in marks:
        draw_mark(card, each)
    card.footer(_footer(content, closes, log=frame.scale.log))
    return card


# What is said.


def headline(content: PriceChart) -> list[tuple[str, str, bool]]:
    """OKLO +508%  IWM +11%; of a single session its close."""
    ticker, (first, last) = content.bars.ticker, content.span
    if first == last:
        return [(f"{ticker} {price_text(float(content.drawn[1][-1]))}", INK, True)]
    told = [(f"{ticker} {_signed(content.change_ratio)}", INK, True)]
    if content.benchmark is not None:
        change = content.benchmark_change_ratio
        moved = "unknown" if change is None else _signed(change)
        told.append((f"{content.benchmark.ticker} {moved}", FAINT, False))
    return told


def words(content: PriceChart) -> str:
    """The picture in a sentence: from when to when, how far, beside what, with which trades."""
    (first, last), changes = content.span, [text for text, _, _ in headline(content)]
    told = [f"Closes from {first} to {last}: {', beside '.join(changes)}"]
    told += [trades_text(content)] if content.trades is not None else []
    return "; ".join(told)


def trades_text(content: PriceChart) -> str:
    """12 insider sales, $33.1M; 1 insider purchase, ≥ $1.2M where the value of some is unknown."""
    if content.trades is None:
        return ""
    told = [_counted(content.marks, side) for side in (Side.SELL, Side.BUY)]
    return "; ".join(each for each in told if each) or "no insider trades known"


def _counted(marks: Sequence[Mark], side: Side) -> str:
    values = [mark.value_usd for mark in marks if mark.side is side]
    if not values:
        return ""
    word = "sale" if side is Side.SELL else "purchase"
    told = f"{len(values)} insider {word}{'s' if len(values) > 1 else ''}"
    known = [value for value in values if value is not None]
    if not known:
        return f"{told}, value unknown"
    least = "" if len(known) == len(values) else "≥ "
    return f"{told}, {least}{money_text(round(100 * sum(known)))}"


def _signed(ratio: float) -> str:
    return f"+{percent_text(ratio)}" if ratio > 0 else percent_text(ratio)


def _footer(content: PriceChart, closes: Floats, *, log: bool) -> str:
    told = [f"Closes: {content.source}, as of {content.span[1]}, {content.basis}."]
    if content.benchmark is not None:
        told.append(f"{content.benchmark.ticker} starts at {content.bars.ticker}'s close.")
    if content.marks and content.trades:
        told.append(f"Trades: {content.trades.source}; size by value.")
    if unknown := sum(mark.value_usd is None for mark in content.marks):
        told.append(f"{_many(unknown, 'trade')} of unknown value.")
    if missing := int(np.isnan(closes).sum()):
        told.append(f"{_many(missing, 'session')} without a bar.")
    if log:
        told.append("Log scale.")
    return " ".join(told)


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _header(card: Card, content: PriceChart) -> None:
    card.line(554, headline(content), BIG, aside=span_text(content.span))
    card.line(520, [(trades_text(content), INK, False)], MIDDLE)
    legend(card, content.marks)


# Lines.


def with_gaps(days: NDArray[np.int32], closes: Floats) -> tuple[Floats, Floats]:
    """Days and closes with a NaN on every session that has no bar: no line crosses it."""
    first, last = (date.fromordinal(int(days[place])) for place in (0, -1))
    every = np.union1d(days, sessions(first, last))
    filled = np.full(len(every), np.nan)
    filled[np.searchsorted(every, days)] = closes
    return every.astype(np.float64), filled


def _frame(card: Card, content: PriceChart) -> Frame:
    first, last = content.span
    closes = content.drawn[1]
    indexed = content.indexed[1]
    names = [(float(closes[-1]), price_text(float(closes[-1])), INK)]
    values = [closes, indexed]
    if content.benchmark is not None and np.isfinite(indexed[-1]):
        names.append((float(indexed[-1]), content.benchmark.ticker, FAINT))
    if content.high:
        names.append((content.high[1], f"52w {price_text(content.high[1])}", HIGH))
        values.append(np.array([content.high[1]]))
    return Frame(
        card,
        first=first,
        last=last,
        top=468.0 if content.marks else 494.0 if content.trades else 526.0,
        write=price_text,
        values=np.concatenate(values),
        names=names,
    )


def _draw_lines(frame: Frame, content: PriceChart, days: Floats, closes: Floats) -> None:
    axes = frame.axes
    if content.high:
        start, high = content.high
        axes.plot(
            [max(start, content.span[0]).toordinal(), days[-1]], [high, high],
            color=HIGH, linewidth=points(2), linestyle=(0, (5, 3)), gid="high",
        )  # fmt: skip
    theirs = np.full(len(days), np.nan)
    theirs[np.searchsorted(days, content.indexed[0])] = content.indexed[1]
    draw_line(frame, days, theirs, color=BESIDE, width=2.5, name="benchmark")
    draw_line(frame, days, closes, color=INK, width=3.0, name="closes")


def _shade_gaps(frame: Frame, days: Floats, closes: Floats) -> None:
    known = np.flatnonzero(np.isfinite(closes))
    for before, after in pairwise(known):
        if after - before > 1:
            frame.axes.axvspan(days[before], days[after], color=SHADE, linewidth=0, gid="gap")


# Splits.


def _splits(content: PriceChart) -> list[Action]:
    first, last = content.span
    return sorted(
        (
            action
            for action in content.actions
            if action.kind is not ActionKind.DIVIDEND and first < action.ex_day <= last
        ),
        key=lambda action: action.ex_day,
    )


def split_text(action: Action) -> str:
    """What was done: 10:1, 1:8, spin-off."""
    if action.kind is ActionKind.SPINOFF:
        return "spin-off"
    if action.price_ratio >= 1:
        return f"{action.price_ratio:.4g}:1 split"
    return f"1:{1 / action.price_ratio:.4g} split"


def _label_rows(frame: Frame, splits: Sequence[Action]) -> list[tuple[float, int | None]]:
    """Place and row of each label: the lowest in which it touches no other, None without one."""
    ends: dict[int, float] = {}
    found: list[tuple[float, int | None]] = []
    for action in splits:
        half = frame.card.wide(split_text(action), SMALL) / 2
        x = float(frame.x(action.ex_day.toordinal()))
        x = min(max(x, frame.box.left + half), frame.box.right - half)
        row = next((r for r in range(3) if ends.get(r, 0.0) < x - half - 6), None)
        if row is not None:
            ends[row] = x + half
        found.append((x, row))
    return found


def _rows(frame: Frame, splits: Sequence[Action]) -> int:
    return max((row + 1 for _, row in _label_rows(frame, splits) if row is not None), default=0)


def _draw_splits(frame: Frame, splits: Sequence[Action]) -> None:
    for action, (x, row) in zip(splits, _label_rows(frame, splits), strict=True):
        frame.axes.axvline(
            action.ex_day.toordinal(), color=SPLIT, linewidth=points(1.5), linestyle=(0, (1, 2)),
            gid="split",
        )  # fmt: skip
        if row is not None:
            y = frame.box.bottom + 6 + 20 * row
            told = split_text(action)
            frame.card.text(x, y, told, size=SMALL, color=SPLIT, ha="center", halo=True)
