"""How much of an exercise was held."""

import pytest

from bot.insider.signals import Past
from tests.insider.signals.pasts import buy, exercised, sell, told


def held(exercise: Past, *others: Past) -> object:
    return told("exercise_hold_ratio", *others, exercise)


def test_an_exercise_without_a_sale_is_held_whole() -> None:
    assert held(exercised("2025-05-05")) == 1


@pytest.mark.parametrize(("sold", "ratio"), [(100.0, 0), (250.0, 0), (25.0, 0.75)])
def test_what_is_sold_on_the_day_is_not_held(sold: float, ratio: float) -> None:
    assert held(exercised("2025-05-05"), sell("2025-05-05", shares=sold)) == ratio


@pytest.mark.parametrize(
    ("day", "ratio"),
    [("2025-05-04", 1), ("2025-05-05", 0.5), ("2025-06-03", 0.5), ("2025-06-04", 1)],
)
def test_shares_are_held_where_they_are_kept_for_30_days(day: str, ratio: float) -> None:
    filed_late = exercised("2025-05-05", known="2025-06-10")

    assert held(filed_late, sell(day, shares=50.0, known="2025-06-10")) == ratio


def test_sales_told_by_other_filings_count_once_they_are_known() -> None:
    history = [
        sell("2025-05-05", shares=50.0, known="2025-05-05"),
        sell("2025-05-05", shares=25.0, known="2025-05-08"),
    ]
    new = exercised("2025-05-05", known="2025-05-07")

    assert told("exercise_hold_ratio", new, history=history) == 0.5
    assert told("exercise_hold_ratio", new, history=history, loaded_since=None) == 0.5


def test_exercises_of_one_day_share_its_sales() -> None:
    sold = sell("2025-05-05", shares=100.0)
    first, second = exercised("2025-05-05"), exercised("2025-05-05", code="X", shares=300.0)

    assert held(first, second, sold) == held(second, first, sold) == 0.75


def test_only_the_persons_own_sales_of_the_security_on_the_market_count() -> None:
    others = [
        sell("2025-05-05", "john"),
        sell("2025-05-05", security="Class B"),
        sell("2025-05-05", trade_class="off_market"),
        sell("2025-05-05", trade_class="tax_withholding", code="F", side="none"),
        sell("2025-05-05", duplicate_of="x"),
        buy("2025-05-05"),
    ]

    assert held(exercised("2025-05-05"), *others) == 1


def test_exercises_of_another_day_or_person_do_not_dilute_the_sale() -> None:
    sold = sell("2025-05-05", shares=100.0)
    others = exercised("2025-05-06", known="2025-05-05"), exercised("2025-05-05", person_key="j")

    assert held(exercised("2025-05-05"), sold, *others) == 0


@pytest.mark.parametrize(
    "no_exercise",
    [
        {"code": "C"},
        {"code": "O"},
        {"code": None},
        {"acquired_disposed": "D"},
        {"derivative": 1},
        {"trade_class": "award", "code": "A"},
        {"duplicate_of": "x"},
        {"superseded_by": "x"},
    ],
)
def test_only_shares_acquired_in_table_one_with_code_m_or_x_have_a_hold_ratio(
    no_exercise: dict[str, object],
) -> None:
    assert held(exercised("2025-05-05", **no_exercise)) is None
    assert held(exercised("2025-05-05", **no_exercise), exercised("2025-05-05")) is None


@pytest.mark.parametrize(
    "unknown", [{"shares": None}, {"shares": 0.0}, {"person_key": None}, {"traded_on": None}]
)
def test_what_the_exercise_does_not_tell_is_not_guessed(unknown: dict[str, object]) -> None:
    exercise = exercised("2025-05-05")._replace(**unknown)  # type: ignore[arg-type]

    assert held(exercise, sell("2025-05-05", "john")) is None


def test_a_sale_of_an_unknown_number_of_shares_leaves_the_ratio_unknown() -> None:
    assert held(exercised("2025-05-05"), sell("2025-05-05", shares=None)) is None
