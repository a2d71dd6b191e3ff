"""How each kind of fact is told: a line here for the file that tells it.

The sentence of what happened, the lines below it, the instant it became known, the document, and
how it is told in one line beside another fact.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards.card import Line, Moment
from bot.cards.company import company_brief, company_fact, company_lines, company_source
from bot.cards.fed import (
    decision_fact,
    decision_lines,
    decision_source,
    release_fact,
    release_lines,
    release_source,
)
from bot.cards.filing import accepted
from bot.cards.insider import insider_brief, insider_fact, insider_lines, insider_source
from bot.cards.notices import notice_fact, notice_lines, notice_moments, notice_source
from bot.cards.prices import (
    bar_brief,
    bar_fact,
    bar_lines,
    breadth_fact,
    breadth_lines,
    price_source,
    quote_fact,
    quote_lines,
)
from bot.cards.releases import macro_fact, macro_lines, macro_source
from bot.cards.valuation import valuation_brief, valuation_fact, valuation_lines, valuation_source
from bot.clock import from_ms

Row = Mapping[str, Any]
Source = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Of one kind.  brief: None where no rule looks at it from beside.  chart: as on the card."""

    fact: Callable[[Row], str]
    lines: Callable[[Row], list[Line]]
    moments: Callable[[Row], tuple[Moment, ...]]
    source: Callable[[Row], Source]
    brief: Callable[[Row], Line] | None = None
    chart: str | None = None


def _known(words: str) -> Callable[[Row], tuple[Moment, ...]]:
    return lambda row: (Moment(words=words, at=from_ms(row["known_at"])),)


def _nowhere(_: Row) -> Source:
    return None, None


TELLINGS: Mapping[str, Telling] = {
    "insider_trade": Telling(
        fact=insider_fact,
        lines=insider_lines,
        moments=accepted,
        source=insider_source,
        brief=insider_brief,
        chart="price",
    ),
    "form144": Telling(
        fact=notice_fact,
        lines=notice_lines,
        moments=notice_moments,
        source=notice_source,
        chart="price",
    ),
    "company_filing": Telling(
        fact=company_fact,
        lines=company_lines,
        moments=accepted,
        source=company_source,
        brief=company_brief,
        chart="price",
    ),
    "price_bar": Telling(
        fact=bar_fact,
        lines=bar_lines,
        moments=_known("closed"),
        source=price_source,
        brief=bar_brief,
        chart="price",
    ),
    "quote": Telling(
        fact=quote_fact,
        lines=quote_lines,
        moments=_known("seen"),
        source=price_source,
        chart="price",
    ),
    "valuation": Telling(
        fact=valuation_fact,
        lines=valuation_lines,
        moments=_known("known"),
        source=valuation_source,
        brief=valuation_brief,
        chart="pe",
    ),
    "market_breadth": Telling(
        fact=breadth_fact, lines=breadth_lines, moments=_known("known"), source=_nowhere
    ),
    "fed_decision": Telling(
        fact=decision_fact,
        lines=decision_lines,
        moments=_known("decided"),
        source=decision_source,
    ),
    "fed_release": Telling(
        fact=release_fact, lines=release_lines, moments=_known("released"), source=release_source
    ),
    "macro_release": Telling(
        fact=macro_fact, lines=macro_lines, moments=_known("known"), source=macro_source
    ),
}
"""Facts of other kinds, polls of sources among them, are told by their rule's message alone."""
