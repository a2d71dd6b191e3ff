"""The chart of P/Es: losses are no zeros, and the band is that of the months before."""

import struct
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from bot.charts import PeChart, band_of, pe_chart
from bot.charts.card import HEIGHT, WIDTH, Card
from bot.charts.valuation import drawn, headline, loss_spans, standing
from bot.errors import QueryError
from tests.charts.series import some_pes

BESIDE: dict[str, Any] = {"benchmark": "SPY", "benchmark_pe": np.full(120, 22.0)}

CHARTS = {
    "ten years beside a benchmark": some_pes(120, **BESIDE),
    "losses between": some_pes(120, losses=range(40, 60)),
    "a loss now": some_pes(80, losses={78, 79}),
    "a loss first": some_pes(80, losses={0, 1}),
    "nearly always a loss": some_pes(80, losses=set(range(80)) - {50}),
    "a P/E of 2e30": replace(some_pes(80), pe=np.append(np.full(79, 30.0), 2e30)),
    "short": some_pes(12),
    "one month": some_pes(1),
    "40 years": some_pes(480),
    "the last two years of ten": some_pes(120, since=date(2024, 6, 1), **BESIDE),
}


def artist(card: Card, name: str) -> list[Any]:
    return list(card.figure.axes[0].findobj(lambda each: each.get_gid() == name))


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_a_png_of_the_stated_size_and_the_same_each_time(name: str) -> None:
    png = pe_chart(CHARTS[name])

    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)
    assert png == pe_chart(CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
def test_no_label_lies_over_another_or_outside_of_the_picture(name: str) -> None:
    card = drawn(CHARTS[name])
    card.png()

    boxes = [(t.get_text(), t.get_window_extent()) for t in card.figure.texts if t.get_text()]

    for (one, box), (other, its) in combinations(boxes, 2):
        assert not (box.shrunk(0.96, 0.8).overlaps(its.shrunk(0.96, 0.8))), f"{one!r} {other!r}"
    for told, box in boxes:
        assert 0 <= box.x0 <= box.x1 <= WIDTH, told
        assert 0 <= box.y0 <= box.y1 <= HEIGHT, told


def test_a_loss_is_hatched_and_neither_zero_nor_crossed_by_the_line() -> None:
    content = CHARTS["losses between"]

    card = drawn(content)

    (line,) = artist(card, "pe")
    heights = np.asarray(line.get_ydata())
    assert np.flatnonzero(np.isnan(heights)).tolist() == list(range(40, 60))
    assert card.figure.axes[0].get_ylim()[0] > 5
    ((start, end),) = loss_spans(content)
    assert content.days[39] < start < content.days[40]
    assert content.days[59] < end < content.days[60]
    assert len(artist(card, "loss")) == 1


def test_months_of_which_nothing_is_known_are_not_hatched() -> None:
    content = some_pes(60)
    content.pe[20:30] = np.nan

    assert loss_spans(content) == []


def test_a_loss_now_is_said_and_the_last_p_e_is_called_the_last() -> None:
    content = CHARTS["a loss now"]

    told = [text.get_text() for text in drawn(content).figure.texts]

    assert headline(content)[0][0] == "NVDA P/E none: loss"
    assert f"last {content.pe[77]:.1f}" in told


def test_the_band_is_of_the_60_months_before_without_the_current_one() -> None:
    content = some_pes(100)

    band = band_of(content.days, content.pe)

    assert band is not None
    assert band.months == 60
    before = content.pe[39:99]
    assert (band.low, band.median, band.high) == pytest.approx(
        tuple(np.percentile(before, [25, 50, 75]))
    )


def test_the_band_of_daily_values_is_that_of_their_month_ends() -> None:
    content = some_pes(60)
    days = np.sort(np.concatenate([content.days - 5, content.days]))
    daily = np.repeat(content.pe, 2)
    daily[::2] = 1000

    assert band_of(days, daily) == band_of(content.days, content.pe)


@pytest.mark.parametrize(("count", "known"), [(37, True), (36, False)])
def test_a_band_needs_36_known_months_before(count: int, known: bool) -> None:
    content = some_pes(count)

    assert (band_of(content.days, content.pe) is not None) == known


def test_the_band_looks_back_before_the_days_drawn() -> None:
    content = CHARTS["the last two years of ten"]

    whole = band_of(content.days, content.pe)

    assert whole is not None
    assert f"{whole.months} months" in standing(content.drawn, whole)
    assert artist(drawn(content), "band")


def test_losses_alone_are_an_error_and_no_empty_picture() -> None:
    with pytest.raises(QueryError, match=r"NVDA has no P/E.*a loss on 24 of 24 days"):
        pe_chart(some_pes(24, losses=range(24)))


def test_p_es_and_days_of_different_numbers_are_refused() -> None:
    held = some_pes(3)

    with pytest.raises(ValueError, match="as many"):
        PeChart(
            ticker="X", days=held.days, pe=held.pe[1:], losses=held.losses, method="", source=""
        )
