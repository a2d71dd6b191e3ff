"""``bot rules``: looking at rules from the command line."""

import json
from pathlib import Path

import pytest

from bot.rules.reference import reference_page
from bot.rules.schema_json import rule_schema
from tests.cli.console import GOOD_RULE, run


def test_the_list_tells_of_each_rule_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD_RULE)

    status = run("rules", "list", file, "--json")

    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert told["id"] == "any-purchase"
    assert told["severity"] == "notice"
    assert told["on"] == ["insider_trade"]
    assert (told["file"], told["line"]) == (str(file), 3)


def test_a_rule_that_is_off_is_listed_as_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD_RULE.replace("  on:", "  enabled: no\n  on:"))

    assert run("rules", "list", file) == 0
    assert "notice, off" in capsys.readouterr().out


def test_a_broken_file_does_not_hide_the_rules_of_another_from_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("rules: [\n")
    (tmp_path / "b.yaml").write_text(GOOD_RULE)

    status = run("rules", "list", tmp_path)

    told = capsys.readouterr()
    assert status == 1
    assert "any-purchase" in told.out
    assert "a.yaml:1:8" in told.err


def test_schema_and_reference_are_printed_as_the_code_has_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("rules", "schema") == 0
    assert json.loads(capsys.readouterr().out) == rule_schema()
    assert run("rules", "reference") == 0
    assert capsys.readouterr().out == reference_page()


def test_changes_that_the_tests_do_not_notice_are_named_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD_RULE)

    status = run("rules", "test", "--mutate", file)

    told = capsys.readouterr().out
    assert status == 1
    assert "LIVE any-purchase" in told
    assert f"{file}:6: when: 'value_usd >= $1' → 'value_usd > $1'" in told


def test_mutants_as_json_are_one_object_a_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(GOOD_RULE)

    run("rules", "test", "--mutate", file, "--json")

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["rule"] == "any-purchase"
    assert told["tried"] > len(told["survivors"]) > 0
    assert told["survivors"][0]["where"].startswith(f"{file}:")
