"""Charts on alerts that stand in Slack already: no alert waits for its picture."""

from bot.illustrating.asking import Draughtsman, Drawn
from bot.illustrating.illustrator import Illustrator

__all__ = ["Draughtsman", "Drawn", "Illustrator"]
