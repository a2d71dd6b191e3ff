"""The bot as a process, with a Federal Reserve: told, hanging, and never in the way of filings."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.clock import system_clock
from bot.facts import FED_DECISION
from bot.sandbox.fed import SandboxFed
from bot.sandbox.fed_story import story
from bot.store import Store
from tests.central_bank.world import changed, without
from tests.live import a_config, has_polled, servers
from tests.live_prices import nobody_answers, polls
from tests.processes import IN_TIME, LONG, command, seconds_to_end, until


def told(path: Path) -> list[str]:
    """Decisions that are news, in a line each."""
    with closing(Store(path)) as store:
        rows = store.facts.select(FED_DECISION)
    return [row["told"] for row in rows if not row["quiet"]]


def test_the_bot_tells_a_decision_and_ends_in_good_order(tmp_path: Path) -> None:
    whole, store = replace(story(), feed_delay=timedelta()), tmp_path / "bot.db"
    with servers() as both, SandboxFed(without(whole, "20250917")) as fed:
        config = a_config(tmp_path, both, fed=f'url = "{fed.url}"\nevery = "1s"\nregional = []')
        with command("--config", config, "run", heard=False) as process:
            until(lambda: has_polled(store) and polls(store, "fed"))
            fed.record = changed(whole, "monetary20250917a", published_at=system_clock())
            until(lambda: told(store))
            process.terminate()
            process.wait(timeout=LONG)

    assert process.returncode == 0
    assert told(store) == ["cuts 25 bp to 4.00–4.25 %, 11–1 (Miran for −50)"]
    assert all(polls(store, "fed"))


def test_a_federal_reserve_that_hangs_keeps_no_filing_waiting_and_the_bot_ends_in_time(
    tmp_path: Path,
) -> None:
    with servers() as both, nobody_answers() as url:
        config = a_config(tmp_path, both, fed=f'url = "{url}"\nregional = ["{url}/speeches"]')
        with command("--config", config, "run", heard=False) as process:
            until(lambda: len(polls(tmp_path / "bot.db", "edgar")) > 2)
            took = seconds_to_end(process)

    assert process.returncode == 0
    assert took < IN_TIME
    assert polls(tmp_path / "bot.db", "fed") == []
