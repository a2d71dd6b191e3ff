"""A whole valuation: the article's funds and companies, and where each figure stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import VALUATION, Fact
from bot.valuation.company_facts import read_company_facts
from bot.valuation.funds import LossPolicy, fund_pe
from bot.valuation.priced import Forward, Known, holding_yield, priced
from bot.valuation.tables import read_fair_values, read_holdings, read_index_pes
from bot.valuation.values import Values, valuation_values
from tests.builders import instant
from tests.valuation.bars import closes
from tests.valuation.reports import Line, company, day, document, entry, split

ARTICLE = day("2025-09-16")
PES = read_index_pes(
    "ticker,as_of,pe_forward,pe_trailing,method,source\n"
    "IWM,2025-09-16,24.64,,losses excluded,ishares.com\n"
    "IWV,2025-09-16,22.32,,losses excluded,ishares.com\n"
    "SPY,2025-09-16,22.50,,all companies,ssga.com\n"
    "IWO,2025-09-16,36.38,,losses excluded,ishares.com\n",
    "pe.csv",
).rows


def a_fund(ticker: str) -> Known:
    return Known(
        ticker=ticker,
        bars=closes({"2025-09-16": 240.0}, ticker),
        index_pes=[row for row in PES if row.ticker == ticker],
    )


def of(known: Known, as_of: date, benchmark: Known | None = None) -> Values:
    """Values as a fact keeps them: its fields hold what they are declared to."""
    values = valuation_values(as_of, known, priced(benchmark, as_of) if benchmark else None)
    fact = Fact(
        kind=VALUATION,
        id=known.ticker,
        subject=known.ticker,
        known_at=instant(str(as_of)),
        values=values,
    )
    return dict(fact.values)


@pytest.mark.parametrize(
    ("ticker", "other", "ratio", "spread"),
    [("IWM", "SPY", 1.0951, 2.14), ("IWM", "IWV", 1.1039, 2.32), ("IWO", "SPY", 1.6169, 13.88)],
)
def test_a_fund_beside_another_as_the_article_tells(
    ticker: str, other: str, ratio: float, spread: float
) -> None:
    values = of(a_fund(ticker), ARTICLE, a_fund(other))

    assert values["pe_ratio"] == pytest.approx(ratio, abs=5e-5)
    assert values["pe_spread"] == pytest.approx(spread)
    assert (values["benchmark"], values["pe_ratio_of"]) == (other, "forward")
    assert values["pe_trailing"] is None
    assert values["source"] == "user"


def test_methods_that_differ_between_funds_are_marked() -> None:
    assert of(a_fund("IWM"), ARTICLE, a_fund("SPY"))["quality"] == "pe_methods_differ"
    assert of(a_fund("IWM"), ARTICLE, a_fund("IWV"))["quality"] is None


def test_a_told_pe_names_its_method_source_and_day() -> None:
    values = of(a_fund("IWM"), ARTICLE)

    assert values["pe_method"] == "forward: losses excluded, ishares.com, 2025-09-16"
    assert values["pe_forward_as_of"] == ARTICLE
    assert values["sources"]["pe_forward"] == {"row": "pe.csv:2"}


def test_a_pe_told_long_ago_is_not_todays() -> None:
    fund = replace(a_fund("IWM"), bars=closes({"2025-10-31": 245.0, "2025-11-03": 246.0}))

    assert of(fund, day("2025-10-31"))["pe_forward"] == 24.64  # 45 days
    assert of(fund, day("2025-11-03"))["pe_forward"] is None


def test_a_fund_is_not_its_own_benchmark() -> None:
    assert "pe_ratio" not in of(a_fund("SPY"), ARTICLE, a_fund("SPY"))


def test_five_years_of_told_pes_place_a_fund() -> None:
    months = [f"{2020 + n // 12}-{n % 12 + 1:02}-15" for n in range(8, 69)]  # to 2025-09-15
    text = "ticker,as_of,pe_forward,pe_trailing,method,source\n" + "".join(
        f"IWM,{at},{20 + n % 3},,m,s\n" for n, at in enumerate(months)
    )
    fund = replace(a_fund("IWM"), index_pes=read_index_pes(text, "pe.csv").rows)

    values = of(fund, ARTICLE)

    assert values["pe_forward"] == 20
    assert values["pe_percentile_5y"] == pytest.approx(100 / 3)
    assert values["pe_zscore_5y"] < 0


def test_pes_of_another_method_are_no_past_of_this_one() -> None:
    months = [f"{2020 + n // 12}-{n % 12 + 1:02}-15" for n in range(8, 69)]
    text = "ticker,as_of,pe_forward,pe_trailing,method,source\n" + "".join(
        f"IWM,{at},{20 + n % 3},,{'new' if n > 30 else 'old'},s\n" for n, at in enumerate(months)
    )
    fund = replace(a_fund("IWM"), index_pes=read_index_pes(text, "pe.csv").rows)

    assert of(fund, ARTICLE)["pe_percentile_5y"] is None  # 29 months


OKLO = company(
    Revenues=[
        ("2024-01-01", "2024-12-31", 0, "2025-03-24"),
        ("2024-01-01", "2024-06-30", 0, "2025-08-11"),
        ("2025-01-01", "2025-06-30", 0, "2025-08-11"),
    ],
    OperatingIncomeLoss=[
        ("2024-04-01", "2024-06-30", -17_800_000, "2025-08-11"),
        ("2025-04-01", "2025-06-30", -28_000_000, "2025-08-11"),
    ],
    NetIncomeLoss=[("2025-04-01", "2025-06-30", -24_700_000, "2025-08-11")],
    EarningsPerShareDiluted=[
        ("2024-01-01", "2024-12-31", -0.74, "2025-03-24"),
        ("2024-01-01", "2024-06-30", -0.5, "2025-08-11"),
        ("2025-01-01", "2025-06-30", -0.25, "2025-08-11"),
        ("2025-04-01", "2025-06-30", -0.18, "2025-08-11"),
    ],
    EntityCommonStockSharesOutstanding=[(None, "2025-03-21", 139_018_305, "2025-03-24")],
)
"""Made-up but for the loss of the quarter, the operating loss and the shares, as the article."""


def test_a_company_without_revenue_and_a_cap_of_sixteen_billion() -> None:
    known = Known(ticker="OKLO", bars=closes({"2025-09-26": 117.25}), company=OKLO, listed=True)

    values = of(known, day("2025-09-26"))

    assert values["market_cap_usd"] == 139_018_305 * 11_725  # $16.3bn
    assert values["revenue_ttm_usd"] == 0
    assert (values["pe_trailing"], values["pe_missing"]) == (None, "loss")
    assert values["eps_ttm_usd"] == pytest.approx(-0.49)
    assert values["eps_quarter_usd"] == -0.18
    assert values["operating_income_quarter_usd"] == -2_800_000_000
    assert values["operating_income_year_ago_usd"] == -1_780_000_000
    assert values["net_income_quarter_usd"] == -2_470_000_000
    assert values["quarter_end"] == day("2025-06-30")
    assert (values["listed"], values["source"], values["quality"]) == (True, "sec", None)


def test_each_figure_says_where_it_stands() -> None:
    known = Known(ticker="OKLO", bars=closes({"2025-09-26": 117.25}), company=OKLO)

    sources = of(known, day("2025-09-26"))["sources"]

    assert sources["shares_outstanding"] == [
        {
            "accession_number": "0000000001-25-032400",
            "concept": "dei:EntityCommonStockSharesOutstanding",
            "start": None,
            "end": "2025-03-21",
            "filed": "2025-03-24",
            "value": "139018305",
        }
    ]
    assert sources["revenue_ttm_usd"]["how"] == "FY+YTD-PY"
    assert [part["filed"] for part in sources["eps_ttm_usd"]] == [
        "2025-03-24",
        "2025-08-11",
        "2025-08-11",
    ]


def test_a_loss_still_has_a_yield_to_compare() -> None:
    as_of = day("2025-07-18")
    earner = Known(
        ticker="SPY",
        bars=closes({str(as_of): 100.0}),
        company=company(EarningsPerShareDiluted=[("2024-01-01", "2024-12-31", 5, "2025-06-20")]),
    )
    loser = Known(ticker="OKLO", bars=closes({str(as_of): 74.0}), company=OKLO)

    values = of(loser, as_of, earner)

    assert values["yield_spread"] == pytest.approx(-0.74 / 74 - 5 / 100)
    assert "pe_ratio" not in values
    assert of(loser, as_of, replace(earner, company=None))["yield_spread"] is None


@pytest.mark.parametrize(
    ("ticker", "fair", "close", "discount"),
    [("KLG", "27.8", 21.99, 0.209), ("ATRC", "45.9", 35.89, 0.218)],
)
def test_a_discount_to_fair_value(ticker: str, fair: str, close: float, discount: float) -> None:
    text = f"ticker,as_of,fair_value_usd,source\n{ticker},2025-09-05,{fair},Morningstar\n"
    known = Known(
        ticker=ticker,
        bars=closes({"2025-09-16": close}),
        fair_values=read_fair_values(text, "fair.csv").rows,
    )

    values = of(known, ARTICLE)

    assert values["fair_value_discount"] == pytest.approx(discount, abs=5e-4)
    assert values["fair_value_as_of"] == day("2025-09-05")
    assert values["sources"]["fair_value_usd"] == {"row": "fair.csv:2"}
    assert of(known, day("2025-09-04")).get("fair_value_usd") is None


def test_a_fair_value_from_before_a_split_is_put_on_the_new_basis() -> None:
    text = "ticker,as_of,fair_value_usd,source\nX,2025-09-05,100,y\n"
    known = Known(
        ticker="X",
        bars=closes({"2025-09-16": 20.0}),
        actions=[split("2025-09-10", 4)],
        fair_values=read_fair_values(text, "fair.csv").rows,
    )

    values = of(known, ARTICLE)

    assert (values["fair_value_usd"], values["fair_value_discount"]) == (25.0, pytest.approx(0.2))
    assert values["sources"]["fair_value_usd"] == {
        "row": "fair.csv:2",
        "how": "$100.00 in the file, on today's shares: ÷ 4 for splits since",
    }


@pytest.mark.parametrize(
    ("told", "discount", "marks"),
    [("2024-09-16", 0.8, None), ("2024-09-15", None, "fair_value_old")],
)
def test_a_fair_value_of_more_than_a_year_ago_makes_no_discount(
    told: str, discount: float | None, marks: str | None
) -> None:
    text = f"ticker,as_of,fair_value_usd,source\nX,{told},100,y\n"
    known = Known(
        ticker="X",
        bars=closes({"2025-09-16": 20.0}),
        fair_values=read_fair_values(text, "fair.csv").rows,
    )

    values = of(known, ARTICLE)

    assert (values["fair_value_usd"], values["fair_value_as_of"]) == (100.0, day(told))
    assert values["fair_value_discount"] == (discount and pytest.approx(discount))
    assert values["quality"] == marks


YEAR: list[Line] = [("2024-01-01", "2024-12-31", 2.0, "2025-02-20")]


def a_company(**more: object) -> Known:
    known = Known(
        ticker="X",
        bars=closes({"2025-03-03": 40.0}),
        company=company(EarningsPerShareDiluted=YEAR),
    )
    return replace(known, **more)  # type: ignore[arg-type]


def test_the_method_of_both_pes_is_one_line_to_read() -> None:
    forward = Forward(pe=16.0, method="next fiscal year", provider="yahoo", as_of=day("2025-03-03"))

    values = of(a_company(forward=forward), day("2025-03-03"))

    assert values["pe_method"] == (
        "GAAP diluted EPS of 4 quarters to 2024-12-31, filed 2025-02-20; "
        "forward: next fiscal year, yahoo, 2025-03-03"
    )
    assert values["implied_growth"] == pytest.approx(0.25)
    assert values["source"] == "sec yahoo"


@pytest.mark.parametrize(("row_day", "pe"), [("2025-03-02", 16.0), ("2025-03-03", 18.0)])
def test_the_newer_forward_pe_is_told_and_the_users_of_one_day(row_day: str, pe: float) -> None:
    text = f"ticker,as_of,pe_forward,pe_trailing,method,source\nX,{row_day},18,,m,s\n"
    forward = Forward(pe=16.0, method="next fiscal year", provider="yahoo", as_of=day("2025-03-03"))
    known = a_company(forward=forward, index_pes=read_index_pes(text, "pe.csv").rows)

    assert of(known, day("2025-03-03"))["pe_forward"] == pe


@pytest.mark.parametrize("pe", [0.0, -5.0, float("nan")])
def test_a_forward_pe_of_a_loss_is_none(pe: float) -> None:
    forward = Forward(pe=pe, method="next fiscal year", provider="yahoo", as_of=day("2025-03-03"))

    assert of(a_company(forward=forward), day("2025-03-03"))["pe_forward"] is None


def test_without_a_close_everything_of_the_price_is_unknown() -> None:
    values = of(a_company(), day("2025-03-04"))

    assert (values["close_usd"], values["pe_trailing"]) == (None, None)
    assert values["pe_missing"] == "no_price"
    assert values["eps_ttm_usd"] == 2.0
    assert values["market_cap_usd"] is None


def test_a_fund_of_companies_has_the_pe_of_their_earnings() -> None:
    holdings = read_holdings("ticker,weight\nX,95\nCASH,5\n", "iwm.csv").rows
    yields = {"X": holding_yield(a_company(), day("2025-03-03")) or 0.0}
    fund = Known(
        ticker="IWM",
        bars=closes({"2025-03-03": 240.0}),
        fund=fund_pe(holdings, yields, LossPolicy.EXCLUDED),
    )

    values = of(fund, day("2025-03-03"))

    assert values["pe_trailing"] == pytest.approx(20.0)
    assert values["pe_method"] == "harmonic mean of holdings, losses excluded, coverage 95 %"
    assert values["source"] == "user sec"


def test_the_next_results_are_told_in_days() -> None:
    known = a_company(results_days=[day("2024-03-14"), day("2024-11-14")])

    values = of(known, day("2025-03-03"))

    assert values["earnings_on"] == day("2025-03-13")
    assert values["days_to_earnings"] == 10
    assert values["earnings_confidence"] is None
    assert values["sources"]["earnings_on"] == {"how": "results of 2024-03-14 + 364 days"}


def test_a_company_that_reports_in_another_currency_has_no_figures_and_says_so() -> None:
    year = [entry("2024-01-01", "2024-12-31", 45, "2025-02-20")]
    body = document({("us-gaap:EarningsPerShareDiluted", "TWD/shares"): year})

    values = of(a_company(company=read_company_facts(body, "test")), day("2025-03-03"))

    assert (values["pe_trailing"], values["eps_ttm_usd"]) == (None, None)
    assert (values["pe_missing"], values["quality"]) == ("currency", "foreign_currency")


def test_a_last_quarter_reckoned_from_the_year_is_marked() -> None:
    months: list[Line] = [("2024-01-01", "2024-09-30", 1.4, "2024-11-05")]
    known = a_company(company=company(EarningsPerShareDiluted=YEAR + months))

    values = of(known, day("2025-03-03"))

    assert values["eps_quarter_usd"] == pytest.approx(0.6)
    assert values["quality"] == "eps_quarter_derived"
    assert values["sources"]["eps_quarter_usd"]["how"] == "FY-9M"


def test_of_an_unknown_ticker_nothing_is_told() -> None:
    values = of(Known(ticker="X", bars=closes({})), ARTICLE)

    known = {name: value for name, value in values.items() if value is not None}
    assert known == {"as_of": ARTICLE, "pe_missing": "no_facts"}


@given(st.integers(0, 300))
def test_reports_of_later_days_change_no_valuation(days: int) -> None:
    as_of = day("2025-01-02") + timedelta(days=days)
    bars = closes({str(as_of): 100.0})
    seen = {
        concept: tuple(each for each in told if each.filed <= as_of)
        for concept, told in OKLO.by_concept.items()
    }

    whole = of(Known(ticker="OKLO", bars=bars, company=OKLO), as_of)
    known = of(Known(ticker="OKLO", bars=bars, company=replace(OKLO, by_concept=seen)), as_of)

    assert whole == known
