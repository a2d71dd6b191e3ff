"""Why nobody was told of a match, in a reader's words.  What each fate is: docs/rules.md."""

from collections.abc import Mapping

from bot.rules.fire import Fate

HELD = frozenset(
    {
        Fate.WAITING, Fate.ALREADY_FIRED, Fate.IN_COOLDOWN, Fate.INHIBITED, Fate.MUTED,
        Fate.OVER_THE_CAP, Fate.FIRED,
    }
)  # fmt: skip
"""The fates of what met the condition of its rule."""

_WORDS: Mapping[Fate, str] = {
    Fate.QUIET: "it came with a first poll or a back-fill, of which nothing is told",
    Fate.SUPERSEDED: "another fact tells the same trade",
    Fate.BLIND: "less was known of the past than its rule asks for",
    Fate.UNKNOWN: "its condition hangs on something that was not known",
    Fate.NO: "its condition did not hold",
    Fate.WAITING: "its condition did not hold for long enough yet",
    Fate.ALREADY_FIRED: "its rule had fired already, and was not armed again",
    Fate.IN_COOLDOWN: "it came too soon after an alert of the same",
    Fate.INHIBITED: "a source that its rule needs did not answer",
    Fate.MUTED: "it was muted",
    Fate.OVER_THE_CAP: "its rule had told as many as it may in a day",
}


def not_told(fate: str, reason: str | None = None) -> str:
    """``was not told: it was muted (until 14:32)``; fate: any but ``fired``."""
    return f"was not told: {_WORDS[Fate(fate)]}" + (f" ({reason})" if reason else "")
