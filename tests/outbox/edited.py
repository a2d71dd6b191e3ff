"""Messages that stand in their channels and are to be changed."""

from datetime import timedelta

from bot.outbox import Outgoing
from bot.store import Store
from tests.channels import Channels
from tests.outgoing import Time, a_store, an_outgoing

PACE, EDIT_PACE = timedelta(seconds=1), timedelta(seconds=1.2)


def standing(channels: Channels, *messages: tuple[int, str]) -> tuple[Store, Time, Outgoing]:
    """Messages that were sent, at whatever pace."""
    store, time = a_store(*messages), Time()
    outgoing = an_outgoing(store, channels, time)
    outgoing.deliver()
    channels.spacing, channels.edit_spacing = PACE, EDIT_PACE
    assert store.outbox.unfinished() == []
    return store, time, outgoing


def revisions(channels: Channels) -> dict[str, list[int]]:
    return {name: [each.revision for each in there] for name, there in channels.standing.items()}
