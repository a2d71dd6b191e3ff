"""Mutants: rules with one thing wrong, and whether their own tests notice."""

import pytest

from bot.rehearsal import rehearse
from bot.rules.mutate import Mutated, expression_edits, mutants_of, try_mutants
from tests.rules.texts import a_file


def edits(text: str) -> list[str]:
    return [other for other, _, _ in expression_edits(text)]


def whats(*lines: str, when: str = "value_usd >= $1M") -> list[str]:
    ((_, mutants),) = mutants_of("r.yaml", a_file(*lines, when=when))
    return [mutant.what for mutant in mutants]


def tried(*tests: str) -> Mutated:
    """The rule value_usd >= $1M, by its tests: name, amount and whether it fires."""
    (mutated,) = try_mutants([("r.yaml", a_file("tests:", *tests))], rehearse)
    return mutated


def a_test(amount: str, *, fires: bool) -> str:
    given = f"[{{at: 2025-05-05, insider_trade: {{ticker: A, value_usd: {amount}}}}}]"
    return f"- {{name: sale of {amount}, given: {given}, expect: {'[{}]' if fires else '[]'}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shares >= 3", ["shares > 3", "shares >= 4", "shares >= 2"]),
        ("shares < 200", ["shares <= 200", "shares < 220", "shares < 180"]),
        ("code == 'S'", ["code != 'S'"]),
        ("value_usd > $5M", ["value_usd >= $5M", "value_usd > $5.5M", "value_usd > $4.5M"]),
        ("not planned", ["planned"]),
        ("planned and derivative", ["derivative", "planned", "(planned or derivative)"]),
        ("planned or derivative", ["derivative", "planned", "(planned and derivative)"]),
    ],
)
def test_a_condition_is_changed_one_thing_at_a_time(text: str, expected: list[str]) -> None:
    assert edits(text) == expected


def test_of_three_clauses_each_is_left_out_and_each_pair_joined_otherwise() -> None:
    assert edits("planned and derivative and listed") == [
        "derivative and listed",
        "planned and listed",
        "planned and derivative",
        "(planned or derivative) and listed",
        "planned and (derivative or listed)",
    ]


def test_windows_verbs_and_options_are_changed() -> None:
    told = whats(
        "by: [ticker, person_key]",
        "let: {n: {distinct: person_key, over: 10d, where: shares > 0}}",
        "fire: rise",
        "cooldown: 1y",
        when="n > 2",
    )

    assert {
        "by: without 'ticker'",
        "n: distinct → count",
        "n: over: 10d → 20d",
        "n: over: 10d → 5d",
        "n: without 'where'",
        "fire: rise → every",
        "cooldown: 1y → 2y",
        "cooldown: 1y → 6mo",
        "without 'cooldown'",
        "when: 'n > 2' → 'n >= 2'",
    } <= set(told)


@pytest.mark.parametrize(
    ("window", "others"),
    [
        ("ytd", ["qtd", "1y"]),
        ("20 sessions", ["40 sessions", "10 sessions"]),
        ("1mo", ["2mo", "15d"]),
    ],
)
def test_a_window_is_made_longer_and_shorter(window: str, others: list[str]) -> None:
    told = whats(f"let: {{n: {{count: events, over: {window}}}}}", when="n > 2")

    assert [t for t in told if "over" in t] == [f"n: over: {window} → {o}" for o in others]


def test_a_change_that_can_not_be_read_is_no_mutant() -> None:
    told = whats("let: {n: {distinct: ticker, over: 3d}}", "fire: rise", "clear: n < 1", when="n>2")

    assert "fire: rise → every" not in told  # 'clear' needs a rise


def test_a_mutant_names_the_line_in_which_it_was_made() -> None:
    text = a_file("where: >-\n  side == sell\n  and class == open_market", when="shares > 1")

    ((_, mutants),) = mutants_of("r.yaml", text)

    lines = {mutant.what: mutant.line for mutant in mutants}
    assert lines["where: 'class == open_market' → 'class != open_market'"] == 8


def test_tests_at_the_line_and_a_little_below_notice_every_change() -> None:
    mutated = tried(a_test("$1M", fires=True), a_test("$999_999", fires=False))

    assert (mutated.tried, mutated.survivors) == (3, ())


def test_tests_far_from_the_line_let_changes_live() -> None:
    mutated = tried(a_test("$5M", fires=True), a_test("$5", fires=False))

    assert [mutant.what for mutant in mutated.survivors] == [
        "when: 'value_usd >= $1M' → 'value_usd > $1M'",
        "when: $1M → $1.1M",
        "when: $1M → $0.9M",
    ]


def test_a_rule_without_tests_lets_everything_live() -> None:
    (mutated,) = try_mutants([("r.yaml", a_file())], rehearse)

    assert len(mutated.survivors) == mutated.tried > 0


def test_a_rule_whose_tests_fail_is_not_tried() -> None:
    text = a_file("tests:", a_test("$5M", fires=False))

    assert list(try_mutants([("r.yaml", text)], rehearse)) == []


def test_a_broken_rule_hides_no_other() -> None:
    text = a_file("severity: hihg") + a_file(rule_id="good").removeprefix("rules:\n")

    assert [rule.id for rule, _ in mutants_of("r.yaml", text)] == ["good"]


@pytest.mark.parametrize("text", ["", "rules: [\n", "rules: 3\n", "- a\n"])
def test_a_file_of_another_shape_has_no_mutants(text: str) -> None:
    assert list(mutants_of("r.yaml", text)) == []
