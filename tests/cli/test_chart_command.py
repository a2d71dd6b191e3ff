"""``bot chart`` as a person types it."""

import gzip
import sys
from pathlib import Path

import pytest

from bot.store import Store
from tests.builders import a_trade, instant, ms
from tests.cli.console import run
from tests.prices_of import a_series, sessions
from tests.valuation.reports import document, entry

OKLO_CIK = "0001849056"
DAYS = sessions("2025-09-02", 30)
CSV = "ticker,date,close\n" + "".join(
    f"{ticker},{day},{price + n}\n"
    for ticker, price in (("OKLO", 20), ("IWM", 200))
    for n, day in enumerate(DAYS)
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('[store]\npath = "bot.db"\n')
    return tmp_path / "config.toml"


@pytest.fixture
def filled(config: Path) -> Path:
    from bot.store import Arrival

    store = Store(config.parent / "bot.db")
    for ticker in ("OKLO", "IWM"):
        store.prices.keep(
            a_series(ticker, DAYS, [20.0 + n for n in range(30)]), source="folder", seen_at=1
        )
    store.facts.add([Arrival(fact=a_trade(traded_on=DAYS[5]), seen_at=ms("2025-11-01"))])
    store.figures.keep_ciks({"OKLO": OKLO_CIK}, instant("2025-11-01"))
    store.close()
    return config


def test_a_png_of_what_is_stored_is_written(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "oklo.png"

    assert run("chart", "oklo", "--config", filled, "--out", out) == 0

    assert out.read_bytes().startswith(b"\x89PNG")


def test_bars_of_a_file_need_no_store(config: Path, tmp_path: Path) -> None:
    bars, out = tmp_path / "bars.csv", tmp_path / "oklo.png"
    bars.write_text(CSV)

    assert run("chart", "OKLO", "--config", config, "--bars", bars, "--out", out) == 0

    assert out.read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "bot.db").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ZZZ"], "no bar of ZZZ is stored"),
        (["OKLO", "--since", "2030-01-01"], "no close of OKLO is known from 2030-01-01"),
        (["OKLO", "--pe"], "no valuation of OKLO is stored"),
        (["OKLO", "--companyfacts", "FILE"], "--companyfacts needs --pe"),
        (["OKLO", "--pe", "--bars", "FILE"], "--pe reads the store"),
        (["ZZZ", "--bars", "FILE"], "no bar of ZZZ in this file"),
        (["OKLO", "--since", "tomorrow"], "does not match the format"),
    ],
)
def test_what_can_not_be_drawn_is_told_and_nothing_is_written(
    filled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    bars, out = tmp_path / "bars.csv", tmp_path / "x.png"
    bars.write_text(CSV)
    given = [str(bars) if each == "FILE" else each for each in arguments]

    assert run("chart", *given, "--config", filled, "--out", out) == 2

    assert told in " ".join(capsys.readouterr().err.split())
    assert not out.exists()


def test_without_a_store_it_says_how_to_get_one(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("chart", "OKLO", "--config", config, "--out", tmp_path / "x.png") == 2

    assert "there is no store yet" in capsys.readouterr().err


def test_a_place_that_can_not_be_written_is_told(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nowhere" / "x.png"

    assert run("chart", "OKLO", "--config", filled, "--out", out) == 2

    assert f"{out}: can not be written" in capsys.readouterr().err


def test_without_matplotlib_it_names_the_extra(
    filled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [each for each in sys.modules if each.startswith(("matplotlib", "bot.charts."))]:
        if name != "bot.charts.content":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    assert run("chart", "OKLO", "--config", filled, "--out", tmp_path / "x.png") == 2

    assert 'pip install ".[charts]"' in capsys.readouterr().err


QUARTERS = {
    ("us-gaap:EarningsPerShareDiluted", "USD/shares"): [
        entry("2024-07-01", "2025-06-30", 2.0, "2025-08-01", "10-K")
    ]
}


@pytest.mark.parametrize("packed", [False, True])
def test_a_companyfacts_file_makes_the_p_es_packed_or_not(
    filled: Path, tmp_path: Path, packed: bool
) -> None:
    body, out = document(QUARTERS, int(OKLO_CIK)), tmp_path / "x.png"
    file = tmp_path / ("CIK.json.gz" if packed else "CIK.json")
    file.write_bytes(gzip.compress(body) if packed else body)

    assert (
        run("chart", "OKLO", "--pe", "--companyfacts", file, "--config", filled, "--out", out) == 0
    )

    assert out.read_bytes().startswith(b"\x89PNG")


def test_a_companyfacts_file_that_is_cut_while_packed_is_told(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "CIK.json.gz", tmp_path / "x.png"
    file.write_bytes(gzip.compress(document(QUARTERS))[:60])

    assert (
        run("chart", "OKLO", "--pe", "--companyfacts", file, "--config", filled, "--out", out) == 1
    )

    assert "packed wrongly" in capsys.readouterr().err


def test_the_earnings_of_another_company_are_never_drawn_as_the_tickers(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "CIK.json", tmp_path / "x.png"
    file.write_bytes(document(QUARTERS, 320193))

    assert (
        run("chart", "OKLO", "--pe", "--companyfacts", file, "--config", filled, "--out", out) == 1
    )

    told = " ".join(capsys.readouterr().err.split())
    assert f"it is of Example Inc, CIK 0000320193, asked was CIK {OKLO_CIK}" in told
    assert not out.exists()
