"""Each alert that the tests of the shipped rules bring is a card, whole at every step down."""

import pytest

from bot.cards.slack import slack_ladder
from bot.rules.model import Rule
from bot.sandbox.slack_blocks import breaches, too_long
from tests.cards.pack import RULES, cards_of


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_alert_of_a_shipped_rule_is_a_card_within_the_limits_of_slack(rule: Rule) -> None:
    cards = list(cards_of(rule))

    assert cards
    for card in cards:
        assert "None" not in card.to_json()
        assert card.facts or rule.on[0].name in ("source_poll", "alert")
        assert "the rest can not be shown" not in card.to_json()
        for _, message in slack_ladder(card, interactive=True):
            assert breaches(message["blocks"]) == []
            assert not too_long(message["blocks"])
            assert len(message["text"]) <= 3_500
