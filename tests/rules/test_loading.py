"""Rule files: strict, every mistake of every file in one run, each in its place."""

from collections.abc import Iterable
from itertools import permutations

import pytest

from bot.errors import RuleError
from bot.rules.loading import Loaded, load_rules
from bot.rules.model import Fire, Severity
from bot.rules.problems import InvalidRules
from tests.rules.one_rule import the_rule
from tests.rules.texts import a_file, marked, mistakes, the_mistake, told


def test_a_rule_takes_what_is_written_and_defaults_for_the_rest() -> None:
    rule = the_rule(a_file())

    assert (rule.id, rule.file, rule.line) == ("sales", "r.yaml", 2)
    assert [kind.name for kind in rule.on] == ["insider_trade"]
    assert rule.by == ("subject",)
    assert rule.fire is Fire.EVERY
    assert rule.severity is Severity.NOTICE
    assert rule.enabled
    assert (rule.cooldown, rule.clear, rule.to, rule.tags) == (None, None, None, ())


def test_every_key_of_a_rule_is_read() -> None:
    rule = the_rule(
        a_file(
            "title: T", "why: W", "by: [ticker, person_key]", "where: side == sell",
            "let: {n: {count: events, over: 3d}}", "fire: rise", "clear: n < 2", "cooldown: 7d",
            "severity: critical", 'to: "#insiders"', "enabled: no", "tags: [a, b]", "owner: O",
            "runbook: R", when="n > 2",
        )
    )  # fmt: skip

    assert (rule.title, rule.why, rule.owner, rule.runbook) == ("T", "W", "O", "R")
    assert rule.by == ("ticker", "person_key")
    assert rule.fire is Fire.RISE
    assert rule.clear is not None
    assert rule.cooldown is not None
    assert rule.cooldown.text == "7d"
    assert (rule.severity, rule.to, rule.enabled) == (Severity.CRITICAL, "#insiders", False)
    assert rule.tags == ("a", "b")
    assert rule.measures[0].scope == rule.where


def test_by_all_is_one_state_for_everything() -> None:
    assert the_rule(a_file("by: all")).by == ()


@pytest.mark.parametrize(
    ("line", "under", "what", "mend"),
    [
        ("cooldwon: 1d", "cooldwon:", "a rule has no key 'cooldwon'", "did you mean 'cooldown'?"),
        ("relaert: 1d", "relaert:", "a rule has no key 'relaert'", "keys are: id, title"),
        ("realert: 1d", "realert:", "a rule has no key 'realert'", "it is called 'cooldown'"),
        ("timeframe: 1d", "timeframe:", "a rule has no key 'timeframe'", "keys are"),
        ("query_key: a", "query_key:", "a rule has no key 'query_key'", "it is called 'by'"),
        ("is_enabled: no", "is_enabled:", "a rule has no key", "it is called 'enabled'"),
        ("filter: a", "filter:", "a rule has no key 'filter'", "it is called 'where'"),
        ("on: insider_trad", "insider_trad", "no kind of fact", "'insider_trade'"),
        ("on: []", "[]", "'on' names no kind", "insider_trade"),
        ("id: Large_Sale", "Large_Sale", "'Large_Sale' is no id", "kebab-case"),
        ("by: tickr", "tickr", "'tickr' is no field of insider_trade", "'ticker'"),
        ("by: []", "[]", "'by' names no field", "by: all"),
        ("where: sdie == sell", "sdie", "'sdie' is no measure and no field", "'side'"),
        ("where: code = S", "=", "'=' alone", "use '==' to compare"),
        ("fire: always", "always", "'always' is no value of 'fire'", "every, rise"),
        ("severity: hihg", "hihg", "'hihg' is no value of 'severity'", "'high'"),
        ("enabled: true", "true", "'true' is no value of 'enabled'", "'yes'"),
        ("clear: shares < 3", "clear:", "'clear' works only with fire: rise", "fire: rise"),
        ("cooldown: 7m", "7m", "7min or 7mo?", "10d"),
        ("cooldown: 7 dys", "7", "'7 dys' is no span of time", "10d"),
        ("cooldown: 0d", "0d", "a span lies between", "10d"),
        ('message: "{seller}"', "seller}\"", "'seller' is no measure and no field", "reference.md"),
        ("message: {seller}", "{seller}", "'message' must be text", "quote"),
        ("tags: [[a]]", "[a]]", "'tags' must be text", "quote"),
        ("let: 3", "3", "'let' must be a mapping", ""),
        ("let: {n: 3}", "3}", "measure 'n' must be a mapping", "{sum: value_usd, over: 90d}"),
        ("let: {N: {count: events, over: 3d}}", "N:", "'N' is no name", "small letters"),
        ("let: {min: {count: events, over: 3d}}", "min:", "'min' is no name", "take another name"),
        ("let: {side: {count: events, over: 3d}}", "side:", "the name of a field too", "rename"),
        ("let: {n: {over: 3d}}", "{over:", "needs exactly one verb, it has none", "count, sum"),
        ("let: {n: {count: events, sum: shares, over: 3d}}", "{count:", "exactly one verb", ""),
        ("let: {n: {cuont: events, over: 3d}}", "cuont:", "has no key 'cuont'", "'count'"),
        ("let: {n: {count: evnts, over: 3d}}", "evnts,", "no thing to count", "'events'"),
        ("let: {n: {sum: owner_name, over: 3d}}", "owner_name,",
         "sum needs a number, owner_name is text", "shares"),
        ("let: {n: {sum: value_us, over: 3d}}", "value_us,", "no field", "'value_usd'"),
        ("let: {n: {sum: shares}}", "{sum:", "sum needs 'over'", "90d"),
        ("let: {n: {sum: shares, over: 10 dys}}", "10", "no span of time",
         "a window is 10d, 20 sessions, 2y, ytd"),
        ("let: {n: {sum: shares, over: 3m}}", "3m}}", "3min or 3mo?", "a window is"),
        ("let: {n: {sum: shares, over: 3d, max_age: 3d}}", "max_age:", "no max_age", "'over'"),
        ("let: {n: {last: shares, over: 3d}}", "over:", "last has no window", "max_age"),
        ("let: {n: {last: shares, max_age: old}}", "old}}", "no span of time", "10d"),
        ("let: {n: {last: shares, before: me}}", "me}}", "no value of before", "event"),
        ("let: {n: {last: shares, of: bar}}", "bar}}", "no kind of fact", "insider_trade"),
        ("let: {n: {last: shares, by: tickr}}", "tickr}}", "no field", "'ticker'"),
        ("let: {n: {last: shares, where: sdie == buy}}", "sdie", "no field", "'side'"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_one_mistake_under_the_word_that_is_wrong(
    line: str, under: str, what: str, mend: str
) -> None:
    problem = the_mistake(a_file(line))

    assert marked(problem) == under
    assert what in problem.what
    assert mend in problem.mend


def test_the_mistake_names_file_line_and_column_and_shows_the_line() -> None:
    problem = the_mistake(a_file("where: side == sael"))

    assert str(problem) == (
        "r.yaml:6:18: 'sael' is no word of side (buy, sell, none)\n"
        "    where: side == sael\n"
        "                   ^\n"
        "  mend: did you mean 'sell'?"
    )


def test_a_key_written_twice_is_refused() -> None:
    assert told(a_file("severity: high\nseverity: info")) == [
        "'severity' stands twice, first in line 6"
    ]


def test_every_missing_key_is_told_at_the_head_of_the_rule() -> None:
    problems = mistakes("rules:\n- title: x\n")

    assert [problem.what for problem in problems] == [
        f"a rule needs {key}" for key in ("'id'", "'on'", "'message'", "'when' or 'absent'")
    ]
    assert {problem.where for problem in problems} == {"r.yaml:2:3"}


def test_all_mistakes_of_all_files_come_in_one_run_in_the_order_of_the_lines() -> None:
    broken = a_file("where: sdie == sell", "severity: hihg", when="valeu_usd > 1 or shres > 2")
    torn = "rules: [\n"

    loaded = load_rules([("a.yaml", broken), ("b.yaml", torn), ("c.yaml", a_file(rule_id="good"))])

    assert [problem.where for problem in loaded.mistakes] == [
        "a.yaml:4:9", "a.yaml:4:26", "a.yaml:6:10", "a.yaml:7:13", "b.yaml:1:8",
    ]  # fmt: skip
    assert [rule.file for rule in loaded.rules] == ["c.yaml"]


def test_a_broken_measure_is_told_once_not_again_wherever_it_is_used() -> None:
    text = a_file(
        "let: {sold: {sum: value_us, over: 3d}}",
        'message: "{sold:money}"',
        "tests:\n- {name: n, given: [], expect: [{sold: $3}]}",
        when="sold > $5M",
    )

    assert told(text) == ["'value_us' is no field of insider_trade"]


def test_mistakes_in_tests_are_told_together_with_those_of_their_rule() -> None:
    text = a_file(
        "severity: hihg",
        "tests:\n- {name: n, given: [{at: 2025-05-05, insider_trade: {tikcer: A}}], expect: []}",
    )

    assert len(told(text)) == 2


def test_an_id_used_twice_names_the_place_of_the_first() -> None:
    loaded = load_rules([("a.yaml", a_file()), ("b.yaml", a_file())])

    (problem,) = loaded.mistakes
    assert problem.where == "b.yaml:2:7"
    assert problem.what == "the id 'sales' is taken by a.yaml:2"
    assert [rule.file for rule in loaded.rules] == ["a.yaml"]


def test_files_that_have_not_changed_since_the_last_load_are_not_read_again() -> None:
    first, second = ("a.yaml", a_file()), ("b.yaml", a_file(rule_id="other"))
    before = load_rules([first, second]).rules

    after = load_rules([("a.yaml", a_file("severity: high")), second]).rules

    assert after[1] is before[1]
    assert [rule.severity for rule in after] == [Severity.HIGH, Severity.NOTICE]


def test_what_is_told_of_files_does_not_hang_on_what_was_loaded_before() -> None:
    """Ids that clash, a rule that is named from another file, a file that breaks off."""
    watcher = a_file("let: {n: {seen: sales, over: 2d}}", rule_id="watcher", when="n > 1")
    files = [
        ("a.yaml", a_file()),
        ("b.yaml", a_file()),
        ("c.yaml", watcher),
        ("d.yaml", "rules: ["),
    ]
    sets = [each for n in range(len(files) + 1) for each in permutations(files, n)]

    def alone(files: Iterable[tuple[str, str]]) -> Loaded:
        load_rules([])  # nothing is known of any file
        return load_rules(files)

    expected = [alone(each) for each in sets]

    assert [load_rules(each) for each in sets] == expected
    assert [load_rules(each) for each in reversed(sets)] == expected[::-1]


def test_loading_or_raising_gives_an_error_for_the_author_with_every_mistake() -> None:
    with pytest.raises(RuleError) as caught:
        load_rules([("r.yaml", a_file("severity: hihg", "fire: always"))]).or_raise()

    assert isinstance(caught.value, InvalidRules)
    assert len(caught.value.problems) == 2
    assert str(caught.value).count("mend:") == 2


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- id: a\n", "a file of rules must be a mapping"),
        ("rules: 3\n", "'rules' must be a list"),
        ("rules: [a]\n", "a rule must be a mapping"),
        ("rule: []\n", "a file of rules has no key 'rule'"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, what: str) -> None:
    assert told(text) == [what]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "rules:\n", "rules: []\n"])
def test_an_empty_file_holds_no_rules_and_no_mistake(text: str) -> None:
    loaded = load_rules([("r.yaml", text)])

    assert (loaded.rules, loaded.problems) == ((), ())
