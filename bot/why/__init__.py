"""Why a rule fired for a key, or did not: looked up, and told line by line."""

from bot.why.lines import Weight, WhyLine, why_lines
from bot.why.look import look, look_behind
from bot.why.told import EVERYTHING, Told

__all__ = ["EVERYTHING", "Told", "Weight", "WhyLine", "look", "look_behind", "why_lines"]
