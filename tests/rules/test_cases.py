"""Tests that rules carry: what is given, what is expected, in the words of their author."""

from datetime import date
from typing import Any

import pytest

from bot.clock import NEW_YORK, to_text
from bot.facts import INSIDER_TRADE, Field, Type
from bot.rules.case_reader import read_wanted
from bot.rules.cases import RuleTest, Wanted
from bot.rules.fire import Fate
from bot.rules.grammar import Mistake
from bot.rules.loading import load_rules
from bot.rules.values import read_instant, read_value
from tests.rules.texts import a_file, marked, the_mistake

LET = "let:\n  sold: {sum: value_usd, over: 30d}\n  newest: {last: side}"


def in_a_file(given: str = "", expect: str = "") -> str:
    case = f"- name: n\n  given: [{given}]\n  expect: [{expect}]"
    return a_file(LET, f"tests:\n{case}", when="sold > $1M and newest == sell")


def a_test(given: str = "", expect: str = "") -> RuleTest:
    (rule,) = load_rules([("r.yaml", in_a_file(given, expect))]).or_raise()
    return rule.tests[0]


def a_fact(values: str, at: str = "2025-09-23") -> Any:
    return a_test(f"{{at: {at}, insider_trade: {{{values}}}}}").given[0].fact


# Given.


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("value_usd", "$9.4M", 940_000_000), ("value_usd", "9400000", 940_000_000),
        ("value_usd", "$0.005", 1), ("value_usd", "-$3k", -300_000),
        ("price_usd", "$145.06", 145.06), ("price_usd", "145.06", 145.06),
        ("holding_change_ratio", "-31%", -0.31), ("holding_change_ratio", "1.07", 1.07),
        ("shares", "64_800", 64_800.0), ("shares", "1e6", 1e6), ("shares", "017", 17.0),
        ("lag_business_days", "08", 8),
        ("issuer_cik", "1849056", "0001849056"), ("issuer_cik", "0001849056", "0001849056"),
        ("planned", "yes", True), ("planned", "no", False),
        ("side", "sell", "sell"), ("form", "4/A", "4/A"),
        ("traded_on", "2025-09-19", date(2025, 9, 19)),
        ("ticker", "ON", "ON"), ("owner_name", "12:30", "12:30"), ("person_key", "007", "007"),
    ],
)  # fmt: skip
def test_a_value_is_read_by_the_type_of_its_field(name: str, text: str, value: object) -> None:
    assert read_value(text, INSIDER_TRADE.by_name[name]) == value


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("value_usd", "5%", "value_usd: '5%' is no number"),
        ("value_usd", "$1e20", "no amount of money"),
        ("value_usd", "1e30", "larger than 1e15"),
        ("shares", "64,800", "'64,800' is no number"),
        ("shares", ".nan", "'.nan' is no number"),
        ("shares", ".inf", "'.inf' is no number"),
        ("lag_business_days", "2.5", "'2.5' is no whole number"),
        ("planned", "true", "'true' is neither yes nor no"),
        ("side", "sael", "'sael' is no word of side"),
        ("traded_on", "2025-02-30", "there is no day 2025-02-30"),
        ("traded_on", "20250923", "there is no day 20250923"),
        ("issuer_cik", "12345678901", "is no CIK"),
        ("holding_change_ratio", "$5", "'$5' is no number"),
    ],
)
def test_a_value_of_another_type_is_refused_with_an_example(
    name: str, text: str, what: str
) -> None:
    with pytest.raises(Mistake) as caught:
        read_value(text, INSIDER_TRADE.by_name[name])

    assert what in caught.value.what
    assert caught.value.mend


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-09-23", "2025-09-23T16:00:00.000Z"),
        ("2025-12-23", "2025-12-23T17:00:00.000Z"),
        ("2025-09-23 18:02 ET", "2025-09-23T22:02:00.000Z"),
        ("2025-09-23 18:02:11 ET", "2025-09-23T22:02:11.000Z"),
        ("2025-09-23T18:02:11Z", "2025-09-23T18:02:11.000Z"),
        ("2025-09-23 18:02 +02:00", "2025-09-23T16:02:00.000Z"),
    ],
)
def test_a_bare_date_is_noon_in_new_york_and_a_clock_time_has_its_zone(
    text: str, instant: str
) -> None:
    assert to_text(read_instant(text)) == instant


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2025-09-23 18:02", "has no time zone"),
        ("2025-09-23 25:00 ET", "there is no instant"),
        ("2025-02-30", "there is no day"),
        ("12:30", "there is no day 12:30"),
        ("0022-09-23", "is too far away"),
        ("9999-12-31T23:59-05:00", "is too far away"),
    ],
)
def test_an_instant_that_can_not_be_is_refused(text: str, what: str) -> None:
    with pytest.raises(Mistake, match=what):
        read_instant(text)


def test_what_is_not_named_is_unknown_but_the_days_are_those_of_the_fact() -> None:
    fact = a_fact("ticker: OKLO", at="2025-09-23 21:30 ET")

    assert fact.values == {"traded_on": date(2025, 9, 23), "filed_on": date(2025, 9, 23)}
    assert fact.happened_at == fact.known_at
    assert fact.known_at.astimezone(NEW_YORK).hour == 21


def test_a_subject_that_is_not_named_is_the_ticker() -> None:
    assert a_fact("ticker: OKLO").subject == "OKLO"
    assert a_fact("ticker: OKLO, subject: 1").subject == "1"
    assert a_fact("side: sell").subject == "insider_trade"


def test_unknown_is_a_value_that_can_be_given_even_for_a_day() -> None:
    fact = a_fact("ticker: OKLO, planned: unknown, traded_on: unknown")

    assert fact.values["planned"] is None
    assert fact.values["traded_on"] is None


def test_a_fact_may_arrive_later_than_it_was_known() -> None:
    given = "{at: 2025-09-23, seen: 2025-09-25, insider_trade: {ticker: OKLO}}"

    (one,) = a_test(given).given

    assert one.fact.known_at == read_instant("2025-09-23")
    assert one.seen_at == read_instant("2025-09-25")


@pytest.mark.parametrize(
    ("given", "under", "what", "mend"),
    [
        ("{insider_trade: {ticker: A}}", "{insider_trade:", "needs 'at'", "at: 2025-09-23"),
        ("{at: 2025-09-23}", "{at:", "has 'at', one kind and perhaps 'seen'", "insider_trade"),
        ("{at: 2025-09-23, insider_trad: {}}", "insider_trad:", "one kind", "'insider_trade'"),
        ("{at: 2025-09-23, seen: 2025-09-22, insider_trade: {}}", "seen:", "lies before 'at'", ""),
        ("{at: 2025-09-23, insider_trade: {tikcer: A}}", "tikcer:", "no field", "'ticker'"),
        ("{at: 2025-09-23, insider_trade: {seen_at: 2025-09-23}}", "seen_at:",
         "'seen_at' is written as 'seen'", "in front of insider_trade"),
        ("{at: 2025-09-23, insider_trade: {known_at: 2025-09-23}}", "known_at:",
         "'known_at' is written as 'at'", "in front of insider_trade"),
        ("{at: 2025-09-23, insider_trade: {duplicate_of: a}}", "a}}]", "no given fact has the id",
         "'id' of a given fact"),
        ("{at: 2025-09-23, insider_trade: {id: a}}, {at: 2025-09-23, insider_trade: {id: a}}",
         "a}}]", "another given fact has the id 'a'", "an id of its own"),
        ("{at: 2025-03-09 02:30 ET, insider_trade: {}}", "2025-03-09", "no instant",
         "put forward"),
        ("{at: 2025-11-02 01:30 ET, insider_trade: {}}", "2025-11-02", "comes twice", "-04:00"),
        ("{at: 2025-09-23 12:00 PST, insider_trade: {}}", "2025-09-23", "no time zone here", "ET"),
        ("{at: 2025-09-23, insider_trade: {rows: x}}", "rows:", "no field 'rows'", ""),
        ("{at: 2025-09-23, insider_trade: {owner_name: Klein, Michael}}", "Michael}}]",
         "no field 'Michael'", "quote the whole text"),
        ("{at: 2025-09-23, insider_trade: {side: sael}}", "sael}}]", "no word of side", "'sell'"),
        ("{at: 2025-09-23, insider_trade: [a]}", "[a]}]", "must be a mapping", ""),
        ("{at: yesterday, insider_trade: {}}", "yesterday,", "there is no day", ""),
        ("x", "x]", "a given fact must be a mapping", ""),
    ],
)  # fmt: skip
def test_a_wrong_fact_is_one_mistake_in_its_place(
    given: str, under: str, what: str, mend: str
) -> None:
    problem = the_mistake(in_a_file(given))

    assert marked(problem) == under
    assert what in problem.what
    assert mend in problem.mend


# Expected.


def test_an_expected_alert_is_read_by_the_types_of_measures_and_fields() -> None:
    (expected,) = a_test(
        expect="{at: 2025-09-24, sold: $16.1M, newest: sell, ticker: ON, severity: high, "
        "message: hello, planned: unknown, issuer_cik: 1849056}"
    ).expect

    assert expected.day == date(2025, 9, 24)
    assert expected.fate is Fate.FIRED
    assert expected.severity == "high"
    assert expected.message == "hello"
    assert {name: wanted.value for name, wanted in expected.values.items()} == {
        "sold": 1_610_000_000,
        "newest": "sell",
        "ticker": "ON",
        "planned": None,
        "issuer_cik": "0001849056",
    }


@pytest.mark.parametrize(
    ("expect", "under", "what", "mend"),
    [
        ("{fate: in cooldwon}", "in", "no fate", "'in cooldown'"),
        ("{fate: blnd}", "blnd}]", "no fate", "'blind'"),
        ("{slod: $3}", "slod:", "no measure of this rule and no field", "'sold'"),
        ("{newest: sael}", "sael}]", "no word of newest", "'sell'"),
        ("{sold: 5%}", "5%}]", "sold: '5%' is no number", "$9.4M"),
        ("{at: 2025-09-24 18:00}", "2025-09-24", "no time zone", "ET"),
        ("{ticker: ~A}", "~A}]", "only numbers are rounded", "'~'"),
        ("{traded_on: ~2025-09-23}", "~2025-09-23}]", "only numbers are rounded", "'~'"),
        ("{planned: ~yes}", "~yes}]", "only numbers are rounded", "'~'"),
        ("{severity: hihg}", "hihg}]", "no severity", "'high'"),
        ("{whi: x}", "whi:", "no measure of this rule", ""),
    ],
)
def test_a_wrong_expectation_is_one_mistake_in_its_place(
    expect: str, under: str, what: str, mend: str
) -> None:
    problem = the_mistake(in_a_file(expect=expect))

    assert marked(problem) == under
    assert what in problem.what
    assert mend in problem.mend


@pytest.mark.parametrize(
    ("kind", "text", "value", "holds"),
    [
        (Type.MONEY, "$16.1M", 1_610_000_000, True),
        (Type.MONEY, "$16.1M", 1_610_000_001, False),
        (Type.COUNT, "3", 3, True),
        (Type.COUNT, "3", 4, False),
        (Type.RATIO, "107%", 1.07 + 1e-10, True),
        (Type.RATIO, "107%", 1.07 + 1e-8, False),
        (Type.NUMBER, "1e12", 1e12 + 100, True),
        (Type.NUMBER, "1e12", 1e12 + 10_000, False),
        (Type.NUMBER, "0", 1e-10, True),
        (Type.NUMBER, "~2.1", 2.14, True),
        (Type.NUMBER, "~2.1", 2.06, True),
        (Type.NUMBER, "~2.1", 2.16, False),
        (Type.NUMBER, "~2", 2.4, True),
        (Type.NUMBER, "~-2.1", -2.14, True),
        (Type.NUMBER, "~-2.1", -2.16, False),
        (Type.NUMBER, "~1.2e6", 1_240_000, True),
        (Type.NUMBER, "~1.2e6", 1_260_000, False),
        (Type.NUMBER, "~1_200", 1_200.4, True),
        (Type.RATIO, "~-31%", -0.3149, True),
        (Type.RATIO, "~-31%", -0.316, False),
        (Type.MONEY, "~$16.1M", 1_614_000_000, True),
        (Type.MONEY, "~$16.1M", 1_616_000_000, False),
        (Type.COUNT, "~3", 3, True),
        (Type.COUNT, "~3", 4, False),
        (Type.INSTANT, "2025-09-23", 1_758_643_200_000, True),
        (Type.INSTANT, "2025-09-23", 1_758_643_200_001, False),
        (Type.DATE, "2025-09-23", 20_354, True),
        (Type.DATE, "2025-09-23", 20_355, False),
        (Type.YES_NO, "yes", 1, True),
        (Type.YES_NO, "yes", 0, False),
        (Type.TEXT, "ON", "ON", True),
        (Type.TEXT, "ON", "On", False),
        (Type.NUMBER, "3", None, False),
        (Type.NUMBER, "~3", None, False),
        (Type.NUMBER, "unknown", None, True),
        (Type.NUMBER, "unknown", 0.0, False),
        (Type.TEXT, "unknown", None, True),
    ],
)
def test_money_counts_and_days_match_exactly_other_numbers_closely_and_tilde_rounds(
    kind: Type, text: str, value: object, holds: bool
) -> None:
    wanted = read_wanted(text, Field(name="f", type=kind, doc=""))

    assert isinstance(wanted, Wanted)
    assert wanted.holds(value) is holds


def test_a_test_needs_its_name_its_facts_and_its_alerts() -> None:
    problems = load_rules([("r.yaml", a_file("tests: [{}]"))]).mistakes

    assert [problem.what for problem in problems] == [
        "a test needs 'name'",
        "a test needs 'given'",
        "a test needs 'expect'",
    ]
