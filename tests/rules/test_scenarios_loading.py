"""Scenarios of loading, L1 to L5: what a file says, where its mistake is, how it is mended.

``^`` stands in front of the first wrong character; it is no part of the file.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from bot.rules.loading import load_rules
from tests.builders import Line, a_trade, rules_of
from tests.cli.console import run
from tests.rules.texts import a_file, mistakes, warnings


class Wrong(NamedTuple):
    """One file with one mistake."""

    scenario: str
    text: str
    what: str
    mend: str = ""


def on(kind: str) -> str:
    return a_file().replace("insider_trade", kind)


def let(measure: str) -> str:
    return a_file(f"let: {{n: {{{measure}}}}}", when="n >= 1")


CIRCLE = "lists:\n  a: [b]\n  b: [^a]\n" + a_file(when="ticker in a")
TWICE = a_file("severity: high", "title: x", "^severity: high")
FOLDED = a_file("where: >-\n  side == sell\n  and ^clas == open_market")
BLOCK = a_file("where: |-\n  side == sell\n  and ^clas == open_market")

WRONG = [
    Wrong("L1a", a_file("^cooldwon: 1d"), "no key 'cooldwon'", "'cooldown'"),
    Wrong("L1a", a_file("^realert: 1d"), "no key 'realert'", "here it is called 'cooldown'"),
    Wrong("L1a", a_file("^query_key: ticker"), "no key 'query_key'", "here it is called 'by'"),
    Wrong("L1a", a_file("^is_enabled: yes"), "no key 'is_enabled'", "here it is called 'enabled'"),
    Wrong("L1a", a_file("^filter: side == sell"), "no key 'filter'", "here it is called 'where'"),
    Wrong("L1a", let("count: events, ^timeframe: 1d, over: 1d"), "no key 'timeframe'",
          "here it is called 'over'"),
    Wrong("L1b", on("^insider_trad"), "'insider_trad' is no kind", "'insider_trade'"),
    Wrong("L1c", a_file(when="^valeu_usd > $1M"), "'valeu_usd' is no measure and no field",
          "'value_usd'"),
    Wrong("L1d", a_file(when="side == ^sael"), "no word of side (buy, sell, none)", "'sell'"),
    Wrong("L1e", let("sum: ^owner_name, over: 1d"), "sum needs a number, owner_name is text"),
    Wrong("L1f", let("count: events, over: ^10 dys"), "'10 dys' is no span of time",
          "a window is 10d, 20 sessions, 2y, ytd"),
    Wrong("L1g", a_file(when="code ^= S"), "'=' alone", "use '==' to compare"),
    Wrong("L1h", a_file(when="value_usd > ^5%"), "value_usd is dollars, 5% is a ratio"),
    Wrong("L1i", a_file() + a_file().removeprefix("rules:\n").replace("id: ", "id: ^"),
          "the id 'sales' is taken by r.yaml:2"),
    Wrong("L1j", a_file().replace("- id", "- ^id").replace('\n  message: "{ticker}"', ""),
          "a rule needs 'message'"),
    Wrong("L1j", a_file('message: "sold by {^seller} to {ticker}"'), "'seller' is no measure"),
    Wrong("L1k", CIRCLE, "lists in a circle: a → b → a"),
    Wrong("L1k", a_file(when="ticker in ^watched"), "there is no list 'watched'"),
    Wrong("L1l", a_file("tags: ^[a, b"), "'[' is not closed"),
    Wrong("L1l", a_file("let:\n^\tn: {count: events, over: 1d}"), "a tab stands"),
    Wrong("L2", TWICE, "'severity' stands twice, first in line 6", "keep one of the two"),
    Wrong("L5", FOLDED, "'clas' is no measure", "'class'"),
    Wrong("L5", BLOCK, "'clas' is no measure", "'class'"),
    Wrong("L5", a_file('where: "side == sell and ^clas == award"'), "'clas' is no", "'class'"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.scenario)
def test_scenario(wrong: Wrong) -> None:
    """One mistake, its caret under the first wrong character of the file, and how to mend it."""
    before, after = wrong.text.split("^")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")

    (problem,) = mistakes(before + after)

    assert wrong.what in problem.what
    assert wrong.mend in problem.mend
    assert (problem.line, problem.column) == (line, column), str(problem)
    assert str(problem).startswith(f"r.yaml:{line}:{column}: ")
    shown, caret = problem.excerpt.split("\n")
    assert shown[len(caret) - 1 :].strip() == after.split("\n")[0].strip()


def test_l1a_nothing_is_suggested_where_nothing_is_near() -> None:
    (problem,) = mistakes(a_file("relaert: 1d"))

    assert "'let'" not in problem.mend


def test_l1c_only_fields_of_the_kinds_of_the_rule_are_suggested() -> None:
    (problem,) = mistakes(a_file("by: source", "on: source_poll", "fire: rise", "message: x",
                                 when="valeu_usd > 1"))  # fmt: skip

    assert "value_usd" not in problem.mend


def test_l1i_an_id_used_in_two_files_is_refused_in_the_second() -> None:
    (problem,) = load_rules([("a.yaml", a_file()), ("b.yaml", a_file())]).mistakes

    assert (problem.file, problem.what) == ("b.yaml", "the id 'sales' is taken by a.yaml:2")


def test_l1l_a_file_that_can_not_be_read_leaves_the_others_alone() -> None:
    loaded = load_rules([("a.yaml", "rules: [\n"), ("b.yaml", a_file())])

    assert [problem.file for problem in loaded.mistakes] == ["a.yaml"]
    assert [rule.id for rule in loaded.rules] == ["sales"]


@pytest.mark.parametrize(
    ("when", "fired"),
    [
        ("n >= 2.5", ["2", "3"]),
        ("value_usd / shares >= 2.5", ["2", "3"]),
    ],
)
def test_l3_a_line_between_two_counts_keeps_its_decimals(when: str, fired: list[str]) -> None:
    line = Line(*rules_of(a_file("let: {n: {count: events, over: 9d}}", when=f"n > 0 and {when}")))

    line.see(*(a_trade(id=f"{n}", value_usd=100 * (n + 1), shares=1) for n in range(4)))

    assert [d["fact_id"] for d in line.store.decisions.all(fate="fired")] == fired


GIVEN = "given: [{at: 2025-05-05, insider_trade: {ticker: A, value_usd: %s}}]"
FIRES = "- {name: a, " + GIVEN % "$2M" + ", expect: [{}]}"
SILENT = "- {name: b, " + GIVEN % "$1" + ", expect: []}"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("lists:\n  a: [X]\n" + a_file("tests:", FIRES, SILENT), "list 'a' is never used"),
        (a_file("let: {n: {count: events, over: 1d}}", "tests:", FIRES, SILENT),
         "measure 'n' is never used"),
        (a_file("tests:", SILENT), "no test that fires"),
        (a_file("tests:", FIRES), "no test that stays silent"),
    ],
)  # fmt: skip
def test_l4_what_is_never_used_or_tested_is_a_warning_and_no_mistake(
    text: str, warning: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(text)

    status = run("rules", "check", file)

    assert mistakes(text) == []
    assert [each for each in warnings(text) if warning in each] == warnings(text) != []
    assert status == 0
    assert warning in capsys.readouterr().out.replace("\n", " ")
