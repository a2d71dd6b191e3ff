"""No text stops the loader: it is accepted, or refused with mistakes that have a place."""

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.loading import load_rules

PACK = Path(__file__).parents[2] / "rules"
VALID = """\
lists:
  watch: [OKLO, "ON", 'NO']
rules:
- id: insiders-sell          # a remark
  on: insider_trade
  by: [subject, person_key]
  where: side == sell and class == open_market and ticker in watch
  let:
    sold:    {sum: value_usd, over: 90d}
    sellers: {distinct: person_key, over: 20 sessions, where: "role in (ceo, cfo)"}
    newest:  {last: side, of: insider_trade, max_age: 5d, before: event}
  when: >-
    sold >= $5M and sellers >= 2
    and not (newest == buy) and abs(holding_change_ratio) >= 20%
  fire: rise
  clear: sold / 2 < $1M or max(sold, $3k) < 1
  cooldown: 7d
  message: "{ticker}: {sellers} sold {sold:money}"
  tests:
  - name: one
    given: [{at: 2025-09-23 18:02 ET, insider_trade: {ticker: OKLO, value_usd: $9.4M}}]
    expect: [{at: 2025-09-23, sold: ~$9M, fate: in cooldown}]
"""
PIECES = [
    *"{}[]()\"'#:,-&*!|>%@`~$\n\t \\=<?_.0é\u2028\ud7ff\x85",
    "\n  ", ": ", "- ", "---\n", "unknown", "not ", " and ", " or ", "99999999999", "1e300",
    "%YAML", "in (", "$9", "10d", "m", "~", "<<: ", "rules:", "let:", "sum",
    "over", "ytd", "value_usd",
]  # fmt: skip


def check(text: str) -> None:
    loaded = load_rules([("r.yaml", text)])

    lines = re.split(r"\n|\r(?!\n)", text.removeprefix("\ufeff"))
    for problem in loaded.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.what
        assert problem.mend
        assert str(problem).startswith("r.yaml:")


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The valid file with a few places cut out, doubled or written over."""
    text = VALID
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        kept = draw(st.sampled_from([text[start:end] * 2, "", *PIECES]))
        text = text[:start] + kept + text[end:]
    return text


def test_the_file_that_is_damaged_below_is_valid() -> None:
    assert load_rules([("r.yaml", VALID)]).mistakes == ()


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_a_damaged_file_is_accepted_or_refused_in_its_place(text: str) -> None:
    check(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
@example("\r0")
def test_any_text_is_accepted_or_refused_in_its_place(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("rules:\n- id: a\n  on: insider_trade\n  when: " + "((" * 1_000 + "\n  message: x\n")
@example("rules:\n- " * 500)
@example("rules: " + "{a: " * 500)
def test_any_heap_of_signs_is_accepted_or_refused_in_its_place(text: str) -> None:
    check(text)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["where", "when", "clear", "message", "cooldown", "by", "on", "let", "tests"]),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
def test_any_value_of_a_key_is_accepted_or_refused_in_its_place(key: str, value: str) -> None:
    lines = {"on": "insider_trade", "when": "shares > 3", "message": "x", "fire": "rise"}
    check("rules:\n- id: a\n" + "".join(f"  {k}: {v}\n" for k, v in (lines | {key: value}).items()))


def test_a_file_of_many_rules_is_read_in_good_time_whatever_stands_in_it() -> None:
    rule = VALID.partition("rules:\n")[2]
    many = "".join(rule.replace("insiders-sell", f"rule-{n}") for n in range(40))

    check("lists: {watch: [A]}\nrules:\n" + many)
