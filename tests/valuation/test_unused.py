"""Which rows of the user's tables say nothing of today, and that it is said."""

from datetime import date

from bot.valuation.tables import read_fair_values, read_index_pes
from bot.valuation.unused import unused_rows

SESSION, TODAY = date(2025, 12, 12), date(2025, 12, 13)


def of_pes(*rows: str) -> list[str]:
    text = "\n".join(["ticker,as_of,pe_forward,pe_trailing", *(f"IWM,{row}" for row in rows)])
    table = read_index_pes(text, "index_pe.csv")
    assert table.problems == ()
    return [f"{each.where} {each.what}" for each in unused_rows(table.rows, SESSION, TODAY)]


def test_a_newest_row_of_more_than_45_days_is_told_with_its_line() -> None:
    (told,) = of_pes("2025-09-30,20,21", "2025-10-27,24.64,25")

    assert told.startswith("index_pe.csv:3 IWM: the P/E of 2025-10-27 is more than 45 days old")


def test_a_row_of_45_days_and_the_past_of_a_newer_one_are_used() -> None:
    assert of_pes("2025-06-30,20,", "2025-10-28,24.64,") == []


def test_a_trailing_ratio_that_is_old_is_told_beside_a_forward_one_that_is_new() -> None:
    (told,) = of_pes("2025-06-30,20,21", "2025-12-01,24.64,")

    assert told.startswith("index_pe.csv:2 ")


def test_a_row_of_a_day_to_come_is_told_and_one_of_today_is_not() -> None:
    (told,) = of_pes("2025-12-01,20,", "2025-12-13,21,", "2025-12-24,22,")

    assert told == "index_pe.csv:4 IWM: as_of 2025-12-24 is a day to come"


def test_a_fair_value_of_a_day_to_come_is_told() -> None:
    text = "ticker,as_of,fair_value_usd\nMSFT,2025-12-20,500\n"
    rows = read_fair_values(text, "fair_values.csv").rows

    (told,) = unused_rows(rows, SESSION, TODAY)

    assert told.where == "fair_values.csv:2"
