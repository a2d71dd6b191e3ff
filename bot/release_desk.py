"""Wires what waits for releases of a calendar; loaded where somebody is waited for."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.clock import NEW_YORK, Clock
from bot.config import Config
from bot.fed_desk import fed_client
from bot.store import Store

if TYPE_CHECKING:
    from bot.central_bank.desk import FedDesk
    from bot.releases.watch import ReleaseWatch
    from bot.sources.fed.client import FedClient
    from bot.sources.releases.agency import Agency


class ReleaseDesk:
    """Looks after releases, and lets go of the client by which agencies are asked."""

    def __init__(self, watch: "ReleaseWatch", client: "FedClient") -> None:
        self.look: Callable[[], None] = watch.look
        self.hang_up: Callable[[], None] = client.hang_up
        self.close: Callable[[], None] = client.close


def release_desk_of(
    config: Config, store: Store, fed: "FedDesk | None", *, clock: Clock
) -> ReleaseDesk | None:
    """What waits for releases; None where nobody is waited for.

    fed: knows the calendar of the Board, whose releases are waited for only while it is watched.
    """
    if not config.calendar.agencies:
        return None
    from bot.releases.watch import ReleaseWatch

    client = fed_client(config)
    agencies = _agencies(config, store, fed, client, clock=clock)
    watch = ReleaseWatch(store, agencies, clock=clock, grace=config.calendar.grace)
    return ReleaseDesk(watch, client)


def _agencies(
    config: Config, store: Store, fed: "FedDesk | None", client: "FedClient", *, clock: Clock
) -> "list[Agency]":
    asked = list(_askable(config, client))
    if "fed" not in config.calendar.agencies or fed is None:
        return asked
    from bot.releases.board import Board

    calendars = fed.calendars

    def planned() -> list[tuple[str, datetime]]:
        return [(each.sort.value, each.at) for each in calendars.planned()]

    return [Board(store, planned, clock=clock), *asked]


def plans(config: Config, now: datetime) -> Iterator[tuple[str, Callable[[], str]]]:
    """Agencies that are waited for, the Board left out, and what asks one for its calendar.

    The answer is how many releases are to come and which is the next; SourceUnavailable or
    SourceUnreadable where none comes.
    """
    if not config.calendar.agencies:
        return
    with fed_client(config) as client:
        for agency in _askable(config, client):
            yield agency.name, partial(_plan, agency, now)


def _askable(config: Config, client: "FedClient") -> "Iterator[Agency]":
    """The agencies that are asked themselves."""
    if "bls" in config.calendar.agencies:
        from bot.sources.releases.bls import Bls

        yield Bls(client, url=config.calendar.bls_url)
    if "bea" in config.calendar.agencies:
        from bot.sources.releases.bea import Bea

        yield Bea(client, url=config.calendar.bea_url)


def _plan(agency: "Agency", now: datetime) -> str:
    coming = sorted(
        (slot for slot in agency.slots() if slot.scheduled_at > now), key=lambda s: s.scheduled_at
    )
    if not coming:
        return "answers, and nothing more is planned"
    at = coming[0].scheduled_at.astimezone(NEW_YORK)
    told = f"answers, the next is {coming[0].title} on {at:%Y-%m-%d %H:%M} ET"
    return f"{told}, {len(coming)} to come"
