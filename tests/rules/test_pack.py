"""The rules that are shipped: no mistake, no warning, every test passes."""

import re
from pathlib import Path

import pytest

from bot.rehearsal import rehearse
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.rules.testing import run_tests

FOLDER = Path(__file__).parents[2] / "rules"
PAGE = (FOLDER.parent / "docs" / "rules.md").read_text()
LOADED = load_rules((file.name, file.read_text()) for file in sorted(FOLDER.glob("*.yaml")))
INSIDERS = [rule for rule in LOADED.rules if rule.file.startswith("insider-")]
PRICES = [
    rule
    for rule in LOADED.rules
    if rule.file in ("prices.yaml", "funds.yaml", "valuations.yaml", "runs.yaml")
]

FED = [rule for rule in LOADED.rules if rule.file in ("fed.yaml", "releases.yaml")]
PUBLISHED_ONCE = {"fed_decision", "fed_release", "macro_release"}
"""Kinds of which each fact is a document of its own, or tells one release."""


def rule_id(rule: Rule) -> str:
    return rule.id


def test_the_pack_has_neither_a_mistake_nor_a_warning() -> None:
    assert [str(problem) for problem in LOADED.problems] == []


def test_the_page_names_each_rule_of_insiders_prices_and_the_fed_and_whether_it_is_on() -> None:
    told = re.findall(r"^\| `([a-z0-9-]+)` \| .* \| (on|off) \|$", PAGE, re.MULTILINE)

    assert sorted(told) == sorted(
        (r.id, "on" if r.enabled else "off") for r in [*INSIDERS, *PRICES, *FED]
    )


@pytest.mark.parametrize("rule", INSIDERS, ids=rule_id)
def test_a_rule_of_insiders_tells_two_a_day_at_most(rule: Rule) -> None:
    assert rule.max_per_day is not None
    assert rule.max_per_day <= 2


@pytest.mark.parametrize("rule", INSIDERS, ids=rule_id)
def test_a_rule_of_insiders_knows_what_it_does_where_a_field_is_unknown(rule: Rule) -> None:
    """One test at least shows what is unknown, a fate or a value; sums need no history."""
    fates = {e.fate for test in rule.tests for e in test.expect}

    assert "unknown" in fates or "sum" in rule.tags


@pytest.mark.parametrize("rule", PRICES, ids=rule_id)
def test_a_rule_on_any_stock_is_told_of_five_a_day_at_most_and_begins_once(rule: Rule) -> None:
    """Bars of thousands of tickers are judged each day; funds are named, so they are few."""
    few = rule.by == () or "fund" in rule.tags or rule.id == "large-cap-without-revenue"

    assert few or (rule.max_per_day or 6) <= 5
    assert rule.fire == "rise" or rule.cooldown is not None or rule.absent is not None


@pytest.mark.parametrize("rule", PRICES, ids=rule_id)
def test_a_message_on_prices_fits_a_phone_and_a_return_in_it_has_both_days(rule: Rule) -> None:
    written = (FOLDER / rule.file).read_text()
    start = written.index("\n  message:", written.index(f"- id: {rule.id}\n")) + 1
    line = written[start:].splitlines()[0]

    assert all(len(e.message) <= 300 for t in rule.tests for e in t.expect if e.message)
    for span in re.findall(r"\{return_(\w+?)[: }]", line):
        assert f"{{start_{span}}}" in line or rule.on[0].name in ("quote", "market_breadth")


@pytest.mark.parametrize("rule", PRICES, ids=rule_id)
def test_a_rule_on_prices_shows_a_fate_where_something_is_unknown(rule: Rule) -> None:
    fates = {e.fate for test in rule.tests for e in test.expect}

    assert "unknown" in fates or rule.absent is not None


@pytest.mark.parametrize("rule", LOADED.rules, ids=rule_id)
def test_every_test_of_a_shipped_rule_passes(rule: Rule) -> None:
    failed = [(r.test.name, r.failures) for r in run_tests([rule], rehearse) if not r.passed]

    assert failed == []


@pytest.mark.parametrize("rule", LOADED.rules, ids=rule_id)
def test_a_shipped_rule_says_what_it_is_and_why(rule: Rule) -> None:
    assert rule.title
    assert rule.why
    assert rule.runbook
    assert rule.tags


@pytest.mark.parametrize("rule", LOADED.rules, ids=rule_id)
def test_a_shipped_rule_can_not_repeat_itself_every_day(rule: Rule) -> None:
    once = {kind.name for kind in rule.on} <= PUBLISHED_ONCE

    assert once or rule.cooldown is not None or rule.fire == "rise" or rule.absent is not None


@pytest.mark.parametrize("rule", FED, ids=rule_id)
def test_no_item_of_a_busy_minute_is_swallowed_by_another(rule: Rule) -> None:
    """On a day of decision statement and projections come at once, and dissents on both sides."""
    assert rule.fire == "every"
    assert rule.cooldown is None or rule.id == "releases-overdue"
    assert rule.max_per_day is None


def test_the_shipped_rules_tell_the_story_of_oklo_in_five_alerts() -> None:
    """Synthetic lots with the totals that the press told."""
    enabled = [rule for rule in LOADED.rules if rule.enabled]
    story = next(
        test
        for rule in LOADED.rules
        if rule.id == "insiders-sold-this-year"
        for test in rule.tests
        if test.name.startswith("300,000 shares")
    )

    fired = [o for o in rehearse(enabled, story) if o.fate == "fired"]

    assert [(outcome.rule, outcome.row["owner_name"]) for outcome in fired] == [
        ("large-officer-sale", "DeWitte"),
        ("large-officer-sale", "Bealmear"),
        ("insiders-sold-this-year", "Bealmear"),
        ("large-officer-sale", "Klein"),
        ("cluster-sell", "Goodwin"),
    ]
