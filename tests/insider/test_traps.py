"""The traps of insider filings by their numbers: small documents with the facts of real cases.

Those that need several filings (1, 2, 3, 15, 16, 17) or bars (27) stand with their parts.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.calendar import start_of
from bot.facts import Fact
from bot.insider.facts import insider_trades
from bot.insider.market import DayPrices, weighed
from bot.sandbox.filings import Company, Insider
from bot.sources.edgar.ownership import read_filing
from tests.insider.forms import COMPANY, JANE, a_filing, a_form, a_row

DIGEST = "cd" * 32
PLAN = "Sold under a Rule 10b5-1 trading plan adopted on March 13, 2025."
SVRE = (
    "The price reflects the price per ADS. Each American Depositary Share (ADS) represents "
    "43,200 ordinary shares."
)


def facts(*rows: Any, **values: Any) -> list[Fact]:
    return insider_trades(a_filing(*rows, **values), accepted_at=None, digest=DIGEST)


def told(*rows: Any, **values: Any) -> dict[str, Any]:
    (fact,) = facts(*rows, **values)
    return dict(fact.values)


def marks(values: dict[str, Any]) -> set[str]:
    return set((values["quality"] or "").split())


def the_value(values: dict[str, Any]) -> tuple[Any, Any]:
    return values["value_usd"], values["value_as_filed_usd"]


def test_trap_4_three_owners_make_one_trade_with_all_their_names_and_roles() -> None:
    fund = Insider(cik="0000000011", name="FUND LP", ten_percent_owner=True)
    head = Insider(cik="0000000012", name="HEAD OF FUND", director=True)

    values = told(owners=(fund, head, JANE))

    assert values["owners"] == "FUND LP; HEAD OF FUND; DOE JANE"
    assert (values["is_director"], values["is_officer"], values["is_ten_percent_owner"]) == (
        True,
        True,
        True,
    )


def test_trap_5_a_trade_belongs_to_the_issuer_in_the_document_not_to_the_owner_that_files() -> None:
    carlyle = Insider(cik="0001527166", name="Carlyle Group Inc.", ten_percent_owner=True)
    medline = Company(cik="0002046386", name="Medline Inc.", ticker="MDLN")

    (fact,) = facts(company=medline, owners=(carlyle,))

    assert (fact.subject, fact.ticker) == ("0002046386", "MDLN")


def test_trap_6_shares_cashed_out_in_a_merger_are_no_large_sale() -> None:
    note = "Disposed of under the merger agreement of the issuer, for $23.00 in cash per share."
    row = a_row("D", shares="13505159", price="23.00", after="0", day="2025-09-19", note=note)

    values = told(row)

    assert (values["class"], values["side"]) == ("corporate_action", "none")
    assert values["value_usd"] == 31_061_865_700


@pytest.mark.parametrize("code", ["F", "A", "G", "M"])
def test_trap_7_what_is_acquired_without_a_purchase_has_no_side(code: str) -> None:
    values = told(a_row(code, flag="A"))
    assert values["side"] == "none"
    assert values["class"] != "open_market"


@pytest.mark.parametrize(
    "note",
    [
        "Acquired through dividend reinvestment.",
        "Shares purchased under the Employee Stock Purchase Plan.",
        "Purchased in the issuer's initial public offering.",
        "Issued upon conversion of the Series A preferred stock.",
        "Purchased in a private placement.",
    ],
)
def test_trap_8_a_purchase_off_the_market_is_told_by_its_note(note: str) -> None:
    values = told(a_row("P", note=note))
    assert (values["class"], values["side"]) == ("off_market", "buy")


@pytest.mark.parametrize(("code", "flag"), [("S", "A"), ("P", "D")])
def test_trap_9_code_against_flag_is_inconsistent_and_has_no_side(code: str, flag: str) -> None:
    values = told(a_row(code, flag=flag))
    assert (values["class"], values["side"]) == ("inconsistent", "none")


@pytest.mark.parametrize(
    ("shares", "price", "as_filed"),
    [("73680", "65122", 479_818_896_000), ("1000000", "24035774.40", 2_403_577_440_000_000)],
)
def test_trap_10_a_total_typed_as_price_gives_no_value_and_stays_as_filed(
    shares: str, price: str, as_filed: int
) -> None:
    values = told(a_row("P", shares=shares, price=price))

    assert the_value(values) == (None, as_filed)
    assert values["price_as_filed_usd"] == float(price)
    assert "price_implausible" in marks(values)


def test_trap_10_a_total_is_divided_by_the_shares_where_that_was_a_price_of_the_day() -> None:
    (fact,) = facts(a_row("P", shares="73680", price="65122"))
    day = DayPrices(low_usd=Decimal("0.84"), high_usd=Decimal("0.90"), source="2 other filings")

    values = dict(weighed(fact, {date(2025, 9, 19): day}).values)

    assert the_value(values) == (6_512_200, 479_818_896_000)
    assert values["price_usd"] == 0.8838
    assert "2 other filings" in values["correction"]


def test_trap_11_a_price_of_before_a_split_is_right_as_filed() -> None:
    (fact,) = facts(a_row(shares="392", price="3300.24"))
    adjusted = DayPrices(low_usd=Decimal("163.5"), high_usd=Decimal("166"), source="bars")
    on = date(2025, 9, 19)

    split = weighed(fact, {on: replace(adjusted, splits_since=Decimal(20))}).values
    unsettled = weighed(fact, {on: replace(adjusted, splits_since=None)}).values

    assert split == fact.values
    assert unsettled["quality"] == "price_pending"
    assert unsettled["value_usd"] == fact.values["value_usd"] == 129_369_408


def test_trap_12_ordinary_shares_at_the_price_of_an_ads_are_counted_in_ads() -> None:
    row = a_row("P", shares="2501582400", price="3.45", security="Ordinary Shares", note=SVRE)

    values = told(row)

    assert the_value(values) == (19_977_915, 863_045_928_000)
    assert (values["shares"], values["price_usd"]) == (57907, 3.45)
    assert marks(values) == {"ads_restated"}
    assert "43,200" in values["correction"]


@pytest.mark.parametrize(
    ("security", "shares", "note", "known"),
    [
        ("Ordinary Shares", "2501582401", SVRE, False),
        ("Ordinary Shares", "43200", "The price is per ADS.", False),
        ("Ordinary Shares", "43200", SVRE + " The price was converted to ordinary shares.", True),
        ("American Depositary Shares", "43200", SVRE, True),
    ],
)
def test_trap_12_shares_are_restated_with_proof_only(
    security: str, shares: str, note: str, known: bool
) -> None:
    values = told(a_row("P", shares=shares, price="3.45", security=security, note=note))

    assert values["correction"] is None
    assert (values["value_usd"] is not None) is known
    assert ("ads_unproven" in marks(values)) is not known


@pytest.mark.parametrize(
    ("note", "known"),
    [
        ("The price is in pence sterling.", False),
        ("The price was converted from pence to U.S. dollars.", True),
    ],
)
def test_trap_12_a_price_in_pence_is_no_dollar_price(note: str, known: bool) -> None:
    values = told(a_row(price="1234.5", note=note))
    assert (values["value_usd"] is not None) is known
    assert ("currency_foreign" in marks(values)) is not known


@pytest.mark.parametrize(
    ("shares", "security", "known"),
    [
        ("100", "Class A Common Stock", True),
        ("300000", "Class A Common Stock", False),
        ("100", "Class B Common Stock", False),
    ],
)
def test_trap_13_the_value_is_tested_before_the_issuer_with_high_prices_is_exempt(
    shares: str, security: str, known: bool
) -> None:
    berkshire = Company(cik="0001067983", name="BERKSHIRE HATHAWAY INC", ticker="BRK.A")
    row = a_row(shares=shares, price="695417", security=security)
    assert (told(row, company=berkshire)["value_usd"] is not None) is known


@pytest.mark.parametrize(
    ("typed", "period"),
    [("2035-01-10", "2025-01-10"), ("0022-09-19", "2025-09-19"), ("2029-09-18", "2025-09-18")],
)
def test_trap_14_a_mistyped_year_is_anchored_to_the_period_of_report(
    typed: str, period: str
) -> None:
    body = a_form(a_row(day=typed)).submission()
    tag = "<periodOfReport>{}</periodOfReport>"
    told_period = body.replace(tag.format(typed).encode(), tag.format(period).encode())

    (fact,) = insider_trades(
        read_filing(told_period, name="form4.txt"), accepted_at=None, digest=DIGEST
    )

    assert fact.values["traded_on"] == date.fromisoformat(period)
    assert fact.happened_at == start_of(date.fromisoformat(period))
    assert "trade_date_implausible" in marks(dict(fact.values))


def test_trap_18_lots_of_one_day_are_one_trade_that_keeps_its_lines() -> None:
    values = told(*(a_row(price=price) for price in ("84.10", "84.55", "85.02")))

    assert values["shares"] == 300
    assert values["value_usd"] == 2_536_700
    assert [row["price"] for row in values["rows"]] == ["84.10", "84.55", "85.02"]


def test_trap_19_the_range_of_a_note_stands_beside_the_average() -> None:
    note = "Weighted average price. Sold in several trades at prices from $12.03 to $12.38."
    values = told(a_row(price="12.23", note=note))

    assert values["price_basis"] == "weighted_avg"
    assert (values["price_low_usd"], values["price_usd"], values["price_high_usd"]) == (
        12.03,
        12.23,
        12.38,
    )


@pytest.mark.parametrize("derivative", [True, False])
def test_trap_20_a_warrant_priced_as_stock_has_no_value(derivative: bool) -> None:
    row = a_row("P", shares="8000000", price="2100000", security="Warrants", derivative=derivative)
    values = told(row)
    assert values["value_usd"] is None
    assert values["common"] is False


def test_trap_21_a_ticked_box_is_answered_row_by_row() -> None:
    rows = (a_row(note=PLAN), a_row(price="11"), a_row("P"))
    found = facts(*rows, plan=True)
    assert [fact.values["planned"] for fact in found] == [True, None, None]
    assert [fact.values.get("plan_adopted_on") for fact in found] == [date(2025, 3, 13), None, None]


@pytest.mark.parametrize(
    ("insider", "role"),
    [
        (Insider(cik="0000000021", name="A", title="Director"), "officer"),
        (Insider(cik="0000000021", name="A", director=True), "director"),
        (Insider(cik="0000000021", name="A", title="See Remarks"), "officer"),
    ],
)
def test_trap_22_letters_inside_a_title_promote_nobody(insider: Insider, role: str) -> None:
    assert told(owners=(insider,))["role"] == role


def test_trap_23_the_clock_of_the_header_beats_a_false_z_of_the_json() -> None:
    false_z = datetime(2025, 9, 23, 18, 2, 11, tzinfo=UTC)  # New York's clock, called UTC
    (fact,) = insider_trades(a_filing(), accepted_at=false_z, digest=DIGEST)
    assert fact.known_at == datetime(2025, 9, 23, 22, 2, 11, tzinfo=UTC)


def test_trap_24_accepted_after_the_close_is_known_at_once_and_filed_the_same_day() -> None:
    evening = datetime(2025, 9, 23, 22, 2, tzinfo=UTC)  # 18:02 in New York
    (fact,) = facts(accepted_at=evening)
    assert fact.known_at == evening
    assert fact.values["filed_on"] == date(2025, 9, 23)


@pytest.mark.parametrize(
    ("ticker", "symbol"), [("", None), ("NONE", None), ("BFA, BFB", "BFA"), ("OKLO", "OKLO")]
)
def test_trap_25_the_issuer_is_its_cik_and_the_ticker_a_name_as_of_then(
    ticker: str, symbol: str | None
) -> None:
    (fact,) = facts(company=Company(cik=COMPANY.cik, name="AltC Acquisition Corp", ticker=ticker))
    assert (fact.subject, fact.ticker) == (COMPANY.cik, symbol)
    assert fact.values["issuer_name"] == "AltC Acquisition Corp"


@pytest.mark.parametrize(
    ("title", "common"),
    [
        ("Class A Common Stock, par value $0.0001 per share", True),
        ("Ordinary Shares", True),
        ("American Depositary Shares", True),
        ("Common Units representing limited partner interests", True),
        ("Depositary Units", True),
        ("Units, each of one share of Class A common stock and a warrant", False),
        ("Warrants to purchase common stock", False),
        ("Earnout Rights", False),
        ("Founder Shares", False),
        ("Class B Common Stock (Founder Shares)", False),
        ("Series A Convertible Preferred Stock", False),
        ("Depositary Shares of Series B Preferred", False),
        ("5.5% Convertible Notes", False),
        ("Restricted Stock Units", False),
        ("Shares", None),
    ],
)
def test_trap_26_only_common_shares_are_common(title: str, common: bool | None) -> None:
    assert told(a_row(security=title))["common"] is common


def test_trap_28_an_old_trade_is_known_when_it_is_filed_and_says_how_late() -> None:
    (fact,) = facts(a_row(day="2022-09-19"), accepted_at=datetime(2024, 9, 19, 15, tzinfo=UTC))
    assert fact.known_at == datetime(2024, 9, 19, 15, tzinfo=UTC)
    assert fact.values["traded_on"] == date(2022, 9, 19)
    assert fact.values["lag_business_days"] == 501


@pytest.mark.parametrize(("price", "mark"), [(None, "price_missing"), ("0", "price_zero")])
def test_trap_29_no_price_is_an_unknown_value_that_says_why(price: str | None, mark: str) -> None:
    values = told(a_row(price=price, note="The price is $10.00."))
    assert the_value(values) == (None, None)
    assert marks(values) == {mark}


def test_trap_30_every_number_that_a_sentence_tells_stands_in_the_fact() -> None:
    row = a_row("P", shares="2501582400", price="3.45", security="Ordinary Shares", note=SVRE)
    values = told(row)
    assert _digits(values["correction"]) <= {"2501582400", "43200", "57907"}
    assert values["quality"] == "ads_restated"


def _digits(text: str) -> set[str]:
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*", text)}
