"""The page on rules: its examples load and pass, its tables name all there is."""

import re
from pathlib import Path

import pytest

from bot.rehearsal import rehearse
from bot.rules.fire import Fate
from bot.rules.keys import MEASURE_KEYS, RULE_KEYS, TEST_KEYS
from bot.rules.loading import load_rules
from bot.rules.measures import VERBS
from bot.rules.testing import run_tests

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 4


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_loads_without_a_warning_and_passes_its_tests(block: str) -> None:
    loaded = load_rules([("docs/rules.md", block)])

    assert [str(problem) for problem in loaded.problems] == []
    assert [r.failures for r in run_tests(loaded.rules, rehearse) if not r.passed] == []


def test_the_mistake_that_is_shown_is_the_one_that_is_told() -> None:
    (shown,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    text = (
        "rules:\n- id: a\n  on: insider_trade\n  message: x\n"
        "  where: side == sael and class == open_market\n  when: shares > 1\n"
    )

    (problem,) = load_rules([("rules/oklo.yaml", text)]).mistakes

    assert str(problem) == shown


@pytest.mark.parametrize("word", [*RULE_KEYS, *MEASURE_KEYS, *TEST_KEYS, *Fate])
def test_every_key_and_every_fate_is_described(word: str) -> None:
    assert f"| `{word}` |" in PAGE or f"- `{word}`:" in PAGE


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_described(verb: str) -> None:
    assert re.search(rf"^\| `{verb}: \w+` \|", PAGE, re.MULTILINE)
