"""Rules applied to stored facts: the one engine for live, rule tests and replay."""

from bot.judge.engine import Joined, Judge
from bot.judge.keeping import Route

__all__ = ["Joined", "Judge", "Route"]
