"""``doctor``: is everything there that the bot needs?"""

from bot.chat.answer import Answer
from bot.chat.ask import Ask


def doctor(ask: Ask) -> Answer:
    """Every finding in a line; it asks all sources, which takes a few seconds."""
    found = tuple(ask.wired.doctor())
    return Answer(headline=f"The doctor looked at {len(found)} things", lines=found)
