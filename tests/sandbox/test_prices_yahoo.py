"""The local Yahoo: what it answers, beside what was recorded."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.prices.bars import Action, ActionKind
from bot.prices.splits import split_action
from bot.sandbox.prices import Listing, PriceMarket, wandering
from bot.sandbox.prices_yahoo import SandboxYahoo

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "prices" / "responses" / "yahoo"
MONDAY, FRIDAY = date(2025, 12, 8), date(2025, 12, 12)
NOON = datetime(2025, 12, 12, 17, 0, tzinfo=UTC)
SPLIT = split_action("ACME", date(2025, 12, 10), 4.0, "sandbox")
DIVIDEND = Action(
    ticker="ACME", ex_day=date(2025, 12, 9), kind=ActionKind.DIVIDEND, cash_usd=0.52, source="sec"
)
ACME = Listing(
    ticker="ACME",
    name="Acme Inc.",
    bars=wandering("ACME", MONDAY, FRIDAY, actions=[DIVIDEND, SPLIT]),
    actions=[DIVIDEND, SPLIT],
    forward_eps_usd=2.5,
)
Json = dict[str, Any]


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A client of a Yahoo at noon of a Friday, with a cookie."""
    with (
        SandboxYahoo(PriceMarket([ACME]), lambda: NOON) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        client.get("/")
        yield client


def chart(http: httpx.Client, symbol: str = "ACME", start: int = 0) -> httpx.Response:
    query = {"period1": str(start), "period2": str(int(NOON.timestamp()) + 1), "interval": "1d"}
    return http.get(f"/v8/finance/chart/{symbol}", params=query)


def quotes(http: httpx.Client, symbols: str = "ACME") -> httpx.Response:
    crumb = http.get("/v1/test/getcrumb").text
    return http.get("/v7/finance/quote", params={"symbols": symbols, "crumb": crumb})


def test_a_chart_is_adjusted_for_splits_as_of_now_and_tells_them(http: httpx.Client) -> None:
    (result,) = chart(http).json()["chart"]["result"]

    closes = result["indicators"]["quote"][0]["close"]
    assert closes[:3] == pytest.approx(
        [ACME.bars[0].close / 4, ACME.bars[1].close / 4, ACME.bars[2].close]
    )
    (split,) = result["events"]["splits"].values()
    assert (split["numerator"], split["denominator"], split["splitRatio"]) == (4, 1, "4:1")
    (dividend,) = result["events"]["dividends"].values()
    assert dividend["amount"] == pytest.approx(0.13)


def test_the_session_under_way_has_a_bar_at_the_time_of_its_last_trade(
    http: httpx.Client,
) -> None:
    (result,) = chart(http).json()["chart"]["result"]

    assert result["timestamp"][-1] == NOON.timestamp()
    assert len(result["timestamp"]) == 5


def test_an_unknown_symbol_and_an_empty_span_are_errors_of_a_chart(http: httpx.Client) -> None:
    unknown, empty = chart(http, "NOSUCH"), chart(http, start=int(NOON.timestamp()) + 1)

    assert (unknown.status_code, unknown.json()["chart"]["error"]["code"]) == (404, "Not Found")
    assert (empty.status_code, empty.json()["chart"]["error"]["code"]) == (400, "Bad Request")


def test_quotes_want_a_crumb_and_a_crumb_wants_a_cookie(http: httpx.Client) -> None:
    assert quotes(http).status_code == 200
    assert http.get("/v7/finance/quote", params={"symbols": "ACME"}).status_code == 401

    http.cookies.clear()

    assert http.get("/v1/test/getcrumb").status_code == 401
    assert quotes(http, "NOSUCH").status_code == 401


def test_an_unknown_symbol_has_no_quote(http: httpx.Client) -> None:
    assert quotes(http, "NOSUCH").json() == {"quoteResponse": {"result": [], "error": None}}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded prices")
def test_its_answers_have_no_field_that_was_not_recorded(http: httpx.Client) -> None:
    real = json.loads((RECORDED / "chart_v8_AAPL.json").read_text())["chart"]["result"][0]
    (made,) = chart(http).json()["chart"]["result"]
    assert set(made) <= set(real)
    assert set(made["meta"]) <= set(real["meta"])
    assert set(made["indicators"]["quote"][0]) == set(real["indicators"]["quote"][0])

    recorded = json.loads((RECORDED / "quote_v7_AAPL.json").read_text())
    (quote,) = quotes(http).json()["quoteResponse"]["result"]
    assert set(quote) <= set(recorded["quoteResponse"]["result"][0])
