"""Alerts that lack their chart: the chart drawn, handed to Slack, and put on the card."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, Protocol

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards import Card
from bot.cards.card import Picture
from bot.clock import Clock
from bot.errors import ConfigError, DeliveryError
from bot.illustrating.asking import Drawn, NotDrawn
from bot.store import Store

_RECENT = timedelta(hours=1)
_TRIES = 3
_NEVER = frozenset(
    {"missing_scope", "no_permission", "not_allowed_token_type", "unknown_method",
     "method_deprecated", "file_uploads_disabled", "uploads_disabled"}
)  # fmt: skip
"""Codes of a Slack that takes no files from this bot, however often it is asked."""


class Upload(Protocol):
    """Hands a file to Slack and gives its id; DeliveryError where that fails."""

    def __call__(self, *, name: str, body: bytes, title: str, alt_text: str) -> str: ...


class _Wanted(NamedTuple):
    alert: int
    chart: str
    ticker: str


class Illustrator:
    """Draws for the alerts of the last hour; what can not be done at all is told once.

    draw: the chart of a ticker, "price" or "pe"; None where nothing is known of it.  Raises
    NotDrawn where it took too long or broke, ConfigError where nothing can be drawn here.
    """

    def __init__(
        self,
        store: Store,
        *,
        draw: Callable[[str, str], Drawn | None],
        upload: Upload,
        clock: Clock,
    ) -> None:
        self._store, self._draw, self._upload, self._clock = store, draw, upload, clock
        self._tries: Counter[int] = Counter()
        self._given_up = False
        self._log: FilteringBoundLogger = structlog.get_logger().bind(job="charts")

    def look(self) -> bool:
        """Illustrate the oldest alert that lacks its chart; whether there was one."""
        wanted = None if self._given_up else self._next()
        if wanted is None:
            return False
        self._tries[wanted.alert] += 1
        try:
            self._illustrate(wanted)
        except ConfigError as error:
            self._give_up(error.what, error.mend)
        except DeliveryError as error:
            if error.what in _NEVER:
                self._give_up(error.what, error.mend)
            else:
                self._log.warning("chart.not_taken", alert=wanted.alert, why=error.what)
        except NotDrawn as error:
            self._log.warning("chart.not_drawn", alert=wanted.alert, why=str(error))
        return True

    def _next(self) -> _Wanted | None:
        for message in self._store.outbox.standing_since(self._clock() - _RECENT):
            card, alert = Card.from_json(message.card), message.message_id
            if card.chart and card.ticker and not card.picture and self._tries[alert] < _TRIES:
                return _Wanted(alert, card.chart, card.ticker)
        return None

    def _illustrate(self, wanted: _Wanted) -> None:
        alert, chart, ticker = wanted
        drawn = self._draw(chart, ticker)
        if drawn is None:
            self._tries[alert] = _TRIES
            return
        name = f"{ticker}-{chart}.png".replace("/", "-")
        number = self._upload(name=name, body=drawn.png, title=drawn.shows, alt_text=drawn.shows)
        picture = Picture(file_id=number, shows=drawn.shows)
        with self._store.writing():
            for message in self._store.outbox.telling(alert):
                told = replace(Card.from_json(message.card), picture=picture)
                self._store.outbox.show_instead(message.id, card=told.to_json())
        self._log.info("chart.shown", alert=alert, file=number)

    def _give_up(self, why: str, mend: str) -> None:
        self._given_up = True
        self._log.warning("charts.off", why=why, mend=mend)
