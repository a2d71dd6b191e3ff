"""Folders of synthetic filings for tests of whole runs."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sandbox.filings import Company, Insider, Row, SyntheticFiling

OPENED = datetime(2025, 3, 3, 14, 30, tzinfo=UTC)
_SEVERAL = (Insider(cik="0009100001", name="Both Ada", director=True),)


def some_filings(count: int, *, seed: int = 1, companies: int = 12) -> list[SyntheticFiling]:
    """Random filings in the order of acceptance, many of them at one instant."""
    chance = random.Random(seed)
    accepted = OPENED
    filings = []
    for place in range(count):
        accepted += timedelta(minutes=chance.choice((0, 0, 1, 7, 240)))
        company = chance.randrange(companies)
        owner = chance.randrange(4)
        filings.append(
            SyntheticFiling(
                accession=f"0009999998-25-{place:06d}",
                accepted_at=accepted,
                company=Company(
                    cik=f"{9200000 + company:010d}", name=f"Issuer {company}", ticker=f"T{company}"
                ),
                owners=(
                    Insider(
                        cik=f"{9100010 + company * 10 + owner:010d}",
                        name=f"Owner {company} {owner}",
                        title=("Chief Executive Officer", "Chief Financial Officer", "", "")[owner],
                        director=owner > 1,
                    ),
                    *(_SEVERAL if chance.random() < 0.1 else ()),
                ),
                rows=[_row(chance, accepted) for _ in range(chance.choice((1, 1, 2, 5)))],
                plan=chance.choice((True, False, False, None)),
            )
        )
    return filings


def _row(chance: random.Random, accepted: datetime) -> Row:
    day = (accepted - timedelta(days=chance.choice((1, 2, 2, 30)))).date().isoformat()
    shares = chance.randrange(100, 200_000)
    return Row(
        code=chance.choice("SSSSPPPAFMG"),
        shares=str(shares),
        price=chance.choice((f"{chance.randrange(100, 9000) / 100:.2f}", "12.5", None)),
        day=day,
        after=str(chance.randrange(0, 500_000)),
    )


def write_filings(folder: Path, filings: list[SyntheticFiling]) -> None:
    """Write each as a full submission."""
    folder.mkdir(parents=True, exist_ok=True)
    for filing in filings:
        (folder / f"{filing.accession}.txt").write_bytes(filing.submission())


def with_symbol(filing: SyntheticFiling) -> SyntheticFiling:
    """TA, TB, TC: the SEC's map has no digits in symbols."""
    company = filing.company
    symbol = "T" + "ABC"[int(company.ticker[1:])]
    return replace(filing, company=replace(company, ticker=symbol))
