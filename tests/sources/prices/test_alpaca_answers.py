"""Whatever JSON Alpaca answers, it is read, refused or told as unreadable."""

import math
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceUnreadable
from bot.sources.prices.alpaca_answers import (
    Unreadable,
    read_actions,
    read_bars,
    read_snapshot,
    read_snapshots,
)
from tests.sources.prices.answered import answered

NOW = datetime(2025, 12, 12, 23, tzinfo=UTC)
TIMES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2025-12-11T05:00:00Z", "2025-12-11")
LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=5),
    st.sampled_from(TIMES), st.sampled_from(("0001-01-01", "9999-12-31", "2025-12-01")),
)  # fmt: skip
NAMES = st.sampled_from(
    ("t", "o", "c", "v", "p", "symbol", "source_symbol", "ex_date", "new_rate", "old_rate", "rate",
     "latestTrade", "dailyBar", "prevDailyBar", "forward_splits", "stock_dividends", "spin_offs",
     "cash_dividends", "corporate_actions", "snapshots", "ACME")
)  # fmt: skip
ANY = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


@given(ANY)
def test_any_json_in_place_of_bars_gives_bars_or_a_reason(told: Any) -> None:
    with suppress(Unreadable):
        assert all(row[3] > 0 for row in read_bars(told).values())


@given(st.dictionaries(NAMES, ANY, max_size=4))
def test_any_json_in_place_of_actions_gives_actions_or_a_reason(told: dict[str, Any]) -> None:
    for page in (told, {"corporate_actions": told}):
        with suppress(Unreadable):
            for action in read_actions(page):
                assert action.ratio is None or 0 < action.ratio < math.inf


@given(ANY, st.dictionaries(NAMES, ANY, max_size=4))
def test_any_json_in_place_of_snapshots_gives_prices_or_none(told: Any, page: Any) -> None:
    seen = read_snapshot(told, NOW)
    with suppress(Unreadable):
        read_snapshots(page)

    assert seen is None or seen.price_usd > 0


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("name", ["latestTrade", "dailyBar", "prevDailyBar"])
def test_no_time_that_can_be_written_breaks_a_reader(name: str, time: str) -> None:
    seen = read_snapshot({name: {"t": time, "p": 10, "c": 10}}, NOW)
    with suppress(Unreadable):
        read_bars([{"t": time, "c": 10}])

    assert seen is None or seen.price_usd == 10


@pytest.mark.parametrize("rate", [1e-308, 1e308])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_ratio_beyond_all_bounds_is_unknown(day: str, rate: float) -> None:
    split = {"symbol": "ACME", "ex_date": day, "new_rate": 1 / rate, "old_rate": rate}
    (told,) = read_actions({"corporate_actions": {"forward_splits": [split]}})

    assert told.ratio is None


@pytest.mark.parametrize("told", [{"snapshots": None}, {"snapshots": [1]}])
def test_snapshots_of_another_shape_are_unreadable(told: Any) -> None:
    with pytest.raises(SourceUnreadable):
        answered(lambda _: told, lambda provider: provider.quotes(["ACME"]))
