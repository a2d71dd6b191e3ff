"""A ledger for tests: filings written from a few words and read one after the other."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.facts import INSIDER_TRADE
from bot.pipeline import EDGAR, read_documents
from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling
from bot.store import NewDocument, Store, loaded

OKLO = Company(cik="0001849056", name="Oklo Inc.", ticker="OKLO")
DEWITTE = Insider(
    cik="0001859751", name="DeWitte Jacob", title="Chief Executive Officer", director=True
)
COCHRAN = Insider(
    cik="0001859752", name="Cochran Caroline", title="Chief Operating Officer", director=True
)
KLEIN = Insider(cik="0001234099", name="Klein Michael Stuart", director=True)
NOON = datetime(2025, 6, 13, 17, tzinfo=UTC)


def sale(shares: object, price: object, **told: Any) -> Row:
    told = {"code": "S", "day": "2025-06-11", "after": "1000000", **told}
    return Row(shares=str(shares), price=str(price), **told)


def form(place: int, owner: Insider, *rows: Row, **told: Any) -> SyntheticFiling:
    """A filing accepted so many minutes after noon."""
    told = {"owners": [owner], "company": OKLO, **told}
    return SyntheticFiling(
        accession=f"0009999999-25-{place:06d}",
        accepted_at=told.pop("at", NOON) + timedelta(minutes=place),
        rows=rows,
        **told,
    )


def amendment(place: int, owner: Insider, *rows: Row, **told: Any) -> SyntheticFiling:
    return form(place, owner, *rows, **{"form": "4/A", "original_filed_on": "2025-06-13", **told})


class Ledger:
    """Filings read in the order given, one after the other."""

    def __init__(self, *filings: SyntheticFiling) -> None:
        self.store = Store(None)
        for filing in filings:
            self.read(filing)

    def read(self, filing: SyntheticFiling) -> None:
        name = filing.accession
        document = NewDocument(source=EDGAR, key=name, name=name, body=filing.submission())
        self.store.documents.add([document], seen_at=NOON)
        assert read_documents(self.store).unreadable == 0

    def facts(self) -> list[dict[str, Any]]:
        """All facts in the order of their arrival, with whether they count."""
        rows = sorted(self.store.facts.select(INSIDER_TRADE), key=lambda row: row["seq"])
        return [{**loaded(INSIDER_TRADE, row), "counts": row["gone_seq"] is None} for row in rows]

    def counted(self) -> list[dict[str, Any]]:
        return [fact for fact in self.facts() if fact["counts"]]

    def total(self) -> Counter[tuple[Any, ...]]:
        """Cents and shares that are counted, by how they were coded."""
        found: Counter[tuple[Any, ...]] = Counter()
        for fact in self.counted():
            for what in ("value_usd", "shares"):
                found[fact["code"], what] += round(fact[what] or 0)
        return +found


def household() -> tuple[SyntheticFiling, SyntheticFiling]:
    """Each spouse files an own lot as direct, the other's as indirect: trap 1."""
    his = sale("22000", "56.28240", after="10890000")
    hers = sale("22000", "56.28241", after="11200000")
    return (
        form(1, DEWITTE, his, replace(hers, nature="By Caroline Cochran")),
        form(2, COCHRAN, replace(his, nature="By Jacob DeWitte"), hers),
    )
