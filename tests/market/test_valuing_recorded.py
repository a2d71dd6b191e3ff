"""P/Es as the bot tells them, of recorded prices and reports, beside the golden ones."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.market.trading import evening
from tests.market.valued import Valued, valued
from tests.valuation.recorded import CIKS, RECORDED, needs_recorded, rows

pytestmark = needs_recorded


def in_turn(place: Valued, days: list[date]) -> None:
    """An evening after another; on a day after the last bar the bars are not waited for."""
    for day in days:
        place.look(evening(day))
        place.later(hours=2)


def copied(folder: Path) -> None:
    """The recorded bars of a few tickers as a folder of one's own."""
    wanted = ("ticker", "AAPL,", "NVDA,")
    with gzip.open(RECORDED / "bars/daily.csv.gz", "rt") as bars:
        lines = [line for line in bars if line.startswith(wanted)]
    (folder / "bars").mkdir(exist_ok=True)
    (folder / "bars" / "daily.csv").write_text("".join(lines))
    (folder / "splits.csv").write_text((RECORDED / "actions/splits.csv").read_text())
    (folder / "folder.toml").write_text('basis = "split"\nas_of = 2026-05-29')


def as_json(
    path: Path, ticker: str, capsys: pytest.CaptureFixture[str]
) -> Iterator[dict[str, Any]]:
    config = path / "bot.toml"
    config.write_text('[store]\npath = "bot.db"\n')
    asked = ["facts", "valuation", "--json", "--limit", "500", "--ticker", ticker]
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["--config", str(config), *asked])
    yield from map(json.loads, capsys.readouterr().out.splitlines())


def test_every_golden_price_earnings_ratio_is_told_to_the_cent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    golden = list(rows("golden/pe.csv"))
    reports = {
        cik: gzip.decompress((RECORDED / f"companyfacts/CIK{cik}.json.gz").read_bytes())
        for cik in CIKS.values()
    }
    with valued(
        tmp_path, watch=list(CIKS), reports=reports, known=CIKS, store=tmp_path / "bot.db"
    ) as place:
        copied(place.folder)
        in_turn(place, sorted({date.fromisoformat(row["as_of"]) for row in golden}))

    told = {(t, each["as_of"]): each for t in CIKS for each in as_json(tmp_path, t, capsys)}
    for row in golden:
        each = told[row["ticker"], row["as_of"]]
        where = (row["ticker"], row["as_of"], each["pe_method"])
        assert (each["pe_missing"] or "") == row["reason"], where
        for name, column in (
            ("close_usd", "close_as_traded"),
            ("eps_ttm_usd", "eps_ttm"),
            ("pe_trailing", "pe_trailing"),
        ):
            wanted = pytest.approx(float(row[column]), rel=1e-9) if row[column] else None
            assert each[name] == wanted, (*where, name)
        if not row["reason"]:
            assert each["eps_period_end"] == row["period_end"], where
