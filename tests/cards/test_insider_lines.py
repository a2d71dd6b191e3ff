"""What a card says of an insider's trade."""

import json
from typing import Any

from bot.cards.insider import insider_lines
from tests.cards.insider_rows import the_row
from tests.insider.forms import a_row


def the_lines(row: Any) -> dict[str, str]:
    """The lines of the card of a filing's only trade, by label."""
    return {line.label: line.text for line in insider_lines(the_row(row))}


def test_a_price_that_is_not_trusted_is_told_as_filed_with_the_reason() -> None:
    lines = the_lines(a_row("P", shares="73680", price="65122"))
    assert "73,680 sh, $65,122.00 as filed, not trusted" in lines["What"]
    assert lines["Doubt"] == "no price of a share: likely the total or another currency"


def test_a_price_that_is_nowhere_is_not_given() -> None:
    assert "100 sh, price not given" in the_lines(a_row(price=None))["What"]


def test_a_corrected_number_stands_beside_how_it_was_made() -> None:
    note = "Price per ADS. Each ADS represents 20 ordinary shares."
    lines = the_lines(
        a_row("P", shares="1000", price="3.45", security="Ordinary Shares", note=note)
    )
    assert "50 sh @ $3.45, corrected: $3.45 as filed" in lines["What"]
    assert lines["Doubt"] == (
        "counted in ADS: 1,000 shares ÷ 20 an ADS = 50 ADS, which the note prices"
    )


def test_the_year_and_the_others_are_told_as_known_then() -> None:
    row = the_row(a_row("S")) | {
        "beside": json.dumps(
            {
                "year": {"purchases": 0, "bought": 0, "sales": 2, "sold": 60_000_000},
                "others": {"persons": 3, "cents": 1_900_000_000, "named": [["Klein", 670_000_000]]},
                "since": "2025-01-01",
            }
        ),
        "trading_pattern": "opportunistic",
        "first_in_years": 2.9,
    }

    lines = {line.label: line.text for line in insider_lines(row)}

    assert lines["12 m"] == (
        "2 sales $600K, no purchase before · opportunistic · first sale in 2 years or more"
        " · known since 2025-01-01"
    )
    assert lines["Others"] == "30 days: Klein $6.7M → 3 sellers, $19M"
