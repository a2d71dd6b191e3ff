"""Signals from a person's own trades."""

from datetime import date

import pytest

from bot.clock import to_day_number
from bot.insider.signals import Past
from bot.insider.signals.habits import years_between
from tests.insider.signals.pasts import a_past, buy, sell, told

# Routine and opportunistic


def marches(*years: int) -> list[Past]:
    return [buy(f"{year}-03-10") for year in years]


def test_the_same_month_in_each_of_three_years_is_routine() -> None:
    assert (
        told("trading_pattern", buy("2025-09-01"), history=marches(2022, 2023, 2024)) == "routine"
    )


def test_no_month_common_to_all_three_years_is_opportunistic() -> None:
    history = [*marches(2022, 2023), buy("2024-04-10"), sell("2024-05-10")]

    assert told("trading_pattern", buy("2025-03-10"), history=history) == "opportunistic"


def test_one_common_month_among_many_is_routine() -> None:
    history = [buy("2024-01-05"), buy("2023-07-05"), *marches(2022, 2023, 2024)]

    assert told("trading_pattern", buy("2025-01-05"), history=history) == "routine"


def test_purchases_and_sales_make_one_pattern() -> None:
    history = [buy("2022-03-01"), sell("2023-03-31"), buy("2024-03-15")]

    assert told("trading_pattern", sell("2025-03-15"), history=history) == "routine"


@pytest.mark.parametrize("years", [(2023, 2024), (2022, 2024), (2021, 2022, 2023), (2022, 2023)])
def test_a_year_of_the_last_three_without_a_trade_leaves_the_person_unclassified(
    years: tuple[int, ...],
) -> None:
    new = buy("2025-03-10"), buy("2025-03-10", planned=1)

    assert told("trading_pattern", *new, history=marches(*years)) is None


@pytest.mark.parametrize(("day", "pattern"), [("2025-12-31", "routine"), ("2026-01-01", None)])
def test_the_pattern_is_set_on_the_first_of_january(day: str, pattern: str | None) -> None:
    assert told("trading_pattern", buy(day), history=marches(2022, 2023, 2024)) == pattern


def test_the_month_of_the_trade_counts_and_not_that_of_the_filing() -> None:
    history = [
        buy("2022-12-30", known="2023-01-03"),
        buy("2023-12-29", known="2023-12-29"),
        buy("2024-12-31", known="2025-01-03"),
    ]

    new = buy("2025-01-02", known="2025-01-06")

    assert told("trading_pattern", new, history=history) == "routine"


def test_a_trade_that_becomes_known_after_the_filing_makes_no_routine() -> None:
    history = [*marches(2022, 2023), buy("2024-03-10", known="2025-03-11")]

    assert told("trading_pattern", buy("2025-03-10"), history=history) is None
    assert told("trading_pattern", buy("2025-03-11"), history=history) == "routine"


def test_trades_of_others_exercises_and_private_purchases_make_no_routine() -> None:
    not_his = [
        buy("2024-03-10", "john"),
        buy("2024-03-10", trade_class="exercise"),
        buy("2024-03-10", trade_class="off_market"),
        buy("2024-03-10", duplicate_of="x"),
        buy("2024-03-10", superseded_by="x"),
    ]

    assert told("trading_pattern", buy("2025-03-10"), history=marches(2022, 2023) + not_his) is None


@pytest.mark.parametrize(
    ("since", "pattern"),
    [(date(2022, 1, 1), "opportunistic"), (date(2022, 1, 2), None), (None, None)],
)
def test_opportunistic_takes_all_three_years_of_history(
    since: date | None, pattern: str | None
) -> None:
    history = [*marches(2022, 2023), buy("2024-04-10")]

    found = told("trading_pattern", buy("2025-03-10"), history=history, loaded_since=since)

    assert found == pattern


def test_a_routine_that_is_seen_needs_no_more_history() -> None:
    history = marches(2022, 2023, 2024)

    assert (
        told("trading_pattern", buy("2025-03-10"), history=history, loaded_since=None) == "routine"
    )


# First in years


@pytest.mark.parametrize(
    ("previous", "years"),
    [("2022-05-05", 3), ("2022-05-06", 2 + 364 / 365), ("2022-05-04", 3 + 1 / 365)],
)
def test_years_since_the_previous_trade_on_the_side(previous: str, years: float) -> None:
    history = [buy("2015-01-02"), buy(previous), sell("2025-01-02"), buy("2025-01-02", "john")]

    assert told("first_in_years", buy("2025-05-05"), history=history) == pytest.approx(years)


def test_the_days_of_trade_count_and_not_those_of_the_filings() -> None:
    history = [buy("2022-05-05", known="2024-05-05")]

    assert told("first_in_years", buy("2025-05-05", known="2025-08-01"), history=history) == 3


def test_other_trades_of_the_day_and_later_ones_are_not_the_previous_trade() -> None:
    history = [buy("2022-05-05"), buy("2025-05-05", planned=1), buy("2025-05-06")]

    new = buy("2025-05-05", planned=None, known="2025-05-07"), buy("2025-05-05", known="2025-05-07")

    assert told("first_in_years", *new, history=history) == 3


def test_without_a_trade_before_the_loaded_years_are_a_lower_bound() -> None:
    assert told("first_in_years", buy("2025-05-05"), loaded_since=date(2022, 5, 5)) == 3


def test_a_trade_from_before_the_loaded_years_promises_no_more_than_these() -> None:
    history = [buy("2015-05-05")]

    found = told(
        "first_in_years", buy("2025-05-05"), history=history, loaded_since=date(2023, 5, 5)
    )

    assert found == 2


@pytest.mark.parametrize("since", [None, date(2025, 5, 6)])
def test_where_no_history_is_loaded_first_is_unknown(since: date | None) -> None:
    history = [buy("2020-05-05")]

    assert told("first_in_years", buy("2025-05-05"), history=history, loaded_since=since) is None


def test_on_the_first_loaded_day_no_year_is_known() -> None:
    assert told("first_in_years", buy("2025-05-05"), loaded_since=date(2025, 5, 5)) == 0


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2024, 2, 29), date(2024, 2, 29), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 2, 29), date(2028, 2, 29), 4),
        (date(2023, 3, 1), date(2026, 3, 1), 3),
        (date(2024, 3, 1), date(2027, 3, 1), 3),
        (date(2024, 1, 1), date(2024, 7, 1), 182 / 366),
    ],
)
def test_years_are_whole_on_anniversaries(start: date, end: date, years: float) -> None:
    assert years_between(start, end) == pytest.approx(years)


# Reversal


def months_of_sales(count: int, *, year: int = 2022) -> list[Past]:
    """So many sales, one a month, the last long before 2025."""
    return [sell(f"{year}-{month:02d}-10") for month in range(1, count + 1)]


@pytest.mark.parametrize(("events", "reversed_"), [(4, False), (5, True), (6, True)])
def test_a_purchase_after_five_sales_is_a_reversal(events: int, reversed_: bool) -> None:
    assert told("reversal", buy("2025-05-05"), history=months_of_sales(events)) is reversed_


@pytest.mark.parametrize(("events", "reversed_"), [(4, False), (5, True)])
def test_a_sale_after_five_purchases_is_a_reversal(events: int, reversed_: bool) -> None:
    history = [buy(f"2025-01-{day:02d}") for day in range(6, 6 + events)]

    assert told("reversal", sell("2025-05-05"), history=history) is reversed_


def test_lots_of_one_day_are_one_event() -> None:
    history = [*months_of_sales(4), *(sell("2022-01-10", planned=plan) for plan in (0, 1, None))]

    assert told("reversal", buy("2025-05-05"), history=history) is False


@pytest.mark.parametrize("day", ["2022-03-20", "2022-03-10"])
def test_a_trade_on_the_same_side_ends_the_streak(day: str) -> None:
    history = [*months_of_sales(6), buy(day)]

    assert told("reversal", buy("2025-05-05"), history=history) is False


def test_the_second_purchase_after_five_old_sales_is_no_reversal() -> None:
    history = [*months_of_sales(5), buy("2025-05-04")]

    assert told("reversal", buy("2025-05-05"), history=history) is False
    assert told("reversal", buy("2025-05-04"), history=history) is True


def test_trades_of_the_day_itself_are_not_before_it() -> None:
    history = [*months_of_sales(4), sell("2025-05-05")]

    assert told("reversal", buy("2025-05-05"), history=history) is False


@pytest.mark.parametrize(
    ("known", "reversed_"),
    [
        ("2023-11-05 18:02:00", False),  # 18 months before on the New York clock, to the second
        ("2023-11-05 18:02:01", True),
    ],
)
def test_a_seller_of_the_last_18_months_who_buys_is_a_reversal(known: str, reversed_: bool) -> None:
    history = [sell("2023-11-02", known=known)]

    assert (
        told("reversal", buy("2025-05-05", known="2025-05-05 18:02"), history=history) is reversed_
    )


@pytest.mark.parametrize(
    ("known", "reversed_"), [("2024-09-09 17:30", False), ("2024-09-09 17:31", True)]
)
def test_18_months_go_by_the_clock_of_new_york(known: str, reversed_: bool) -> None:
    """2026-03-09 is the first day of trade of summer time; in UTC an hour lies between."""
    new = buy("2026-03-09", known="2026-03-09 17:30")

    assert told("reversal", new, history=[sell("2024-09-05", known=known)]) is reversed_


def test_a_buyer_who_sells_once_is_no_reversal() -> None:
    assert told("reversal", sell("2025-05-05"), history=[buy("2025-01-06")]) is False


def test_a_sale_after_the_purchase_that_is_filed_late_is_no_reversal() -> None:
    late_purchase = buy("2025-05-05", known="2025-06-05")

    assert told("reversal", late_purchase, history=[sell("2025-05-20")]) is False


@pytest.mark.parametrize(
    ("since", "reversed_"),
    [(date(2023, 11, 5), False), (date(2023, 11, 6), None), (None, None)],
)
def test_no_reversal_takes_18_months_of_history(since: date | None, reversed_: bool | None) -> None:
    assert told("reversal", buy("2025-05-05"), loaded_since=since) is reversed_


@pytest.mark.parametrize(
    ("since", "reversed_"), [(date(2022, 2, 10), True), (date(2022, 2, 11), None), (None, None)]
)
def test_a_streak_is_one_where_all_since_its_fifth_last_event_is_loaded(
    since: date | None, reversed_: bool | None
) -> None:
    history = months_of_sales(6)

    assert told("reversal", buy("2025-05-05"), history=history, loaded_since=since) is reversed_


def test_a_sale_of_the_last_18_months_needs_no_more_history() -> None:
    history = [sell("2025-01-06")]

    assert told("reversal", buy("2025-05-05"), history=history, loaded_since=None) is True


# Months in a row


def test_months_in_a_row_go_across_the_year_and_stop_at_the_first_gap() -> None:
    history = [buy(day) for day in ("2024-10-31", "2024-12-01", "2025-01-31", "2025-01-02")]

    assert told("sequence_months", buy("2025-02-03"), history=history) == 3


def test_only_the_persons_own_trades_on_the_side_are_in_the_row() -> None:
    history = [sell("2025-04-10"), buy("2025-04-10", "john"), buy("2025-03-10")]

    assert told("sequence_months", buy("2025-05-05"), history=history) == 1


def test_trades_of_a_later_month_do_not_lengthen_the_row() -> None:
    late = buy("2025-05-05", known="2025-06-20")

    assert told("sequence_months", late, history=[buy("2025-06-02"), buy("2025-04-02")]) == 2


@pytest.mark.parametrize(
    ("since", "months"), [(date(2025, 3, 1), 2), (date(2025, 3, 2), None), (None, None)]
)
def test_a_row_is_counted_where_the_month_before_it_is_loaded(
    since: date | None, months: int | None
) -> None:
    history = [buy("2025-04-10")]

    found = told("sequence_months", buy("2025-05-05"), history=history, loaded_since=since)

    assert found == months


# What is not known

HABITS = ("trading_pattern", "first_in_years", "reversal", "sequence_months")


@pytest.mark.parametrize("name", HABITS)
def test_a_trade_without_day_or_person_has_no_habits(name: str) -> None:
    history = [*marches(2022, 2023, 2024), *months_of_sales(5)]

    assert told(name, buy(None), history=history) is None
    assert told(name, a_past("2025-05-05", person_key=None), history=history) is None


@pytest.mark.parametrize("name", HABITS)
def test_a_trade_of_the_person_on_an_unknown_day_leaves_open_what_it_could_change(
    name: str,
) -> None:
    history = [*marches(2022, 2023), buy("2024-04-10")]

    assert told(name, buy("2025-05-05"), history=history) is not None
    assert told(name, buy("2025-05-05"), history=[*history, buy(None)]) is None


def test_days_before_1970_are_days() -> None:
    assert to_day_number(date(1969, 12, 31)) == -1
    assert told("first_in_years", buy("1969-12-31"), loaded_since=date(1966, 12, 31)) == 3
