"""The XBRL facts of the made-up companies, as EDGAR's companyfacts API tells them."""

import gzip
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.edgar_market import SandboxMarket
from bot.sandbox.market import NORTHWIND, OKLO, filings
from bot.sandbox.market_reports import REPORTS
from bot.sources.edgar.client import EdgarClient
from tests.sandbox.visitor import AGENT, visiting

REPORTED = datetime(2025, 9, 22, 16, tzinfo=UTC)
BEFORE_THE_10Q = datetime(2025, 8, 10, 16, tzinfo=UTC)


def facts_of(cik: str, *, at: datetime = REPORTED) -> dict[str, Any] | None:
    """What the bot's own client gets."""
    with (
        visiting(SandboxMarket.of(filings()), at=at, reports=REPORTS) as visitor,
        EdgarClient(
            contact=AGENT, clock=visitor.clock, data_url=visitor.edgar.url, sleep=lambda _: None
        ) as client,
    ):
        body = client.company_facts(cik)
    return json.loads(body) if body is not None else None


def figures(told: dict[str, Any] | None, concept: str, unit: str = "USD") -> dict[str, float]:
    """The value of each period, by first and last day; of several reports the last."""
    assert told is not None
    facts = told["facts"]["us-gaap"][concept]["units"][unit]
    return {f"{fact['start']} {fact['end']}": fact["val"] for fact in facts}


def test_oklo_has_no_revenue_and_loses_18_cents_a_share_in_its_second_quarter() -> None:
    told = facts_of(OKLO.cik)

    assert told is not None
    quarter = "2025-04-01 2025-06-30"
    assert set(figures(told, "Revenues").values()) == {0}
    assert figures(told, "NetIncomeLoss")[quarter] == -24_700_000
    assert figures(told, "EarningsPerShareDiluted", "USD/shares")[quarter] == -0.18
    cover = told["facts"]["dei"]["EntityCommonStockSharesOutstanding"]["units"]["shares"][0]
    assert (cover["end"], cover["val"]) == ("2025-03-21", 139_018_305)
    assert "start" not in cover


def test_northwinds_revenue_of_twelve_months_grows_by_16_percent_and_a_quarter_of_it_is_cost() -> (
    None
):
    told = facts_of(NORTHWIND.cik)
    year, half = "{0}-01-01 {0}-12-31", "{0}-01-01 {0}-06-30"

    def twelve_months(concept: str, to: int) -> float:
        told_of = figures(told, concept)
        return (
            told_of[year.format(to - 1)] + told_of[half.format(to)] - told_of[half.format(to - 1)]
        )

    now, before = twelve_months("Revenues", 2025), twelve_months("Revenues", 2024)
    assert now / before == pytest.approx(1.163)
    assert twelve_months("GrossProfit", 2025) / now == pytest.approx(0.747)


def test_a_report_is_told_from_the_day_of_its_filing() -> None:
    before, after = facts_of(OKLO.cik, at=BEFORE_THE_10Q), facts_of(OKLO.cik)
    then = facts_of(OKLO.cik, at=BEFORE_THE_10Q + timedelta(days=1))

    assert "2025-04-01 2025-06-30" not in figures(before, "NetIncomeLoss")
    assert then == after


def test_who_never_reported_has_no_facts() -> None:
    assert facts_of("0009000002") is None
    assert facts_of(OKLO.cik, at=datetime(2025, 3, 20, tzinfo=UTC)) is None


def test_the_documents_have_the_recorded_shape() -> None:
    folder = os.environ.get("BOT_TEST_DATA")
    if not folder:
        pytest.skip("needs the recorded data: set BOT_TEST_DATA")
    file = Path(folder) / "prices/companyfacts/CIK0000320193.json.gz"
    real, ours = json.loads(gzip.decompress(file.read_bytes())), facts_of(OKLO.cik)

    assert ours is not None
    assert list(ours) == list(real)
    for taxonomy, concept, unit in (
        ("us-gaap", "EarningsPerShareDiluted", "USD/shares"),
        ("dei", "EntityCommonStockSharesOutstanding", "shares"),
    ):
        theirs, mine = (told["facts"][taxonomy][concept] for told in (real, ours))
        assert list(mine) == list(theirs)
        assert list(mine["units"][unit][-1]) == list(theirs["units"][unit][-1])
        for mark in ("fy", "fp", "val"):
            assert isinstance(mine["units"][unit][-1][mark], type(theirs["units"][unit][-1][mark]))
