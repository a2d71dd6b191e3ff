"""What a rule file is warned of: no tests, sides without class, what is never used."""

import pytest

from bot.rules.loading import load_rules
from tests.rules.one_rule import the_rule
from tests.rules.texts import a_file, warnings

# Warnings.


def test_a_rule_without_tests_is_warned_of_both() -> None:
    assert warnings(a_file()) == [
        "rule 'sales' has no test that fires",
        "rule 'sales' has no test that stays silent",
    ]


FIRES = "- {name: f, given: [{at: 2025-05-05, insider_trade: {value_usd: $2M}}], expect: [{}]}"


SILENT = "- {name: s, given: [{at: 2025-05-05, insider_trade: {value_usd: $1}}], expect: []}"


EMPTY = "- {name: e, given: [], expect: []}"


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        ([FIRES, SILENT], []),
        ([FIRES], ["rule 'sales' has no test that stays silent"]),
        ([SILENT], ["rule 'sales' has no test that fires"]),
        ([FIRES, EMPTY], ["rule 'sales' has no test that stays silent"]),
    ],
)
def test_a_rule_needs_a_test_that_fires_and_one_that_stays_silent_over_facts(
    tests: list[str], expected: list[str]
) -> None:
    assert warnings(a_file("tests:\n" + "\n".join(tests))) == expected


@pytest.mark.parametrize(
    ("lines", "warned"),
    [
        (["where: side == sell"], True),
        (["where: side == sell and class == open_market"], False),
        (["let: {n: {count: events, where: side == buy, over: 3d}}", "clear: n < 1", "fire: rise"],
         True),
        (["where: shares > 3"], False),
        (["let: {n: {share: shares, where: side == sell, over: 3d}}", "clear: n < 1", "fire: rise"],
         True),
        (["let: {n: {share: shares, where: side == sell and class == open_market, over: 3d}}",
          "clear: n < 1", "fire: rise"], False),
    ],
)  # fmt: skip
def test_side_without_class_is_a_warning(lines: list[str], warned: bool) -> None:
    text = a_file(*lines, f"tests:\n{FIRES}\n{SILENT}")

    assert ("rule 'sales' uses 'side' without 'class'" in warnings(text)) is warned


def test_a_measure_or_a_list_that_is_never_used_is_a_warning() -> None:
    text = "lists: {watch: [A]}\n" + a_file(
        "let: {n: {count: events, over: 3d}}", f"tests:\n{FIRES}\n{SILENT}"
    )

    assert warnings(text) == ["list 'watch' is never used", "measure 'n' is never used"]


def test_a_rule_with_a_warning_is_still_loaded() -> None:
    assert len(load_rules([("r.yaml", a_file())]).or_raise()) == 1


# YAML traps that a field's type decides.


@pytest.mark.parametrize("ticker", ["ON", "NO", "TRUE", "Y", "NULL", "~", "007", "12:30", "1e6"])
def test_a_ticker_in_a_test_is_the_text_that_is_written(ticker: str) -> None:
    rule = the_rule(
        a_file(
            "tests:\n- name: n\n  given:\n"
            f"  - {{at: 2025-05-05, insider_trade: {{ticker: {ticker}}}}}\n  expect: []"
        )
    )

    assert rule.tests[0].given[0].fact.ticker == ticker
    assert rule.tests[0].given[0].fact.subject == ticker
