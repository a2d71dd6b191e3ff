"""The JSON Schema: what the bot takes it takes, typical mistakes it does not."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from bot.facts import KINDS
from bot.rules.keys import FILE_KEYS, MEASURE_KEYS, RULE_KEYS, TEST_KEYS
from bot.rules.measures import VERBS
from bot.rules.schema_json import DIALECT, rule_schema
from tests.rules.texts import a_file

ROOT = Path(__file__).parents[2]
SCHEMA = rule_schema()
VALIDATOR = Draft7Validator(SCHEMA)


def complaints(text: str) -> list[str]:
    """What a language server says of a file: it reads YAML 1.2, where dates are text."""
    held = YAML(typ="safe", pure=True).load(io.StringIO(text))
    return [error.message for error in VALIDATOR.iter_errors(_as_json(held))]


def _as_json(held: Any) -> Any:
    return json.loads(json.dumps(held, default=str))


def described(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for each in schema.values():
            yield from described(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from described(each)


def test_the_schema_is_one_of_draft_07() -> None:
    assert SCHEMA["$schema"] == DIALECT
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", sorted((ROOT / "rules").glob("*.yaml")), ids=lambda f: f.name)
def test_a_shipped_rule_file_is_valid(file: Path) -> None:
    assert complaints(file.read_text()) == []


def test_the_schema_names_every_key_verb_and_field() -> None:
    words = {*FILE_KEYS, *RULE_KEYS, *MEASURE_KEYS, *TEST_KEYS, *VERBS}
    fields = {name for kind in KINDS for name in kind.ruled}

    assert words | fields <= set(described(SCHEMA))


@pytest.mark.parametrize(
    "lines",
    [
        ["severity: high", "enabled: no", "tags: [a, b]", "cooldown: 7d"],
        ["by: all"],
        ["by: [ticker, person_key]"],
        ["fire: rise", "clear: shares < 3"],
        ["let: {n: {sum: value_usd, over: 20 sessions}}"],
        ["let: {n: {last: source, of: source_poll, by: all, max_age: 2h}}"],
        ["let: {n: {share: shares, where: planned, over: 3d, time: traded_on, min_points: 3}}"],
        ["let: {n: {seen: sales, over: 3d, by: all, before: event, ending: 3d}}"],
        [
            "tests:\n- name: 5\n  given:\n"
            "  - {at: 2025-05-05, insider_trade: {ticker: ON, form: 4, value_usd: 5_000,"
            " planned: no, owner_cik: 0001849056, holding_change_ratio: -33.3%}}\n"
            "  expect: [{n: 3, value_usd: ~5k, fate: in cooldown, message: x}]"
        ],
    ],
)
def test_what_the_bot_takes_is_valid(lines: list[str]) -> None:
    assert complaints(a_file(*lines)) == []


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("cooldwon: 1d", "cooldwon"),
        ("on: insider_trad", "insider_trad"),
        ("by: tickr", "tickr"),
        ("fire: always", "always"),
        ("severity: hihg", "hihg"),
        ("enabled: true", "True"),
        ("id: Large_Sale", "Large_Sale"),
        ("cooldown: 7m", "7m"),
        ("cooldown: 7 dys", "7 dys"),
        ("let: {n: {sum: owner_name, over: 3d}}", "owner_name"),
        ("let: {n: {sum: shares}}", "over"),
        ("let: {n: {sum: shares, over: 10 dys}}", "10 dys"),
        ("let: {n: {sum: shares, count: events, over: 3d}}", "valid under each"),
        ("let: {n: {over: 3d}}", "not valid"),
        ("let: {n: {share: shares, over: 3d}}", "where"),
        ("let: {n: {zscore: shares, over: 3d, time: traded_on}}", "traded_on"),
        ("let: {n: {seen: sales, over: 3d, where: planned}}", "planned"),
        ("let: {n: {count: events, over: 3d, max_age: 3d}}", "3d"),
        ("let: {n: {last: shares, of: source_poll, by: all}}", "shares"),
        ("let: {n: {cuont: events, over: 3d}}", "cuont"),
        ("tests:\n- {name: n, given: []}", "expect"),
        ("tests:\n- {name: n, given: [{at: 2025-05-05}], expect: []}", "not valid"),
        (
            "tests:\n- {name: n, given: [{at: 2025-05-05, insider_trade: {tikcer: A}}],"
            " expect: []}",
            "tikcer",
        ),
        (
            "tests:\n- {name: n, given: [{at: 2025-05-05, insider_trade: {side: sael}}],"
            " expect: []}",
            "sael",
        ),
        (
            "tests:\n- {name: n, given: [{at: 2025-05-05, insider_trade: {value_usd: much}}],"
            " expect: []}",
            "much",
        ),
        ("tests:\n- {name: n, given: [], expect: [{fate: sleeping}]}", "sleeping"),
    ],
)
def test_a_typical_mistake_is_not_valid(line: str, about: str) -> None:
    told = complaints(a_file(line))

    assert told
    assert about in " ".join(told)


@pytest.mark.parametrize("key", ["id", "on", "message"])
def test_a_rule_without_a_required_key_is_not_valid(key: str) -> None:
    text = "rules:\n- " + "\n  ".join(
        line
        for line in ("title: t", "id: a", "on: insider_trade", "when: shares > 1", "message: m")
        if not line.startswith(key)
    )

    assert any(key in told for told in complaints(text + "\n"))
