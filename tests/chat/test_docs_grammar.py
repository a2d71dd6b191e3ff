"""The page on asking: its examples read, its table is that of the fields."""

import re
import shlex
from pathlib import Path

import pytest

from bot.chat.command import Verb
from bot.cli.history import _typed
from bot.store.searchable import FIELDS, Searchable
from tests.chat.questions import read

PAGE = (Path(__file__).parents[2] / "docs" / "chat.md").read_text()
EXAMPLES = re.findall(r"^\$ bot history (.*)$", PAGE, re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_reads_as_a_shell_gives_it(example: str) -> None:
    words = shlex.split(example.partition(" >")[0], comments=True)

    command = read(_typed(words))

    assert command.verb in (Verb.SEARCH, Verb.EXPORT)
    assert command.query.terms
    assert not any(term.field == "text" for term in command.query.terms)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_field_is_described_as_it_is_declared(field: Searchable) -> None:
    also = " ".join(f"`{alias}`" for alias in field.aliases)
    examples = " ".join(f"`{example}`" for example in field.examples)

    assert f"| `{field.name}` | {also} | {field.doc} | {examples} |" in PAGE
