"""Recorded downloads: each wrong one comes back as expected, each right one as it was."""

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.prices.defects import Download, Mark, find_defects
from bot.sources.prices.files import read_bars_file
from bot.sources.prices.repaired_file import download_of

REAL = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "prices"
pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="BOT_TEST_DATA names no folder with recorded prices"
)


def samples() -> list[dict[str, str]]:
    path = REAL / "defects" / "index.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def download(name: str) -> Download:
    (series,) = read_bars_file(REAL / "defects" / f"{name}.csv.gz").series.values()
    return download_of(series)


@pytest.mark.parametrize("sample", samples(), ids=lambda each: each["sample"])
def test_a_sample_comes_back_as_expected(sample: dict[str, str]) -> None:
    given, expected = (download(f"{sample['sample']}.{end}") for end in ("given", "expected"))

    found = find_defects(given)

    repaired = found.repaired.columns()
    for name, column in expected.columns().items():
        np.testing.assert_allclose(
            repaired[name], column, rtol=float(sample["relative_tolerance"]), err_msg=name
        )
    assert any(each.certain for each in found.findings) == (sample["category"] != "none")


def real_series() -> Iterator[tuple[str, Download]]:
    """57 tickers of eleven years, with their splits and spin-offs."""
    splits: dict[str, list[tuple[date, float]]] = defaultdict(list)
    with (REAL / "actions" / "splits.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["ex_date"])
            splits[row["ticker"]].append((day, float(row["price_ratio"])))
    for ticker, series in read_bars_file(REAL / "bars" / "daily.csv.gz").series.items():
        column = np.zeros(len(series.bars))
        for day, ratio in splits[ticker]:
            column[np.searchsorted(series.bars.days, day.toordinal())] = ratio
        yield ticker, Download(bars=series.bars, splits=column)


def test_no_true_move_of_a_real_company_is_repaired() -> None:
    repaired = {
        ticker: [each.mark for each in find_defects(series).findings if each.certain]
        for ticker, series in real_series()
    }

    assert {ticker: marks for ticker, marks in repaired.items() if marks} == {
        "TRAPT": [Mark.NO_PRICE, Mark.NO_PRICE]
    }
    assert len(repaired) == 57
