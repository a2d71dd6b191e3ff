"""Valuations from the command line: where figures stand, the chart from the store, the doctor."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.config import Rules, load_config
from bot.doctor import examine
from bot.errors import QueryError
from bot.finding import Finding, Health
from bot.pictures import pe_content
from bot.store import Store
from tests.cli.console import GOOD_RULE
from tests.market.trading import listing, sessions_before
from tests.market.valued import CIKS, FOUR_QUARTERS, Valued, reported, valued

DAYS = sessions_before("2025-12-12", 30)
FRIDAY = DAYS[-1]
FAIR = f"ticker,as_of,fair_value_usd,source\nOKLO,{DAYS[0]},110,me\n"

Printed = pytest.CaptureFixture[str]


@contextmanager
def a_valued_store(path: Path) -> Iterator[Valued]:
    """A store with a reading of Oklo and of a fund, and a configuration beside it."""
    reports = {CIKS["OKLO"]: reported("OKLO", *FOUR_QUARTERS)}
    with valued(path, reports=reports, store=path / "bot.db") as place:
        for ticker in ("IWM", "SPY", "OKLO"):
            place.trading.lists(listing(ticker, DAYS, [88.0] * len(DAYS)))
        place.table("fair_values.csv", FAIR)
        holdings = f"ticker,weight,as_of\nOKLO,95,{FRIDAY}\nUSD,5,{FRIDAY}\n"
        place.table("holdings/IWM.csv", holdings)
        (path / "bot.toml").write_text(
            '[store]\npath = "bot.db"\n[prices]\nprovider = "folder"\npath = "prices"\n'
        )
        place.evening(FRIDAY)
        yield place


def run(path: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["--config", str(path / "bot.toml"), *arguments])
    return int(ended.value.code or 0)


def test_each_figure_of_a_reading_is_told_with_the_report_or_the_row_it_stands_in(
    tmp_path: Path, capsys: Printed
) -> None:
    with a_valued_store(tmp_path):
        capsys.readouterr()

        assert run(tmp_path, "facts", "valuation", "--ticker", "oklo", "--source") == 0
        text = capsys.readouterr().out
        assert run(tmp_path, "facts", "valuation", "--ticker", "OKLO", "--source", "--json") == 0
        told = json.loads(capsys.readouterr().out)

    assert "eps_ttm_usd: $4.40" in text
    part = "us-gaap:EarningsPerShareDiluted  2025-01-01 to 2025-09-30  0000000001-25-110500"
    assert f"    3.3  {part}, filed 2025-11-05" in text
    assert "fair_values.csv:2" in text
    fields: dict[str, Any] = {each["field"]: each for each in told["fields"]}
    assert fields["eps_ttm_usd"]["value"] == 4.4
    assert fields["eps_ttm_usd"]["places"][0]["url"].startswith("https://www.sec.gov/Archives/")


def test_the_ratio_of_a_fund_is_told_with_its_file_and_largest_holdings(
    tmp_path: Path, capsys: Printed
) -> None:
    with a_valued_store(tmp_path):
        capsys.readouterr()

        run(tmp_path, "facts", "valuation", "--id", f"valuation:IWM:{FRIDAY}", "--source")

    text = capsys.readouterr().out
    assert "holdings/IWM.csv" in text
    assert "ticker OKLO  weight 0.95" in text


def test_sources_of_all_readings_are_no_question(tmp_path: Path, capsys: Printed) -> None:
    with a_valued_store(tmp_path):
        assert run(tmp_path, "facts", "valuation", "--source") == 2

    assert "--ticker or --id" in capsys.readouterr().err


def test_the_list_of_readings_shows_their_ratios(tmp_path: Path, capsys: Printed) -> None:
    with a_valued_store(tmp_path):
        capsys.readouterr()
        run(tmp_path, "facts", "valuation", "--ticker", "OKLO", "--json")

    told = json.loads(capsys.readouterr().out)
    assert told["pe_trailing"] == pytest.approx(20)
    assert told["as_of"] == str(FRIDAY)


def test_a_chart_of_ratios_needs_no_file_where_the_reports_are_stored(tmp_path: Path) -> None:
    with a_valued_store(tmp_path) as place:
        chart = pe_content(place.trading.store, "OKLO", since=date(2025, 1, 1))

    assert chart.source.startswith("SEC companyfacts")
    assert chart.pe[-1] == pytest.approx(20)


def test_a_chart_of_a_fund_draws_what_was_told(tmp_path: Path) -> None:
    with a_valued_store(tmp_path) as place:
        chart = pe_content(place.trading.store, "IWM")
        with pytest.raises(QueryError, match="no valuation of ZZZ"):
            pe_content(place.trading.store, "ZZZ")

    assert chart.days.tolist() == [FRIDAY.toordinal()]


def finding(path: Path) -> Finding:
    (path / "rules.yaml").write_text(GOOD_RULE)  # one, whose tests the doctor runs
    config = load_config(path / "bot.toml", {})
    one = replace(config, rules=Rules(path=path / "rules.yaml"))
    return next(each for each in examine(one) if each.what == "valuations")


def test_the_doctor_tells_the_tables_the_figures_and_the_newest_reading(tmp_path: Path) -> None:
    with a_valued_store(tmp_path):
        told = finding(tmp_path)

    assert told.health is Health.GOOD
    for part in (
        "fair_values.csv (1 rows)", "IWM.csv (2 rows)", "companies with figures: 1,",
        f"newest reading of {FRIDAY}",
    ):  # fmt: skip
        assert part in told.told


def test_the_doctor_tells_each_mistake_of_a_table_with_its_line(tmp_path: Path) -> None:
    with a_valued_store(tmp_path) as place:
        place.table("fair_values.csv", FAIR + "NWD,2025-01-01,-1,me\n")
        told = finding(tmp_path)

    assert told.health is Health.WARNING
    assert "fair_values.csv:3: fair_value_usd is -1" in told.told


def test_the_doctor_tells_rows_that_are_not_used(tmp_path: Path) -> None:
    with a_valued_store(tmp_path) as place:
        place.table("index_pe.csv", "ticker,as_of,pe_forward\nIWM,2025-06-30,24.64\n")
        told = finding(tmp_path)

    assert told.health is Health.WARNING
    assert "1 not used in them" in told.told
    assert "index_pe.csv:2: IWM: the P/E of 2025-06-30 is more than 45 days old" in told.told


def test_the_doctor_tells_whose_figures_do_not_come_and_why(tmp_path: Path) -> None:
    with a_valued_store(tmp_path) as place:
        place.reports[CIKS["OKLO"]] = b'{"cik": 1849056, "facts'
        place.later(days=8)
        told = finding(tmp_path)

    assert told.health is Health.WARNING
    assert "1 asked for in vain (OKLO: EDGAR serves something else" in told.told
    assert "no JSON" in told.told
    assert "asked for again" in (told.mend or "")


def test_a_store_without_readings_says_so(tmp_path: Path) -> None:
    (tmp_path / "bot.toml").write_text('[store]\npath = "bot.db"\n[prices]\nprovider = "yahoo"\n')
    Store(tmp_path / "bot.db").close()

    assert finding(tmp_path).told == "none yet"


def test_a_breadth_is_told_with_the_weight_and_return_of_its_largest_members(
    tmp_path: Path, capsys: Printed
) -> None:
    days = sessions_before(str(FRIDAY), 70)
    (tmp_path / "bot.toml").write_text('[store]\npath = "bot.db"\n')
    with valued(tmp_path, watch=["NWD"], store=tmp_path / "bot.db") as place:
        for ticker in ("IWM", "SPY", "NWD"):
            place.trading.lists(listing(ticker, days, [10.0 + n / 10 for n in range(70)]))
        place.table("holdings/IWV.csv", f"ticker,weight,as_of\nNWD,100,{days[-64]}\n")
        place.evening(FRIDAY)
        capsys.readouterr()

        assert run(tmp_path, "facts", "market_breadth", "--ticker", "iwv", "--source") == 0
        text = capsys.readouterr().out
        assert (
            run(tmp_path, "facts", "market_breadth", "--ticker", "IWV", "--source", "--json") == 0
        )
        told = json.loads(capsys.readouterr().out)

    gain = 16.9 / 10.6 - 1
    assert f"breadth:IWV:{FRIDAY}" in text
    assert f"weights of {days[-64]}" in text
    (largest,) = told["top"]
    assert (largest["ticker"], largest["weight"]) == ("NWD", 1)
    assert largest["return"] == pytest.approx(gain)
    assert "NWD  weight 1  return +59.4%  gave 59.4 points" in text
