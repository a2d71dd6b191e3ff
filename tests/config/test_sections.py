"""Prices, the Federal Reserve, agencies, and who may do what."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import InvalidConfig, load_config
from bot.errors import ConfigError
from tests.config.files import loaded, mistakes, written

# Prices.


def test_prices_come_from_yahoo_where_nothing_is_said_and_from_alpaca_where_its_secrets_are(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, "")
    keys = {"ALPACA_KEY": "k", "ALPACA_SECRET": "s"}

    assert load_config(file, {}).prices.chosen == "yahoo"
    assert load_config(file, {"ALPACA_KEY": "k"}).prices.chosen == "yahoo"
    assert load_config(file, keys).prices.chosen == "alpaca"
    assert (
        load_config(written(tmp_path, 'prices.provider = "Yahoo"'), keys).prices.chosen == "yahoo"
    )


@pytest.mark.parametrize("name", ["folder", "csv", "parquet"])
def test_a_folder_of_bars_goes_by_three_names_and_lies_beside_the_file(
    tmp_path: Path, name: str
) -> None:
    prices = loaded(tmp_path, f'[prices]\nprovider = "{name}"\npath = "mine"').prices

    assert (prices.chosen, prices.path) == ("folder", tmp_path / "mine")


@pytest.mark.parametrize(
    ("text", "place", "what", "mend"),
    [
        ('provider = "yaho"', (2, 12), "'yaho' is no provider", "did you mean 'yahoo'?"),
        ('provider = "folder"', (2, 12), "a folder of bars needs its path", "path ="),
        ('provider = "alpaca"', (2, 12), "alpaca needs ALPACA_KEY and ALPACA_SECRET", "Yahoo"),
        ('watch = ["SPY", "0001849056"]', (2, 17), "'0001849056' is no ticker", "IWM"),
        ("benchmark = 2000", (2, 13), "must be a text, not the number 2000", "quotes"),
        ('alpaca_key = "PK1"', (2, 1), "'alpaca_key' is a secret", "ALPACA_KEY"),
    ],
)
def test_a_mistake_in_the_prices_is_told_in_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], what: str, mend: str
) -> None:
    (found,) = mistakes(tmp_path, f"[prices]\n{text}")

    assert found[:2] == place
    assert what in found[2]
    assert mend in found[3]


def test_a_secret_of_alpaca_is_never_shown(tmp_path: Path) -> None:
    file = written(tmp_path, '[prices]\nalpaca_secret = "hidden"\nalpaca_key = "hidden"')

    with pytest.raises(InvalidConfig) as caught:
        load_config(file, {})

    assert "hidden" not in str(caught.value)
    with pytest.raises(ConfigError, match="is no secret of Alpaca"):
        load_config(written(tmp_path, ""), {"ALPACA_KEY": "two words"})


def test_tickers_of_prices_are_written_as_the_sec_does(tmp_path: Path) -> None:
    prices = loaded(tmp_path, '[prices]\nwatch = ["brk.b", "SPY", "spy"]\nbenchmark = "iwv"').prices

    assert (prices.watch, prices.benchmark) == (("BRK-B", "SPY"), "IWV")


# The Federal Reserve.


def test_lists_of_regional_banks_may_have_queries_and_may_be_none(tmp_path: Path) -> None:
    address = "https://www.richmondfed.org/press_room/speeches?cc_view=rss"

    fed = loaded(tmp_path, f'[fed]\nregional = ["{address}", "{address}"]\nevery = "30s"').fed

    assert (fed.regional, fed.every) == ((address,), timedelta(seconds=30))
    assert loaded(tmp_path, "[fed]\nregional = []").fed.regional == ()


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ('regional = "https://x.org"', 12, "must be a list"),
        ('regional = ["https://x.org", "x.org"]', 30, "'x.org' is no address"),
        ('regional = ["https://me:secret@x.org"]', 13, "a name or password"),
        ('url = "https://x.org?a=b"', 7, "no address of the web"),
        ('enabled = "yes"', 11, "enabled: must be true or false, not the text"),
    ],
)
def test_a_mistake_in_the_fed_is_told_in_its_place(
    tmp_path: Path, text: str, column: int, told: str
) -> None:
    (found,) = mistakes(tmp_path, f"[fed]\n{text}")

    assert found[:2] == (2, column)
    assert told in found[2]


def test_releases_of_three_agencies_are_waited_for_unless_fewer_are_named(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").calendar.agencies == ("fed", "bls", "bea")

    named = loaded(tmp_path, '[calendar]\nagencies = ["BLS", "bls"]\ngrace = "30min"').calendar

    assert (named.agencies, named.grace) == (("bls",), timedelta(minutes=30))
    assert loaded(tmp_path, "[calendar]\nagencies = []").calendar.agencies == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('agencies = ["bsl"]', "'bsl' is no agency whose calendar is known"),
        ('agencies = ["bls", "census"]', "'census' is no agency"),
        ('agencies = "bls"', "must be a list, not the text"),
        ("agencies = [1]", "must be a text, not the number"),
    ],
)
def test_an_agency_without_a_known_calendar_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    (found,) = mistakes(tmp_path, f"[calendar]\n{text}")

    assert found[0] == 2
    assert told in found[2]


def test_quotes_asked_for_every_second_are_refused_with_the_least_span(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too often") as caught:
        loaded(tmp_path, '[prices]\nevery = "1s"')

    assert 'write "30s" or more' in str(caught.value)
    assert loaded(tmp_path, '[prices]\nevery = "30s"').prices.every == timedelta(seconds=30)


# Who may do what.


def test_everyone_may_do_everything_until_somebody_is_named(tmp_path: Path) -> None:
    chat = loaded(
        tmp_path, '[chat]\nmute = ["U0123ANN", "S0123OPS", "U0123ANN"]\nsubscribe = []'
    ).chat

    assert chat.mute == ("U0123ANN", "S0123OPS")
    assert (chat.acknowledge, chat.subscribe) == (("everyone",), ())


@pytest.mark.parametrize(
    ("text", "place", "what", "mend"),
    [
        ('mute = "ann"', (2, 8), "must be \"everyone\" or a list, not the text 'ann'", "everyone"),
        ("mute = true", (2, 8), "not true", "[] for nobody"),
        ('mute = ["U0123ANN", "@ann"]', (2, 21), "'@ann' is no id of a user", "member ID"),
        ("mute = [7]", (2, 9), "the number 7 is no id", "member ID"),
    ],
)
def test_a_mistake_in_who_may_is_told_in_its_place(
    tmp_path: Path, text: str, place: tuple[int, int], what: str, mend: str
) -> None:
    (found,) = mistakes(tmp_path, f"[chat]\n{text}")

    assert found[:2] == place
    assert what in found[2]
    assert mend in found[3]
