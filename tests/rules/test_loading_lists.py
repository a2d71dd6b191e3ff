"""Lists of rule files, commas between braces, and lists that would stop the loader."""

import pytest

from tests.rules.one_rule import the_rule
from tests.rules.texts import a_file, marked, mistakes, the_mistake, told, warnings

# Commas between braces.


@pytest.mark.parametrize(
    "where", ["role in (ceo, cfo)", "role in (ceo, cfo, director)", "max(shares, 3, 4) > 2"]
)
def test_a_comma_of_an_expression_between_braces_is_one_mistake_that_says_to_quote(
    where: str,
) -> None:
    problem = the_mistake(a_file(f"let: {{n: {{count: events, where: {where}, over: 3d}}}}"))

    assert problem.what == "this '(' is never closed"
    assert problem.mend == "quote the whole expression: between { and } a comma ends it"
    assert marked(problem).startswith("(")


def test_a_quoted_expression_between_braces_may_hold_commas() -> None:
    text = a_file('let: {n: {count: events, where: "role in (ceo, cfo)", over: 3d}}', when="n > 1")

    assert mistakes(text) == []


def test_an_expression_in_lines_of_its_own_needs_no_quotes_for_commas() -> None:
    assert mistakes(a_file("where: role in (ceo, cfo)")) == []


def test_a_comma_in_other_text_between_braces_says_to_quote_it() -> None:
    case = "{name: a gift, not a sale, given: [], expect: []}"

    problem = the_mistake(a_file(f"tests:\n- {case}"))

    assert problem.what == "a test has no key 'not a sale'"
    assert problem.mend == "between { and } a comma ends a value: quote the whole text"


# Lists.


def test_a_list_of_lists_holds_the_values_of_both() -> None:
    text = "lists: {a: [ON, NO], b: [a, TRUE]}\n" + a_file("where: ticker in b")

    rule = the_rule(text)

    assert "'ON'" in repr(rule.where)
    assert "'NO'" in repr(rule.where)
    assert "'TRUE'" in repr(rule.where)


def test_lists_in_a_circle_are_told_once_with_the_circle() -> None:
    assert told("lists: {a: [b], b: [a]}\n" + a_file("where: ticker in a")) == [
        "lists in a circle: a → b → a"
    ]


@pytest.mark.parametrize(
    ("lists", "what"),
    [
        ("{A: [x]}", "'A' is no name for a list"),
        ("{in: [x]}", "'in' is no name for a list"),
        ("{a: x}", "list 'a' must be a list"),
        ("{a: [[x]]}", "an item must be text"),
        ("[a]", "'lists' must be a mapping"),
    ],
)
def test_a_list_of_another_shape_is_refused(lists: str, what: str) -> None:
    assert what in told(f"lists: {lists}\nrules: []\n")


def test_a_measure_with_the_name_of_a_list_is_refused() -> None:
    text = "lists: {n: [A]}\n" + a_file("let: {n: {count: events, over: 3d}}", "where: ticker in n")

    assert told(text) == ["'n' is the name of a list too"]


# Lists that would stop the loader.


def test_lists_that_double_at_each_step_are_worked_out_once_each() -> None:
    doubling = "".join(f"  a{n}: [a{n + 1}, b{n + 1}]\n  b{n}: [b{n + 1}, a{n + 1}]\n"
                       for n in range(25))  # fmt: skip
    text = f"lists:\n{doubling}  a25: [X]\n  b25: [Y]\n" + a_file("where: ticker in a0")

    assert mistakes(text) == []


def test_lists_that_name_each_other_without_end_are_refused() -> None:
    deep = "".join(f"  a{n}: [a{n + 1}]\n" for n in range(3_000))
    text = f"lists:\n{deep}  a3000: [X]\n" + a_file("where: ticker in a0")

    assert "lists that name each other more than 32 deep" in told(text)


def test_a_list_of_nothing_says_so_with_brackets() -> None:
    rule = "\n" + a_file("where: ticker in watch")

    assert told("lists: {watch: }" + rule) == ["list 'watch' is empty"]
    assert told("lists: {watch: []}" + rule) == []


def test_a_list_of_more_values_than_there_are_stocks_is_refused() -> None:
    many = ", ".join(f"T{n}" for n in range(20_001))

    (problem,) = mistakes(f"lists: {{watch: [{many}]}}\n" + a_file("where: ticker in watch"))

    assert problem.what == "list 'watch' has 20,001 values, more than 20,000"


def test_the_caret_finds_its_word_behind_a_tab_in_a_block() -> None:
    problem = the_mistake(a_file("where: |\n  shares > 1\n  \tand sdie == buy"))

    assert (problem.line, marked(problem)) == (8, "sdie")


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("return_21d >= 100", "'return_21d >= 100' compares a ratio with 100, which is 10,000 %"),
        ("excess_5d < -25", "'excess_5d < -25' compares a ratio with -25, which is -2,500 %"),
        ("return_21d >= 100%", None),
        ("return_252d >= 6", None),
        ("return_252d >= 3000%", None),
        ("volume_ratio >= 20", None),
        ("zscore_1d >= 25", None),
    ],
)
def test_a_bare_number_that_must_be_meant_as_percent_is_a_warning(
    condition: str, told: str | None
) -> None:
    text = (
        "rules:\n- id: a\n  on: price_bar\n  by: ticker\n  fire: every\n"
        f"  message: x\n  when: {condition}\n"
    )

    found = [each for each in warnings(text) if "compares a ratio" in each]

    assert found == ([told] if told else [])
