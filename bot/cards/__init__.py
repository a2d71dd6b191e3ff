"""Alerts as people see them: decision to card, card to terminal."""

from bot.cards.build import Match, build_card, digest_card, plain_card, source_of
from bot.cards.card import Card, Line

__all__ = ["Card", "Line", "Match", "build_card", "digest_card", "plain_card", "source_of"]
