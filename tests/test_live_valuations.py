"""The bot as a process, with valuations: told of a folder and an EDGAR, and ended in time."""

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import system_clock
from bot.facts import VALUATION
from bot.market.asking import newest_closed
from bot.sandbox.edgar_publication import publication_of
from bot.store import Store, loaded
from tests.live import a_config, servers
from tests.live_prices import a_folder_of_prices
from tests.market.valued import CIKS, a_filing
from tests.processes import IN_TIME, command, seconds_to_end, until
from tests.valuation.reports import DILUTED, document, entry

FOLDER = 'provider = "folder"\npath = "mine"\nwatch = []'


def readings(path: Path, ticker: str) -> list[Mapping[str, Any]]:
    if not path.exists():
        return []
    with closing(Store(path)) as store:
        rows = store.facts.select(VALUATION, ticker=ticker)
    return [loaded(VALUATION, row) for row in rows]


def test_a_company_of_a_folder_is_valued_and_the_bot_ends_in_time(tmp_path: Path) -> None:
    newest = newest_closed(system_clock())
    ends, begins = newest - timedelta(days=40), newest - timedelta(days=404)
    year = entry(str(begins), str(ends), 2, str(newest - timedelta(days=5)), "10-K")
    cik = CIKS["OKLO"]
    body = document({(DILUTED, "USD/shares"): [year]}, int(cik))
    filing = a_filing(1, "OKLO", cik, system_clock() - timedelta(hours=2))
    a_folder_of_prices(tmp_path / "mine", "IWM", "SPY", "OKLO")

    with servers(publication_of(filing), reports={cik: body}) as both:
        config = a_config(tmp_path, both, prices=FOLDER)
        with command("--config", config, "run", heard=False) as process:
            until(lambda: readings(tmp_path / "bot.db", "OKLO"))
            took = seconds_to_end(process)

    (told,) = readings(tmp_path / "bot.db", "OKLO")
    assert told["pe_trailing"] == pytest.approx(told["close_usd"] / 2)
    assert told["as_of"] == newest
    assert process.returncode == 0
    assert took < IN_TIME
