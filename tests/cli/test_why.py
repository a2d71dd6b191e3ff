"""``bot rules why``: the proof behind a decision, beside a running bot."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.explaining import explaining
from tests.builders import Line, a_trade, rules_of
from tests.cli.console import run

RULES = """
rules:
- id: many-sellers
  on: insider_trade
  by: subject
  where: side == sell and class == open_market
  let: {sellers: {distinct: person_key, over: 30d}}
  when: sellers >= 2
  fire: rise
  message: "{ticker}: {sellers} sellers"
- id: each-seller
  on: insider_trade
  by: [subject, person_key]
  where: side == sell and class == open_market
  when: value_usd >= $1M
  message: "{ticker}: {value_usd:money}"
"""


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """The configuration of a bot that has judged three sales of two sellers."""
    (tmp_path / "rules.yaml").write_text(RULES)
    file = tmp_path / "config.toml"
    file.write_text('[store]\npath = "bot.db"\n[rules]\npath = "rules.yaml"\n')
    line = Line(*rules_of(RULES), path=tmp_path / "bot.db")
    for day, person in (("2025-09-01", "7"), ("2025-09-02", "8"), ("2025-09-03", "8")):
        line.see(a_trade(day, person_key=person, subject="0001849056", issuer_cik="0001849056",
                         accession_number=f"0000000001-25-00000{day[-1]}", form="4"))  # fmt: skip
    yield file
    line.store.close()


def why(capsys: pytest.CaptureFixture[str], config: Path, *arguments: str) -> tuple[int, str]:
    status = run("--config", config, "rules", "why", *arguments)
    return status, capsys.readouterr().out


def why_json(capsys: pytest.CaptureFixture[str], config: Path, *arguments: str) -> dict[str, Any]:
    status, told = why(capsys, config, *arguments, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(told)
    return found


def test_a_ticker_finds_the_key_of_the_issuer_and_its_proof(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = why_json(capsys, config, "many-sellers", "oklo")

    assert found["key"] == "0001849056"
    assert found["state"] == "fired since 2025-09-02T16:00:00.000Z"
    assert found["decision"]["fate"] == "already fired"
    assert found["decision"]["current"] is True
    assert found["clauses"] == [
        {"clause": "sellers >= 2", "truth": "yes", "values": {"sellers": "2"}}
    ]
    (sellers,) = found["measures"]
    assert [fact["value"] for fact in sellers["facts"]] == ["8", "8", "7"]
    assert sellers["facts"][0]["source"] == "Form 4 0000000001-25-000003"


@pytest.mark.parametrize("key", ["OKLO", "1849056", "0001849056"])
def test_a_ticker_a_cik_and_the_key_itself_mean_one_key(
    config: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    assert why_json(capsys, config, "many-sellers", key)["key"] == "0001849056"


def test_at_looks_at_what_was_decided_then(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = why_json(capsys, config, "many-sellers", "OKLO", "--at", "2025-09-01 18:00 ET")

    assert found["decision"]["fate"] == "no"
    assert found["clauses"][0]["truth"] == "no"


def test_of_several_keys_the_one_decided_last_is_told_and_the_others_named(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = why_json(capsys, config, "each-seller", "OKLO")
    assert found["key"] == "0001849056/8"
    assert found["other_keys"] == ["0001849056/7"]

    assert why_json(capsys, config, "each-seller", "1849056/7")["key"] == "0001849056/7"


def test_the_text_names_clauses_facts_and_documents(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = why(capsys, config, "many-sellers", "OKLO")

    assert status == 0
    assert "state now: fired since 2025-09-02" in told
    assert "sellers >= 2 (sellers 2)" in told
    assert "sellers 2: distinct of person_key over 30d, 3 facts" in told
    assert "Form 4 0000000001-25-000001" in told


def test_a_decision_of_another_version_says_so(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = config.with_name("rules.yaml")
    rules.write_text(RULES.replace("sellers >= 2", "sellers >= 3"))

    _, told = why(capsys, config, "many-sellers", "OKLO")

    assert "another version" in told


def test_a_key_of_which_nothing_was_judged_tells_where_its_facts_fail(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = config.with_name("rules.yaml")
    rules.write_text(RULES.replace("many-sellers", "no-seller").replace("== sell", "== buy"))

    status, told = why(capsys, config, "no-seller", "OKLO")

    assert status == 1
    assert "no      side == buy (side sell)" in told


def test_a_key_without_facts_says_so(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = why(capsys, config, "many-sellers", "ZZZ")

    assert status == 1
    assert "no insider_trade about it is stored" in told


def test_a_rule_that_is_not_there_is_guessed(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--config", config, "rules", "why", "many-seller", "OKLO") == 2
    assert "did you mean 'many-sellers'?" in capsys.readouterr().err


def test_a_mistake_in_another_file_is_a_warning_and_the_rule_is_told(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = config.parent / "rules"
    folder.mkdir()
    config.with_name("rules.yaml").rename(folder / "a.yaml")
    (folder / "zz.yaml").write_text("x: [\n")
    config.write_text('[store]\npath = "bot.db"\n[rules]\npath = "rules"\n')

    status = run("--config", config, "rules", "why", "many-sellers", "OKLO")

    told = capsys.readouterr()
    assert status == 0
    assert "many-sellers" in told.out
    assert "zz.yaml:1:4" in told.err


def test_a_time_without_a_zone_is_refused(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run("--config", config, "rules", "why", "many-sellers", "OKLO", "--at",
                 "2025-09-01 18:00")  # fmt: skip

    assert status == 2
    assert "has no time zone" in capsys.readouterr().err


def test_looking_can_not_write(config: Path) -> None:
    with (
        explaining(config.with_name("bot.db")) as store,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        store.facts._connections.connection.execute("DELETE FROM decisions")
