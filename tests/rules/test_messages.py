"""Messages: names and formats in braces, what is unknown says so."""

from dataclasses import replace
from typing import Any

import pytest

from bot.facts import INSIDER_TRADE, Field, Type
from bot.rules.evaluate import measure_key
from bot.rules.grammar import Mistake
from bot.rules.message_reader import read_template
from bot.rules.scope import Scope

FIELDS = {
    **INSIDER_TRADE.by_name,
    "target_pct": Field(name="target_pct", type=Type.PERCENT, doc=""),
    "change_bp": Field(name="change_bp", type=Type.BASIS_POINTS, doc=""),
    "lag": Field(name="lag", type=Type.SPAN, doc=""),
}
MEASURES = {
    "sold": Field(name="sold", type=Type.MONEY, doc=""),
    "sellers": Field(name="sellers", type=Type.COUNT, doc=""),
    "last_role": replace(INSIDER_TRADE.by_name["role"], name="last_role"),
}
SCOPE = Scope(
    fields=FIELDS, measures=MEASURES, lists={}, kinds="insider_trade", broken=frozenset({"torn"})
)
ROW: dict[str, Any] = {
    "ticker": "OKLO", "role": "cfo", "value_usd": 940_000_000, "price_usd": 145.06,
    "holding_change_ratio": -0.31, "shares": 64_800.0, "planned": 0, "traded_on": 20_350,
    "known_at": 1_758_319_320_000, "target_pct": 4.25, "change_bp": -25.0, "officer_title": None,
    measure_key("sold"): 1_610_000_000, measure_key("sellers"): 2,
    "side": "sell", "class": "open_market", "lag": 14_700,
    measure_key("last_role"): "ten_percent_owner",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{ticker}: {sellers} sold {sold:money}", "OKLO: 2 sold $16.1M"),
        ("{value_usd} {value_usd:money} {value_usd:n}", "$9.4M $9.4M 9,400,000"),
        ("{price_usd} {price_usd:n}", "$145.06 145.06"),
        ("{holding_change_ratio} {holding_change_ratio:pct} {holding_change_ratio:n}",
         "-31% -31% -0.31"),
        ("{shares} {shares:n}", "64,800 64,800"),
        ("{planned} {role}", "no cfo"),
        ("{traded_on} {traded_on:date}", "2025-09-19 2025-09-19"),
        ("{known_at}", "2025-09-19 22:02 UTC"),
        ("{target_pct} {target_pct:pct} {change_bp}", "4.25% 4.3% -25"),
        ("{officer_title} {officer_title}", "unknown unknown"),
        ("{{ticker}} is {ticker}", "{ticker} is OKLO"),
        ("no names at all", "no names at all"),
        ("{value_usd / 2} {value_usd - sold:money}", "$4.7M -$6.7M"),
        ("{value_usd / sold:x} {value_usd / sold - 1:pct}", "0.58 -42%"),
        ("{holding_change_ratio - 1.5% :points} {abs(change_bp) + 1:n}", "-33 points 26"),
        ("{holding_change_ratio:points} {price_usd:x} {sold:x}", "-31 points 145.06 16,100,000"),
        ("{shares / (sellers - 2)}", "unknown"),
        ("{officer_title or role}", "cfo"),
        ("{sold:n or role} {officer_title or sold:money or role}", "16,100,000 $16.1M"),
        ("{officer_title or shares / (sellers - 2) :x}", "unknown"),
        ("{planned or role}", "no"),
        ("{role:plain} {side:plain} {class:plain}", "CFO sale open market"),
        ("{planned:plain}", "not under a 10b5-1 plan"),
        ("{last_role:plain}", "10% owner"),
        ("{price_basis:plain or role:plain}", "CFO"),
        ("{holding_change_ratio:signed} {abs(holding_change_ratio):signed}", "−31% +31%"),
        ("{value_usd:signed} {sold - value_usd - sold * 2:signed} {price_usd * 0:signed}",
         "+$9.4M −$25.5M $0.00"),
        ("{target_pct:signed} {holding_change_ratio * 0:signed}", "+4.3% 0%"),
        ("{lag:span} {lag - 4h :span} {4h - lag:span}", "4 h 5 min 5 min −5 min"),
        ("sold{?, stake {holding_change_ratio:signed}}", "sold, stake −31%"),
        ("sold{?, as {officer_title}} it", "sold it"),
        ("{? {officer_title or role:plain}}.", " CFO."),
        ("{? {role} and {officer_title}}{?({role})}", "(cfo)"),
        ("{?{{{role}, }{sellers}", "{cfo, 2"),
    ],
)  # fmt: skip
def test_values_are_shown_as_their_type_or_the_format_asks(text: str, shown: str) -> None:
    assert read_template(text, SCOPE).render(ROW) == shown


@pytest.mark.parametrize("format_word", ["money", "pct", "n"])
def test_a_number_that_is_unknown_says_so_in_every_format(format_word: str) -> None:
    name = {"money": "value_usd", "pct": "holding_change_ratio", "n": "shares"}[format_word]

    assert read_template(f"{{{name}:{format_word}}}", SCOPE).render({}) == "unknown"


@pytest.mark.parametrize(
    ("text", "offset", "what", "mend"),
    [
        ("", 0, "an empty message", "say who did what"),
        ("x" * 601, 0, "longer than 600 characters", "one sentence"),
        ("{seller}", 1, "'seller' is no measure and no field", "sellers"),
        ("a {tikcer}", 3, "'tikcer'", "'ticker'"),
        ("a {", 2, "this '{' has no partner", "twice"),
        ("a } b", 2, "this '}' has no partner", "twice"),
        ("{}", 0, "nothing is named between these braces", "name a field"),
        ("{ticker:}", 8, "no format follows the ':'", "formats are"),
        ("{ticker:pct}", 8, "ticker is text, it can not be shown as 'pct'", "{ticker} alone"),
        ("{sold:date}", 6, "sold is dollars", "{sold} alone"),
        ("{sold:mony}", 6, "'mony' is no format", "'money'"),
        ("{value_usd - shares}", 11, "dollars - a number has no meaning", "one dimension"),
        ("a {sold + 1 < }", 12, "breaks off here", "finish"),
        ("a {sold + sellrs}", 10, "'sellrs' is no measure", "sellers"),
        ("{5% + 1}", 0, "nothing is named between these braces", "name a field"),
        ("{value_usd / sold:money}", 18, "is a ratio, it can not be shown as 'money'", "alone"),
        ("{ticker or }", 10, "nothing is named between these braces", "name a field"),
        ("a {ticker or seller:x}", 13, "'seller' is no measure", "sellers"),
        ("a {ticker or role:pct}", 18, "role is a word", "{role} alone"),
        ("{rows}", 1, "'rows' is for display only", "another field"),
        ("{ticker:plain}", 8, "ticker is text, it can not be shown as 'plain'", "{ticker} alone"),
        ("{derivative:plain}", 12, "derivative has no other words", "{derivative} alone"),
        ("{sold:span}", 6, "sold is dollars", "{sold} alone"),
        ("a {? b {ticker}", 2, "this '{?' has no partner", "twice"),
        ("a {? b}", 2, "nothing in this part can be unknown", "without {? }"),
        ("{? {role} {? {side}}", 10, "a {? stands in another", "close the first"),
    ],
)
def test_a_wrong_brace_name_or_format_is_told_where_it_stands(
    text: str, offset: int, what: str, mend: str
) -> None:
    with pytest.raises(Mistake) as caught:
        read_template(text, SCOPE)

    assert caught.value.offset == offset
    assert what in caught.value.what
    assert mend in caught.value.mend


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"ticker": "OKLO", "issuer_name": "Oklo Inc."}, "OKLO"),
        ({"ticker": None, "issuer_name": "Oklo Inc.", "issuer_cik": "0001849056"}, "Oklo Inc."),
        ({"ticker": None, "issuer_name": None, "issuer_cik": "0001849056"}, "CIK 0001849056"),
        ({}, "unknown"),
    ],
)
def test_for_a_ticker_that_is_unknown_stands_the_issuer(row: dict[str, Any], shown: str) -> None:
    assert read_template("{ticker}: a sale", SCOPE).render(row) == f"{shown}: a sale"


def test_of_a_plan_that_is_unknown_the_plain_words_say_so() -> None:
    assert read_template("{planned:plain}{?, {planned:plain}}", SCOPE).render({}) == (
        "plan not known"
    )


def test_a_part_for_the_ticker_alone_is_left_out_where_it_is_unknown() -> None:
    template = read_template("{?{ticker}: }{issuer_name} files", SCOPE)

    assert template.render({"ticker": None, "issuer_name": "Oklo Inc."}) == "Oklo Inc. files"
    assert template.render({"ticker": "OKLO", "issuer_name": "Oklo"}) == "OKLO: Oklo files"


def test_a_part_of_a_message_needs_its_measures_too() -> None:
    assert read_template("{ticker}{?, {sold:money}}", SCOPE).measures == {"sold"}


def test_every_wrong_name_of_a_message_is_told() -> None:
    with pytest.raises(Mistake) as caught:
        read_template("{seller} {ticker} {torn} {byuer}", SCOPE)

    assert [(each.offset, type(each).__name__) for each in caught.value.all] == [
        (1, "Mistake"),
        (19, "Untold"),
        (26, "Mistake"),
    ]


@pytest.mark.parametrize("sign", ["\x1b", "\u009b", "\u202e", "\u200b"])
def test_a_character_that_commands_a_terminal_is_a_mistake_at_its_place(sign: str) -> None:
    with pytest.raises(Mistake, match=f"U\\+{ord(sign):04X}") as caught:
        read_template(f"{{ticker}}: {sign}[31m", SCOPE)

    assert caught.value.offset == 10


def test_a_message_needs_the_measures_of_all_its_alternatives() -> None:
    assert read_template("{officer_title or sold:n} {sellers}", SCOPE).measures == {
        "sold",
        "sellers",
    }
