"""By how much what a company did divides its prices, where Alpaca tells it and where it does not.

Alpaca takes a spin-off out of earlier closes where asked to, though it tells no ratio of it: the
ratio is that of closes with and without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from bot.clock import Clock, new_york_day
from bot.prices.bars import ActionKind
from bot.sources.prices.alpaca_answers import BASIS_TYPES, Told
from bot.sources.prices.alpaca_questions import Asked, Questions, Rows

_CLOSE = 3  # its place in a row
_AROUND = timedelta(days=10)
_A_WEEK = timedelta(days=7)
_CENTS = 0.01  # by more two quotients do not differ for being rounded to cents
_DECIMALS = 3  # of a spin-off's ratio: more can not be told from closes in cents
_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Basis:
    """Price ratios of a ticker's last actions by their first session; None is unknown."""

    learned_at: datetime
    ratios: Mapping[date, float | None]

    def is_fresh(self, now: datetime) -> bool:
        """No longer where the clock was set back."""
        return timedelta() <= now - self.learned_at < _KEPT


class Ratios:
    """Price ratios; those of the last days are kept for an hour, for quotes."""

    def __init__(self, questions: Questions, clock: Clock) -> None:
        self._questions, self._clock = questions, clock
        self._bases: dict[str, _Basis] = {}

    def of(self, ticker: str, told: Told) -> float | None:
        """What an action divides prices by; None while that is unknown."""
        if told.kind is not ActionKind.SPINOFF or told.ex_day is None:
            return told.ratio
        return self._of_spin_off(ticker, told.ex_day)

    def _of_spin_off(self, ticker: str, ex_day: date) -> float | None:
        one = Asked([ticker])
        raw, adjusted = (
            self._questions.bars(one, ex_day - _AROUND, ex_day + _AROUND, how)
            for how in ("raw", "spin-off")
        )
        before, after = _factors(raw, adjusted, ex_day)
        if before is None:
            return None
        ratio = round(before / (after or 1.0), _DECIMALS)
        return None if ratio == 1 else ratio

    def learn(self, tickers: Sequence[str]) -> None:
        """Ask what these companies did in the last days, where that is not known yet."""
        now = self._clock()
        kept = {t: basis for t, basis in self._bases.items() if basis.is_fresh(now)}
        asked = Asked([ticker for ticker in tickers if ticker not in kept])
        ratios: dict[str, dict[date, float | None]] = {s: {} for s in asked.symbols}
        if ratios:
            today = new_york_day(now)
            for told in self._questions.actions(asked, BASIS_TYPES, today - _A_WEEK, today):
                if told.symbol in ratios:
                    of, day = ratios[told.symbol], told.ex_day or today
                    of[day] = _times(of.get(day, 1.0), self.of(asked.ticker(told.symbol), told))
        self._bases = kept | {asked.ticker(s): _Basis(now, of) for s, of in ratios.items()}

    def on(self, ticker: str, session: date) -> float | None:
        """What prices before that session are divided by, of a ticker that was learned of."""
        return self._bases[ticker].ratios.get(session, 1.0)


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _factors(raw: Rows, adjusted: Rows, ex_day: date) -> tuple[float | None, float | None]:
    """Raw ÷ adjusted close right before a spin-off and from it on; None without a day.

    From it on: later spin-offs are taken out of both sides of it.
    """
    closes, without = (next(iter(rows.values()), {}) for rows in (raw, adjusted))
    before: list[float] = []
    after: list[float] = []
    for day in sorted(closes.keys() & without.keys()):
        quotient = closes[day][_CLOSE] / without[day][_CLOSE]
        (before if day < ex_day else after).append(quotient)
    return _first_level(before[::-1]), _first_level(after)


def _first_level(quotients: Sequence[float]) -> float | None:
    """The first of them without the rounding to cents: the median of all that are nearly the same.

    Another spin-off some days away sets another level.
    """
    return median(q for q in quotients if abs(q / quotients[0] - 1) < _CENTS) if quotients else None
