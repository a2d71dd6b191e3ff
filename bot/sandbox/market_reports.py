"""What the companies of the made-up market have reported: one without revenue, one that grows.

Oklo's loss of the second quarter of 2025, $24.7M or $0.18 a share, its operating loss and the
shares on the cover of its 10-K follow the market article that the project started from; the rest
is made up.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.sandbox.companyfacts import (
    COST_OF_REVENUE,
    EPS,
    GROSS_PROFIT,
    NET_INCOME,
    OPERATING_INCOME,
    REVENUES,
    Report,
    Span,
)
from bot.sandbox.market import NORTHWIND, OKLO

_MILLION = 1_000_000
_GROSS_MARGIN_PER_MILLE = 747


def _year(of: int) -> Span:
    return date(of, 1, 1), date(of, 12, 31)


def _half(of: int) -> Span:
    return date(of, 1, 1), date(of, 6, 30)


def _second_quarter(of: int) -> Span:
    return date(of, 4, 1), date(of, 6, 30)


def _loss(net_musd: float, operating_musd: float, eps: float) -> dict[str, float]:
    """Of a company without revenue; losses are positive here and negative as told."""
    return {
        REVENUES: 0,
        OPERATING_INCOME: -round(operating_musd * _MILLION),
        NET_INCOME: -round(net_musd * _MILLION),
        EPS: -eps,
    }


def _growth(revenue_usd: int, eps: float) -> dict[str, float]:
    """Three quarters of the revenue are gross profit."""
    gross_usd = revenue_usd * _GROSS_MARGIN_PER_MILLE // 1000
    return {
        REVENUES: revenue_usd,
        COST_OF_REVENUE: revenue_usd - gross_usd,
        GROSS_PROFIT: gross_usd,
        EPS: eps,
    }


_OKLO = (
    Report(
        accession_number="0009999999-25-900001",
        form="10-K",
        filed=date(2025, 3, 24),
        fiscal_year=2024,
        fiscal_period="FY",
        figures={_year(2023): _loss(32.2, 18.6, 0.47), _year(2024): _loss(73.6, 52.8, 0.74)},
        shares=(date(2025, 3, 21), 139_018_305),
    ),
    Report(
        accession_number="0009999999-25-900002",
        form="10-Q",
        filed=date(2025, 8, 11),
        fiscal_year=2025,
        fiscal_period="Q2",
        figures={
            _half(2024): _loss(51.3, 25.2, 0.57),
            _second_quarter(2024): _loss(27.3, 17.8, 0.30),
            _half(2025): _loss(34.5, 45.9, 0.25),
            _second_quarter(2025): _loss(24.7, 28.0, 0.18),
        },
        shares=(date(2025, 8, 7), 147_600_000),
    ),
)

_NORTHWIND = (
    Report(
        accession_number="0009999999-24-900003",
        form="10-K",
        filed=date(2024, 2, 27),
        fiscal_year=2023,
        fiscal_period="FY",
        figures={_year(2023): _growth(400_000_000, 0.44)},
        shares=(date(2024, 2, 20), 46_100_000),
    ),
    Report(
        accession_number="0009999999-24-900004",
        form="10-Q",
        filed=date(2024, 8, 1),
        fiscal_year=2024,
        fiscal_period="Q2",
        figures={
            _half(2023): _growth(190_000_000, 0.20),
            _half(2024): _growth(200_000_000, 0.28),
            _second_quarter(2024): _growth(104_000_000, 0.15),
        },
        shares=(date(2024, 7, 26), 46_800_000),
    ),
    Report(
        accession_number="0009999999-25-900005",
        form="10-K",
        filed=date(2025, 2, 25),
        fiscal_year=2024,
        fiscal_period="FY",
        figures={_year(2024): _growth(444_230_000, 0.62)},
        shares=(date(2025, 2, 18), 47_200_000),
    ),
    Report(
        accession_number="0009999999-25-900006",
        form="10-Q",
        filed=date(2025, 7, 31),
        fiscal_year=2025,
        fiscal_period="Q2",
        figures={
            _half(2024): _growth(200_000_000, 0.28),
            _half(2025): _growth(232_600_000, 0.41),
            _second_quarter(2025): _growth(120_952_000, 0.22),
        },
        shares=(date(2025, 7, 25), 47_900_000),
    ),
)

REPORTS: Mapping[str, Sequence[Report]] = {OKLO.cik: _OKLO, NORTHWIND.cik: _NORTHWIND}
"""By CIK.  Over twelve months to June 2025 Northwind's revenue is 16.3 % above the year before."""
