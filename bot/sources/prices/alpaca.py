"""Alpaca: daily bars of all US exchanges, corporate actions, and prices now of one exchange.

A free key gives the consolidated tape (SIP) until 15 minutes ago, and of now what trades on IEX, a
fiftieth of the volume: so a session is asked for when it ended 16 minutes ago, and a quote has a
price but no volume.
Source: docs.alpaca.markets/docs/market-data-faq and /reference (stockbars, corporateactions-1,
stocksnapshots).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.clock import Clock, monotonic, new_york_day
from bot.clock import sleep as wait_for
from bot.errors import SourceUnavailable
from bot.prices.bars import Action, ActionKind
from bot.sources.prices.alpaca_answers import (
    ACTION_TYPES,
    Seen,
    Told,
    read_snapshot,
    to_bars,
)
from bot.sources.prices.alpaca_door import URL, AlpacaDoor
from bot.sources.prices.alpaca_questions import AT_ONCE, Asked, Questions, Rows
from bot.sources.prices.alpaca_ratios import Ratios
from bot.sources.prices.breaker import Breaker
from bot.sources.prices.provider import Daily, Quote

_MANY = 10
"""Where so many tickers are asked for and nothing is told of any, that is no answer."""


class AlpacaProvider:
    """A price provider that needs a key and its secret.

    Raises ConfigError without them, and where Alpaca refuses them.
    url: stands for Alpaca's address, where given.  seconds, sleep: for the pace.
    breaker: leaves Alpaca in peace; its ``changes`` tell when it opened and closed.
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
        self._questions = Questions(self._door, clock)
        self._ratios = Ratios(self._questions, clock)

    def daily(self, tickers: Sequence[str], since: date, until: date) -> Daily:
        """Closed sessions and actions; a session counts as closed 16 minutes after its end.

        A ticker is refused too while the ratio of a spin-off in the span is unknown: its prices can
        not be compared.  Where Alpaca stops answering on the way, what came is given.
        """
        parts: list[Daily] = []
        for start in range(0, len(tickers), AT_ONCE):
            try:
                parts.append(self._daily(tickers[start : start + AT_ONCE], since, until))
            except SourceUnavailable as error:
                if not parts:
                    raise
                parts.append(_unanswered(tickers[start:], error))
                break
        whole = _together(parts)
        if len(whole.refused) == len(tickers) >= _MANY:
            raise _tells_of_none(len(tickers))
        return whole

    def quotes(self, tickers: Sequence[str]) -> Mapping[str, Quote]:
        """The last regular trade on IEX, or the last close where there is none since.

        Raises ValueError on more than ``quotes_at_once``.
        """
        if len(tickers) > AT_ONCE:
            raise ValueError(f"at most {AT_ONCE} tickers at once, got {len(tickers)}")
        asked = Asked(tickers)
        told = self._questions.snapshots(asked)
        if not told and len(tickers) >= _MANY:
            raise _tells_of_none(len(tickers))
        now = self._clock()
        seen = {
            asked.ticker(symbol): quote
            for symbol in asked.symbols
            if (quote := read_snapshot(told.get(symbol), now))
        }
        self._ratios.learn(list(seen))
        return {ticker: self._quote(ticker, quote) for ticker, quote in seen.items()}

    def close(self) -> None:
        """Let go of connections; requests under way end."""
        self._door.close()

    def _daily(self, tickers: Sequence[str], since: date, until: date) -> Daily:
        asked = Asked(tickers)
        rows = self._questions.bars(asked, since, until)
        self._refuse_unknown(asked, rows)
        told = self._questions.actions(asked, ACTION_TYPES, since, until)
        actions = [self._action(each, asked) for each in told]
        symbols = {symbol: asked.ticker(symbol) for symbol in asked.symbols}
        return Daily(
            bars={t: to_bars(t, rows.get(symbol, {})) for symbol, t in symbols.items()},
            actions=sorted(
                (a for a in actions if a is not None and a.ticker not in asked.refused),
                key=lambda action: (action.ticker, action.ex_day),
            ),
            refused=asked.refused,
        )

    def _refuse_unknown(self, asked: Asked, rows: Rows) -> None:
        """Refuse what has neither a bar in the span nor, asked for apart, any price at all.

        Alpaca does not tell an unknown symbol from one that did not trade.
        """
        silent = Asked([asked.ticker(s) for s in asked.symbols if s not in rows])
        known = self._questions.snapshots(silent)
        for symbol in silent.symbols:
            if symbol not in known:
                asked.refuse(symbol, "Alpaca has neither a bar of these days nor any price of it")

    def _action(self, told: Told, asked: Asked) -> Action | None:
        """An action under its ticker; a ticker is refused where one of its actions is unknown."""
        if told.symbol not in asked:
            return None
        ticker = asked.ticker(told.symbol)
        ratio = self._ratios.of(ticker, told)
        if told.ex_day is None or ratio is None:
            if told.ex_day is None or told.ex_day <= self._questions.last_closed():
                day = told.ex_day or "an unknown day"
                asked.refuse(told.symbol, f"the price ratio of its {told.kind} of {day} is unknown")
            return None  # of a day that is not over the next look will know
        return Action(
            ticker=ticker,
            ex_day=told.ex_day,
            kind=told.kind,
            price_ratio=ratio,
            eps_ratio=1.0 if told.kind is ActionKind.SPINOFF else ratio,
            cash_usd=told.cash_usd,
            source=self.name,
        )

    def _quote(self, ticker: str, seen: Seen) -> Quote:
        """With the close before on the share basis of the session of the price."""
        ratio = self._ratios.on(ticker, new_york_day(seen.at))
        close = seen.previous_close_usd
        return Quote(
            ticker=ticker,
            at=seen.at,
            price_usd=seen.price_usd,
            previous_close_usd=None if ratio is None or close is None else close / ratio,
        )


def _together(parts: Sequence[Daily]) -> Daily:
    return Daily(
        bars={ticker: bars for part in parts for ticker, bars in part.bars.items()},
        actions=[action for part in parts for action in part.actions],
        refused={ticker: why for part in parts for ticker, why in part.refused.items()},
        unanswered={ticker: why for part in parts for ticker, why in part.unanswered.items()},
    )


def _unanswered(tickers: Sequence[str], error: SourceUnavailable) -> Daily:
    return Daily(bars={}, unanswered=dict.fromkeys(tickers, error.what))


def _tells_of_none(count: int) -> SourceUnavailable:
    return SourceUnavailable(
        f"Alpaca tells of none of {count} tickers",
        where=URL,
        mend="nothing to do, it is asked for again; if this lasts, look at their spelling",
    )
