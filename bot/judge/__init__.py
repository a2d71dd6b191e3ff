"""Rules applied to stored facts: the one engine for live, rule tests and replay."""

from bot.judge.engine import Joined, Judge

__all__ = ["Joined", "Judge"]
