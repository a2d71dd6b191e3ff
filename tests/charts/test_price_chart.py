"""The chart of prices: what is drawn, and that it can be read."""

import gc
import re
import struct
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from bot.charts import InsiderTrades, Mark, PriceChart, Side, price_chart
from bot.charts.card import HEIGHT, WIDTH, Card
from bot.charts.price import drawn, headline, trades_text, with_gaps
from bot.errors import QueryError
from bot.prices.bars import Action, ActionKind
from tests.charts.series import some_bars, some_trades

MARKET = some_bars(5200, ticker="IWM", first=date(2006, 1, 3), start_usd=150.0, sd=0.01)


def a_chart(count: int = 200, trades: int = 12, **bars: object) -> PriceChart:
    held = some_bars(count, **bars)  # type: ignore[arg-type]
    return PriceChart(
        bars=held, source="folder", benchmark=MARKET, trades=some_trades(held, trades)
    )


def crowd(count: int) -> PriceChart:
    bars = some_bars(120)
    return PriceChart(
        bars=bars, source="folder", trades=some_trades(bars, count, on=date(2025, 3, 3))
    )


def splits(ticker: str, *days: date) -> list[Action]:
    return [
        Action(ticker=ticker, ex_day=day, kind=ActionKind.SPLIT, price_ratio=10, source="folder")
        for day in days
    ]


CHARTS = {
    "a year": a_chart(),
    "a week": a_chart(5, 3),
    "a month": a_chart(21, 60),
    "20 years": a_chart(5000, 200, first=date(2006, 1, 3), sd=0.02),
    "one bar": a_chart(1, 2),
    "two bars": a_chart(2, 2),
    "no trades": a_chart(200, 0),
    "nobody looked for trades": replace(a_chart(), trades=None),
    "no benchmark": replace(a_chart(), benchmark=None),
    "$0.0004": a_chart(300, 8, start_usd=0.0004, sd=0.1),
    "$700,000": a_chart(300, 8, start_usd=700_000.0),
    "always the same price": a_chart(60, 5, sd=0.0),
    "missing sessions": a_chart(200, 9, without={30, 31, 40, 42, *range(80, 120)}),
    "300 trades on one day": crowd(300),
    "3,000 trades": a_chart(2000, 3000, first=date(2016, 1, 4)),
    "many splits": replace(
        a_chart(), actions=splits("OKLO", *(date(2025, 3, day) for day in (3, 5, 7, 10, 12)))
    ),
}


def last_close(usd: float) -> PriceChart:
    bars = some_bars(300)
    return replace(a_chart(), bars=replace(bars, close=np.append(bars.close[:-1], usd)))


CHARTS |= {"a close of 2.2e38": last_close(2.2e38), "a close of 3e-45": last_close(3e-45)}


def marks(card: Card) -> list[Line2D]:
    """The marks of single trades, without those of the legend."""
    return [
        each
        for each in card.figure.findobj(Line2D)
        if isinstance(each, Line2D) and str(each.get_gid()).startswith("trade") and _y(each) < 470
    ]


def gathered(card: Card) -> list[Text]:
    """The marks of several trades together."""
    return [t for t in texts(card) if t.get_gid() == "trades"]


def texts(card: Card) -> list[Text]:
    return [each for each in card.figure.texts if each.get_text()]


def line(card: Card, name: str) -> Line2D:
    return next(each for each in card.figure.axes[0].lines if each.get_gid() == name)


def _y(mark: Line2D) -> float:
    return float(np.asarray(mark.get_ydata())[0])


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_png_of_the_stated_size(name: str) -> None:
    png = price_chart(CHARTS[name])

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("name", CHARTS)
def test_no_label_lies_over_another_or_outside_of_the_picture(name: str) -> None:
    card = drawn(CHARTS[name])
    card.png()

    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(card)]

    for (one, box), (other, its) in combinations(boxes, 2):
        assert not (box.shrunk(0.96, 0.8).overlaps(its.shrunk(0.96, 0.8))), f"{one!r} {other!r}"
    for told, box in boxes:
        assert 0 <= box.x0 <= box.x1 <= WIDTH, told
        assert 0 <= box.y0 <= box.y1 <= HEIGHT, told


@pytest.mark.parametrize("name", [name for name in CHARTS if name != "nobody looked for trades"])
def test_every_trade_is_marked_once(name: str) -> None:
    content = CHARTS[name]

    card = drawn(content)

    together = sum(int(t.get_text()[1:]) for t in gathered(card))
    assert len(marks(card)) + together == len(content.marks)


@pytest.mark.parametrize("name", CHARTS)
def test_no_mark_hides_another_or_leaves_the_picture(name: str) -> None:
    card = drawn(CHARTS[name])

    circles = [
        (float(np.asarray(m.get_xdata())[0]), _y(m), m.get_markersize() * 100 / 72 / 2)
        for m in marks(card)
    ]
    for (x, y, r), (other_x, other_y, other_r) in combinations(circles, 2):
        assert (x - other_x) ** 2 + (y - other_y) ** 2 >= (r + other_r) ** 2
    for _, y, r in circles:
        assert 90 <= y - r <= y + r <= 472


def test_sales_stand_above_the_line_and_purchases_below() -> None:
    content = CHARTS["a year"]

    card = drawn(content)
    axes = card.figure.axes[0]

    for mark in marks(card):
        x = float(np.asarray(mark.get_xdata())[0])
        day = axes.transData.inverted().transform((x, 0))[0]
        price = np.interp(day, *content.drawn)
        height = axes.transData.transform((day, price))[1]
        assert (_y(mark) > height) == ("sell" in str(mark.get_gid()))


def test_sides_differ_by_shape_and_colour_and_plans_by_the_face() -> None:
    looks = {
        str(m.get_gid()): (m.get_marker(), m.get_markeredgecolor(), m.get_markerfacecolor())
        for m in marks(drawn(CHARTS["a month"]))
    }

    assert len(looks) == len(set(looks.values())) == 6
    sales = {look[:2] for gid, look in looks.items() if "sell" in gid}
    purchases = {look[:2] for gid, look in looks.items() if "buy" in gid}
    assert len(sales) == len(purchases) == 1
    (one,), (other,) = sales, purchases
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_a_larger_trade_has_a_larger_mark() -> None:
    bars = some_bars()
    days = (date(2025, 2, 3), date(2025, 6, 2))
    trades = [
        Mark(day=day, side=Side.SELL, value_usd=value, planned=False)
        for day, value in zip(days, (1e5, 1e7), strict=True)
    ]

    small, large = sorted(
        marks(drawn(PriceChart(bars=bars, source="folder", trades=InsiderTrades(marks=trades)))),
        key=lambda mark: float(np.asarray(mark.get_xdata())[0]),
    )

    assert small.get_markersize() < large.get_markersize()


def test_a_line_never_crosses_a_session_without_a_bar() -> None:
    content = a_chart(60, 0, without={20, 21})

    days, closes = with_gaps(*content.drawn)

    assert len(days) == 60
    assert np.flatnonzero(np.isnan(closes)).tolist() == [20, 21]
    assert np.array_equal(
        np.asarray(line(drawn(content), "closes").get_ydata()), closes, equal_nan=True
    )


def test_a_bar_without_a_finite_close_above_zero_is_no_bar() -> None:
    bars = some_bars(30)
    close = bars.close.copy()
    close[[5, 6, 7]] = 0, np.inf, -1

    _, closes = with_gaps(*PriceChart(bars=replace(bars, close=close), source="folder").drawn)

    assert np.flatnonzero(np.isnan(closes)).tolist() == [5, 6, 7]


def test_the_benchmark_starts_at_the_ticker_s_close_and_is_compared_over_the_same_sessions() -> (
    None
):
    content = a_chart()
    days, theirs = content.indexed

    assert theirs[0] == content.drawn[1][0]
    held = dict(zip(MARKET.days.tolist(), MARKET.close.tolist(), strict=True))
    expected = held[int(days[-1])] / held[int(days[0])] - 1
    assert content.benchmark_change_ratio == pytest.approx(expected, rel=1e-12)


def test_a_benchmark_without_the_first_session_has_an_unknown_change() -> None:
    late = replace(a_chart(), benchmark=some_bars(100, ticker="IWM", first=date(2025, 3, 3)))

    assert late.benchmark_change_ratio is None
    assert headline(late)[1][0] == "IWM unknown"


def test_the_year_s_high_looks_back_over_253_closes_even_before_the_span() -> None:
    bars = some_bars(400)

    content = PriceChart(bars=bars, source="folder", since=date(2026, 7, 1))

    assert content.high is not None
    assert content.high[1] == bars.close[-253:].max()
    assert PriceChart(bars=some_bars(252), source="folder").high is None


def test_trades_outside_of_the_span_are_neither_drawn_nor_counted() -> None:
    bars = some_bars()
    days = (date(2025, 1, 10), date(2025, 5, 5), date(2026, 1, 5))
    trades = [Mark(day=day, side=Side.SELL, value_usd=1e6, planned=True) for day in days]

    content = PriceChart(
        bars=bars,
        source="folder",
        since=date(2025, 2, 3),
        trades=InsiderTrades(marks=trades),
    )

    assert len(marks(drawn(content))) == 1
    assert trades_text(content) == "1 insider sale, $1M"


def test_an_unknown_value_makes_the_sum_a_least_one() -> None:
    bars = some_bars()
    trades = [
        Mark(day=date(2025, 5, 5), side=Side.SELL, value_usd=value, planned=None)
        for value in (33.1e6, None)
    ]

    told = trades_text(PriceChart(bars=bars, source="folder", trades=InsiderTrades(marks=trades)))

    assert told == "2 insider sales, ≥ $33.1M"


def test_a_range_of_ten_times_is_drawn_on_a_logarithmic_scale() -> None:
    bars = some_bars(100)
    rising = np.linspace(1, 10.5, 100)

    steep = drawn(PriceChart(bars=replace(bars, close=rising), source="folder"))
    mild = drawn(PriceChart(bars=replace(bars, close=rising + 1), source="folder"))

    assert steep.figure.axes[0].get_yscale() == "log"
    assert mild.figure.axes[0].get_yscale() == "linear"


def test_no_close_in_the_span_is_an_error_that_says_where_there_are_some() -> None:
    content = PriceChart(bars=some_bars(20), source="folder", since=date(2026, 1, 2))

    with pytest.raises(QueryError, match=r"no close of OKLO.*2026-01-02") as caught:
        price_chart(content)

    assert "2025-01-02 to 2025-01-31" in caught.value.mend


def test_the_same_chart_is_the_same_bytes() -> None:
    assert price_chart(a_chart()) == price_chart(a_chart())


def test_pictures_leave_nothing_in_memory() -> None:
    content = a_chart(30, 3)
    price_chart(content)
    gc.collect()
    before = len(gc.get_objects())

    for _ in range(10):
        price_chart(content)

    gc.collect()
    assert len(gc.get_objects()) - before < 500  # one picture holds 10,000


def test_matplotlib_is_loaded_at_the_first_picture_and_never_its_global_state() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bot.charts, bot.cli; print('matplotlib' in sys.modules);"
            "from tests.charts.series import some_bars;"
            "bot.charts.price_chart(bot.charts.PriceChart(bars=some_bars(9), source='folder'));"
            "print('matplotlib' in sys.modules, 'matplotlib.pyplot' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["False", "True", "False"]


def test_trades_that_have_room_are_marked_one_by_one() -> None:
    for name in ("a year", "a week", "$700,000", "missing sessions"):
        assert not gathered(drawn(CHARTS[name])), name
    rare = some_bars(5200, first=date(2005, 1, 3), start_usd=10.0, sd=0.02)
    trades = some_trades(rare, 40)

    assert not gathered(drawn(PriceChart(bars=rare, source="folder", trades=trades)))


@pytest.mark.parametrize("usd", [1e-320, 1e300])
def test_a_close_too_small_or_large_to_be_a_price_is_named_and_not_drawn(usd: float) -> None:
    with pytest.raises(QueryError, match=re.escape(f"on 2026-03-16 is {usd:g}: no")) as caught:
        price_chart(last_close(usd))

    assert "bot bars" in caught.value.mend
