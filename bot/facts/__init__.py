"""The kinds of fact and their fields: the one declaration of what the bot knows about.

Tables, rule checking, the editor schema and the reference pages are made from it.
"""

from functools import cache

from bot.facts.company import COMPANY_FILING, FORM144
from bot.facts.fed import FED_DECISION, FED_RELEASE, FED_TYPES, MACRO_RELEASE, QUANTIFIERS
from bot.facts.field import Field, Type
from bot.facts.insider_trade import CLASSES, INSIDER_TRADE, ROLES, SIDES
from bot.facts.kind import COMMON, Fact, Kind
from bot.facts.prices import MARKET_BREADTH, PRICE_BAR, QUOTE, RETURN_SPANS
from bot.facts.source import SOURCE_POLL, source_poll
from bot.facts.valuation import VALUATION

__all__ = [
    "CLASSES", "COMMON", "COMPANY_FILING", "FED_DECISION", "FED_RELEASE", "FED_TYPES", "FORM144",
    "Fact", "Field", "INSIDER_TRADE", "KINDS", "Kind", "MACRO_RELEASE", "MARKET_BREADTH",
    "PRICE_BAR", "QUANTIFIERS", "QUOTE", "RETURN_SPANS", "ROLES", "SIDES", "SOURCE_POLL", "Type",
    "VALUATION", "kind", "source_poll",
]  # fmt: skip

KINDS = (
    INSIDER_TRADE,
    FORM144,
    COMPANY_FILING,
    PRICE_BAR,
    QUOTE,
    VALUATION,
    MARKET_BREADTH,
    FED_RELEASE,
    FED_DECISION,
    MACRO_RELEASE,
    SOURCE_POLL,
)


@cache
def kind(name: str) -> Kind:
    """The kind of that name; KeyError where there is none."""
    return {k.name: k for k in KINDS}[name]
