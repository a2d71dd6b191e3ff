"""Alerts as people see them: decision to card, card to terminal."""

from bot.cards.build import Match, build_card, plain_card, source_of
from bot.cards.card import REPEAT, Card, Line
from bot.cards.correction import Change, changes, correction_card
from bot.cards.digest import Told, digest_cards
from bot.cards.story import Leg, numbers_told, story_card

__all__ = [
    "REPEAT",
    "Card",
    "Change",
    "Leg",
    "Line",
    "Match",
    "Told",
    "build_card",
    "changes",
    "correction_card",
    "digest_cards",
    "numbers_told",
    "plain_card",
    "source_of",
    "story_card",
]
