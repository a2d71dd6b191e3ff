"""Alerts as people see them: decision to card, card to terminal."""

from bot.cards.build import Match, build_card, plain_card, source_of
from bot.cards.card import REPEAT, Card, Line
from bot.cards.correction import (
    Finding,
    correction_card,
    correction_text,
    finding,
    second_filing_card,
    second_filing_text,
)
from bot.cards.digest import Told, digest_cards
from bot.cards.story import Leg, numbers_told, story_card

__all__ = [
    "REPEAT",
    "Card",
    "Finding",
    "Leg",
    "Line",
    "Match",
    "Told",
    "build_card",
    "correction_card",
    "correction_text",
    "digest_cards",
    "finding",
    "numbers_told",
    "plain_card",
    "second_filing_card",
    "second_filing_text",
    "source_of",
    "story_card",
]
