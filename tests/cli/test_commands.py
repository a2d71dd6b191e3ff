"""Commands as a person types them: what is printed, and the exit status."""

import json
from pathlib import Path

import pytest

from bot.sandbox.market import filings, write_market
from tests.cli.console import GOOD_RULE, run


def test_parse_prints_one_json_object_a_file_and_goes_on_after_a_bad_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_bytes(filings()[0].submission())
    bad.write_text("<html></html>")

    status = run("parse", "form4", bad, good, tmp_path / "absent.xml", "--json")

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert [answer["ok"] for answer in answers] == [False, True, False]
    assert answers[1]["trades"][0]["value_usd"] is not None
    assert all(answer["error"] for answer in answers if not answer["ok"])


def test_parse_of_good_files_ends_with_status_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.txt"
    good.write_bytes(filings()[-1].submission())

    assert run("parse", "form4", good) == 0
    assert "Northwind" in capsys.readouterr().out


def test_a_mistake_in_a_rule_file_is_told_with_its_place_and_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD_RULE.replace("value_usd >= $1", "valeu_usd >= $1"))

    status = run("rules", "check", file)

    told = capsys.readouterr().out
    assert status == 1
    assert f"{file}:6:9" in told
    assert "did you mean 'value_usd'?" in told


def test_rule_tests_pass_and_a_false_one_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(GOOD_RULE)
    assert run("rules", "test", file) == 0

    file.write_text(GOOD_RULE.replace("expect: []", "expect: [{at: 2025-08-05}]"))
    assert run("rules", "test", file) == 1
    assert "expected an alert that did not come" in capsys.readouterr().out


def test_replay_tells_what_went_in_and_what_came_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "market"
    folder.mkdir()
    written = write_market(folder)

    status = run("replay", folder, "--json")

    summary = json.loads(capsys.readouterr().out)
    assert status == 1  # two documents are damaged
    assert summary["documents"] == written
    assert len(summary["unreadable"]) == 2
    assert summary["alerts"] == summary["fates"]["fired"] >= 5


def test_replay_shows_the_card_of_the_officer_who_sold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "market"
    folder.mkdir()
    write_market(folder)

    run("replay", folder)

    shown = capsys.readouterr().out
    assert "Bealmear" in shown
    assert "$9.4M" in shown
    assert "13,505,159" not in shown  # the merger cash-out stays silent


def test_a_path_that_leads_nowhere_is_a_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("replay", tmp_path / "nowhere") == 2
    assert "no such file or folder" in capsys.readouterr().err
    assert run("no-such-command") == 2
