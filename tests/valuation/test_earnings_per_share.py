"""Trailing earnings a share and the P/E: figures of real reports, and what is missing and why."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.valuation.company_facts import read_company_facts
from bot.valuation.earnings_per_share import EpsHistory, Missing, earnings_yield, trailing_pe
from tests.valuation.reports import Line, company, day, document, entry, split

APPLE: list[Line] = [
    ("2018-09-30", "2019-06-29", 8.86, "2019-07-31"),
    ("2018-09-30", "2019-09-28", 11.89, "2019-10-31"),
    ("2018-09-30", "2019-06-29", 8.86, "2020-07-31"),
    ("2019-09-29", "2020-06-27", 10.16, "2020-07-31"),
    ("2020-03-29", "2020-06-27", 2.58, "2020-07-31"),
    ("2019-09-29", "2020-09-26", 3.28, "2020-10-30"),
    ("2023-10-01", "2024-06-29", 5.11, "2024-08-02"),
    ("2023-10-01", "2024-09-28", 6.08, "2024-11-01"),
    ("2024-09-29", "2024-12-28", 2.4, "2025-01-31"),
    ("2023-10-01", "2024-06-29", 5.11, "2025-08-01"),
    ("2024-09-29", "2025-06-28", 5.62, "2025-08-01"),
    ("2025-03-30", "2025-06-28", 1.57, "2025-08-01"),
    ("2024-09-29", "2025-09-27", 7.46, "2025-10-31"),
    ("2024-09-29", "2024-12-28", 2.4, "2026-01-30"),
    ("2025-09-28", "2025-12-27", 2.84, "2026-01-30"),
]
"""Diluted EPS of Apple Inc. as filed, some of it; 4-for-1 on 2020-08-31."""

NVIDIA: list[Line] = [
    ("2023-01-30", "2023-04-30", 0.82, "2023-05-26"),
    ("2023-01-30", "2024-01-28", 11.93, "2024-02-21"),
    ("2023-01-30", "2023-04-30", 0.82, "2024-05-29"),
    ("2024-01-29", "2024-04-28", 5.98, "2024-05-29"),
    ("2023-01-30", "2023-07-30", 0.33, "2024-08-28"),
    ("2024-01-29", "2024-07-28", 1.27, "2024-08-28"),
    ("2024-04-29", "2024-07-28", 0.67, "2024-08-28"),
    ("2024-01-29", "2025-01-26", 2.94, "2025-02-26"),
]
"""The same of NVIDIA; 10-for-1 on 2024-06-10."""

APPLE_SPLIT = split("2020-08-31", 4)
NVIDIA_SPLIT = split("2024-06-10", 10)


@pytest.mark.parametrize(
    ("as_of", "eps"),
    [
        ("2020-08-28", "13.19"),
        ("2020-08-31", "3.2975"),
        ("2020-10-30", "3.28"),
        ("2025-10-15", "6.59"),
        ("2025-11-20", "7.46"),
        ("2026-03-02", "7.90"),
    ],
)
def test_four_quarters_of_apple_are_what_its_reports_add_up_to(as_of: str, eps: str) -> None:
    history = EpsHistory(company(EarningsPerShareDiluted=APPLE), [APPLE_SPLIT])

    assert history.at(day(as_of)).eps_usd == Decimal(eps)


@pytest.mark.parametrize(
    ("as_of", "eps"),
    [
        ("2024-05-31", "17.09"),
        ("2024-06-10", "1.709"),
        ("2024-08-28", "2.133"),
        ("2025-02-26", "2.94"),
    ],
)
def test_filings_from_before_and_after_a_split_are_put_on_one_basis(as_of: str, eps: str) -> None:
    history = EpsHistory(company(EarningsPerShareDiluted=NVIDIA), [NVIDIA_SPLIT])

    assert history.at(day(as_of)).eps_usd == Decimal(eps)


def test_the_pe_of_apple_is_that_of_a_data_provider_of_the_day() -> None:
    earnings = EpsHistory(company(EarningsPerShareDiluted=APPLE)).at(day("2025-10-29"))

    pe, missing = trailing_pe(earnings, 269.70)

    assert pe == pytest.approx(40.92564, abs=5e-6)
    assert missing is None
    assert earnings.method == "GAAP diluted EPS of 4 quarters to 2025-06-28, filed 2025-08-01"


def test_the_pe_steps_at_a_split_only_as_the_price_moves() -> None:
    history = EpsHistory(company(EarningsPerShareDiluted=APPLE), [APPLE_SPLIT])

    before, _ = trailing_pe(history.at(day("2020-08-28")), 499.23)
    after, _ = trailing_pe(history.at(day("2020-08-31")), 129.04)

    assert before == pytest.approx(37.849, abs=5e-4)
    assert after == pytest.approx(39.133, abs=5e-4)


def test_a_spin_off_leaves_earnings_as_they_were_filed() -> None:
    spun = split("2020-08-31", 1.5, eps_ratio=1.0)

    history = EpsHistory(company(EarningsPerShareDiluted=APPLE), [spun])

    assert history.at(day("2020-08-31")).eps_usd == Decimal("13.19")


YEAR: Line = ("2024-01-01", "2024-12-31", 2.0, "2025-02-20")
QUARTER: Line = ("2025-01-01", "2025-03-31", 0.6, "2025-05-05")


@pytest.mark.parametrize(
    ("lines", "as_of", "missing"),
    [
        ([YEAR], "2025-02-19", Missing.NO_FACTS),
        ([QUARTER], "2025-05-05", Missing.INSUFFICIENT),
        ([YEAR], "2025-07-20", Missing.STALE),  # 201 days
        ([("2024-01-01", "2024-12-31", -0.5, "2025-02-20")], "2025-03-03", Missing.LOSS),
        ([("2024-01-01", "2024-12-31", 0, "2025-02-20")], "2025-03-03", Missing.LOSS),
    ],
)
def test_why_there_is_no_pe_is_told(lines: list[Line], as_of: str, missing: Missing) -> None:
    earnings = EpsHistory(company(EarningsPerShareDiluted=lines)).at(day(as_of))

    assert trailing_pe(earnings, 10.0) == (None, missing)


def test_stale_earnings_tell_their_period_and_no_figure() -> None:
    history = EpsHistory(company(EarningsPerShareDiluted=[YEAR]))

    assert history.at(day("2025-07-19")).eps_usd == 2  # 200 days
    assert history.at(day("2025-07-20")).eps_usd is None
    assert history.at(day("2025-07-20")).period_end == day("2024-12-31")


def test_a_loss_is_told_before_a_missing_price() -> None:
    loss = EpsHistory(
        company(EarningsPerShareDiluted=[("2024-01-01", "2024-12-31", -1, "2025-02-20")])
    ).at(day("2025-03-03"))
    gain = EpsHistory(company(EarningsPerShareDiluted=[YEAR])).at(day("2025-03-03"))

    assert loss.eps_usd == -1
    assert earnings_yield(loss, 20.0) == -0.05
    assert earnings_yield(loss, 0.0) is None
    assert trailing_pe(loss, None) == (None, Missing.LOSS)
    assert trailing_pe(gain, None) == (None, Missing.NO_PRICE)
    assert trailing_pe(gain, float("nan")) == (None, Missing.NO_PRICE)


def test_an_end_without_what_it_takes_gives_way_to_the_one_before() -> None:
    history = EpsHistory(company(EarningsPerShareDiluted=[YEAR, QUARTER]))

    assert history.at(day("2025-05-05")).period_end == day("2024-12-31")


def test_an_amended_report_counts_from_its_filing_on() -> None:
    amended: Line = ("2024-01-01", "2024-12-31", 1.5, "2025-04-01")
    history = EpsHistory(company(EarningsPerShareDiluted=[YEAR, amended]))

    assert history.at(day("2025-03-31")).eps_usd == 2
    assert history.at(day("2025-04-01")).eps_usd == Decimal("1.5")


def test_basic_and_diluted_in_one_line_are_diluted_earnings() -> None:
    history = EpsHistory(
        company(
            EarningsPerShareDiluted=[
                ("2024-01-01", "2024-03-31", 0.1, "2024-05-05"),
                ("2024-01-01", "2024-12-31", 0.5, "2025-02-20"),
            ],
            EarningsPerShareBasicAndDiluted=[("2025-01-01", "2025-03-31", -0.2, "2025-05-05")],
        )
    )

    earnings = history.at(day("2025-06-02"))

    assert earnings.eps_usd == Decimal("0.2")
    assert earnings.method is not None
    assert "basic and diluted" in earnings.method


def test_net_income_by_diluted_shares_stands_in_and_is_named() -> None:
    apple = company(
        NetIncomeLoss=[
            ("2024-09-29", "2024-12-28", 36_330_000_000, "2025-01-31"),
            ("2024-09-29", "2025-09-27", 112_010_000_000, "2025-10-31"),
            ("2025-09-28", "2025-12-27", 42_097_000_000, "2026-01-30"),
        ],
        WeightedAverageNumberOfDilutedSharesOutstanding=[
            ("2024-09-29", "2025-09-27", 15_004_697_000, "2025-10-31"),
            ("2025-09-28", "2025-12-27", 14_810_356_000, "2026-01-30"),
        ],
    )

    earnings = EpsHistory(apple).at(day("2026-03-02"))

    assert float(earnings.eps_usd or 0) == pytest.approx(7.952, abs=5e-4)
    assert "eps_from_net_income" in earnings.marks
    assert (earnings.method or "").startswith("GAAP net income of 4 quarters to 2025-12-27 ÷")


@pytest.mark.parametrize(
    ("count", "eps"),
    [(500, None), (249_999, None), (250_000, 4), (1_000_000, 1), (1_000_001, None)],
)
def test_a_count_of_shares_far_from_that_of_the_cover_makes_no_earnings_a_share(
    count: int, eps: float | None
) -> None:
    odd = company(
        NetIncomeLoss=[("2024-01-01", "2024-12-31", 1_000_000, "2025-02-20")],
        WeightedAverageNumberOfDilutedSharesOutstanding=[
            ("2024-01-01", "2024-12-31", count, "2025-02-20")
        ],
        EntityCommonStockSharesOutstanding=[(None, "2025-02-10", 500_000, "2025-02-20")],
    )

    earnings = EpsHistory(odd).at(day("2025-02-20"))

    assert earnings.eps_usd == eps
    assert earnings.missing == (Missing.INSUFFICIENT if eps is None else None)


def test_earnings_of_another_class_of_shares_make_no_pe() -> None:
    of_two_classes = company(
        NetIncomeLoss=[("2024-01-01", "2024-12-31", 89_000_000_000, "2025-02-24")],
        WeightedAverageNumberOfDilutedSharesOutstanding=[
            ("2024-01-01", "2024-12-31", 1_438_000, "2025-02-24")
        ],
    )

    earnings = EpsHistory(of_two_classes).at(day("2025-03-03"))

    assert trailing_pe(earnings, 520.0) == (None, Missing.INSUFFICIENT)
    assert earnings_yield(earnings, 520.0) is None
    assert trailing_pe(earnings, 780_000.0)[0] == pytest.approx(12.6, abs=0.01)


TAIWAN = ("ifrs-full:DilutedEarningsLossPerShare", "TWD/shares")
DOLLARS = ("ifrs-full:DilutedEarningsLossPerShare", "USD/shares")


def test_earnings_in_another_currency_make_no_pe() -> None:
    told = [entry("2024-01-01", "2024-12-31", 40, "2025-02-20")]
    translated = [entry("2024-01-01", "2024-12-31", 1.2, "2025-02-20")]
    facts = read_company_facts(document({TAIWAN: told, DOLLARS: translated}), "test")

    earnings = EpsHistory(facts).at(day("2025-03-03"))

    assert earnings.missing == Missing.CURRENCY
    assert earnings.eps_usd is None


def test_a_company_that_has_changed_to_dollars_is_valued_in_them() -> None:
    past = [entry(f"{y}-01-01", f"{y}-12-31", 40, f"{y + 1}-02-20") for y in range(2015, 2024)]
    now = [entry("2024-01-01", "2024-12-31", 1.2, "2025-02-20")]
    history = EpsHistory(read_company_facts(document({TAIWAN: past, DOLLARS: now}), "test"))

    assert history.at(day("2025-02-19")).missing == Missing.CURRENCY
    assert history.at(day("2025-02-20")).eps_usd == Decimal("1.2")


def test_ifrs_earnings_in_dollars_are_used_and_named() -> None:
    body = document(
        {
            ("ifrs-full:DilutedEarningsLossPerShare", "USD/shares"): [
                entry("2024-01-01", "2024-12-31", 4, "2025-02-20", form="40-F")
            ]
        }
    )

    earnings = EpsHistory(read_company_facts(body, "test")).at(day("2025-03-03"))

    assert trailing_pe(earnings, 40.0) == (10.0, None)
    assert earnings.method == "IFRS diluted EPS of 4 quarters to 2024-12-31, filed 2025-02-20"


def test_an_issuer_of_depositary_shares_has_earnings_and_no_pe() -> None:
    foreign = company(form="20-F", EarningsPerShareDiluted=[YEAR])

    earnings = EpsHistory(foreign).at(day("2025-03-03"))

    assert earnings.eps_usd == 2
    assert trailing_pe(earnings, 40.0) == (None, Missing.DEPOSITARY)
    assert earnings.marks == ("may_be_per_ordinary_share",)


_TOLD = sorted(APPLE, key=lambda line: line[3])


@given(st.integers(0, 2500))
def test_what_is_filed_later_never_changes_what_was_known(days: int) -> None:
    as_of = day("2019-08-01") + timedelta(days=days)
    until_then = [line for line in _TOLD if day(line[3]) <= as_of]

    whole = EpsHistory(company(EarningsPerShareDiluted=_TOLD), [APPLE_SPLIT]).at(as_of)
    known = EpsHistory(company(EarningsPerShareDiluted=until_then), [APPLE_SPLIT]).at(as_of)

    assert whole == known


@given(st.sampled_from([2, 3, 4, 10, 0.125, 1.5]), st.integers(0, 60))
def test_a_split_changes_no_pe_but_by_the_price(ratio: float, days: int) -> None:
    ex_day = day("2025-08-02") + timedelta(days=days)
    company_facts = company(EarningsPerShareDiluted=APPLE)

    whole = EpsHistory(company_facts).at(ex_day)
    rebased = EpsHistory(company_facts, [split(str(ex_day), ratio)]).at(ex_day)

    before = trailing_pe(whole, 240.0)[0]
    assert trailing_pe(rebased, 240.0 / ratio)[0] == pytest.approx(before, rel=1e-12)
