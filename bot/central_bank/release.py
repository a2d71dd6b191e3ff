"""One release on its way into the store: an item of a list, its sort, the page with its text."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar import start_of
from bot.fed.documents import Article
from bot.fed.reading import meeting_on
from bot.fed.titles import item_kind
from bot.sources.fed.items import Item

WITH_TEXT = frozenset(
    {
        "statement", "implementation_note", "minutes", "projections", "speech", "testimony",
        "longer_run_goals", "discount_rate_minutes", "beige_book",
    }
)  # fmt: skip
"""Sorts whose page is read: of orders, enforcement and regulation the title says enough."""

FIRST = ("statement", "implementation_note", "minutes", "projections", "longer_run_goals")
"""Of what comes in one minute these are read first, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release.

    type: a word of FED_TYPES.  known_at: when the world could know it.
    body: the bytes of the page at ``url``; None where it is not read, or did not come.
    marks: of doubt.  quiet: it moves the state of rules and alerts nobody.
    bank: the city of a regional bank; None of the Board.
    """

    item: Item
    type: str
    known_at: datetime
    url: str
    body: bytes | None = None
    marks: tuple[str, ...] = ()
    quiet: bool = False
    bank: str | None = None

    @property
    def id(self) -> str:
        """The same whichever list or address it was found by."""
        return fact_id(self.item)


def sort_of(item: Item) -> str:
    """What sort of document an item of the Board is."""
    return item_kind(title=item.title, url=item.link, category=item.category or "")


def fact_id(item: Item) -> str:
    """Minutes go by their meeting: the feed names a cover page, their text stands elsewhere."""
    if sort_of(item) == "minutes" and (day := minutes_of(item)):
        return f"fed:monetarypolicy/fomcminutes{day:%Y%m%d}"
    return f"fed:{item.key}"


def minutes_of(item: Item) -> date | None:
    """The last day of the meeting that minutes are of, as their title or address tells it."""
    if item.slug.startswith("fomcminutes") and item.slug[11:].isdigit():
        try:
            return date.fromisoformat(item.slug[11:])
        except ValueError:
            return None
    return meeting_on(Article(title=item.title))


def page_of(item: Item) -> str:
    """Where the text of an item stands."""
    if sort_of(item) == "minutes" and (day := minutes_of(item)):
        return f"/monetarypolicy/fomcminutes{day:%Y%m%d}.htm"
    return item.link


def known_at(item: Item, now: datetime) -> datetime:
    """When the world could know an item: as it was published, else when its day was over, else
    now; never later than now."""
    if item.published_at is not None:
        return min(item.published_at, now)
    if item.published_on is not None:
        return min(start_of(item.published_on + timedelta(days=1)), now)
    return now


def in_order(item: Item) -> tuple[float, int, str]:
    """Oldest first; of one minute what moves markets first."""
    sort = sort_of(item)
    place = FIRST.index(sort) if sort in FIRST else len(FIRST)
    at = item.published_at.timestamp() if item.published_at else float("inf")
    return at, place, item.key
