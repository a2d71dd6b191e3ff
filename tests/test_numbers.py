"""Numbers people wrote down: read exactly or not at all, rounded once, printed plainly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.numbers import (
    money_text,
    number_text,
    percent_text,
    read_decimal,
    round_half_up,
    to_cents,
)

PLAIN = st.from_regex(
    r"[+-]?(\d{1,40}(\.\d{0,20})?|\.\d{1,20})",
    fullmatch=True,
    alphabet=st.characters(codec="ascii"),
)
CENTS = st.integers(-(10**17), 10**17)


@pytest.mark.parametrize("text", ["0", "1234.5", ".5", "5.", "+1", "-0.10", " 7 ", "\n7\n", "007"])
def test_a_plain_decimal_is_read(text: str) -> None:
    assert read_decimal(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "-", "1e6", "1E-2", "NaN", "sNaN", "Infinity", "-inf", "1,000", "$5", "5%"],
)
def test_what_is_no_plain_decimal_is_unknown(text: str) -> None:
    assert read_decimal(text) is None


@pytest.mark.parametrize("text", ["1 000", "1.2.3", "--1", "0x10", "1_000", "١٢", "5½", "12)"])
def test_half_a_number_is_unknown_too(text: str) -> None:
    assert read_decimal(text) is None


@given(PLAIN)
def test_a_number_is_read_to_its_last_digit(text: str) -> None:
    number = read_decimal(text)

    assert number is not None
    assert number.is_finite()
    assert -number.as_tuple().exponent == len(text.partition(".")[2])  # type: ignore[operator]


@given(st.text(max_size=8))
def test_reading_never_fails_and_never_gives_what_is_no_number(text: str) -> None:
    number = read_decimal(text)

    assert number is None or number.is_finite()


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [
        ("1.005", 101),
        ("-1.005", -101),
        ("1.0049999", 100),
        ("2.675", 268),
        ("0", 0),
        ("-0.004", 0),
        ("1E+3", 100_000),
        ("12345678901234567890123456789.125", 1234567890123456789012345678913),
    ],
)
def test_cents_are_rounded_half_away_from_zero(dollars: str, cents: int) -> None:
    assert to_cents(Decimal(dollars)) == cents


@given(CENTS)
def test_whole_cents_survive_dollars(cents: int) -> None:
    assert to_cents(Decimal(cents) / 100) == cents


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), st.integers(0, 6))
def test_rounding_moves_a_number_by_half_a_place_at_most(number: Decimal, places: int) -> None:
    rounded = round_half_up(number, places)

    assert abs(rounded - number) * 2 <= Decimal(1).scaleb(-places)
    assert round_half_up(-number, places) == -rounded


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "$0.00"),
        (-1, "-$0.01"),
        (123_456, "$1,234.56"),
        (999_999, "$9,999.99"),
        (1_000_000, "$10K"),
        (65_000_000, "$650K"),
        (99_949_999, "$999.5K"),
        (99_950_000, "$1M"),
        (940_000_000, "$9.4M"),
        (-940_000_000, "-$9.4M"),
        (1_610_000_000, "$16.1M"),
        (1_234_500_000, "$12.3M"),
        (31_060_000_000, "$310.6M"),
        (250_000_000_000, "$2.5B"),
        (412_300_000_000_000, "$4.12T"),
        (10**18, "$10,000T"),
        (10**20, "$1,000,000T"),
        (2.5, "$0.03"),
        (-0.4, "$0.00"),
        (1e15, "$10T"),
    ],
)
def test_money_is_short_for_a_reader(cents: float, text: str) -> None:
    assert money_text(cents) == text


@given(CENTS)
def test_money_text_is_near_the_money(cents: int) -> None:
    text = money_text(cents)

    letters = {"K": 10**5, "M": 10**8, "B": 10**11, "T": 10**14}
    number = Decimal(text.strip("-$KMBT").replace(",", "")) * letters.get(text[-1], 100)
    assert abs(number - abs(cents)) * 199 <= abs(cents)
    assert text.startswith("-") == (cents < 0)


@pytest.mark.parametrize(
    ("ratio", "places", "text"),
    [
        (1.07, 0, "107%"),
        (0.05, 0, "5%"),
        (0.0525, 0, "5.3%"),
        (0.0995, 0, "10%"),
        (0.0995, 2, "9.95%"),
        (0.105, 0, "11%"),
        (-0.2, 0, "-20%"),
        (6.3, 0, "630%"),
        (12.3456, 0, "1,235%"),
        (0, 0, "0%"),
        (-0.0004, 0, "0%"),
        (-0.0004, 2, "-0.04%"),
        (1e-9, 0, "0%"),
        (1e30, 0, "100,000,000,000,000,000,000,000,000,000,000%"),
    ],
)
def test_a_ratio_is_a_percentage_for_a_reader(ratio: float, places: int, text: str) -> None:
    assert percent_text(ratio, places) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (64_800, "64,800"),
        (0.25, "0.25"),
        (35.944, "35.944"),
        (0.1 + 0.2, "0.3"),
        (100, "100"),
        (0.00005, "0.0001"),
        (-0.00004, "0"),
        (-7.50, "-7.5"),
        (1e20, "100,000,000,000,000,000,000"),
        (1e30, "1" + ",000" * 10),
        (Decimal("1E+3"), "1,000"),
        (Decimal("1234.50"), "1,234.5"),
    ],
)
def test_a_number_is_plain_for_a_reader(number: float | Decimal, text: str) -> None:
    assert number_text(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_can_be_shown_and_none_is_minus_zero(number: float) -> None:
    for text in (money_text(number), percent_text(number), number_text(number)):
        assert "E" not in text
        assert not (text.startswith("-") and not set("123456789") & set(text))
