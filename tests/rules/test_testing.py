"""Running the tests of rules: the whole list of alerts, and what was held back by its fate."""

import pytest

from bot.rehearsal import rehearse
from bot.rules.loading import load_rules
from bot.rules.testing import Result, run_tests
from tests.rules.texts import a_file

SALE = "insider_trade: {ticker: OKLO, side: sell, class: open_market"


def results(*cases: str, lines: tuple[str, ...] = ()) -> list[Result]:
    tests = "\n".join(f"- name: n{place}\n  {case}" for place, case in enumerate(cases))
    rules = load_rules([("r.yaml", a_file(*lines, f"tests:\n{tests}"))]).or_raise()
    return run_tests(rules, rehearse)


def the_result(given: list[str], expect: list[str], *lines: str) -> Result:
    case = f"given: [{', '.join(given)}]\n  expect: [{', '.join(expect)}]"
    (result,) = results(case, lines=lines)
    return result


def sale(day: int, value: str = "$2M", more: str = "") -> str:
    return f"{{at: 2025-09-{day:02d}, {SALE}, value_usd: {value}{more}}}}}"


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ([sale(1)], ["{}"]),
        ([sale(1)], ["{at: 2025-09-01, value_usd: $2M, ticker: OKLO}"]),
        ([sale(1)], ["{at: 2025-09-01 12:00 ET}"]),
        ([sale(1)], ["{message: OKLO, severity: notice}"]),
        ([sale(1), sale(2)], ["{at: 2025-09-01}", "{at: 2025-09-02}"]),
        ([sale(1, "$1")], []),
        ([sale(1, "$1")], ["{fate: no}"]),
        ([sale(1), sale(2, "$1")], ["{fate: no}", "{at: 2025-09-01}"]),
        ([], []),
    ],
)
def test_a_test_passes_when_the_alerts_are_those_expected(
    given: list[str], expect: list[str]
) -> None:
    assert the_result(given, expect).failures == ()


@pytest.mark.parametrize(
    ("given", "expect", "told"),
    [
        ([sale(1)], [], "an alert that was not expected: 2025-09-01 12:00 ET OKLO"),
        ([], ["{}"], "line 9: expected an alert that did not come"),
        ([sale(1)], ["{at: 2025-09-02}"],
         "line 9: at: expected 2025-09-02, got 2025-09-01 12:00 ET"),
        ([sale(1)], ["{value_usd: $3M}"], "line 9: value_usd: expected $3M, got $2M"),
        ([sale(1, "$2_000_000.01")], ["{value_usd: $2M}"],
         "line 9: value_usd: expected $2M, got $2M (exactly 200000001 as stored)"),
        ([sale(1)], ["{owner_name: unknown, officer_title: CFO}"],
         "line 9: officer_title: expected CFO, got unknown"),
        ([sale(1)], ["{severity: high}"], "line 9: severity: expected high, got notice"),
        ([sale(1)], ["{message: X}"], "line 9: message: expected 'X', got 'OKLO'"),
        ([sale(1)], ["{}", "{fate: in cooldown}"],
         "line 9: no decision 'in cooldown' fits (2025-09-01 12:00 ET fired)"),
        ([], ["{fate: no}"], "line 9: no decision 'no' fits (nothing was judged)"),
    ],
)  # fmt: skip
def test_a_test_fails_with_what_was_expected_and_what_came(
    given: list[str], expect: list[str], told: str
) -> None:
    result = the_result(given, expect)

    assert result.failures == (told,)
    assert not result.passed
    assert result.where == "r.yaml:7"


def test_an_order_of_alerts_other_than_expected_fails() -> None:
    result = the_result([sale(1), sale(2)], ["{at: 2025-09-02}", "{at: 2025-09-01}"])

    assert len(result.failures) == 2


def test_each_entry_with_a_fate_takes_one_decision() -> None:
    small = [sale(1, "$1"), sale(2, "$2")]

    assert the_result(small, ["{fate: no}", "{fate: no}"]).passed
    assert not the_result(small, ["{fate: no}", "{fate: no}", "{fate: no}"]).passed
    assert the_result(small, ["{fate: no, at: 2025-09-02}"]).passed


def test_facts_are_judged_in_the_order_of_their_arrival() -> None:
    late = "{at: 2025-09-01, seen: 2025-09-05, " + SALE + ", value_usd: $2M}}"

    result = the_result([late, sale(3, "$3M")], ["{value_usd: $3M}", "{value_usd: $2M}"])

    assert result.failures == ()


def test_a_rule_that_is_switched_off_still_runs_its_tests() -> None:
    assert the_result([sale(1)], ["{}"], "enabled: no").passed
    assert not the_result([sale(1)], [], "enabled: no").passed


def test_measures_can_be_expected_of_alerts_and_of_what_was_held_back() -> None:
    result = the_result(
        [sale(1), sale(2)],
        ["{sold: $2M, fate: no}", "{sold: $4M}"],
        "let: {sold: {sum: value_usd, over: 30d}}",
        "when: sold > $3M",
    )

    assert result.failures == ()


def test_every_test_of_every_rule_gives_a_result() -> None:
    given = f"given: [{sale(1)}]"

    passed = [
        result.passed for result in results(f"{given}\n  expect: []", f"{given}\n  expect: [{{}}]")
    ]

    assert passed == [False, True]


def test_an_unknown_value_is_neither_in_an_empty_list_nor_out_of_it() -> None:
    text = "lists: {nobody: []}\n" + a_file(
        "let: {others: {count: events, over: 3d, where: ticker not in nobody}}",
        "tests:\n- name: n\n"
        "  given: [{at: 2025-09-01, insider_trade: {subject: X}},"
        " {at: 2025-09-02, insider_trade: {subject: X, ticker: A}}]\n"
        "  expect: [{others: 1}]",
        when="ticker not in nobody",
    )

    (result,) = run_tests(load_rules([("r.yaml", text)]).or_raise(), rehearse)

    assert result.failures == ()


def test_the_at_of_a_late_alert_is_the_newest_instant_known_and_known_at_its_own() -> None:
    text = a_file(
        "tests:\n- name: n\n"
        "  given: [{at: 2025-09-22, insider_trade: {ticker: A, value_usd: $1}},"
        " {at: 2025-09-19, seen: 2025-09-23, insider_trade: {ticker: A, value_usd: $2M}}]\n"
        "  expect: [{at: 2025-09-22 12:00 ET, known_at: 2025-09-19}]",
    )

    (result,) = run_tests(load_rules([("r.yaml", text)]).or_raise(), rehearse)

    assert result.failures == ()


def test_a_rule_that_fails_inside_a_test_fails_that_test() -> None:
    ancient = "{at: 2025-09-01, insider_trade: {ticker: A, traded_on: 0014-05-05}}"
    counted = "let: {n: {count: events, over: 60y, time: traded_on}}"

    (failure,) = the_result([ancient], [], counted, "when: n >= 1").failures

    assert failure.startswith("the rule sales fails: ")
