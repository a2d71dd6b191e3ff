"""``bot facts market_breadth --ticker X --source``: what each of the largest members gave."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from bot.facts import MARKET_BREADTH
from bot.store import Store, loaded


def breadth_sources(
    store: Store, *, fact_id: str | None, ticker: str | None
) -> dict[str, Any] | None:
    """A stored breadth, of a ticker the newest one, with its ten largest members; None where there
    is none.  Weights are those at the start of the span."""
    rows = store.facts.select(MARKET_BREADTH, fact_id=fact_id, ticker=ticker, limit=1)
    if not rows:
        return None
    told = loaded(MARKET_BREADTH, rows[0])
    return {
        "id": told["id"],
        "ticker": told["ticker"],
        "since": told["since"].isoformat(),
        "session": told["session"].isoformat(),
        "weights_as_of": told["weights_as_of"].isoformat(),
        "index_return": told["index_return"],
        "members": told["members"],
        "coverage": told["coverage"],
        "top": list(told["top"] or ()),
    }


def breadth_sources_text(told: Mapping[str, Any]) -> Text:
    """The span and its weights, then a line for each of the largest members."""
    whole = told["index_return"]
    lines = [
        told["id"],
        f"{told['ticker']} from the close of {told['since']} to that of {told['session']}: "
        + ("unknown" if whole is None else f"{whole:+.1%}"),
        f"weights of {told['weights_as_of']}, moved to the start; {told['members']:,} members with "
        f"a return, {told['coverage']:.0%} of the weight",
        *(
            f"    {each['ticker']}  weight {each['weight']:.4g}  return {each['return']:+.1%}  "
            f"gave {100 * each['contribution']:.1f} points"
            for each in told["top"]
        ),
    ]
    return Text("\n".join(lines))
