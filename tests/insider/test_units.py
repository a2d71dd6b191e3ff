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
        "Price reported in ZAR.",
        "The price is in rand.",
        "The price is in South African rand.",
        "Price in Turkish lira.",
        "Price reported in TRY.",
        "Price reported in Polish zloty.",
        "Price in Thai baht.",
        "The price is in Indonesian rupiah.",
        "Prices are in UAE dirhams.",
        "Price reported in Saudi riyals.",
        "Reported price in Bermuda dollars.",
        "Sold at a price of Rs. 250.",
        "The price is in Korean won.",
        "The price of EUR 30 does not include a fee of EUR 5.",
        "Prices exclude commissions and are in EUR.",
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
        "The brokers sold what they won in the auction and may try to sell more.",
        "Price does not include a fee of EUR 5.",
        "The price reported excludes commissions of CHF 12.50.",
        "Sold by the reporting person in brand new shares on exercise of a SAR.",
        "Sold to cover RSUs. Shares 250.",
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
        ("Each ADS represents one hundred ordinary shares.", 100),
        ("Each ADS represents a hundred and five ordinary shares.", 105),
        ("Each ADS represents one thousand ordinary shares.", 1000),
        ("Each ADS represents forty-three thousand two hundred (43,200) ordinary shares.", 43200),
        ("Each ADS represents twenty five ordinary shares.", 25),
        ("Each ADS represents twenty-five Class A ordinary shares.", 25),
        ("Each ADS currently represents 5 of the Issuer's ordinary shares.", 5),
        ("Each ADS represents 2.5 ordinary shares.", Decimal("2.5")),
        ("Each ADS represents one fifth of an ordinary share.", None),
        ("Each ADS represents one fifth ordinary share.", None),
        ("Each ADS represents 1/5 ordinary share.", None),
        ("Each ADS represents two and a half ordinary shares.", None),
        ("Each ADS represents ten five ordinary shares.", None),
        ("Each ADS represents two dozen ordinary shares.", None),
        ("Each ADS represents 10 million ordinary shares.", None),
        ("Each ADS represents 43.200 ordinary shares.", None),
        ("Each ADS represents ten (100) ordinary shares.", None),
        ("Each ADS represents 5 ordinary shares. An ADS represents one fifth common share.", None),
        ("Each ADS represents 5 ordinary shares. Each ADS represents 10 ordinary shares.", None),
    ],
)
def test_the_ratio_of_an_ads_is_read_where_it_is_told_once(
    text: str, ratio: Decimal | int | None
) -> None:
    assert ads_ratio([text]) == (None if ratio is None else Decimal(ratio))


@pytest.mark.parametrize(
    ("security", "text", "priced"),
    [
        ("Ordinary Shares", "Price per ADS.", True),
        ("Ordinary Shares", "Sold at $3.45 per American Depositary Share.", True),
        ("Common Shares", "The price is for each ADS.", True),
        ("Ordinary Shares", "Sold as ADSs at $30.00.", True),
        (
            "Ordinary Shares",
            "Sold in the form of American Depositary Shares at a price of $3.",
            True,
        ),
        ("Ordinary Shares", "Held in the form of ADSs. Sold at $3.00 per share.", False),
        ("Ordinary Shares", "Sold as ADSs at $30.00, or $3.00 per ordinary share.", False),
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
