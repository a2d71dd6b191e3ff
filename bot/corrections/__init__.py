"""What was told is corrected where it was told, when a fact behind it is told otherwise."""

from bot.corrections.telling import Corrections

__all__ = ["Corrections"]
