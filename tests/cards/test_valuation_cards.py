"""What cards about valuations say: the method, the days, and why there is no P/E."""

import json
from datetime import date
from typing import Any

import pytest

from bot.cards import Line
from bot.cards.valuation import valuation_brief, valuation_lines, valuation_source
from bot.clock import to_day_number
from bot.facts import VALUATION

REPORT = {
    "accession_number": "0001849056-25-000100", "concept": "us-gaap:Revenues",
    "start": "2025-01-01", "end": "2025-06-30", "filed": "2025-08-12", "value": "0",
}  # fmt: skip
COVER = {
    **REPORT, "concept": "dei:EntityCommonStockSharesOutstanding", "start": None,
    "end": "2025-03-21", "filed": "2025-03-24", "accession_number": "0001849056-25-000020",
}  # fmt: skip
SOURCES = {
    "revenue_ttm_usd": {"how": "FY + YTD - PY", "of": [REPORT, REPORT]},
    "eps_quarter_usd": {"how": "Q", "of": [REPORT]},
    "shares_outstanding": [COVER],
    "earnings_on": {"how": "364 days after those of the same quarter"},
    "fair_value_usd": {"row": "fair.csv:3"},
}


def day(text: str) -> int:
    return to_day_number(date.fromisoformat(text))


def a_row(**values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(VALUATION.by_name) | {"sources": None}
    known = {"kind": "valuation", "ticker": "OKLO", "as_of": day("2025-09-25"), "close_usd": 117.25}
    return {**row, **known, **values}


def told(**values: Any) -> list[str]:
    return [f"{line.label}: {line.text}" for line in valuation_lines(a_row(**values))]


def test_a_company_without_a_pe_says_why_and_where_each_figure_stands() -> None:
    lines = told(
        pe_missing="loss", eps_ttm_usd=-0.56, pe_method="GAAP EPS of 4 quarters to 2025-06-30",
        market_cap_usd=1_630_000_000_000, shares_outstanding=139_018_305.0, revenue_ttm_usd=0,
        quarter_end=day("2025-06-30"), eps_quarter_usd=-0.18, eps_quarter_year_ago_usd=-0.08,
        operating_income_quarter_usd=-2_800_000_000, net_income_quarter_usd=-2_470_000_000,
        earnings_on=day("2025-11-11"), earnings_confidence=0.86, quality="revenue_inferred",
        sources=json.dumps(SOURCES),
    )  # fmt: skip

    assert lines == [
        "P/E: OKLO at $117.25: no trailing P/E (a loss over four quarters) · "
        "no forward P/E · EPS −$0.56 · GAAP EPS of 4 quarters to 2025-06-30",
        "Size: market cap $16.3B · 139,018,305 shares outstanding",
        "Growth: revenue of four quarters $0",
        "Quarter: to 2025-06-30 · EPS −$0.18 (a year before −$0.08) · operating income −$28M · "
        "net income −$24.7M",
        "Results: next about 2025-11-11, an estimate · 86% of such hit within five sessions",
        "Doubt: no revenue is reported: $0 inferred from its costs",
        "From: 0001849056-25-000100 (filed 2025-08-12): revenue, EPS of the quarter",
        "From: 0001849056-25-000020 (filed 2025-03-24): shares",
        "From: next results: 364 days after those of the same quarter",
        "From: fair value: fair.csv:3",
        "When: at the close of 2025-09-25",
    ]


def test_a_fund_stands_against_its_past_its_benchmark_and_a_fair_value() -> None:
    lines = told(
        ticker="IWM", pe_trailing=40.92564, pe_forward=24.64,
        pe_method="forward: losses excluded, iShares, 2025-09-12", pe_zscore_5y=-1.635,
        pe_percentile_5y=98.3, benchmark="SPY", pe_ratio_of="forward", pe_ratio=1.0951,
        pe_spread=2.14, pe_ratio_zscore_5y=2.1, pe_ratio_percentile_5y=96.7, yield_spread=-0.006,
        revenue_ttm_usd=10_000_000_000, revenue_growth=-0.043, gross_margin=0.747,
        fair_value_usd=27.8, fair_value_as_of=day("2025-06-30"), fair_value_discount=0.209,
    )  # fmt: skip

    assert lines[:-1] == [
        "P/E: IWM at $117.25: trailing 40.93 · forward 24.64 · "
        "forward: losses excluded, iShares, 2025-09-12",
        "Past: not below 98.3% of its 60 month ends · −1.64 deviations",
        "Against: 1.095 times the forward P/E of SPY, 2.14 apart · "
        "not below 96.7% of 60 month ends · 2.1 deviations · "
        "earnings yield −0.6 points from that of SPY",
        "Growth: revenue of four quarters $100M · −4.3% on the year · gross margin 74.7%",
        "Value: your fair value $27.80 of 2025-06-30 · the close is 20.9% below it",
    ]


def test_a_valuation_without_a_close_names_none() -> None:
    lines = told(ticker="IWM", close_usd=None, pe_forward=24.64, quality="prices_stale")

    assert lines == [
        "P/E: IWM without a close: no trailing P/E · forward 24.64",
        "Doubt: no close for 5 sessions or more",
        "When: session of 2025-09-25",
    ]
    row = a_row(close_usd=None)
    assert valuation_brief(row).text.endswith("session of 2025-09-25")


def test_a_close_above_the_fair_value_says_so() -> None:
    assert "Value: your fair value $100.00 of an unknown day · the close is 17.3% above it" in told(
        fair_value_usd=100.0, fair_value_discount=-0.1725
    )


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("no_facts", "no report that tells its earnings is known"),
        ("not_told", "neither a usable row of index_pe.csv nor holdings tell it"),
        ("insufficient", "the reports do not make four quarters"),
        ("stale", "the newest quarters ended more than 200 days before"),
        ("no_price", "no close of that session"),
        (None, "no trailing P/E · no forward P/E"),
    ],
)
def test_each_reason_of_a_missing_pe_is_told_in_words(missing: str | None, said: str) -> None:
    assert said in told(pe_missing=missing)[0]


def test_every_reason_of_a_missing_pe_has_words() -> None:
    for word in VALUATION.own["pe_missing"].words:
        assert f"({word})" not in told(pe_missing=word)[0]


def test_a_valuation_beside_another_fact_is_one_line() -> None:
    row = a_row(pe_trailing=40.92564, market_cap_usd=1_630_000_000_000)

    assert valuation_brief(row) == Line(
        label="Cap",
        text="market cap $16.3B · OKLO at $117.25: trailing 40.93 · no forward P/E · "
        "close of 2025-09-25",
    )


def test_the_newest_report_behind_the_figures_is_linked() -> None:
    row = a_row(sources=json.dumps(SOURCES), issuer_cik="0001849056", source="sec user")

    assert valuation_source(row) == (
        "Filing 0001849056-25-000100 (filed 2025-08-12)",
        "https://www.sec.gov/Archives/edgar/data/1849056/000184905625000100/"
        "0001849056-25-000100-index.htm",
    )


def test_without_a_report_there_is_no_link() -> None:
    assert valuation_source(a_row(source="user")) == ("Valuation: your file", None)
    assert valuation_source(a_row()) == (None, None)
    only_sources = a_row(sources=json.dumps(SOURCES), source="sec")
    assert valuation_source(only_sources) == ("Valuation: sec", None)
