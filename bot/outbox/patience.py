"""How long the outbox waits for what."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Waits around uncertain messages, and from when on lateness is worth a word.

    settle: after the end of an attempt it can neither arrive nor come to be shown any more.  It
    must be longer than the time-out of a call, what Slack takes to carry it out, and what its
    history lags behind, together.
    first_look: before that: what has arrived mostly is seen at once.
    look_again: after a look that came to nothing.
    unreadable: for so long nobody may look; then a message is sent once more and says so.
    delayed: a message this much late by an outage says so.
    """

    settle: timedelta = timedelta(seconds=60)
    first_look: timedelta = timedelta(seconds=5)
    look_again: timedelta = timedelta(seconds=30)
    unreadable: timedelta = timedelta(minutes=10)
    delayed: timedelta = timedelta(minutes=5)

    @classmethod
    def settling(cls, settle: timedelta) -> "Patience":
        """With another time to settle, and looks that fit into it."""
        first, again = timedelta(seconds=5), timedelta(seconds=30)
        return cls(
            settle=settle, first_look=min(first, settle / 4), look_again=min(again, settle / 2)
        )
