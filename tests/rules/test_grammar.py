"""The shape of expressions, and what is said of a wrong one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.grammar import MAX_NESTING, Mistake, parse


@pytest.mark.parametrize(
    ("text", "at", "what", "mend"),
    [
        ("", "", "an empty condition", "value_usd"),
        ("code = S", "= S", "'=' alone", "'=='"),
        ("a & b", "& b", "'&'", "'and'"),
        ("a || b", "|| b", "'|'", "'or'"),
        ("!a", "!a", "'!'", "'not'"),
        ("a ≥ 3", "≥ 3", "'≥'", "'>='"),
        ("a => 3", "=> 3", "'=>'", "'>='"),
        ("a <> 3", "> 3", "'>' follows another comparison", "one sign"),
        ("a == b == c", "== c", "a second comparison", "'and'"),
        ("== 3", "== 3", "nothing stands before '=='", "name what"),
        ("a == “x”", "“x”", "curly quotes", '"text"'),
        ("a in [b]", "[b]", "a list stands in round brackets", "(ceo, cfo)"),
        ('a == "x', '"x', "this quotation mark is never closed", "close it"),
        ("(a == b", "(a == b", "this '(' is never closed", "')'"),
        ("a == b)", ")", "this ')' closes nothing", "brackets"),
        ("a in (b, (c)", "(b, (c)", "this '(' is never closed", "')'"),
        ("a > 1,000", ",000", "','", "1_000"),
        ("a > 20M", "20M", "'20M' is no number", "$20M"),
        ("a > 3m", "3m", "'3m' could be minutes or months", "3min or 3mo"),
        ("a > 3mo", "3mo", "'3mo' has no fixed length", "30d"),
        ("a > 1y", "1y", "'1y' has no fixed length", "365d"),
        ("a > $20bn", "$20bn", "'$'", "$20M"),
        ("a > 5 %", "%", "'%'", "5%"),
        ("a > 3 AND b > 4", "AND b > 4", "'AND' is written small", "'and'"),
        ("NOT a", "NOT a", "'NOT' is written small", "'not'"),
        ("a is not known", "not known", "'is not' means nothing here", "'is unknown'"),
        ("a is sell", "sell", "'is sell' means nothing here", "'== sell'"),
        ("a b", "b", "'b' is not expected here", "'and' or 'or'"),
        ("a ==", "=", "the condition breaks off here", "finish"),
        ("a # b", "# b", "'#'", "comment"),
    ],
)
def test_a_wrong_shape_is_told_where_it_is_wrong(text: str, at: str, what: str, mend: str) -> None:
    with pytest.raises(Mistake) as caught:
        parse(text)

    assert text[caught.value.offset :] == at
    assert what in caught.value.what
    assert mend in caught.value.mend


@pytest.mark.parametrize(
    "text",
    [
        'a == "O\'Brien"',
        "a == '(' and (b)",
        "a not in (b, c) and not d",
        "a is unknown or b is known",
        "min(a, b) >= -$5k and abs(c) < .5",
        "a >= 1e6 and b <= 1_000",
        "a contains 'x'",
        "a in names",
        "a >= 2025-01-01",
    ],
)
def test_a_right_shape_is_read(text: str) -> None:
    parse(text)


@pytest.mark.parametrize(
    "text",
    ["not " * 900 + "a", "-" * 3_000 + "1 > a", "a" + "+1" * 1_500, "(" * 900 + "a" + ")" * 900],
)
def test_nesting_deeper_than_the_limit_is_refused(text: str) -> None:
    with pytest.raises(Mistake, match=f"deeper than {MAX_NESTING} levels"):
        parse(text)


def test_many_clauses_side_by_side_are_no_nesting() -> None:
    parse(" or ".join(["a"] * 300))


def test_a_text_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(Mistake, match="longer than 4,000 characters"):
        parse("a or " * 1_000 + "a")


@given(st.text(alphabet="ab ()<>=!\"'$%0159.mdk+-*/,_ionrtsAD#&|≥\n", max_size=60))
def test_any_text_is_read_or_refused_inside_itself(text: str) -> None:
    mistake = None
    try:
        parse(text)
    except Mistake as caught:
        mistake = caught

    assert mistake is None or 0 <= mistake.offset <= max(len(text) - 1, 0)
    assert mistake is None or (mistake.what and mistake.mend)
