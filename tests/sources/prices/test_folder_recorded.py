"""The folder with recorded bars: closes as they were traded."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.prices.adjust import adjusted
from bot.sources.prices.folder import FolderProvider

REAL = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "prices"
LAST = date(2026, 5, 29)

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="BOT_TEST_DATA names no folder with recorded prices"
)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> FolderProvider:
    folder = tmp_path_factory.mktemp("prices")
    (folder / "bars").mkdir()
    (folder / "bars" / "daily.csv.gz").symlink_to(REAL / "bars" / "daily.csv.gz")
    for name in ("splits.csv", "dividends.csv.gz", "identity.csv"):
        (folder / name).symlink_to(REAL / "actions" / name)
    return FolderProvider(folder, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))


def test_closes_before_splits_are_those_that_were_paid(provider: FolderProvider) -> None:
    daily = provider.daily(["AAPL", "TRAPT"], date(2020, 8, 27), LAST)

    bars = daily.bars["AAPL"]
    assert bars.close[:3] == pytest.approx([500.04, 499.23, 129.04], abs=0.005)
    traded = np.round(bars.close * 100, 3)
    assert np.mean(np.abs(traded - np.round(traded)) < 0.02) > 0.99
    assert {date.fromordinal(int(day)) for day in daily.bars["TRAPT"].days}.isdisjoint(
        [date(2025, 10, 10), date(2025, 12, 25), date(2026, 1, 5), date(2026, 5, 25)]
    )


def test_adjusting_what_the_folder_gives_brings_its_file_back(provider: FolderProvider) -> None:
    daily = provider.daily(["NVDA", "GE"], date(2015, 1, 1), LAST)

    nvda = adjusted(daily.bars["NVDA"], daily.actions, LAST)
    assert nvda.close[0] == pytest.approx(0.50325, rel=1e-6)
    assert daily.bars["NVDA"].close[0] == pytest.approx(20.13, rel=1e-6)
