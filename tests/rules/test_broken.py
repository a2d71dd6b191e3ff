"""Files that are wrong: 40 broken ones with what is told of each, and tests that must fail."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from bot.rehearsal import rehearse
from bot.rules.loading import load_rules
from bot.rules.problems import Problem
from bot.rules.testing import run_tests
from tests.cli.console import run

HERE = Path(__file__).parent
BROKEN, FALSE = HERE / "broken", HERE / "false"
FILES = sorted(BROKEN.glob("*.yaml"))

Wanted = tuple[str, str, str]
"""Place, the beginning of what is wrong, the beginning of how to mend it."""


def table() -> Iterator[tuple[str, list[Wanted]]]:
    """What is expected of each broken file."""
    rows = [line.split("\t") for line in (BROKEN / "expected.tsv").read_text().splitlines()]
    for file, group in groupby(rows, key=lambda row: row[0].split(":")[0]):
        yield file, [(place, what, mend) for place, what, mend in group]


EXPECTED = dict(table())


def fits(problem: Problem, wanted: Wanted) -> bool:
    place, what, mend = wanted
    return (
        problem.where == place and problem.what.startswith(what) and problem.mend.startswith(mend)
    )


def test_every_broken_file_stands_in_the_table() -> None:
    assert {file.name for file in FILES} == set(EXPECTED)
    assert len(FILES) >= 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_broken_file_has_these_mistakes_and_no_others(file: Path) -> None:
    found = load_rules([(file.name, file.read_text())]).mistakes
    wanted = EXPECTED[file.name]

    assert len(found) == len(wanted), [str(problem) for problem in found]
    for problem, each in zip(found, wanted, strict=True):
        assert fits(problem, each), f"{each}\n{problem}"


def test_check_tells_all_mistakes_of_all_files_in_one_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BROKEN)

    status = run("rules", "check", ".")

    told = capsys.readouterr().out
    expected = [place for wanted in EXPECTED.values() for place, _, _ in wanted]
    places = [line.split(": ")[0] for line in told.splitlines() if line[:1].isalpha()]
    assert status == 1
    assert {place for place in places if ".yaml:" in place} >= set(expected)


# Tests that are false: a run must fail them.


@pytest.mark.parametrize("file", sorted(FALSE.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_false_test_fails(file: Path) -> None:
    rules = load_rules([(file.name, file.read_text())]).or_raise()

    results = run_tests(rules, rehearse)

    wrong = [r for r in results if not r.passed]
    assert [r.test.name for r in wrong] == [t.name for rule in rules for t in rule.tests]
    for result in wrong:
        assert any(result.test.name in failure for failure in result.failures), result.failures


def test_a_run_over_false_tests_ends_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("rules", "test", FALSE)

    told = capsys.readouterr().out
    assert status == 1
    assert "0 passed" in told
