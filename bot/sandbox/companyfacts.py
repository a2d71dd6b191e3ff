"""The XBRL facts of made-up reports, in the shape of the SEC's companyfacts API.

What a company has reported by a day is all that is told: a fact comes once for each report that
states it, with that report's fiscal year and period, as in the real documents.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

EPS, REVENUES, COST_OF_REVENUE, GROSS_PROFIT = (
    "EarningsPerShareDiluted",
    "Revenues",
    "CostOfRevenue",
    "GrossProfit",
)
OPERATING_INCOME, NET_INCOME = "OperatingIncomeLoss", "NetIncomeLoss"
_COVER = "EntityCommonStockSharesOutstanding"
_PER_SHARE = frozenset({EPS})

Span = tuple[date, date]
"""First and last day of a period."""
Fact = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A 10-K or 10-Q.

    figures: by period and us-gaap concept: USD, or USD a share.
    shares: outstanding on a day, as its cover states.
    """

    accession_number: str
    form: str
    filed: date
    fiscal_year: int
    fiscal_period: str
    figures: Mapping[Span, Mapping[str, float]]
    shares: tuple[date, int]

    def fact(self, value: float, end: date, start: date | None = None) -> Fact:
        """A figure of it, as companyfacts tells one."""
        told: Fact = {"start": start.isoformat()} if start else {}
        return told | {
            "end": end.isoformat(),
            "val": value,
            "accn": self.accession_number,
            "fy": self.fiscal_year,
            "fp": self.fiscal_period,
            "form": self.form,
            "filed": self.filed.isoformat(),
        }


def company_facts(cik: str, name: str, reports: Sequence[Report], by: date) -> bytes | None:
    """What a company has reported by a day; None where that is nothing."""
    filed = sorted((r for r in reports if r.filed <= by), key=lambda r: r.filed)
    if not filed:
        return None
    accounts: dict[str, list[Fact]] = {}
    for report in filed:
        for (start, end), figures in report.figures.items():
            for concept, value in figures.items():
                accounts.setdefault(concept, []).append(report.fact(value, end, start))
    covers = [report.fact(count, day) for report in filed for day, count in (report.shares,)]
    taxonomies = {
        "dei": {_COVER: _told(_COVER, "shares", covers)},
        "us-gaap": {
            concept: _told(concept, "USD/shares" if concept in _PER_SHARE else "USD", facts)
            for concept, facts in sorted(accounts.items())
        },
    }
    return json.dumps({"cik": int(cik), "entityName": name, "facts": taxonomies}).encode()


def _told(concept: str, unit: str, facts: list[Fact]) -> dict[str, Any]:
    """The facts of a concept; the last report of a period carries its frame."""
    last = {(fact.get("start"), fact["end"]): fact for fact in facts}
    for fact in last.values():
        if frame := _frame(fact):
            fact["frame"] = frame
    ordered = sorted(facts, key=lambda fact: (fact["end"], fact["filed"]))
    return {"label": concept, "description": "Synthetic example.", "units": {unit: ordered}}


def _frame(fact: Fact) -> str | None:
    """The calendar year or quarter of a fact; a half year or nine months have none."""
    end = date.fromisoformat(fact["end"])
    quarter = f"CY{end.year}Q{(end.month + 2) // 3}"
    if "start" not in fact:
        return f"{quarter}I"
    days = (end - date.fromisoformat(fact["start"])).days + 1
    if 350 <= days <= 380:
        return f"CY{end.year}"
    return quarter if 80 <= days <= 100 else None
