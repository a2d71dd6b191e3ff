"""Who may do what."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.chat.asker import Asker, Via

EVERYONE = ("everyone",)
"""Instead of users (U…) and user groups (S…)."""


class Act(StrEnum):
    """What not everybody may do."""

    MUTE = "mute"  # and unmute
    ACKNOWLEDGE = "acknowledge"
    SUBSCRIBE = "subscribe"  # and unsubscribe


def no_members(_group: str) -> Collection[str]:
    """Of a bot that Slack is not asked by."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """For each act the users and user groups that may do it, or EVERYONE.

    members: the users of a user group, by its id.  name_of: what people call a user or a group.
    """

    mute: Sequence[str] = EVERYONE
    acknowledge: Sequence[str] = EVERYONE
    subscribe: Sequence[str] = EVERYONE
    members: Callable[[str], Collection[str]] = field(default=no_members)
    name_of: Callable[[str], str] = field(default=str)

    def may(self, act: Act, asker: Asker) -> bool:
        """Whoever may run the bot on its machine may do everything."""
        allowed = self._allowed(act)
        if asker.via is Via.TERMINAL or allowed == EVERYONE or asker.user in allowed:
            return True
        return any(asker.user in self.members(each) for each in allowed if each.startswith("S"))

    def who_may(self, act: Act) -> str:
        """For the one who may not: "ann, bob and the group oncall"."""
        told = [self.name_of(each) for each in self._allowed(act)]
        return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:]))) or "nobody in Slack"

    def _allowed(self, act: Act) -> tuple[str, ...]:
        return tuple({
            Act.MUTE: self.mute,
            Act.ACKNOWLEDGE: self.acknowledge,
            Act.SUBSCRIBE: self.subscribe,
        }[act])  # fmt: skip
