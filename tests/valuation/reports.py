"""Companyfacts for tests: a small document of the SEC's shape, made of short lines."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.prices.bars import Action, ActionKind
from bot.valuation.company_facts import CompanyFacts, read_company_facts

Line = tuple[str | None, str, str | float | int, str]
"""First day (None: of a day), last day, value, day of filing."""

DILUTED = "us-gaap:EarningsPerShareDiluted"


def day(text: str) -> date:
    return date.fromisoformat(text)


def entry(start: str | None, end: str, val: Any, filed: str, form: str = "10-Q") -> dict[str, Any]:
    """One entry as the SEC writes it."""
    told = {
        "end": end,
        "val": val,
        "accn": f"0000000001-{filed[2:4]}-{filed[5:7]}{filed[8:]}00",
        "fy": 1,
        "fp": "Q1",
        "form": form,
        "filed": filed,
    }
    return told if start is None else {"start": start, **told}


def document(concepts: dict[tuple[str, str], list[dict[str, Any]]], cik: Any = 1) -> bytes:
    """The whole document; concepts by name and unit."""
    facts: dict[str, Any] = {}
    for (concept, unit), entries in concepts.items():
        taxonomy, name = concept.split(":")
        told = facts.setdefault(taxonomy, {}).setdefault(name, {"label": name, "units": {}})
        told["units"][unit] = entries
    return json.dumps({"cik": cik, "entityName": "Example Inc", "facts": facts}).encode()


def company(
    by_name: Mapping[str, list[Line]] | None = None, *, form: str = "10-Q", **concepts: list[Line]
) -> CompanyFacts:
    """A company by its figures; taxonomy and unit go by the concept's name."""
    told = {}
    for name, lines in {**(by_name or {}), **concepts}.items():
        taxonomy = "dei" if name.startswith("Entity") else "us-gaap"
        told[f"{taxonomy}:{name}", _unit(name)] = [entry(*line, form=form) for line in lines]
    return read_company_facts(document(told), "test")


def _unit(name: str) -> str:
    if name.startswith("EarningsPerShare"):
        return "USD/shares"
    return "shares" if "Shares" in name else "USD"


def split(ex_day: str, ratio: float, *, eps_ratio: float | None = None) -> Action:
    return Action(
        ticker="X",
        ex_day=day(ex_day),
        kind=ActionKind.SPLIT,
        price_ratio=ratio,
        eps_ratio=ratio if eps_ratio is None else eps_ratio,
        source="test",
    )
