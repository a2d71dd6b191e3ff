"""The bot as a process, with prices: told, slow, gone, and never in the way of filings."""

from contextlib import closing
from pathlib import Path

from bot.facts import PRICE_BAR
from bot.store import Store
from tests.live import a_config, has_polled, servers
from tests.live_prices import a_folder_of_prices, nobody_answers, polls
from tests.processes import IN_TIME, LONG, command, environment, seconds_to_end, until


def bars(path: Path) -> int:
    with closing(Store(path)) as store:
        return store.facts.count()[PRICE_BAR.name]


def test_the_bot_tells_the_prices_of_a_folder_and_of_all_tickers_in_it(tmp_path: Path) -> None:
    a_folder_of_prices(tmp_path / "mine", "IWM", "AAA")
    with servers() as both:
        config = a_config(tmp_path, both, prices='provider = "folder"\npath = "mine"\nwatch = []')
        with command("--config", config, "run", heard=False) as process:
            until(lambda: has_polled(tmp_path / "bot.db") and bars(tmp_path / "bot.db") == 60)
            process.terminate()
            process.wait(timeout=LONG)

    assert process.returncode == 0
    assert polls(tmp_path / "bot.db", "prices")[0]


def test_a_provider_that_hangs_keeps_no_filing_waiting_and_the_bot_ends_in_time(
    tmp_path: Path,
) -> None:
    with servers() as both, nobody_answers() as url:
        config = a_config(tmp_path, both, prices=f'provider = "alpaca"\nurl = "{url}"')
        keys = environment(ALPACA_KEY="k", ALPACA_SECRET="s")
        with command("--config", config, "run", environ=keys, heard=False) as process:
            until(lambda: len(polls(tmp_path / "bot.db", "edgar")) > 2)
            took = seconds_to_end(process)

    assert process.returncode == 0
    assert took < IN_TIME
    assert polls(tmp_path / "bot.db", "prices") == []


def test_a_folder_that_is_not_there_is_told_and_filings_go_on(tmp_path: Path) -> None:
    with servers() as both:
        config = a_config(tmp_path, both, prices='provider = "folder"\npath = "nowhere"')
        with command("--config", config, "run", heard=False) as process:
            until(lambda: has_polled(tmp_path / "bot.db"))
            until(lambda: polls(tmp_path / "bot.db", "prices") and bars(tmp_path / "bot.db") == 0)
            until(lambda: len(polls(tmp_path / "bot.db", "edgar")) > 1)
            process.terminate()
            process.wait(timeout=LONG)

    assert process.returncode == 0
    assert not any(polls(tmp_path / "bot.db", "prices"))
