"""Made-up notices of sale and the trades that follow: builders fill the dull fields."""

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.filings import SyntheticFiling
from bot.sandbox.notices import SyntheticLot, SyntheticNotice
from tests.insider.forms import COMPANY, JANE, a_form, a_row

NOTICED = datetime(2025, 9, 2, 20, 30, tzinfo=UTC)
"""Acceptance of a notice: 16:30 in New York."""


def a_lot(**values: Any) -> SyntheticLot:
    filled = {"shares": "1000", "value": "70000.00", "planned_on": "09/02/2025", **values}
    return SyntheticLot(**filled)


def a_notice(*lots: SyntheticLot, **values: Any) -> SyntheticNotice:
    filled: dict[str, Any] = {
        "accession": "0001849056-25-000900",
        "accepted_at": NOTICED,
        "company": COMPANY,
        "seller": JANE,
    }
    return SyntheticNotice(**{**filled, **values}, lots=lots or (a_lot(),))


def a_sale(day: str, shares: str, price: str = "70", **values: Any) -> SyntheticFiling:
    """A Form 4 that tells an open-market sale the evening of its day."""
    month_day = day[5:].replace("-", "")
    filled: dict[str, Any] = {
        "accession": f"0001849056-25-01{month_day}",
        "accepted_at": datetime.fromisoformat(f"{day}T20:45:00+00:00"),
        **values,
    }
    return a_form(a_row(shares=shares, price=price, day=day, after="5000"), **filled)
