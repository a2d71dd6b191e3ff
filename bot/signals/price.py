"""The signals of closed sessions, each a matrix over the bars of a block.

Own bars: ``i - N`` is N of the ticker's own bars back; after a missing session a window reaches one
session further, which ``missing`` tells apart from the value.  NaN is unknown: too little history,
a missing input, a division by zero, a result that is no finite number.
"""

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.facts.prices import RETURN_SPANS
from bot.prices.bars import Bars, Days, Floats
from bot.signals.block import MARGIN, Block
from bot.signals.rolling import highest, lowest, squares, sums

WINDOWS = {
    **{f"{kind}_{span}": span for kind in ("return", "excess") for span in RETURN_SPANS},
    "since_listing": "listing",
    "zscore_1d": "61d",
    "high_252d": "252d",
    "low_252d": "252d",
    "drawdown_252d": "252d",
    "volume_ratio": "20d",
    "gap": "1d",
}
"""Every signal and how far it looks back: so many own bars, or to the last bar before the calendar
quarter or year, or to the first since listing."""

FLAT = 1e-12
"""A deviation up to this is none: a series that does not move has no z-score."""

_QUARTERS = {"qtd": 1, "ytd": 4}
_Any = TypeVar("_Any", np.float64, np.int32, np.intp)


class Signals:
    """Signals of the asked bars of a block; each is computed when it is asked for.

    ``signals["return_21d"]`` has a row a ticker and a column a bar.  ``high_252d`` and ``low_252d``
    are 1 for yes and 0 for no.
    """

    def __init__(self, block: Block, benchmark: Bars | None = None) -> None:
        self.block = block
        self._benchmark = benchmark
        self._sessions = block.slots if block.common is None else block.common
        self._returns: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        with np.errstate(all="ignore"):
            kind, _, window = name.partition("_")
            if kind == "return":
                return self._return(window)
            return self._excess(window) if kind == "excess" else _known(_FORMULAS[name](self))

    @property
    def close(self) -> Floats:
        """Closes of the asked bars; NaN where there is none."""
        return self.block.close[:, MARGIN:]

    @property
    def days(self) -> Days:
        """Sessions of the asked bars as ordinals; 0 where there is none."""
        return self.block.days[self.block.slots[:, MARGIN:]]

    def since(self, window: str) -> Days:
        """The session that a window starts from, as ordinal; 0 where it has no start."""
        if window == "listing":
            start = np.broadcast_to(self.block.listed[:, None], self.days.shape)
            return np.where((start > 0) & (self.days > start), start, np.int32(0))
        return self.block.days[self._start(self.block.slots, window)]

    def missing(self, window: str) -> NDArray[np.int32]:
        """Sessions of the exchange inside a window on which the ticker has no bar.

        A window that has no start counts from the first bar that there is; 0 where there is none.
        """
        now, start = self.block.slots[:, MARGIN:], self._start(self.block.slots, window)
        columns = np.arange(MARGIN, self.block.slots.shape[1])
        filled = (self.block.slots > 0).argmax(axis=1)[:, None]
        first = np.take_along_axis(self.block.slots, filled, axis=1)
        bars = columns - np.where(start > 0, self._columns(window), filled)
        return np.where(now > 0, now - np.where(start > 0, start, first) - bars, 0).astype(np.int32)

    def _return(self, window: str) -> Floats:
        if window not in self._returns:
            change = _known(_change(self.close, self._start(self.block.close, window)))
            self._returns[window] = change
        return self._returns[window]

    def _excess(self, window: str) -> Floats:
        """Return less the benchmark's between the same two sessions."""
        if self._beside is None:
            return np.full(self.close.shape, np.nan)
        beside = _change(self._beside[:, MARGIN:], self._start(self._beside, window))
        return self._return(window) - _known(beside)

    def _since_listing(self) -> Floats:
        change = _change(self.close, self.block.listed_close[:, None])
        listed = np.searchsorted(self.block.days, self.block.listed, side="right") - 1
        return _unknown_where(self.block.slots[:, MARGIN:] <= listed[:, None], change)

    def _zscore(self) -> Floats:
        """Log return less the mean of the 60 before it, by their sample deviation."""
        close = self.block.close[:, MARGIN - 61 :]
        logs = close[:, 1:] / close[:, :-1]
        np.log(logs, out=logs)
        total, spread = squares(logs[:, :-1], 60)
        spread *= 1 / 59
        deviation = np.sqrt(spread, out=spread)
        _unknown_where(deviation <= FLAT, deviation)
        score = logs[:, 60:] - total * (1 / 60)
        score /= deviation
        return score

    def _high(self) -> Floats:
        return _yes_no(self.close > self._highest, self._highest)

    def _low(self) -> Floats:
        low = lowest(self.block.close[:, MARGIN - 252 : -1], 252)
        return _yes_no(self.close < low, low)

    def _drawdown(self) -> Floats:
        return _change(self.close, np.maximum(self._highest, self.close))

    def _gap(self) -> Floats:
        opened = self.block.open[:, MARGIN:]
        return _unknown_where(opened <= 0, _change(opened, self._start(self.block.close, "1d")))

    def _volume_ratio(self) -> Floats:
        volume = self.block.volume[:, MARGIN - 20 :]
        before = volume[:, :-1].copy()
        _unknown_where((before <= 0) | (before == np.inf), before)
        mean = sums(before, 20)
        mean *= 1 / 20
        ratio = np.divide(volume[:, 20:], mean, out=mean)
        return _unknown_where(ratio < 0, ratio)

    @cached_property
    def _highest(self) -> Floats:
        """The highest of the 252 closes before each bar."""
        return highest(self.block.close[:, MARGIN - 252 : -1], 252)

    @cached_property
    def _beside(self) -> Floats | None:
        """Closes of the benchmark on the sessions of every bar, in one row where that is enough."""
        if self._benchmark is None:
            return None
        return self.block.by_slot(self._benchmark).take(self._sessions)

    def _start(self, x: NDArray[_Any], window: str) -> NDArray[_Any]:
        """What a matrix over all columns has where the window of each asked bar starts."""
        if window not in _QUARTERS:
            bars = int(window.removesuffix("d"))
            return x[:, MARGIN - bars : x.shape[1] - bars]
        before, lengths = self._periods(window)
        if len(self._sessions) == 1:
            return np.repeat(x[:, before], lengths, axis=1)[:, MARGIN:]
        return np.repeat(x.ravel()[before], lengths).reshape(x.shape)[:, MARGIN:]

    def _columns(self, window: str) -> NDArray[np.intp]:
        """The column where the window of each asked bar starts."""
        columns = np.arange(self.block.slots.shape[1])
        return self._start(np.broadcast_to(columns, self.block.slots.shape), window)

    def _periods(self, window: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The quarters or years of the bars, row after row: the place of the last bar before each,
        an empty one where there is none, and how many bars each has."""
        turns, quarters = self._turns
        length, width = _QUARTERS[window], self._sessions.shape[1]
        period = quarters // length
        keeps = np.append(True, period[1:] != period[:-1]) | (turns % width == 0)
        turns = turns[keeps]
        before = np.where(turns % width == 0, turns, turns - 1)
        return before, np.diff(turns, append=self._sessions.size)

    @cached_property
    def _turns(self) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Places in all rows where a row or a calendar quarter begins, and those quarters."""
        quarters = self.block.quarters.take(self._sessions)
        begins = np.ones(quarters.shape, np.bool_)
        np.not_equal(quarters[:, 1:], quarters[:, :-1], out=begins[:, 1:])
        turns = np.flatnonzero(begins)
        return turns, quarters.ravel()[turns]


_FORMULAS: dict[str, Callable[[Signals], Floats]] = {
    "since_listing": Signals._since_listing,
    "zscore_1d": Signals._zscore,
    "high_252d": Signals._high,
    "low_252d": Signals._low,
    "drawdown_252d": Signals._drawdown,
    "volume_ratio": Signals._volume_ratio,
    "gap": Signals._gap,
}


def _change(now: Floats, before: Floats) -> Floats:
    change = now / before
    change -= 1
    return change


def _yes_no(yes: NDArray[np.bool_], needs: Floats) -> Floats:
    """1 and 0; NaN where what it needs is."""
    return _unknown_where(np.isnan(needs), yes.astype(np.float64))


def _known(values: Floats) -> Floats:
    """The values, infinities made unknown."""
    endless = np.isinf(values)
    return _unknown_where(endless, values) if endless.any() else values


def _unknown_where(doubtful: NDArray[np.bool_], values: Floats) -> Floats:
    np.copyto(values, np.nan, where=doubtful)
    return values
