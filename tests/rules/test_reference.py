"""The reference page: as the code has it, and complete."""

from pathlib import Path

import pytest

from bot.facts import KINDS
from bot.rules.fire import Fate
from bot.rules.keys import FILE_KEYS, MEASURE_KEYS, RULE_KEYS, TEST_KEYS
from bot.rules.measures import VERBS
from bot.rules.reference import reference_page

FILE = Path(__file__).parents[2] / "docs" / "reference.md"
PAGE = reference_page()


def test_the_page_is_current() -> None:
    assert FILE.read_text() == PAGE, "say: make reference"


@pytest.mark.parametrize("word", [*FILE_KEYS, *RULE_KEYS, *MEASURE_KEYS, *TEST_KEYS, *VERBS])
def test_every_key_and_every_measure_has_a_row(word: str) -> None:
    assert f"| `{word}` | " in PAGE


def test_every_field_has_a_row_with_its_meaning() -> None:
    for kind in KINDS:
        section = PAGE.split(f"## Fields of `{kind.name}`")[1]
        for name in kind.ruled:
            field = kind.by_name[name]
            assert f"| `{name}` | {field.type}" in section
            assert field.doc in section


def test_every_fate_is_named() -> None:
    assert all(f"`{fate}`" in PAGE for fate in Fate)
