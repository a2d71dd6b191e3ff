"""The fields of a search: one declaration, from which reading, errors, help and SQL are made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.facts import KINDS, ROLES, SIDES
from bot.rules.fire import Fate
from bot.rules.model import Severity
from bot.store.mutes import PEOPLE
from bot.store.outbox import Delivery
from bot.store.query import Sort

NO_CHANNEL = "none"
"""The delivery of an alert that had no channel to go to."""


class Holds(StrEnum):
    """What stands behind the colon of a field."""

    NAME = "name"  # one of many that people gave: a ticker, a rule, a channel
    WORD = "word"  # one of few
    TEXT = "text"  # words in any order, or a phrase
    MONEY = "amount"
    NUMBER = "number"
    PERCENT = "percentage"
    DATE = "date"
    COUNT = "whole number"

    @property
    def measured(self) -> bool:
        """Whether it compares and has bounds."""
        return self in (Holds.MONEY, Holds.NUMBER, Holds.PERCENT, Holds.DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """One field.

    examples: whole terms to copy, the shortest first.
    words: what may stand behind the colon, each with the stored values it means.
    listed: those that an error lists, all where none is named.
    facts: the fields of facts it looks at, of which a kind has one at most.
    spellings: other ways to write one of the words.
    """

    name: str
    holds: Holds
    doc: str
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    def word(self, text: str) -> str | None:
        """The word that a text stands for, dashes, blanks and underscores alike."""
        plain = dashed(text.lower())
        return self.spellings.get(plain, plain if plain in self.words else None)

    def meaning(self, values: Iterable[str]) -> tuple[str, ...]:
        """The stored values that these words mean."""
        return tuple(dict.fromkeys(each for word in values for each in self.words[word]))


def dashed(text: str) -> str:
    """A name of several words as it is typed without quotes: over-the-cap."""
    return text.replace("_", "-").replace(" ", "-")


def _own(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {dashed(word): (str(word),) for word in words}


_KIND_GROUPS = {
    "insider": ("insider_trade",),
    "price": ("price_bar", "quote", "market_breadth"),
    "fed": ("fed_release", "fed_decision"),
}
_GROUPED = {name for names in _KIND_GROUPS.values() for name in names}
_DELIVERIES = {
    "failed": (Delivery.DEAD.value, Delivery.PARKED.value),
    NO_CHANNEL: (),
    Fate.MUTED.value: (),
}

FIELDS = (
    Searchable(
        name="ticker", holds=Holds.NAME, aliases=("symbol",),
        doc="Trading symbol; a word in capitals is one too.",
        examples=("ticker:OKLO", "ticker:OKLO,NVDA"),
    ),
    Searchable(
        name="rule", holds=Holds.NAME, doc="Id of the rule that made the alert.",
        examples=("rule:cluster-buy",),
    ),
    Searchable(
        name="kind", holds=Holds.WORD, aliases=("type",),
        doc="Kind of fact behind it.",
        examples=("kind:insider", "kind:price,fed"),
        words=_KIND_GROUPS | _own(kind.name for kind in KINDS),
        listed=(*_KIND_GROUPS, *_own(kind.name for kind in KINDS if kind.name not in _GROUPED)),
    ),
    Searchable(
        name="side", holds=Holds.WORD, doc="Whether an insider bought or sold.",
        examples=("side:buy",), words=_own(SIDES), facts=("side",),
        spellings={"buys": "buy", "sells": "sell"},
    ),
    Searchable(
        name="role", holds=Holds.WORD, doc="Office of the insider.",
        examples=("role:ceo", "role:ceo,cfo"), words=_own(ROLES), facts=("role",),
    ),
    Searchable(
        name="who", holds=Holds.TEXT, aliases=("owner", "insider"),
        doc="Name of a person, or the beginnings of parts of it, in any order.",
        examples=('who:altman', 'who:"Sam Altman"'), facts=PEOPLE,
    ),
    Searchable(
        name="value", holds=Holds.MONEY, aliases=("amount",),
        doc="Dollars of the trade; min:X and max:X say the same.",
        examples=("value:>=1m", "value:250k..2m"), facts=("value_usd",),
    ),
    Searchable(
        name="shares", holds=Holds.NUMBER, doc="Shares of the trade.",
        examples=("shares:>=10k", "shares:1k..50k"), facts=("shares",),
    ),
    Searchable(
        name="change", holds=Holds.PERCENT,
        doc="Move of a price in its session; of a trade, the change of the insider's holding.",
        examples=("change:<-10%", "change:-10%..-5%"),
        facts=("return_1d", "holding_change_ratio"),
    ),
    Searchable(
        name="since", holds=Holds.DATE, aliases=("after", "from"),
        doc="Decided then or later.",
        examples=("since:90d", "since:2026-08-01", "since:yesterday"),
    ),
    Searchable(
        name="until", holds=Holds.DATE, aliases=("before", "to"),
        doc="Decided before that instant, or up to the end of that day or month.",
        examples=("until:7d", "until:2026-08-31"),
    ),
    Searchable(
        name="on", holds=Holds.DATE, doc="Decided on that day, in that month, or between two.",
        examples=("on:yesterday", "on:2026-08", "on:2026-08-01..2026-08-15"),
    ),
    Searchable(
        name="sev", holds=Holds.WORD, aliases=("severity",), doc="Severity of the rule.",
        examples=("sev:high,critical",), words=_own(Severity),
    ),
    Searchable(
        name="fate", holds=Holds.WORD,
        doc="What became of the match; without it only those that fired.",
        examples=("fate:in-cooldown", 'fate:"over the daily cap"'),
        words=_own(Fate),
        spellings={"cooldown": "in-cooldown", "over-the-cap": "over-the-daily-cap",
                   "capped": "over-the-daily-cap"},
    ),
    Searchable(
        name="status", holds=Holds.WORD, doc="How far its delivery is; muted: held back.",
        examples=("status:sent", "status:failed"), words=_DELIVERIES | _own(Delivery),
    ),
    Searchable(
        name="is", holds=Holds.WORD,
        doc="Whether somebody has acknowledged it, a mute held it back, "
        "or a later filing corrected it; is:test lists tests.",
        examples=("is:unacked", "is:corrected"),
        words={"acked": (), "unacked": (), "muted": (), "corrected": (), "test": ()},
        spellings={"tests": "test"},
    ),
    Searchable(
        name="in", holds=Holds.NAME, aliases=("channel",), doc="Channel it went to.",
        examples=("in:#insiders",),
    ),
    Searchable(
        name="by", holds=Holds.NAME, aliases=("user",), doc="Who acknowledged it.",
        examples=("by:@bob",),
    ),
    Searchable(
        name="id", holds=Holds.COUNT, doc="Number of the alert; #10482 says the same.",
        examples=("#10482", "#12,#13"),
    ),
    Searchable(
        name="text", holds=Holds.TEXT,
        doc="Words of the message, of names and titles; plain words and phrases say the same.",
        examples=("reactor", '"rate cut"'),
        facts=("issuer_name", "title", "agency", "officer_title", *PEOPLE),
    ),
    Searchable(
        name="sort", holds=Holds.WORD, doc="Order of the answer.",
        examples=("sort:value",), words=_own(Sort),
    ),
    Searchable(
        name="limit", holds=Holds.COUNT, doc="At most so many; last 20 says the same.",
        examples=("last 20", "limit:20"),
    ),
)  # fmt: skip

BY_NAME = {each.name: each for each in FIELDS}
BY_ALIAS = BY_NAME | {alias: each for each in FIELDS for alias in each.aliases}
BOUNDS = {"min": ("value", ">="), "max": ("value", "<=")}
"""Names that say a field and how it compares."""
NAMES = (*BY_ALIAS, *BOUNDS)
"""Everything that may stand before a colon."""
