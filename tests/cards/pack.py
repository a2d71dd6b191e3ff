"""The cards of the shipped rules, made of their own tests by the engine that makes live ones."""

from collections.abc import Iterator
from pathlib import Path

from bot.cards import Card
from bot.rehearsal import rehearsed
from bot.routes import everything_to
from bot.rules.loading import load_rules
from bot.rules.model import Rule

FOLDER = Path(__file__).parents[2] / "rules"
RULES = load_rules((f.name, f.read_text()) for f in sorted(FOLDER.glob("*.yaml"))).or_raise()


def cards_of(rule: Rule) -> Iterator[Card]:
    """Every alert that the tests of a rule bring, as it is queued for its channel."""
    for test in rule.tests:
        with rehearsed([rule], test, route=everything_to("#pack")) as store:
            for message in store.outbox.all():
                yield Card.from_json(message.card)
