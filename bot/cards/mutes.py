"""The line of a card about a mute that is over: since it ended this is the first alert."""

from bot.cards.card import Line
from bot.clock import NEW_YORK, from_ms


def mute_line(*, ended_at: int, by: str, why: str, lifted_by: str, held: int) -> Line:
    """ended_at: in milliseconds.  lifted_by: who ended it early.  held: how many matches it kept
    from being told."""
    time = from_ms(ended_at).astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M ET")
    whose = f" by {by}" if by else ""
    lifted = f" (lifted by {lifted_by})" if lifted_by else ""
    reason = f": {why}" if why else ""
    return Line(
        label="Muted", text=f"was muted until {time}{whose}{lifted}, {held} held back{reason}"
    )
