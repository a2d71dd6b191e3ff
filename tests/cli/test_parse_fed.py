"""``bot parse fed`` as other tools call it, on small files and on recorded ones."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.console import run

RECORDED = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "fed"

STATEMENT = """Federal Reserve issues FOMC statement

March 18, 2026

For release at 2:00 p.m. EDT

The Committee decided to lower the target range for the federal funds rate to 3 to 3-1/4 percent.

Voting for the monetary policy action were Ann Able, Chair; and Bo B. Bell. Voting against this
action was Max M. Moor, who preferred no change.
"""


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_statement_is_one_object_with_the_fixed_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fomc20260318.txt"
    file.write_text(STATEMENT, encoding="utf-8")

    status = run("parse", "fed", str(file), "--json")

    assert status == 0
    assert lines(capsys) == [
        {
            "file": "fomc20260318.txt",
            "kind": "statement",
            "published_on": "2026-03-18",
            "target_lower_pct": 3.0,
            "target_upper_pct": 3.25,
            "votes_for": 2,
            "votes_against": 1,
            "dissents": [{"name": "Max M. Moor", "preferred": "preferred no change"}],
            "speaker": None,
            "title": "Federal Reserve issues FOMC statement",
        }
    ]


def test_a_file_that_cannot_be_read_hides_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.htm", tmp_path / "good.txt"
    bad.write_bytes(b"%PDF-1.7")
    good.write_text(STATEMENT, encoding="utf-8")

    status = run("parse", "fed", str(bad), str(tmp_path / "absent"), str(good), "--json")

    first, second, third = lines(capsys)
    assert status == 1
    assert (first["ok"], second["ok"]) == (False, False)
    assert "binary" in first["error"]
    assert third["kind"] == "statement"


def test_what_could_not_be_read_is_told_to_people_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "s.txt"
    file.write_text(STATEMENT.replace("to 3 to 3-1/4", "to some"), encoding="utf-8")

    run("parse", "fed", str(file))

    told = capsys.readouterr().out
    assert "NOT READ: " in told
    assert "2 for, 1 against" in told


def test_titles_are_told_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "titles.tsv"
    file.write_text("title\nFOMC Minutes\nCook, On Banks\n", encoding="utf-8")

    assert run("parse", "fed", "--titles", str(file), "--json") == 0
    assert lines(capsys) == [
        {"title": "FOMC Minutes", "kind": "minutes"},
        {"title": "Cook, On Banks", "kind": "speech"},
    ]


def test_neither_files_nor_titles_is_wrong_usage() -> None:
    assert run("parse", "fed", "--json") == 2


def _score(*command: str) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, str(RECORDED / "score.py"), "--json", *command],
        capture_output=True,
        text=True,
        check=True,
    )
    measures = json.loads(told.stdout)["measures"]
    return {name: measure["share"] for name, measure in measures.items()}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded Fed documents")
def test_every_recorded_document_is_read_without_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ("statements_txt", "statements_html", "minutes_html", "speeches_html", "other_txt")
    files = [str(file) for folder in folders for file in sorted((RECORDED / folder).iterdir())]

    run("parse", "fed", *files, "--json")

    told = tmp_path / "told.jsonl"
    told.write_text(capsys.readouterr().out, encoding="utf-8")
    assert {name: share for name, share in _score(str(told)).items() if share < 1} == {}


@pytest.mark.skipif(not RECORDED.is_dir(), reason="BOT_TEST_DATA names no recorded Fed documents")
def test_recorded_titles_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("parse", "fed", "--titles", str(RECORDED / "titles.tsv"), "--json")

    told = tmp_path / "told.jsonl"
    told.write_text(capsys.readouterr().out, encoding="utf-8")
    assert _score("--titles", str(told))["title class"] >= 0.99
