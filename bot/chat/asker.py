"""Who asks, where, and in which time zone they live."""

from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.chat.grammar import CHAT, TERMINAL
from bot.clock import NEW_YORK


class Via(StrEnum):
    """The way a question came."""

    SLACK = "slack"  # through the authenticated socket, and no other way
    TERMINAL = "terminal"  # by whoever may run the bot on its machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A person, or the operator at a terminal.

    user: Slack's id of the person (U…), "operator" at the terminal.  name: as people know them.
    channel: where they ask, by Slack's id.  thread: the ts of the thread they ask in.
    zone: in which they read and write times.
    """

    user: str
    name: str
    via: Via
    channel: str | None = None
    thread: str | None = None
    zone: ZoneInfo = NEW_YORK

    @property
    def prompt(self) -> str:
        """What they type before a command."""
        return TERMINAL if self.via is Via.TERMINAL else CHAT


OPERATOR = Asker(user="operator", name="the operator", via=Via.TERMINAL)
