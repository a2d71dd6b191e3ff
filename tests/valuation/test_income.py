"""Revenue, its growth, margins and the newest quarter, of small companies with known sums."""

import pytest

from bot.valuation.company_facts import CompanyFacts, read_company_facts
from bot.valuation.income import newest_quarter, revenue
from tests.valuation.reports import Line, company, day, document, entry, split

YEARS: list[Line] = [
    ("2023-01-01", "2023-12-31", 80_000, "2024-02-20"),
    ("2023-01-01", "2023-03-31", 18_000, "2024-05-03"),
    ("2024-01-01", "2024-03-31", 24_000, "2024-05-03"),
    ("2024-01-01", "2024-09-30", 75_000, "2024-11-03"),
    ("2024-01-01", "2024-12-31", 100_000, "2025-02-20"),
    ("2024-01-01", "2024-03-31", 24_000, "2025-05-03"),
    ("2025-01-01", "2025-03-31", 30_000, "2025-05-03"),
]


def test_revenue_grows_against_the_four_quarters_before() -> None:
    told = revenue(company(Revenues=YEARS), day("2025-06-02"))

    assert told.total is not None
    assert told.before is not None
    assert told.total.value == 106_000  # 100 + 30 - 24
    assert told.before.value == 86_000  # 80 + 24 - 18
    assert told.growth == pytest.approx(106 / 86 - 1)


def test_growth_from_no_revenue_is_unknown() -> None:
    from_nothing: list[Line] = [
        ("2023-01-01", "2023-12-31", 0, "2024-02-20"),
        ("2024-01-01", "2024-12-31", 100_000, "2025-02-20"),
    ]

    assert revenue(company(Revenues=from_nothing), day("2025-03-03")).growth is None


def test_revenue_filed_before_the_day_counts_and_later_revenue_does_not() -> None:
    told = revenue(company(Revenues=YEARS), day("2025-05-02"))

    assert told.total is not None
    assert told.total.value == 100_000


def test_a_company_that_changes_the_concept_is_followed() -> None:
    changed = company(
        SalesRevenueNet=[line for line in YEARS if line[3] < "2025-03-01"],
        RevenueFromContractWithCustomerExcludingAssessedTax=YEARS[-2:],
    )

    told = revenue(changed, day("2025-06-02"))

    assert told.total is not None
    assert told.total.value == 106_000
    assert {part.concept for part in told.total.parts} == {
        "us-gaap:SalesRevenueNet",
        "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
    }


def test_the_total_is_taken_and_not_the_part_from_contracts() -> None:
    lessor = company(
        RevenueFromContractWithCustomerExcludingAssessedTax=[
            (start, end, int(value) // 2, filed) for start, end, value, filed in YEARS
        ],
        Revenues=YEARS,
    )

    told = revenue(lessor, day("2025-06-02"))

    assert told.total is not None
    assert told.total.value == 106_000


def test_a_revenue_told_as_nothing_is_nothing() -> None:
    none: list[Line] = [("2024-01-01", "2024-12-31", 0, "2025-02-20")]

    told = revenue(company(Revenues=none, GrossProfit=none), day("2025-03-03"))

    assert told.total is not None
    assert told.total.value == 0
    assert not told.inferred
    assert told.margin is None


LOSS: list[Line] = [("2024-01-01", "2024-12-31", -28_000, "2025-02-20")]
EXPENSES: list[Line] = [("2024-01-01", "2024-12-31", 28_000, "2025-02-20")]


def test_expenses_that_are_the_whole_loss_leave_no_room_for_revenue() -> None:
    told = revenue(company(OperatingIncomeLoss=LOSS, OperatingExpenses=EXPENSES), day("2025-03-03"))

    assert told.total is not None
    assert told.total.value == 0
    assert told.inferred
    assert [part.concept for part in told.total.parts] == [
        "us-gaap:OperatingIncomeLoss",
        "us-gaap:OperatingExpenses",
    ]


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"OperatingExpenses": [("2024-01-01", "2024-12-31", 28_001, "2025-02-20")]},
        {"OperatingExpenses": [("2023-01-01", "2023-12-31", 28_000, "2024-02-20")]},
        {
            "OperatingExpenses": EXPENSES,
            "Revenues": [("2024-01-01", "2024-03-31", 5, "2024-05-03")],
        },
    ],
)
def test_a_loss_without_that_proof_says_nothing_of_revenue(other: dict[str, list[Line]]) -> None:
    told = revenue(company({"OperatingIncomeLoss": LOSS, **other}), day("2025-03-03"))

    assert told.total is None


def test_old_revenue_is_not_todays() -> None:
    assert revenue(company(Revenues=YEARS), day("2025-10-17")).total is not None  # 200 days
    assert revenue(company(Revenues=YEARS), day("2025-10-18")).total is None


def test_a_margin_is_gross_profit_by_revenue() -> None:
    told = revenue(
        company(
            Revenues=YEARS,
            GrossProfit=[(s, e, int(v) * 3 // 4, filed) for s, e, v, filed in YEARS],
        ),
        day("2025-06-02"),
    )

    assert told.margin == pytest.approx(0.75)


def test_without_gross_profit_the_cost_gives_the_margin() -> None:
    told = revenue(
        company(
            Revenues=YEARS,
            CostOfRevenue=[(s, e, int(v) // 4, filed) for s, e, v, filed in YEARS],
        ),
        day("2025-06-02"),
    )

    assert told.margin == pytest.approx(0.75)
    assert told.gross is not None
    assert told.gross.how == "revenue - cost"


@pytest.mark.parametrize(("more", "margin"), [(0, 1.0), (1, None)])
def test_a_gross_profit_above_the_revenue_gives_no_margin(more: int, margin: float | None) -> None:
    year: list[Line] = [("2024-01-01", "2024-12-31", 100 + more, "2025-02-20")]
    sold: list[Line] = [("2024-01-01", "2024-12-31", 100, "2025-02-20")]

    assert revenue(company(Revenues=sold, GrossProfit=year), day("2025-03-03")).margin == margin


def test_a_gross_profit_of_other_quarters_gives_no_margin() -> None:
    told = revenue(company(Revenues=YEARS, GrossProfit=YEARS[:5]), day("2025-06-02"))

    assert told.margin is None


def test_the_newest_quarter_and_that_of_a_year_before() -> None:
    quarter = newest_quarter(
        company(
            OperatingIncomeLoss=YEARS,
            NetIncomeLoss=YEARS,
            EarningsPerShareDiluted=[
                ("2024-04-01", "2024-06-30", -0.1, "2024-08-05"),
                ("2025-04-01", "2025-06-30", -0.18, "2025-08-05"),
            ],
        ),
        [],
        day("2025-06-02"),
    )

    assert quarter.end == day("2025-03-31")
    assert quarter.operating is not None
    assert quarter.operating_before is not None
    assert quarter.operating.value == 30_000
    assert quarter.operating_before.value == 24_000
    assert quarter.eps is None  # of June, filed later


def test_the_last_quarter_of_a_year_is_the_year_less_nine_months() -> None:
    quarter = newest_quarter(company(NetIncomeLoss=YEARS), [], day("2025-03-03"))

    assert quarter.end == day("2024-12-31")
    assert quarter.net is not None
    assert quarter.net.value == 25_000
    assert quarter.net.how == "FY-9M"


def test_a_quarter_of_201_days_ago_is_not_the_newest() -> None:
    assert newest_quarter(company(NetIncomeLoss=YEARS), [], day("2025-10-17")).end is not None
    assert newest_quarter(company(NetIncomeLoss=YEARS), [], day("2025-10-18")).end is None


def test_figures_of_an_older_quarter_do_not_pass_for_the_newest() -> None:
    quarter = newest_quarter(
        company(NetIncomeLoss=YEARS, OperatingIncomeLoss=YEARS[:5]), [], day("2025-06-02")
    )

    assert quarter.net is not None
    assert quarter.operating is None


def test_quarters_on_both_sides_of_a_split_are_of_one_basis() -> None:
    quarter = newest_quarter(
        company(
            EarningsPerShareDiluted=[
                ("2024-04-01", "2024-06-30", 1.0, "2024-08-05"),
                ("2025-04-01", "2025-06-30", 0.3, "2025-08-05"),
            ]
        ),
        [split("2025-07-01", 4)],
        day("2025-09-01"),
    )

    assert quarter.eps is not None
    assert quarter.eps_before is not None
    assert float(quarter.eps.value) == 0.3
    assert float(quarter.eps_before.value) == 0.25


def a_foreigner() -> CompanyFacts:
    year = [entry("2024-01-01", "2024-12-31", 9, "2025-02-20", form="20-F")]
    return read_company_facts(document({("ifrs-full:Revenue", "EUR"): year}), "test")


def test_figures_in_another_currency_are_unknown() -> None:
    assert revenue(a_foreigner(), day("2025-03-03")).total is None
    assert newest_quarter(a_foreigner(), [], day("2025-03-03")).end is None
