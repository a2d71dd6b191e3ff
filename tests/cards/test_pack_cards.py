"""Each alert that the tests of the shipped rules bring makes a card within the limits of Slack."""

from pathlib import Path

import pytest

from bot.cards import Card, Match, build_card
from bot.cards.slack import slack_message
from bot.rehearsal import rehearse
from bot.rules.fire import Fate
from bot.rules.loading import load_rules
from bot.rules.model import Rule
from bot.rules.proof import read_proof
from bot.rules.testing import Outcome
from bot.sandbox.slack_blocks import breaches

FOLDER = Path(__file__).parents[2] / "rules"
RULES = [
    rule
    for rule in load_rules((f.name, f.read_text()) for f in sorted(FOLDER.glob("*.yaml"))).rules
    if rule.absent is None
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_alert_of_a_shipped_rule_makes_a_card(rule: Rule) -> None:
    fired = [o for test in rule.tests for o in rehearse([rule], test) if o.fate is Fate.FIRED]
    cards = [_card(rule, outcome) for outcome in fired]

    assert cards
    for card in cards:
        assert breaches(slack_message(card)["blocks"]) == []
        assert "None" not in " ".join([card.text, *(line.text for line in card.lines)])


def _card(rule: Rule, outcome: Outcome) -> Card:
    match = Match(
        row=outcome.row,
        values=outcome.values,
        proof=read_proof(outcome.proof),
        message=outcome.message or "",
    )
    return build_card(rule, [match], alert_id=1)
