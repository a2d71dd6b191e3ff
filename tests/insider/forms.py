"""Made-up filings read back: builders fill the dull fields."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.insider.filing import Filing
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.sources.edgar.ownership import read_filing

ACCEPTED = datetime(2025, 9, 23, 22, 2, 11, tzinfo=UTC)
COMPANY = Company(cik="0001849056", name="Oklo Inc.", ticker="OKLO")
JANE = Insider(cik="0007654321", name="DOE JANE", title="Chief Financial Officer")


def a_row(code: str = "S", **values: Any) -> Row:
    return Row(**{"shares": "100", "price": "10", "day": "2025-09-19", "after": "900", **values},
               code=code)  # fmt: skip


def a_form(*rows: Row, **values: Any) -> SyntheticFiling:
    filled: dict[str, Any] = {
        "accession": "0001849056-25-000123",
        "accepted_at": ACCEPTED,
        "company": COMPANY,
        "owners": (JANE,),
        "remarks": "",
    }
    return SyntheticFiling(**{**filled, **values}, rows=rows or (a_row(),))


def a_filing(*rows: Row, **values: Any) -> Filing:
    """A made-up filing as it is read from its full submission."""
    return read_filing(a_form(*rows, **values).submission(), name="form4.txt")


def lots(prices: Sequence[str], **values: Any) -> list[Row]:
    """Rows that differ in their prices only."""
    return [a_row(price=price, **values) for price in prices]
