"""What was released before the first start: the last statements with their texts, the last minutes,
and who spoke last, all quiet, so that the next decision has one before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.central_bank.keeping import Keeper
from bot.central_bank.release import Release, fact_id, in_order, known_at, page_of, sort_of
from bot.errors import SourceUnreadable
from bot.facts import FED_DECISION
from bot.sources.fed.archives import PRESS, SPEECHES, TESTIMONY, read_archive
from bot.sources.fed.client import FedClient, NotThere
from bot.sources.fed.items import Item
from bot.store import Store

STATEMENTS, MINUTES, SPOKEN = 8, 1, 40
"""How many of each are read back."""

_DONE = "fed:past"


def is_known(store: Store) -> bool:
    """Whether the past was read."""
    return store.collection.has_polled(_DONE)


def read_past(store: Store, client: FedClient, keeper: Keeper, now: datetime) -> int:
    """Keep what is missing of it, oldest first; says how many releases were new.

    Raises where an archive or a page does not come: called again it goes on where it was.  A page
    that is not there or is refused is done without.
    """
    press = read_archive(client.archive(PRESS), name=PRESS)
    items = [
        *_newest(press, "statement", STATEMENTS),
        *_newest(press, "minutes", MINUTES),
        *_spoken(client),
    ]
    known = store.fed.known(fact_id(item) for item in items)
    kept = 0
    for item in sorted(items, key=in_order):
        if fact_id(item) not in known:
            kept += keeper.keep(_release(item, client, now))
    statements = [known_at(item, now) for item in items if sort_of(item) == "statement"]
    with store.writing():
        store.collection.mark_polled(_DONE, now)
        if statements:
            store.collection.cover(FED_DECISION.name, None, min(statements))
    return kept


def _newest(items: Sequence[Item], sort: str, count: int) -> list[Item]:
    found = [item for item in items if sort_of(item) == sort]
    return sorted(found, key=in_order)[-count:]


def _spoken(client: FedClient) -> Iterator[Item]:
    for name in (SPEECHES, TESTIMONY):
        items = read_archive(client.archive(name), name=name)
        yield from sorted(items, key=in_order)[-SPOKEN:]


def _release(item: Item, client: FedClient, now: datetime) -> Release:
    """With its text where that is compared with later ones."""
    sort = sort_of(item)
    release = Release(
        item=item,
        type=sort,
        known_at=known_at(item, now),
        url=client.address(page_of(item)),
        quiet=True,
    )
    if sort not in ("statement", "minutes"):
        return release
    try:
        return replace(release, body=client.release(release.url))
    except (NotThere, SourceUnreadable):
        return replace(release, marks=("page_missing",))
