"""Wires what puts charts on alerts that stand in Slack."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock, new_york_day
from bot.config import Config
from bot.illustrating import Draughtsman, Illustrator
from bot.notifiers import Notifier
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDesk:
    """look: does what is to be done for one alert.  hang_up: ends it, from any thread."""

    look: Callable[[], object]
    hang_up: Callable[[], object]


def chart_desk_of(
    config: Config, store: Store, notifier: Notifier, *, clock: Clock
) -> ChartDesk | None:
    """None where nobody wants charts, or alerts go where no file can be handed over."""
    if not config.slack.charts or config.slack.bot_token is None:
        return None
    from bot.notifiers.slack import SlackNotifier

    if not isinstance(notifier, SlackNotifier):
        return None
    draughtsman = Draughtsman(
        config.store.path,
        benchmark=config.prices.benchmark,
        today=lambda: new_york_day(clock()),
    )
    illustrator = Illustrator(store, draw=draughtsman.draw, upload=notifier.upload, clock=clock)
    return ChartDesk(look=illustrator.look, hang_up=draughtsman.hang_up)
