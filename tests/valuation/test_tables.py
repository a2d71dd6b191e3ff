"""The user's tables: good rows are used, each bad one is told with its line and its mend."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.valuation.tables import Table, read_fair_values, read_holdings, read_index_pes
from tests.valuation.reports import day

PES = "ticker,as_of,pe_forward,pe_trailing,method,source\n"
FAIR = "ticker,as_of,fair_value_usd,source\n"


def only_problem(table: Table[Any]) -> ConfigError:
    (problem,) = table.problems
    return problem


def test_pes_are_read_with_their_method_and_day() -> None:
    table = read_index_pes(
        PES + "IWM,2025-09-16,24.64,,losses excluded,ishares.com\nspy,2025-09-16,22.50,27.1,,\n",
        "pe.csv",
    )

    iwm, spy = table.rows
    assert table.problems == ()
    assert (iwm.ticker, iwm.as_of, iwm.pe_forward) == ("IWM", day("2025-09-16"), 24.64)
    assert (iwm.pe_trailing, iwm.method, iwm.where) == (None, "losses excluded", "pe.csv:2")
    assert (spy.ticker, spy.pe_trailing, spy.method) == ("SPY", 27.1, "method not told")


def test_a_pe_of_zero_is_missing_and_says_so() -> None:
    table = read_index_pes(PES + "SPX,2023-10-01,0.0,,x,shiller\nSPX,2023-06-01,,25,x,y\n", "p.csv")

    assert [row.as_of for row in table.rows] == [day("2023-06-01")]
    assert str(only_problem(table)) == (
        "p.csv:2: pe_forward is 0.0\n"
        "  mend: leave it empty where it is not known: 0 is no P/E, and a loss has none"
    )


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("IWM,16.09.2025,24.64,,x,y", "as_of is no day: '16.09.2025'"),
        ("IWM,2025-9-16,24.64,,x,y", "as_of is no day: '2025-9-16'"),
        ("IWM,2025-09-31,24.64,,x,y", "as_of is no day: '2025-09-31'"),
        ("IWM,2025-09-16,24.64x,,x,y", "pe_forward is no number: '24.64x'"),
        ("IWM,2025-09-16,nan,,x,y", "pe_forward is no number: 'nan'"),
        ("IWM,2025-09-16,-3,,x,y", "pe_forward is -3"),
        ("IWM,2025-09-16,,,x,y", "no P/E"),
        (",2025-09-16,24.64,,x,y", "no ticker"),
        ("IWM,2025-09-16,24,64,,x,y", "7 cells under 6 headings"),
        ("IWM,2025-09-16", "2 cells under 6 headings"),
        ("SPY,2025-09-16,22.5,,x,y", "an earlier line tells the same of the same day"),
    ],
)
def test_a_bad_row_is_located_and_the_others_are_used(row: str, what: str) -> None:
    table = read_index_pes(PES + "SPY,2025-09-16,22.50,,x,y\n\n" + row + "\n", "pe.csv")

    problem = only_problem(table)
    assert (problem.what, problem.where) == (what, "pe.csv:4")
    assert problem.mend
    assert [(each.ticker, each.pe_forward) for each in table.rows] == [("SPY", 22.5)]


@pytest.mark.parametrize(
    ("heading", "what", "mend"),
    [
        ("ticker,as_of,pe_foward", "unknown column 'pe_foward'", "did you mean 'pe_forward'?"),
        ("ticker;as_of;pe_forward", "the heading reads 'ticker;as_of;pe_forward'", "commas"),
        ("ticker,pe_forward", "no column 'as_of'", "head the file: ticker,as_of,"),
        ("ticker,as_of,ticker", "a column stands twice", "head the file"),
        ("", "no column 'ticker'", "head the file"),
    ],
)
def test_a_heading_that_is_not_understood_is_told(heading: str, what: str, mend: str) -> None:
    problem = only_problem(read_index_pes(heading + "\nSPY,2025-09-16,22.5\n", "pe.csv"))

    if heading:
        assert problem.where == "pe.csv:1"
        assert problem.what == what
        assert mend in problem.mend


def test_byte_order_mark_comments_and_blank_lines_are_no_rows() -> None:
    text = "\ufeff# from the fund's page\n" + PES + "\n  \n# old\nIWM,2025-09-16,24.64,,x,y\n"

    table = read_index_pes(text, "pe.csv")

    assert (len(table.rows), table.problems) == (1, ())


def test_an_open_quote_ends_the_file_and_leaves_the_rows_before_it() -> None:
    table = read_fair_values(FAIR + 'KLG,2025-09-05,27.8,x\nATRC,2025-09-05,"45.9,x\n', "fair.csv")

    assert [row.ticker for row in table.rows] == ["KLG"]
    assert only_problem(table).what.startswith("no CSV")


def test_fair_values_keep_the_digits_that_were_written() -> None:
    table = read_fair_values(FAIR + "KLG,2025-09-05,27.80,Morningstar\n", "fair.csv")

    assert str(table.rows[0].fair_value_usd) == "27.80"


def test_who_says_a_fair_value_may_be_left_out() -> None:
    table = read_fair_values("ticker,as_of,fair_value_usd\nKLG,2025-09-05,27.8\n", "fair.csv")

    assert table.rows[0].source == "user"


@pytest.mark.parametrize("written", ["BRK.B", "brk-b", "BRK/B", "BRK B"])
def test_a_class_of_shares_is_written_as_the_sec_does(written: str) -> None:
    table = read_fair_values(FAIR + f"{written},2025-09-05,500,x\n", "fair.csv")

    assert [row.ticker for row in table.rows] == ["BRK-B"]


@pytest.mark.parametrize(
    "weights", ["A,60\nB,38.5\nCASH_USD,0.5", "A,0.60\nB,0.385\nCASH_USD,0.005"]
)
def test_weights_in_percent_and_in_fractions_are_the_same(weights: str) -> None:
    table = read_holdings("ticker,weight\n" + weights, "iwm.csv")

    assert table.problems == ()
    assert [each.weight for each in table.rows] == pytest.approx([0.6, 0.385, 0.005])
    assert [each.ticker for each in table.rows] == ["A", "B", "CASH_USD"]


def test_weights_that_sum_to_neither_make_no_fund() -> None:
    table = read_holdings("ticker,weight\nA,6\nB,4\n", "iwm.csv")

    assert table.rows == ()
    assert only_problem(table).what == "the weights sum to 10"
    assert "sum 100" in only_problem(table).mend


def test_weights_of_two_days_are_summed_apart() -> None:
    table = read_holdings(
        "ticker,weight,as_of\nA,1,2025-06-30\nA,0.5,2025-09-30\nB,0.3,2025-09-30\n", "iwm.csv"
    )

    assert [(each.ticker, each.as_of) for each in table.rows] == [("A", day("2025-06-30"))]
    assert only_problem(table).what == "the weights of 2025-09-30 sum to 0.8"


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (read_index_pes, read_fair_values, read_holdings):
        assert read(text, "x.csv").problems or not text.strip().startswith("ticker")


@given(st.lists(st.text(alphabet='ab1.,-"\n\r;', max_size=12), max_size=6))
def test_no_row_breaks_a_reader(lines: list[str]) -> None:
    good = "ZZ,2025-09-16,22.5,,x,y\n"

    table = read_index_pes(PES + good + "\n".join(lines), "pe.csv")

    assert [row.ticker for row in table.rows][:1] == ["ZZ"]
