"""Options of rules: what is refused in its place, and rules that fail."""

from dataclasses import replace
from typing import Any

import pytest

from bot.judge import Judge
from bot.routes import everything_to
from bot.rules.loading import load_rules
from tests.builders import Line, a_rule, a_trade, instant, rules_of

# Rules that fail.


def test_p10_a_rule_that_raises_stops_no_other_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad = a_rule(id="good"), a_rule(id="bad")
    line = Line()
    line.judge = Judge(line.store, [bad, good], clock=lambda: instant("2025-09-10"),
                       route=everything_to("#a"), ops_channel="#ops")  # fmt: skip
    prepared = line.judge._rules[0]

    def raises(row: Any) -> int:
        if row["id"] != "c":
            raise ZeroDivisionError("by design")
        return 1

    line.judge._rules[0] = replace(prepared, when=raises, reads=("id",))
    line.see(a_trade("2025-09-02", id="a"), a_trade("2025-09-03", id="b"))
    (failing,) = line.store.circumstances.failing()
    line.see(a_trade("2025-09-04", id="c"))

    assert [(d["rule"], d["fact_id"]) for d in line.store.decisions.all()] == [
        ("good", "a"), ("good", "b"), ("bad", "c"), ("good", "c")]  # fmt: skip
    assert (failing.rule, failing.times, failing.failing) == ("bad", 2, True)
    assert not line.store.circumstances.failing()[0].failing
    ops = [m.text for m in line.store.outbox.all() if m.channel == "#ops"]
    assert ops == ["The rule bad fails: ZeroDivisionError: by design"]


# Tests of rules.


def test_t1_a_test_that_names_a_rule_that_does_not_exist_is_refused_in_its_place() -> None:
    (problem,) = load_rules([("r.yaml", a_file_with("also: [nowhere]"))]).mistakes

    assert (problem.where, problem.what) == ("r.yaml:8:12", "there is no rule 'nowhere'")


def a_file_with(line: str) -> str:
    return (
        "rules:\n- id: t\n  on: insider_trade\n  when: shares > 1\n  message: x\n"
        f"  tests:\n  - name: n\n    {line}\n    given: []\n    expect: []\n"
    )


def test_rules_over_kinds_of_both_sorts_say_how_they_fire() -> None:
    text = "rules:\n- id: t\n  on: [insider_trade, source_poll]\n  by: ticker\n  message: x\n"
    text += "  when: ticker is known\n"

    (problem,) = load_rules([("r.yaml", text)]).mistakes
    assert "'fire' is needed" in problem.what
    assert rules_of(f"{text}  fire: rise\n")[0].fire == "rise"


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("for: 1h", "'for' works only with fire: rise"),
        ("hold: 1h", "'hold' works only with fire: rise"),
        ("absent: 2h", "'when' does not go with 'absent'"),
        ("max_per_day: 0", "no whole number"),
        ("during: markets", "no value of 'during'"),
        ("needs_source: edgra", "no source"),
        ("needs_history: 2m", "2min or 2mo?"),
        ("to: insiders", "'insiders' is no channel"),
        ('to: "#Insiders"', "'#Insiders' is no channel"),
    ],
)
def test_an_option_that_is_wrong_is_refused_in_its_place(lines: str, what: str) -> None:
    text = "rules:\n- id: t\n  on: insider_trade\n  when: shares > 1\n  message: x\n"

    (problem,) = load_rules([("r.yaml", f"{text}  {lines}\n")]).mistakes

    assert what in problem.what
    assert problem.mend
