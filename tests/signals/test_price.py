"""Signals against their definitions in plain Python, on series of every oddity."""

import math
import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.prices import PRICE_BAR
from bot.prices.bars import Bars
from bot.signals.block import Listing, blocks
from bot.signals.last import LastBar, last_signals
from bot.signals.price import WINDOWS, Signals
from tests.signals.naive import Bar, missing, naive, own, same, starts
from tests.signals.series import UNKNOWN, bars, odd_bars, sessions, walk


def by_day(benchmark: Bars) -> dict[date, float]:
    return {bar.day: bar.close for bar in own(benchmark)}


def only(given: Bars, benchmark: Bars | None = None, at: date | None = None) -> LastBar:
    [last] = last_signals([given], benchmark, at=at)
    return last


SEEDS = st.integers(0, 2**32)


@settings(max_examples=40, deadline=None)
@given(st.lists(SEEDS, min_size=1, max_size=3), SEEDS, st.integers(2, 330))
def test_every_signal_of_every_bar_is_what_its_definition_says(
    seeds: list[int], beside: int, count: int
) -> None:
    given_bars = [odd_bars(s, count, ticker=f"T{n}") for n, s in enumerate(seeds)]
    benchmark = odd_bars(beside, 340)
    expected = {each.ticker: own(each) for each in given_bars if own(each)}

    told: dict[str, dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]] = {}
    for block in blocks(given_bars, cells=1_500):
        signals = Signals(block, benchmark)
        for row, ticker in enumerate(block.tickers):
            here = slice(-len(expected[ticker]), None)
            told[ticker] = {name: signals[name][row, here] for name in WINDOWS}

    assert told.keys() == expected.keys()
    rng = random.Random(count)
    for ticker, rows in expected.items():
        edges = {0, 1, 20, 21, 60, 61, 62, 251, 252, 253, len(rows) - 1}
        for i in sorted({*edges, *rng.sample(range(len(rows)), min(12, len(rows)))}):
            if i >= len(rows):
                continue
            for name, right in naive(rows, i, by_day(benchmark)).items():
                value = float(told[ticker][name][i])
                given_ = None if math.isnan(value) else value
                assert same(given_, right), (ticker, i, name, given_, right)


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(1, 330), st.integers(0, 60))
def test_the_last_bar_told_alone_is_the_one_of_the_whole_history(
    seed: int, count: int, back: int
) -> None:
    series, benchmark = odd_bars(seed, count), odd_bars(seed + 1, 340)
    rows = own(series)[: max(1, count - back)]
    if not rows:
        return

    last = only(series, benchmark, at=rows[-1].day)

    i = len(rows) - 1
    right = naive(rows, i, by_day(benchmark))
    assert (last.session, last.close_usd) == (rows[i].day, rows[i].close)
    assert last.values.keys() == right.keys()
    assert all(same(last.values[name], value) for name, value in right.items())
    for span, k in starts(rows, i).items():
        assert last.since.get(span) == (None if k is None else rows[k].day)
        assert k is None or last.missing[span] == missing(rows, i, k)


def test_sessions_without_a_bar_are_counted_and_make_a_signal_doubtful_from_the_second_on() -> None:
    days = sessions(300)
    one, two = days[:-5] + days[-4:], days[:-30] + days[-29:-10] + days[-9:]
    closes = walk(random.Random(1), 300)

    lacks_one = only(bars(closes[:299], days=one, volumes=[9.0] * 299))
    lacks_two = only(bars(closes[:298], days=two))

    assert lacks_one.missing["5d"] == 1
    assert lacks_one.doubtful == ()
    assert lacks_two.missing["21d"] == 1
    assert lacks_two.missing["63d"] == 2
    assert "return_63d" in lacks_two.doubtful
    assert "return_21d" not in lacks_two.doubtful
    facts = lacks_two.fact_values()
    assert facts["return_63d"] is None
    assert facts["return_21d"] == lacks_two.values["return_21d"]
    assert facts["missing_sessions"] == 2
    assert lacks_two.values["return_63d"] is not None


def test_missing_sessions_of_a_young_ticker_are_counted_since_its_first_bar() -> None:
    days = sessions(12)

    last = only(bars([1.0] * 10, days=days[:4] + days[5:8] + days[9:]))

    assert last.missing["252d"] == 2
    assert last.fact_values()["missing_sessions"] == 2


def test_a_price_that_never_moves_has_no_zscore_and_no_high() -> None:
    last = only(bars([10.0] * 300))

    assert last.values["zscore_1d"] is None
    assert last.values["high_252d"] is False
    assert last.values["drawdown_252d"] == 0.0


@pytest.mark.parametrize("growth", [1.01, 1.1, 0.97, 1.0000001])
def test_a_price_that_grows_by_the_same_share_each_day_has_no_zscore(growth: float) -> None:
    last = only(bars([10 * growth**n for n in range(80)]))

    assert last.values["zscore_1d"] is None


def test_a_split_that_nobody_adjusted_leaves_no_trace_in_the_zscore_once_it_is_past() -> None:
    still = [7.0 + (n % 2) / 100 for n in range(62)]

    after = only(bars([7e9, *still]))

    right = naive(own(bars(still)), 61, {})["zscore_1d"]
    assert isinstance(right, float)
    assert after.values["zscore_1d"] == pytest.approx(right, rel=1e-9)


def test_numbers_beyond_measure_are_unknown_and_never_a_signal() -> None:
    last = only(bars([1e-300, 1e300], opens=[1.0, math.inf], volumes=[1.0, math.inf]))

    assert {name: value for name, value in last.values.items() if value is not None} == {}
    assert last.volume is None


def test_without_a_benchmark_or_its_close_on_both_days_there_is_no_excess() -> None:
    closes = walk(random.Random(3), 30)
    days = sessions(30)
    gone = days[-6]
    benchmark = bars(closes, ticker="IWM")
    lacks = bars(
        [c for c, day in zip(closes, days, strict=True) if day != gone],
        ticker="IWM",
        days=[day for day in days if day != gone],
    )

    alone, beside, itself = (only(bars(closes), b) for b in (None, lacks, benchmark))

    assert all(v is None for name, v in alone.values.items() if name.startswith("excess"))
    assert alone.benchmark is None
    assert beside.values["excess_5d"] is None
    assert beside.values["excess_1d"] == 0.0
    assert itself.values["excess_5d"] == 0.0


def test_since_listing_starts_from_the_listing_that_is_told() -> None:
    series = bars([2.0, 3.0, 4.0, 6.0])
    days = sessions(4)
    told = {"AAA": Listing(day=days[1], close_usd=3.0)}

    [known] = last_signals([series], None, listings=told)
    [unknown] = last_signals([series], None, listings={})
    [itself] = last_signals([series], None, listings=told, at=days[1])

    assert known.values["since_listing"] == 1.0
    assert known.since["listing"] == days[1]
    assert unknown.values["since_listing"] is None
    assert "listing" not in unknown.since
    assert itself.values["since_listing"] is None


def test_tickers_without_a_bar_are_left_out_and_the_others_keep_their_order() -> None:
    given_bars = [bars([1.0], ticker="B"), bars([UNKNOWN], ticker="NO"), bars([2.0], ticker="A")]

    assert [last.ticker for last in last_signals(given_bars, None)] == ["B", "A"]


def test_every_value_has_a_field_of_the_kind_and_its_source_tells_the_others() -> None:
    last = only(bars(walk(random.Random(2), 300), volumes=[5.0] * 300))

    fields = {field.name for field in PRICE_BAR.fields}
    assert fields - last.fact_values().keys() == {"exchange", "source", "quality"}
    assert last.fact_values().keys() <= fields


def test_days_out_of_order_are_refused() -> None:
    days = sessions(2)

    with pytest.raises(ValueError, match="bars of AAA: days must ascend, each once"):
        only(bars([1.0, 2.0], days=[days[0], days[0]]))


def test_the_plain_reference_knows_a_case_counted_by_hand() -> None:
    days = [date(2024, 12, 31), date(2025, 1, 2), date(2025, 1, 3)]
    rows = [Bar(day, c, c, 1.0) for day, c in zip(days, (10.0, 11.0, 12.1), strict=True)]

    values = naive(rows, 2, {days[0]: 100.0, days[1]: 100.0, days[2]: 105.0})

    assert values["return_1d"] == pytest.approx(0.1)
    assert values["return_ytd"] == pytest.approx(0.21)
    assert values["excess_ytd"] == pytest.approx(0.16)


def test_at_a_new_high_the_drawdown_is_zero_and_the_high_is_strict() -> None:
    closes = [10.0] * 252

    new, equalled, under = (only(bars([*closes, c])).values for c in (11.0, 10.0, 9.0))

    assert (new["high_252d"], new["drawdown_252d"], new["low_252d"]) == (True, 0.0, False)
    assert (equalled["high_252d"], equalled["drawdown_252d"]) == (False, 0.0)
    assert under["low_252d"] is True
    assert under["drawdown_252d"] == pytest.approx(-0.1)


def test_the_longest_year_is_looked_back_over() -> None:
    count = 400
    series = bars([float(n + 1) for n in range(count)], days=sessions(count, date(2019, 12, 31)))

    last = only(series, at=date(2020, 12, 31))

    assert last.since["ytd"] == date(2019, 12, 31)
    assert last.values["return_ytd"] == 253.0


def test_no_signal_is_ever_infinite_so_that_nothing_is_above_every_limit() -> None:
    closes = [1e-300, 1e300] * 140
    [block] = blocks([bars(closes, opens=[math.inf] * 280, volumes=[math.inf] * 280)])

    signals = Signals(block, bars(closes[::-1], ticker="IWM"))

    assert not any(np.isinf(signals[name]).any() for name in WINDOWS)
