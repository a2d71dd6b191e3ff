"""YAML as located text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.reading import Listed, Mapped, Node, Scalar, read_yaml
from tests.rules.texts import mistakes, the_mistake


def value_of(text: str) -> Node:
    """The value of the key ``k``."""
    reading = read_yaml("f.yaml", text)
    assert reading.problems == []
    assert isinstance(reading.root, Mapped)
    return reading.root.entries["k"][1]


@pytest.mark.parametrize(
    "text",
    ["ON", "NO", "YES", "off", "TRUE", "NULL", "~", "Y", "12:30", "1:30:00", "1e6", "0000320193",
     "017", "0o17", "08", "46625E103", "037833100", "1.10", ".inf", "2025-05-01", "1_000"],
)  # fmt: skip
def test_a_plain_scalar_stays_the_text_that_is_written(text: str) -> None:
    scalar = value_of(f"k: {text}")

    assert isinstance(scalar, Scalar)
    assert scalar.value == text


def test_a_key_that_looks_like_a_truth_value_stays_a_word() -> None:
    reading = read_yaml("f.yaml", "on: x\nNO: y\n")

    assert isinstance(reading.root, Mapped)
    assert list(reading.root.entries) == ["on", "NO"]


def test_a_key_written_twice_names_the_line_of_the_first() -> None:
    (problem,) = read_yaml("f.yaml", "a: 1\nb: 2\na: 3\n").problems

    assert problem.where == "f.yaml:3:1"
    assert problem.what == "'a' stands twice, first in line 1"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("k: [a\nb: c\n", "f.yaml:1:4", "'[' is not closed"),
        ("k: {a: b\nb: c\n", "f.yaml:1:4", "'{' is not closed"),
        ('k: "a\nb: c\n', "f.yaml:1:4", "this quotation mark is never closed"),
        ("k: 'a\nb: c\n", "f.yaml:1:4", "this quotation mark is never closed"),
        ("k: [", "f.yaml:1:4", "'[' is not closed"),
        ("k: [{a: b]\nc: d\n", "f.yaml:1:5", "'{' is not closed"),
        ("k: {a: b, c: [d, e}\n", "f.yaml:1:14", "'[' is not closed"),
        ('k: "a\\qb"\n', "f.yaml:1:7", "'\\q' is no escape of YAML"),
        ("k:\n\ta: b\n", "f.yaml:2:1", "a tab stands where YAML wants blanks"),
        ("k: @b\n", "f.yaml:1:4", "plain text can not start with '@'"),
        ('k: "a" == b\n', "f.yaml:1:8", "text follows where the value has ended"),
        ("k: a\n  b: c\n", "f.yaml:2:4", "the indentation does not fit"),
        ("k: a: b\n", "f.yaml:1:5", "a second ':' stands in one line of plain text"),
        ("k: &x a\n", "f.yaml:1:4", "'&x' is an anchor, not used here"),
        ("k: *x\n", "f.yaml:1:4", "'*x' is an alias, not used here"),
        ("k: !x a\n", "f.yaml:1:4", "'!x' is a tag, not used here"),
        ("<<: a\n", "f.yaml:1:1", "'<<' merges are not used here"),
        ("a: b\n---\nc: d\n", "f.yaml:2:1", "a second document starts here"),
        ("k: a\x07b\n", "f.yaml:1:5", "U+0007, which YAML does not allow"),
        ("? [a]\n: b\n", "f.yaml:1:3", "a key must be a word"),
    ],
)
def test_what_can_not_be_read_is_told_where_it_opens(text: str, where: str, what: str) -> None:
    first = read_yaml("f.yaml", text).problems[0]

    assert (first.where, first.what[: len(what)]) == (where, what)
    assert first.mend


def test_nesting_without_end_is_refused() -> None:
    (problem,) = read_yaml("f.yaml", "k: " + "[" * 100_000).problems

    assert problem.what == "nested deeper than 32 levels"


def test_a_file_that_is_too_long_is_refused_without_reading_it() -> None:
    (problem,) = read_yaml("f.yaml", "#" * 2_000_001).problems

    assert problem.what == "the file is longer than 2,000,000 characters"


@pytest.mark.parametrize("text", ["", "# only a remark\n", "---\n", "\ufeff"])
def test_an_empty_file_holds_nothing_and_no_mistake(text: str) -> None:
    reading = read_yaml("f.yaml", text)

    assert (reading.root, reading.problems) == (None, [])


def test_a_mark_of_byte_order_moves_no_column() -> None:
    (problem,) = read_yaml("f.yaml", "\ufeffa: 1\na: 2\n").problems

    assert problem.where == "f.yaml:2:1"


@pytest.mark.parametrize(
    "text",
    [
        "k: alpha beta gamma\n",
        "k: alpha\n   beta\n   gamma\n",
        "k: 'alpha beta gamma'\n",
        'k: "alpha\n   beta gamma"\n',
        "k: >\n  alpha\n  beta\n  gamma\n",
        "k: >-\n    alpha beta\n    gamma\n",
        "k: |\n  alpha\n  beta\n  gamma\n",
        "k: |-\r\n  alpha\r\n  beta\r\n  gamma\r\n",
        'k: "\\u0061lpha \\x62eta \\"gamma"\n',
        "k: 'alpha ''beta'' gamma'\n",
    ],
)
def test_every_word_of_a_scalar_is_found_where_it_stands_in_the_file(text: str) -> None:
    scalar = value_of(text)
    assert isinstance(scalar, Scalar)

    for word, shown in (("alpha", ("alpha", "\\u00")), ("beta", ("beta", "\\x62")),
                        ("gamma", ("gamma",))):  # fmt: skip
        place = scalar.index(scalar.value.index(word))
        assert text[place:].startswith(shown)


def test_a_mistake_in_the_second_line_of_folded_text_is_marked_in_that_line() -> None:
    text = (
        "rules:\n- id: a\n  on: insider_trade\n  message: x\n"
        "  when: >\n    value_usd > $1M\n    and side == sael\n"
    )

    assert the_mistake(text).where == "r.yaml:7:17"


def test_a_mistake_behind_a_byte_order_mark_and_windows_line_ends_keeps_its_place() -> None:
    text = "\ufeffrules:\r\n- id: a\r\n  on: insider_trade\r\n  when: code = S\r\n  message: x\r\n"

    problem = the_mistake(text)

    assert problem.where == "r.yaml:4:14"
    assert problem.excerpt == "when: code = S\n           ^"


@given(st.text(max_size=80))
@example("%YAML 1.2\n---\na")
@example("%TAG ! x\n---\na")
@example("? a\n? b")
@example("- - - a\n -b")
@example("a: |9\n x")
def test_no_text_stops_the_reader(text: str) -> None:
    reading = read_yaml("f.yaml", text)

    assert reading.root is None or isinstance(reading.root, Scalar | Listed | Mapped)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in reading.problems)


def test_an_empty_value_before_a_comment_is_told_at_its_key() -> None:
    (problem,) = mistakes(
        "rules:\n- id: a\n  on: insider_trade\n  when: listed\n  message: x\n  to: #alerts\n"
    )

    assert problem.where == "r.yaml:6:5"
    assert problem.mend == "'#' starts a comment: write \"#alerts\" in quotes"
