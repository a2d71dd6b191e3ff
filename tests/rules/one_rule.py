"""The one rule of a text."""

from bot.rules.loading import load_rules
from bot.rules.model import Rule


def the_rule(text: str) -> Rule:
    (rule,) = load_rules([("r.yaml", text)]).or_raise()
    return rule
