"""Real reports and prices for tests that are skipped where they are not: BOT_TEST_DATA."""

import csv
import gzip
import math
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bot.prices.bars import Action, ActionKind, Bars
from bot.valuation.company_facts import CompanyFacts, read_company_facts
from tests.valuation.reports import day

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "prices"

needs_recorded = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="no recorded prices; name their folder's parent in BOT_TEST_DATA"
)

CIKS = {"AAPL": "0000320193", "NVDA": "0001045810"}


def rows(name: str) -> Iterator[dict[str, str]]:
    path = RECORDED / name
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


@cache
def recorded_company(ticker: str) -> CompanyFacts:
    path = RECORDED / "companyfacts" / f"CIK{CIKS[ticker]}.json.gz"
    return read_company_facts(gzip.decompress(path.read_bytes()), path.name, cik=CIKS[ticker])


@cache
def recorded_actions(ticker: str) -> tuple[Action, ...]:
    return tuple(
        Action(
            ticker=ticker,
            ex_day=day(row["ex_date"]),
            kind=ActionKind(row["kind"]),
            price_ratio=float(row["price_ratio"]),
            eps_ratio=float(row["eps_ratio"]),
            source="recorded",
        )
        for row in rows("actions/splits.csv")
        if row["ticker"] == ticker
    )


@cache
def closes_as_traded(ticker: str) -> Bars:
    """Closes alone, each times the price ratios of the actions after it."""
    own = [row for row in rows("bars/daily.csv.gz") if row["ticker"] == ticker]
    days = [day(row["date"]) for row in own]
    close = np.array(
        [
            float(row["close"])
            * math.prod(a.price_ratio for a in recorded_actions(ticker) if a.ex_day > at)
            for row, at in zip(own, days, strict=True)
        ]
    )
    unknown = np.full(len(own), np.nan)
    return Bars(
        ticker=ticker,
        days=np.array([at.toordinal() for at in days], dtype=np.int32),
        open=unknown,
        high=unknown,
        low=unknown,
        close=close,
        volume=unknown,
    )
