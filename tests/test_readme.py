"""The front page: its card is what the bot prints, its commands and pages are there."""

import itertools
import re
from pathlib import Path

import pytest

from bot.rehearsal import rehearse
from bot.rules.loading import load_rules
from bot.rules.testing import run_tests
from bot.sandbox.market import write_market
from tests.cards.pack import RULES
from tests.cli.console import run

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "README.md").read_text()
TOLD = re.findall(r"(?:^|`|; )bot ([a-z]+(?: [a-z0-9|]+(?=[\s`;]))*)", PAGE, re.MULTILINE)


def commands() -> list[tuple[str, ...]]:
    """Each command that is named: "rules check|test" are two."""
    alternatives = [[word.split("|") for word in told.split()] for told in TOLD]
    return sorted({each for words in alternatives for each in itertools.product(*words)})


def words(text: str) -> str:
    """Without the frame of a card and without where its lines end."""
    return " ".join(text.translate(str.maketrans("╭╮╰╯│─", "      ")).split())


def test_the_card_is_word_for_word_what_a_replay_of_the_made_up_market_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (card,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    write_market(tmp_path)

    run("replay", tmp_path, "--rules", ROOT / "rules")

    assert words(card) in words(capsys.readouterr().out)


def test_the_rule_loads_without_a_warning_and_passes_its_tests() -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    loaded = load_rules([("README.md", block)])

    assert [str(problem) for problem in loaded.problems] == []
    assert [
        result.failures for result in run_tests(loaded.rules, rehearse) if not result.passed
    ] == []


def test_commands_are_named() -> None:
    assert {("run",), ("rules", "why"), ("slack", "test"), ("parse", "index")} <= set(commands())


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_each_command_is_one(command: tuple[str, ...]) -> None:
    assert run(*command, "--help") == 0


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", PAGE))))
def test_each_link_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).exists()


def test_it_counts_the_rules_that_come_with_the_bot() -> None:
    assert f"the {len(RULES)} rules that come with the bot" in PAGE
