"""Who asks, as Slack knows them: their name, time zone and groups; asked rarely, kept for a while.

What Slack does not tell, as without the scope users:read, is done without.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot.chat.asker import Asker, Via
from bot.chat.slack_payloads import Place
from bot.clock import NEW_YORK, monotonic
from bot.notifiers.slack_answers import why_of

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_KEPT_S = 3_600.0
_KEPT_GROUPS_S = 300.0
_ASK_AGAIN_S = 60.0  # after a failure


class People:
    """client: reads with the bot token."""

    def __init__(
        self, client: "Callable[[], WriteClient]", *, steady: Callable[[], float] = monotonic
    ) -> None:
        self._client, self._steady = client, steady
        self._known: dict[tuple[str, str], tuple[float, Any]] = {}
        self._lock = Lock()

    def asker(self, place: Place, name: str | None) -> Asker:
        """The person who spoke at a place; name: as the payload tells it."""
        told = self._kept("users.info", place.user, _KEPT_S, lambda c: _profile(c, place.user))
        known, zone = told or (None, None)
        return Asker(
            user=place.user,
            name=known or name or place.user,
            via=Via.SLACK,
            channel=place.channel,
            thread=place.thread,
            zone=zone or NEW_YORK,
        )

    def name_of(self, number: str) -> str:
        """What people call a user, a user group or a channel, by its id; the id where Slack does
        not say."""
        if number.startswith("S"):
            groups = self._kept("usergroups.list", "", _KEPT_GROUPS_S, _groups) or {}
            handles = (name for name, each in groups.items() if each == number and name != number)
            return next((f"@{name}" for name in handles), number)
        if number.startswith(("C", "G")):
            name = self._kept("conversations.info", number, _KEPT_S, lambda c: _name(c, number))
            return name or number
        told = self._kept("users.info", number, _KEPT_S, lambda c: _profile(c, number))
        return (told and told[0]) or number

    def members(self, group: str) -> frozenset[str]:
        """The ids of the people in a user group, by its handle or id; nobody where unknown."""
        groups = self._kept("usergroups.list", "", _KEPT_GROUPS_S, _groups) or {}
        number = groups.get(group.removeprefix("@"))
        if number is None:
            return frozenset()
        found = self._kept(
            "usergroups.users.list", number, _KEPT_GROUPS_S, lambda c: _members(c, number)
        )
        return found or frozenset()

    def _kept(
        self, method: str, key: str, kept_s: float, ask: "Callable[[WriteClient], Any]"
    ) -> Any:
        """What was told of late, else what is told now; None where Slack refuses."""
        with self._lock:
            until, told = self._known.get((method, key), (float("-inf"), None))
        if self._steady() < until:
            return told
        try:
            told = ask(self._client())
        except Exception as error:  # the client lets anything through that a broken answer causes
            structlog.get_logger().info("chat.not_told", method=method, why=why_of(error))
            kept_s = _ASK_AGAIN_S  # what was known before stands meanwhile
        with self._lock:
            self._known[method, key] = self._steady() + kept_s, told
        return told


def _profile(client: "WriteClient", user: str) -> tuple[str | None, ZoneInfo | None]:
    held = client.users_info(user=user).get("user") or {}
    profile = held.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or held.get("name")
    return name or None, _zone(held.get("tz"))


def _name(client: "WriteClient", channel: str) -> str | None:
    held = client.conversations_info(channel=channel).get("channel") or {}
    return held.get("name") or None


def _zone(name: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else None
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None


def _groups(client: "WriteClient") -> dict[str, str]:
    """Ids of user groups by handle, and by id."""
    found = client.usergroups_list().get("usergroups") or []
    return {name: str(each["id"]) for each in found for name in (each["id"], each.get("handle"))}


def _members(client: "WriteClient", number: str) -> frozenset[str]:
    return frozenset(client.usergroups_users_list(usergroup=number).get("users") or [])
