"""What rules make of prices: states over a split, spans over it, and what comes late."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.judge import Judge
from bot.routes import everything_to
from bot.rules.fire import Fate
from bot.rules.model import Rule
from tests.builders import rules_of
from tests.market.closes import DAYS, FLAT, LAST, PAST
from tests.market.trading import Trading, evening, listing, trading
from tests.prices_of import a_split

RULES = rules_of(
    """
rules:
- id: doubled
  on: price_bar
  when: return_21d >= 100%
  clear: return_21d < 50%
  fire: rise
  message: "{ticker} {return_21d:pct}"
- id: moved
  on: price_bar
  let: {moved: {change: close_usd, over: 20d}}
  when: moved >= 40% or moved <= -40%
  fire: every
  message: "{ticker} {moved:pct}"
"""
)


class Judged:
    """A judge beside a desk, at the desk's time."""

    def __init__(self, place: Trading, rules: Sequence[Rule] = RULES) -> None:
        self.place = place
        self.judge = Judge(
            place.store,
            rules,
            clock=place.offer.clock,
            route=everything_to("#a"),
            stale_after=timedelta(hours=24),
        )

    def evenings(self, *days: object) -> None:
        for day in days:
            self.place.look(evening(day))  # type: ignore[arg-type]
            self.judge.tick()

    def fired(self, rule: str) -> list[str]:
        """Ids of the facts on which a rule fired."""
        decisions = self.place.store.decisions.all()
        return [d["fact_id"] for d in decisions if d["rule"] == rule and d["fate"] == Fate.FIRED]


def doubled(split_at: int | None) -> list[float]:
    """As traded: doubles on LAST[1] and stays; from ``split_at`` of LAST on a tenth is paid."""
    start = len(PAST) + 1
    closes = [100.0 if n < start else 210.0 for n in range(len(DAYS))]
    if split_at is None:
        return closes
    at = len(PAST) + split_at
    return [close if n < at else close / 10 for n, close in enumerate(closes)]


@pytest.mark.parametrize("split_at", [None, 3])
def test_a_split_neither_spends_nor_arms_a_rise(tmp_path: Path, split_at: int | None) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        actions = [] if split_at is None else [a_split("OKLO", LAST[split_at], 10)]
        place.lists(
            listing("IWM", DAYS, FLAT),
            listing("OKLO", DAYS, doubled(split_at), actions=actions),
        )
        judged = Judged(place)

        judged.evenings(*LAST)

        assert judged.fired("doubled") == [f"bar:OKLO:{LAST[1]}"]
        state = place.store.decisions.states({("doubled", "OKLO"): None})["doubled", "OKLO"]
        assert state.risen_at == int(evening(LAST[1]).timestamp() - 1200) * 1000


def test_a_change_over_a_split_is_that_of_the_company(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        at = len(PAST) + 3
        closes = [100.0 if n < at else 10.0 for n in range(len(DAYS))]
        split = a_split("OKLO", LAST[3], 10)
        place.lists(listing("IWM", DAYS, FLAT), listing("OKLO", DAYS, closes, actions=[split]))
        judged = Judged(place)

        judged.evenings(*LAST)

        assert judged.fired("moved") == []


def test_what_a_week_without_prices_brings_is_told_in_a_digest_but_for_the_last_day(
    tmp_path: Path,
) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        place.lists(listing("IWM", DAYS, FLAT), listing("OKLO", DAYS, doubled(None)))
        judged = Judged(place)
        judged.evenings(LAST[0], LAST[-1])

        assert judged.fired("doubled") == [f"bar:OKLO:{LAST[1]}"]
        *old, newest = (message.state for message in place.store.outbox.all())
        assert set(old) == {"digest"}
        assert newest == "pending"
