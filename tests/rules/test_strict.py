"""Nasty files: each is refused in its place with a way to mend it, or is right."""

import os
from pathlib import Path

import pytest

from bot.app import rule_texts
from bot.rules.loading import load_rules
from tests.cli.console import run
from tests.rules.texts import a_file, marked, mistakes, the_mistake, told

CASE = (
    "tests:\n- name: n\n  given: [{at: 2025-05-05, insider_trade: {ticker: A}}]\n"
    "  expect: []\n  {line}"
)


def a_test(line: str) -> str:
    """A rule with one test that holds this line too."""
    return a_file(CASE.replace("{line}", line))


# What YAML would let pass.


@pytest.mark.parametrize(
    ("text", "where", "what", "mend"),
    [
        ("%YAML 1.1\n---\nrules: []\n", "1:1", "is a directive", "delete it"),
        ("%TAG ! tag:x:\n---\nrules: []\n", "1:1", "is a directive", "delete it"),
        ("rules: []\n...\nrules: []\n", "3:1", "a second document", "'...'"),
        ("rules: ! []\n", "1:8", "'!' is a tag", "delete it"),
        ("rules:\n- id: caf\udce9\n", "2:10", "byte 0xe9 is no UTF-8", "save the file as UTF-8"),
        ("\udcff\udcfer\0u\0", "1:1", "byte 0xff is no UTF-8", "save the file as UTF-8"),
        ("rules:\0\n", "1:7", "U+0000", "save the file as UTF-8"),
        ("rules:\n    - id: a\n  - id: b\n", "3:3", "the indentation", "compare"),
        ("rules:\n  - id: a\n- id: b\n", "3:1", "the indentation", "compare"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_refused_where_it_begins(
    text: str, where: str, what: str, mend: str
) -> None:
    problem = mistakes(text)[0]

    assert problem.where == f"r.yaml:{where}"
    assert what in problem.what
    assert mend in problem.mend


def test_a_lone_carriage_return_ends_a_line() -> None:
    problem = the_mistake(a_file("where: sdie == sell").replace("\n", "\r"))

    assert problem.where == "r.yaml:6:10"


# What looks right.


@pytest.mark.parametrize(
    ("line", "what", "mend"),
    [
        ("wher\u0435: shares > 1", "has no key", "did you mean 'where'? There is U+0435 CYRILLIC"),
        ("where: s\u0456de == sell", "U+0456 CYRILLIC SMALL LETTER", "type it again"),
        ("where: side\u200b == sell", "U+200B ZERO WIDTH SPACE", "type it again"),
        ("where: shares \uff1e 1", "U+FF1E FULLWIDTH", "write '>'"),
        ("where: shares > \u22125", "no minus sign of a keyboard", "write '-'"),
        ("where: shares > 1__000", "'1__000' is no number", ""),
        ("where: shares > 1_", "'1_' is no number", ""),
        ("where: value_usd > $-5M", "the minus stands in front of the '$'", "write -$5M"),
        ("severity: HIGH", "no value of 'severity'", "'high'"),
        ("enabled: true", "no value of 'enabled'", "'yes'"),
        ("where: planned == False", "no word of planned", "'no'"),
        ("by:", "'by' names no field", "by: all"),
        ("by: [all]", "'all' is no field", "without brackets"),
        ("by: zzz", "'zzz' is no field of insider_trade", "docs/reference.md"),
        ("by: owner_nam", "'owner_nam' is no field of insider_trade", "'owner_name'"),
        ("by: owner", "'owner' is no field of insider_trade", "'owners'"),
        ("on:", "'on' names no kind", "one of: insider_trade"),
    ],
)
def test_a_line_that_looks_right_is_one_mistake_with_its_name(
    line: str, what: str, mend: str
) -> None:
    problem = the_mistake(a_file(line))

    assert what in problem.what
    assert mend in problem.mend


def test_no_mistake_lists_all_fields_of_a_kind() -> None:
    problem = the_mistake(a_file("by: zzz"))

    assert len(str(problem)) < 200


# Rules that are named.


@pytest.mark.parametrize(
    ("text", "under"),
    [
        (a_test("also: [nowhere]"), "nowhere]"),
        (a_test("also: nowhere"), "nowhere"),
        (a_test("mutes: [{rule: nowhere}]"), "nowhere}]"),
        (a_test("also: sales").replace("expect: []", "expect: [{rule: nowhere}]"), "nowhere}]"),
    ],
)
def test_a_rule_that_a_test_names_must_exist(text: str, under: str) -> None:
    problem = the_mistake(text)

    assert marked(problem) == under
    assert problem.what == "there is no rule 'nowhere'"


def test_a_test_may_name_a_rule_of_a_later_file_also_one_with_a_mistake() -> None:
    later = a_file("severity: hihg", rule_id="later")

    loaded = load_rules([("a.yaml", a_test("also: [later]")), ("b.yaml", later)])

    assert [problem.where for problem in loaded.mistakes] == ["b.yaml:6:13"]
    assert [rule.id for rule in loaded.rules] == ["sales"]


def test_a_misspelt_rule_is_told_with_the_other_mistakes_of_its_file_in_order() -> None:
    text = a_test("also: [slaes-two]") + a_file("severity: hihg", rule_id="sales-two")[7:]

    problems = mistakes(text)

    assert [problem.mend for problem in problems] == ["did you mean 'sales-two'?",
                                                      "did you mean 'high'?"]  # fmt: skip


def test_while_a_file_can_not_be_read_no_rule_is_said_to_be_missing() -> None:
    loaded = load_rules([("a.yaml", a_test("also: [torn]")), ("b.yaml", "rules: [\n")])

    assert [problem.where for problem in loaded.mistakes] == ["b.yaml:1:8"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("mutes: [{from: 2025-05-06, until: 2025-05-05}]", "'until' does not lie after 'from'"),
        ("mutes:", "'mutes' is empty"),
        ("also:", "'also' is empty"),
    ],
)
def test_a_wrong_line_of_a_test_is_refused(line: str, what: str) -> None:
    assert told(a_test(line)) == [what]


@pytest.mark.parametrize("key", ["given", "expect"])
def test_a_test_says_aloud_that_nothing_is_given_or_expected(key: str) -> None:
    lines = {"given": "given: []", "expect": "expect: []"} | {key: f"{key}:"}

    problem = the_mistake(a_file("tests:\n- name: n\n  " + "\n  ".join(lines.values())))

    assert (problem.what, problem.mend) == (f"'{key}' is empty", f"write {key}: [] for none")


# A mistake never hides another.


ON = "on: insider_trade"
REST = [
    "where: side = sell", "severity: hihg", "cooldown: 7m", "fire: alway",
    "let: {n: {sum: valeu_usd, over: 3m}}", "tests: [{nam: a, given: [], expect: []}]",
    'message: "{tickr}"',
]  # fmt: skip


@pytest.mark.parametrize("kind", ["insider_trad", "weather", "[insider_trade, wether]", ""])
def test_a_misspelt_kind_hides_no_other_mistake_of_its_rule(kind: str) -> None:
    text = a_file(f"on: {kind}", *REST)

    told_of = [marked(problem) for problem in mistakes(text)]

    rest = [marked(problem) for problem in mistakes(text.replace(f"on: {kind}", ON))]
    assert len(told_of) == len(rest) + 1
    assert [word for word in told_of if word in rest] == rest


def test_a_misspelt_kind_alone_is_one_mistake() -> None:
    rest = ["let: {n: {count: events, over: 3d}}", "by: ticker", "clear: n < 1", "fire: rise"]

    for kind in ("insider_trad", "weather", "[weather]"):
        assert len(mistakes(a_file(f"on: {kind}", *rest, when="n > 2 and value_usd > $3"))) == 1


def test_a_misspelt_kind_of_a_measure_hides_no_other_mistake_of_it() -> None:
    text = a_file("let: {n: {sum: valeu_usd, of: insider_trad, over: 3m}}", when="n > 1")

    assert [marked(problem) for problem in mistakes(text)] == [
        "valeu_usd,",
        "insider_trad,",
        "3m}}",
    ]


# Folders.


def folder_with(folder: Path, *names: str) -> Path:
    for place, name in enumerate(names):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(a_file(rule_id=f"rule-{place}"))
    return folder


def test_hidden_files_of_editors_and_volumes_are_no_rule_files(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.yaml", "b.YML", "in/c.yaml", ".d.yaml", "..old/a.yaml")
    (folder / ".#a.yaml").symlink_to("nobody@host")

    files = [Path(name).relative_to(folder) for name, _ in rule_texts([folder])]

    assert list(map(str, files)) == ["a.yaml", "b.YML", "in/c.yaml"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.yaml")

    assert len(rule_texts([folder, folder / "a.yaml"])) == 1


def bad_entry(path: Path, sort: str) -> Path:
    """Something that is named like a rule file and is none."""
    if sort == "pipe":
        os.mkfifo(path)
    elif sort == "folder":
        path.mkdir()
    else:
        path.symlink_to(path.name if "itself" in sort else "gone.yaml")
    return path


@pytest.mark.parametrize("sort", ["link that leads nowhere", "link to itself", "pipe", "folder"])
def test_what_can_not_be_read_is_a_mistake_among_those_of_the_other_files(
    tmp_path: Path, sort: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_with(tmp_path, "a.yaml", "z.yaml")
    (folder / "z.yaml").write_text("x: [\n")
    bad = bad_entry(folder / "b.yaml", sort)

    status = run("rules", "check", folder)

    told = capsys.readouterr().out
    assert status == 1
    assert f"{bad}: this is " in told
    assert "z.yaml:1:4: " in told
    assert "1 rules" in told
    assert "2 mistakes" in told


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "a.yaml")
    (folder / "again").symlink_to(".")

    assert len(rule_texts([folder])) == 1


@pytest.mark.parametrize(
    ("line", "under", "what", "mend"),
    [
        ("let: {and: {sum: value_usd, over: 30d}}", "and:", "'and' is no name for a measure",
         "'and' is a word of the language: take another name"),
        ("let: {unknown: {sum: value_usd, over: 30d}}", "unknown:",
         "'unknown' is no name for a measure",
         "'unknown' is a word of the language: take another name"),
        ("let: {Sum: {sum: value_usd, over: 30d}}", "Sum:", "'Sum' is no name for a measure",
         "use small letters, digits and _"),
        ("when: planned > 3", ">", "'planned' is yes or no: it has no order",
         "write 'planned' or 'not planned'"),
        ("when: side > buy", ">", "'side' is a word: it has no order",
         "compare with '==' or '!='"),
        ("when: 3 < planned", "<", "'planned' is yes or no: it has no order",
         "write 'planned' or 'not planned'"),
        ("when: value_usd > unknown", "unknown", "unknown is no value",
         "write: value_usd is unknown"),
        ("by: {}", "{}", "'by' must be fields, not a mapping",
         "write one field, a list [ticker, owner_cik], or all"),
        ("when: value_usd > shares", "shares", "value_usd is dollars, shares is a number",
         "compare value_usd with $20M, or with another field that is dollars"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_what_its_author_meant(
    line: str, under: str, what: str, mend: str
) -> None:
    problem = the_mistake(a_file(line))

    assert marked(problem) == under
    assert (problem.what, problem.mend) == (what, mend)


# What stands twice, or says nothing.


ONE = CASE.removesuffix("\n  {line}")


def test_two_tests_of_one_name_are_a_mistake_at_the_second() -> None:
    problem = the_mistake(a_file(f"{ONE}\n{ONE.removeprefix('tests:')}".replace("\n\n", "\n")))

    assert problem.what == "another test of this rule is named 'n', in line 7"
    assert problem.line == 10


def test_tests_of_two_rules_may_have_one_name() -> None:
    other = a_file(ONE, rule_id="other").removeprefix("rules:\n")

    assert told(a_file(ONE) + other) == []


def test_keys_of_a_test_are_a_mistake_where_no_rule_can_wait_for_them() -> None:
    problem = the_mistake(a_file(f"{ONE}\n  keys: [A]"))

    assert problem.what == "'keys' in a test of a rule without 'absent'"
    assert "delete it" in problem.mend


@pytest.mark.parametrize(
    "lines",
    [
        (f"{ONE}\n  keys: [A]\n  also: silent",),
        ("let: {n: {seen: silent, over: 10d}}", f"{ONE}\n  keys: [A]"),
    ],
)
def test_keys_may_be_those_of_another_rule_that_is_judged_too(lines: tuple[str, ...]) -> None:
    silent = a_file("absent: 5d", when="", rule_id="silent")

    assert told(a_file(*lines) + silent.removeprefix("rules:\n")) == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("on: [insider_trade, insider_trade]", "'insider_trade' stands in 'on' twice"),
        ("by: [ticker, ticker]", "'ticker' stands in 'by' twice"),
    ],
)
def test_a_kind_or_field_that_stands_twice_is_a_mistake(line: str, what: str) -> None:
    problem = the_mistake(a_file(line))

    assert problem.what == what
    assert problem.mend == "delete one of the two"
