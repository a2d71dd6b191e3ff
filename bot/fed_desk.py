"""Wires what watches the Federal Reserve; loaded where it is asked, and nowhere before."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.clock import Clock, system_clock
from bot.config import Config
from bot.store import Store

if TYPE_CHECKING:
    from bot.central_bank.desk import FedDesk
    from bot.sources.fed.client import FedClient


def fed_desk_of(
    config: Config, store: Store, *, clock: Clock, judge: Callable[[], object]
) -> "FedDesk | None":
    """What watches the Federal Reserve; None where it is switched off.

    clock: the time that releases live in; requests keep to the machine's.
    """
    if not config.fed.enabled:
        return None
    from bot.central_bank.desk import FedDesk

    fed = config.fed
    return FedDesk(
        store,
        fed_client(config),
        clock=clock,
        every=fed.every,
        regional=fed.regional,
        judge=judge,
    )


def fed_client(config: Config) -> "FedClient":
    """The client of the Federal Reserve."""
    from bot.sources.fed.client import FedClient

    return FedClient(clock=system_clock, contact=config.edgar.contact, url=config.fed.url)


def ask_for_news(config: Config) -> tuple[str, int]:
    """What the Board's feed of press releases says, and how many of its items can not be read.

    Raises SourceUnavailable or SourceUnreadable where it does not come.
    """
    from bot.clock import NEW_YORK
    from bot.sources.fed.feeds import read_feed

    with fed_client(config) as client:
        feed = read_feed(client.feed("press_all"), where=f"{config.fed.url}/feeds/press_all.xml")
    newest = max((item.published_at for item in feed.items if item.published_at), default=None)
    told = f"answers, {len(feed.items)} releases"
    if newest is not None:
        told += f", the newest of {newest.astimezone(NEW_YORK):%Y-%m-%d %H:%M} ET"
    return told, len(feed.unread)
