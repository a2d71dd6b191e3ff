"""The unit of a price: what notes say of currencies and of depositary shares."""

from decimal import Decimal

import pytest

from bot.insider.units import ads_ratio, is_in_foreign_money, is_priced_per_ads


@pytest.mark.parametrize(
    "text",
    [
        "The price reported in Column 4 is in Canadian dollars.",
        "Prices are denominated in CAD.",
        "Sold on Euronext at a price of €12.50 per share.",
        "Purchased on the Toronto Stock Exchange at C$4.10 per share.",
        "The amounts are in New Israeli Shekels, not in U.S. dollars.",
        "The reported price is in Japanese yen.",
        "The sale price per share was HK$56.20.",
        "The price is in CAD. The shares were acquired on conversion of preferred shares.",
    ],
)
def test_a_price_in_other_money_is_told_by_its_note(text: str) -> None:
    assert is_in_foreign_money([text])


@pytest.mark.parametrize(
    "text",
    [
        "The price was converted from Canadian dollars at the exchange rate of the day.",
        "The U.S. dollar equivalent of C$4.10.",
        "Purchased on the TSX at C$4.10, reported in US$.",
        "The price in Column 4 is a weighted average price in dollars.",
        "Options granted with an exercise price of C$5.00.",
        "Each share of Series A $10.00 preferred was sold at a $10.00 price.",
        "Shares purchased from Rand Capital, which has won the auction.",
        "Sold by European funds of the reporting person.",
        "",
    ],
)
def test_dollars_and_what_was_converted_to_them_are_no_other_money(text: str) -> None:
    assert not is_in_foreign_money([text])


def test_a_conversion_may_stand_in_another_note() -> None:
    price, rate = "The price is in euros.", "Translated at an exchange rate of 1.08."
    assert is_in_foreign_money([price])
    assert not is_in_foreign_money([price, rate])


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("Each ADS represents 43,200 ordinary shares.", 43200),
        ('Each American Depositary Share ("ADS") represents five (5) common shares.', 5),
        ("One ADS represents ten ordinary shares.", 10),
        ("American Depositary Shares (“ADSs”), each representing 4 Class A ordinary shares", 4),
        ("Each ADS represents one-half of an ordinary share.", None),
        ("Each ADS represents 0.5 ordinary shares.", None),
        ("Ten ordinary shares.", None),
        ("Each ADS represents 5 ordinary shares. Each ADS represents 10 ordinary shares.", None),
    ],
)
def test_the_ratio_of_an_ads_is_read_where_it_is_told_once(text: str, ratio: int | None) -> None:
    assert ads_ratio([text]) == (None if ratio is None else Decimal(ratio))


@pytest.mark.parametrize(
    ("security", "text", "priced"),
    [
        ("Ordinary Shares", "Price per ADS.", True),
        ("Ordinary Shares", "Sold at $3.45 per American Depositary Share.", True),
        ("Common Shares", "The price is for each ADS.", True),
        ("Ordinary Shares", "Price per ADS, converted to ordinary shares.", False),
        ("Ordinary Shares", "Price per share. ADSs are listed.", False),
        ("ADS, each of five ordinary shares", "Price per ADS.", False),
        ("Class A", "Price per ADS.", False),
        (None, "Price per ADS.", False),
    ],
)
def test_ordinary_shares_may_be_priced_by_the_ads(
    security: str | None, text: str, priced: bool
) -> None:
    assert is_priced_per_ads(security, [text]) is priced
