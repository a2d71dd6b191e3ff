"""The version of a rule changes with what decides or words an alert, and with nothing else."""

import pytest

from bot.rules.loading import load_rules
from tests.rules.texts import a_file

BASE = a_file("where: ticker in watch", "title: T", "tags: [a]")
LISTS = "lists: {watch: [A, B], other: [C]}\n"


def version(text: str) -> str:
    (rule,) = load_rules([("r.yaml", text)]).or_raise()
    return rule.version


@pytest.mark.parametrize(
    "text",
    [
        LISTS + BASE + "# a remark\n",
        LISTS + BASE.replace("title: T", "title: Another\n  why: Because\n  owner: me"),
        LISTS + BASE.replace("\n  ", "\n      ").replace("- id", "-     id"),
        LISTS + BASE + "  tests:\n  - {name: n, given: [], expect: []}\n",
        LISTS + a_file("tags: [a]", "where: ticker in watch", "title: T"),
        "lists: {watch: [A, B], other: [C, D]}\n" + BASE,
        LISTS + BASE.replace("ticker in watch", "\n    ticker\n    in watch"),
    ],
)
def test_it_stays_with_remarks_order_indentation_tests_and_lists_of_others(text: str) -> None:
    assert version(text) == version(LISTS + BASE)


@pytest.mark.parametrize(
    "text",
    [
        LISTS + BASE.replace("$1M", "$2M"),
        LISTS + BASE.replace('"{ticker}"', '"{ticker}!"'),
        LISTS + BASE + "  cooldown: 7d\n",
        LISTS + BASE + "  severity: high\n",
        LISTS + BASE + '  to: "#a"\n',
        "lists: {watch: [A], other: [C]}\n" + BASE,
    ],
)
def test_it_changes_with_what_decides_or_words_an_alert(text: str) -> None:
    assert version(text) != version(LISTS + BASE)


def test_a_list_whose_name_is_part_of_another_word_is_not_used_by_the_rule() -> None:
    one, other = "lists: {tick: [A]}\n", "lists: {tick: [B]}\n"

    assert version(one + a_file()) == version(other + a_file())
