"""Alpaca: daily bars of all US exchanges, corporate actions, and prices now of one exchange.

A free key gives the consolidated tape (SIP) until 15 minutes ago, and of now what trades on IEX, a
fiftieth of the volume: so a session is asked for when it ended 16 minutes ago, and a quote has a
price but no volume.
Source: docs.alpaca.markets/docs/market-data-faq and /reference (stockbars, corporateactions-1,
stocksnapshots).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

from bot.calendar import NYSE
from bot.clock import Clock, monotonic, new_york_day
from bot.clock import sleep as wait_for
from bot.errors import SourceUnavailable
from bot.prices.bars import Action, ActionKind
from bot.sources.prices.alpaca_answers import (
    ACTION_TYPES,
    BASIS_TYPES,
    Flawed,
    Row,
    Seen,
    SpinOff,
    Told,
    read_snapshot,
    to_bars,
)
from bot.sources.prices.alpaca_door import URL, AlpacaDoor
from bot.sources.prices.alpaca_questions import AT_ONCE, Asked, Questions
from bot.sources.prices.breaker import Breaker
from bot.sources.prices.provider import Daily, Quote

HELD_BACK = timedelta(minutes=16)
"""Younger than 15 minutes is not given to a free key; one more for clocks that disagree."""

MANY = 10
"""Where so many tickers are asked for and nothing is told of any, that is no answer."""

_CLOSE = 3  # its place in a row
_DAY = timedelta(days=1)
_AROUND = timedelta(days=10)
_A_WEEK = timedelta(days=7)
_CENTS = 0.01  # by more two quotients do not differ for being rounded to cents
_DECIMALS = 3  # of a spin-off's ratio: more can not be told from closes in cents
_BASIS_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Basis:
    """Price ratios of a ticker's last actions by their first session; None is unknown."""

    learned_at: datetime
    ratios: Mapping[date, float | None]


class AlpacaProvider:
    """A price provider that needs a key and its secret.

    Raises ConfigError without them, and where Alpaca refuses them.
    seconds, sleep: for the pace.  breaker: leaves Alpaca in peace; its ``changes`` tell when it
    opened and closed.
    """

    name = "alpaca"
    quotes_at_once = AT_ONCE

    def __init__(
        self,
        *,
        key: str | None,
        secret: str | None,
        clock: Clock,
        url: str | None = None,
        breaker: Breaker | None = None,
        sleep: Callable[[float], None] = wait_for,
        seconds: Callable[[], float] = monotonic,
        timeout_s: float = 20,
    ) -> None:
        self._clock = clock
        self.breaker = breaker or Breaker(clock)
        self._door = AlpacaDoor(
            key=key,
            secret=secret,
            clock=clock,
            breaker=self.breaker,
            url=url or URL,
            sleep=sleep,
            seconds=seconds,
            timeout_s=timeout_s,
        )
        self._questions = Questions(self._door)
        self._bases: dict[str, _Basis] = {}

    def daily(self, tickers: Sequence[str], since: date, until: date) -> Daily:
        """Closed sessions and actions; a session counts as closed 16 minutes after its end.

        Alpaca does not say which symbols it knows: an unknown one has no bars.  A ticker is refused
        while the ratio of a spin-off in the span is unknown: its prices can not be compared.
        """
        asked = Asked(tickers)
        last = min(until, self._last_closed())
        rows = self._rows(asked, since, last)
        told = self._questions.actions(asked, ACTION_TYPES, since, until) if asked.symbols else []
        actions = [self._known(each, last, asked) for each in told]
        return Daily(
            bars={
                asked.ticker(symbol): to_bars(asked.ticker(symbol), rows.get(symbol, {}))
                for symbol in asked.symbols
            },
            actions=sorted(
                (a for a in actions if a is not None and a.ticker not in asked.refused),
                key=lambda action: (action.ticker, action.ex_day),
            ),
            refused=asked.refused,
        )

    def quotes(self, tickers: Sequence[str]) -> Mapping[str, Quote]:
        """The last regular trade on IEX, or the last close where there is none since."""
        asked = Asked(tickers)
        told = self._questions.snapshots(asked)
        _refuse_silence(asked, told)
        now = self._clock()
        seen = {s: quote for s in asked.symbols if (quote := read_snapshot(told.get(s), now))}
        self._learn_bases([asked.ticker(symbol) for symbol in seen])
        return {
            (ticker := asked.ticker(symbol)): Quote(
                ticker=ticker,
                at=quote.at,
                price_usd=quote.price_usd,
                previous_close_usd=self._previous_close(ticker, quote),
            )
            for symbol, quote in seen.items()
        }

    def close(self) -> None:
        """Let go of connections; requests under way end."""
        self._door.close()

    def _last_closed(self) -> date:
        """The newest session that ended so long ago that a free key gives all of it."""
        by = self._clock() - HELD_BACK
        number = NYSE.session_number(new_york_day(by))
        day = NYSE.session_day(number)
        return day if NYSE.close_at(day) <= by else NYSE.session_day(number - 1)

    def _rows(
        self, asked: Asked, since: date, last: date, adjustment: str = "raw"
    ) -> dict[str, dict[date, Row]]:
        sessions = NYSE.session_number(last) - NYSE.session_number(since - _DAY)
        if sessions <= 0 or not asked.symbols:
            return {}
        by = self._clock() - HELD_BACK
        rows = self._questions.bars(asked, since, last, by=by, adjustment=adjustment)
        _refuse_silence(asked, rows)
        return rows

    def _known(self, told: Told, last: date, asked: Asked) -> Action | None:
        """An action under its ticker; a ticker is refused where one of its actions is unknown."""
        symbol = told.ticker if isinstance(told, Action) else told.symbol
        if symbol not in asked:
            return None
        if isinstance(told, Action):
            return replace(told, ticker=asked.ticker(symbol))
        if isinstance(told, Flawed):
            asked.refuse(symbol, told.why)
            return None
        action = self._spin_off(asked.ticker(symbol), told, last)
        if action is None and told.ex_day <= last:
            asked.refuse(symbol, f"the price ratio of its spin-off of {told.ex_day} is unknown")
        return action

    def _spin_off(self, ticker: str, told: SpinOff, last: date) -> Action | None:
        """A spin-off with its ratio, from closes with and without it; None while that is unknown.

        Alpaca takes a spin-off out of earlier closes where asked to, though it tells no ratio.  The
        days from the spin-off on carry what later ones take out of both.
        """
        one = Asked([ticker])
        since, until = told.ex_day - _AROUND, min(told.ex_day + _AROUND, last)
        raw, adjusted = (self._rows(one, since, until, how) for how in ("raw", "spin-off"))
        before, after = _factors(raw, adjusted, told)
        if before is None:
            return None
        ratio = round(before / (after or 1.0), _DECIMALS)
        if ratio == 1:
            return None
        return Action(
            ticker=ticker,
            ex_day=told.ex_day,
            kind=ActionKind.SPINOFF,
            price_ratio=ratio,
            source=self.name,
        )

    def _previous_close(self, ticker: str, quote: Seen) -> float | None:
        """The close before on the share basis of the quote's session."""
        ratio = self._bases[ticker].ratios.get(new_york_day(quote.at), 1.0)
        close = quote.previous_close_usd
        return None if ratio is None or close is None else close / ratio

    def _learn_bases(self, tickers: Sequence[str]) -> None:
        """What these companies did in the last days, asked for once an hour."""
        now = self._clock()
        kept = {
            t: basis for t, basis in self._bases.items() if now - basis.learned_at < _BASIS_KEPT
        }
        asked = Asked([ticker for ticker in tickers if ticker not in kept])
        ratios: dict[str, dict[date, float | None]] = {s: {} for s in asked.symbols}
        if ratios:
            today = new_york_day(now)
            for told in self._questions.actions(asked, BASIS_TYPES, today - _A_WEEK, today):
                symbol = told.ticker if isinstance(told, Action) else told.symbol
                if symbol in ratios:
                    of, day = ratios[symbol], told.ex_day or today
                    ratio, others = self._ratio(asked.ticker(symbol), told), of.get(day, 1.0)
                    of[day] = None if ratio is None or others is None else ratio * others
        learned = {asked.ticker(s): _Basis(now, of) for s, of in ratios.items()}
        self._bases = kept | learned

    def _ratio(self, ticker: str, told: Told) -> float | None:
        """By how much an action divides prices; None is unknown."""
        if isinstance(told, Action):
            return told.price_ratio
        if isinstance(told, Flawed):
            return None
        action = self._spin_off(ticker, told, self._last_closed())
        return action.price_ratio if action else None


def _factors(
    raw: Mapping[str, Mapping[date, Row]], adjusted: Mapping[str, Mapping[date, Row]], told: SpinOff
) -> tuple[float | None, float | None]:
    """Raw ÷ adjusted close right before a spin-off and from it on; None without a day."""
    closes = raw.get(told.symbol, {}), adjusted.get(told.symbol, {})
    before: list[float] = []
    after: list[float] = []
    for day in sorted(closes[0].keys() & closes[1].keys()):
        quotient = closes[0][day][_CLOSE] / closes[1][day][_CLOSE]
        (before if day < told.ex_day else after).append(quotient)
    return _first_level(before[::-1]), _first_level(after)


def _first_level(quotients: Sequence[float]) -> float | None:
    """The first of them without the rounding to cents: the median of all that are nearly the same.

    Another spin-off some days away sets another level.
    """
    return median(q for q in quotients if abs(q / quotients[0] - 1) < _CENTS) if quotients else None


def _refuse_silence(asked: Asked, told: Mapping[str, object]) -> None:
    if len(asked.symbols) >= MANY and not any(told.values()):
        raise SourceUnavailable(
            f"Alpaca tells nothing of any of {len(asked.symbols)} tickers",
            where="Alpaca",
            mend="nothing to do, it is asked for again; if this lasts, look at their spelling",
        )
