"""What `bot doctor` and `bot facts` tell of prices."""

import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.facts import _COLUMNS, _list
from bot.clock import system_clock
from bot.config import Edgar, load_config
from bot.doctor import examine
from bot.edgar_desk import edgar_client
from bot.facts import PRICE_BAR, kind
from bot.finding import Finding, Health
from bot.market.asking import newest_closed, recent
from bot.price_desk import market_of
from bot.store import Store
from tests.cli.console import GOOD_RULE
from tests.live_prices import a_folder_of_prices
from tests.market.closes import DAYS, FLAT, LAST
from tests.market.trading import evening, listing, trading


def findings(config: Path, environ: dict[str, str] | None = None) -> dict[str, Finding]:
    loaded = load_config(config, environ or {})
    found = examine(replace(loaded, edgar=Edgar()))  # without a contact the SEC is not asked
    return {each.what: each for each in found}


def a_config(folder: Path, prices: str, *, watch: str = "[]") -> Path:
    file = folder / "bot.toml"
    text = f"[prices]\n{prices}\nwatch = {watch}\n"
    edgar = '[edgar]\ncontact = "a@example.org"\nwww_url = "http://127.0.0.1:9"\n'
    others = "[fed]\nenabled = false\n[calendar]\nagencies = []\n"
    (folder / "rules.yaml").write_text(GOOD_RULE)  # one, whose tests the doctor runs
    rules = '[rules]\npath = "rules.yaml"\n'
    file.write_text(f'[store]\npath = "bot.db"\n{rules}{edgar}{text}{others}')
    return file


def has_run(config: Path) -> None:
    """A look after prices, as the live bot takes it."""
    loaded = load_config(config, {})
    with closing(Store(loaded.store.path)) as store, edgar_client(loaded, store) as edgar:
        market = market_of(loaded, store, edgar, clock=system_clock)
        assert market is not None
        market.desk.look()


def test_the_doctor_tells_who_gives_prices_and_up_to_when(tmp_path: Path) -> None:
    a_folder_of_prices(tmp_path / "mine", "IWM", "AAA")
    config = a_config(tmp_path, 'provider = "folder"\npath = "mine"')
    newest = newest_closed(system_clock())
    assert "bars" not in findings(config)

    has_run(config)

    found = findings(config)
    assert found["prices"].told == f"folder: answers, IWM closed {newest}"
    assert found["bars"].told == f"of 2 tickers up to {newest}"
    assert (found["prices"].health, found["bars"].health) == (Health.GOOD, Health.GOOD)


def test_the_doctor_names_who_is_stale_and_who_is_refused(tmp_path: Path) -> None:
    a_folder_of_prices(tmp_path / "mine", "IWM", "OLD")
    file = tmp_path / "mine" / "bars" / "OLD.csv"
    file.write_text("\n".join(file.read_text().splitlines()[:-5]))
    config = a_config(tmp_path, 'provider = "folder"\npath = "mine"', watch='["NONE"]')

    has_run(config)

    bars = findings(config)["bars"]
    last = recent(newest_closed(system_clock()), 6)[0]
    assert bars.health is Health.WARNING
    assert f"OLD: last {last}" in bars.told
    assert "1 refused (NONE: no file of" in bars.told
    assert "take what has ended out of [prices] watch" in bars.mend
    assert "mend what the provider refuses" in bars.mend


def test_the_doctor_names_the_file_that_can_not_be_read_and_no_end_where_none_is(
    tmp_path: Path,
) -> None:
    a_folder_of_prices(tmp_path / "mine", "IWM")
    config = a_config(tmp_path, 'provider = "folder"\npath = "mine"', watch='["NONE"]')
    has_run(config)
    assert "has ended" not in findings(config)["bars"].mend

    (tmp_path / "mine" / "bars" / "ZZZ.csv").write_text("garbage;x\n1;2\n")
    (tmp_path / "mine" / "bars" / "IWM.csv").unlink()

    assert "ZZZ.csv:1" in findings(config)["prices"].told


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ('provider = "off"', "off: rules on prices see nothing new"),
        ('provider = "folder"\npath = "nowhere"', "folder: does not answer: no such file"),
        ('provider = "folder"\npath = "mine"\nbenchmark = "SPY"', "answers, but not for SPY"),
    ],
)
def test_the_doctor_tells_what_keeps_prices_from_coming(
    tmp_path: Path, prices: str, told: str
) -> None:
    a_folder_of_prices(tmp_path / "mine", "IWM")

    found = findings(a_config(tmp_path, prices))["prices"]

    assert told in found.told
    assert (found.health is Health.GOOD) == (not found.mend)


def test_the_facts_of_prices_are_listed_with_what_people_look_for(tmp_path: Path) -> None:
    with trading(tmp_path / "prices", watch=["OKLO"]) as place:
        closes = [*FLAT[:-1], 112.5]
        place.lists(listing("IWM", DAYS, FLAT), listing("OKLO", DAYS, closes))
        place.look(evening(LAST[-1]))
        rows = place.store.facts.select(PRICE_BAR, ticker="OKLO", limit=1)

    shown = io.StringIO()
    Console(file=shown, width=200).print(_list(PRICE_BAR, rows))

    header, line = shown.getvalue().splitlines()
    assert header.split()[:5] == ["session", "ticker", "close_usd", "return_1d", "return_21d"]
    assert str(LAST[-1]) in line
    assert "112.5" in line


def test_every_column_is_a_field_of_its_kind() -> None:
    assert {"price_bar", "quote", "valuation", "market_breadth"} <= set(_COLUMNS)
    assert all(name in kind(of).by_name for of, names in _COLUMNS.items() for name in names)
