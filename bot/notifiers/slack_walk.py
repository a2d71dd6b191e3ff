"""The way through the pages of a channel, or of a thread, which a rate limit may break off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.notifiers.outcome import Found, Seen, Unseen

_PAGE = 200
_MOST_PAGES = 500
_SAME_S = 30
"""Seconds by which the begin of one look may seem earlier than it seemed to the last: Slack tells
its time in whole seconds."""

_DELETED = "tombstone"
"""What stands for a message with a thread that somebody has deleted."""

NO_KEYS = Unseen(
    why="no key of our messages comes back",
    definite=True,
    mend="bot doctor --probe tells which of block_id and metadata does",
)

Page = Mapping[str, Any]


@dataclass(kw_only=True)
class Walk:
    """How far a channel or a thread was read.

    oldest: the ts after which it is read.  began: when, by the clock of the bot.
    known: the ts of a message that is ours, by which it shows whether keys come back.
    key_of: the number of an alert and its revision in a message; None where it has no key.
    lowest: of a channel, which is told newest first, what is read; below it nothing is.
    highest: of a thread, which is told oldest first, what is read; above it nothing is.
    with_key: whether a message of ours shows its key, so that all do.
    without_key: the apps whose messages show none, by their bot_id.
    """

    oldest: str
    known: str | None
    began: datetime
    key_of: Callable[[Page], tuple[int, int] | None]
    lowest: str | None = None
    highest: str | None = None
    found: dict[int, Found] = field(default_factory=dict)
    with_key: bool = False
    without_key: set[str] = field(default_factory=set)
    known_without_key: bool = False

    def covers(self, oldest: str) -> bool:
        """Whether what is read and what is left hold all that is newer."""
        return order(oldest)[0] >= order(self.oldest)[0] - _SAME_S

    def narrow(self, oldest: str) -> None:
        """Nothing older is asked for any more."""
        self.oldest = max(self.oldest, oldest, key=order)

    def read(self, call: Callable[[Page], Page], *, is_thread: bool) -> None:
        """Go on from where it broke off; raises what the call raises."""
        page: dict[str, Any] = {"include_all_metadata": True, "limit": _PAGE}
        page["oldest"] = max(self.oldest, self.highest or "0", key=order)
        if self.lowest is not None:
            page["latest"] = self.lowest
        for _ in range(_MOST_PAGES):
            answer = call(page)
            messages = [m for m in answer.get("messages") or [] if isinstance(m.get("ts"), str)]
            self._take(messages, is_thread=is_thread)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if cursor:
                page["cursor"] = cursor
            elif answer.get("has_more") and messages and not is_thread:
                page["latest"] = self.lowest  # paged by time
            else:
                return

    def seen(self, channel: str, *, unread: Unseen | None = None) -> Seen:
        """What stands there as far as it is read.  unread: why something else may stand there."""
        return Seen(channel=channel, messages=dict(self.found), unread=unread, began=self.began)

    def may_hide(self, is_ours: Callable[[str], bool]) -> bool:
        """Whether a message of ours may stand there that nobody can tell from others.

        is_ours: of the bot_id of an app, whether it is, or may be, the bot.
        """
        if self.known_without_key or self.with_key:
            return self.known_without_key
        return any(map(is_ours, self.without_key))

    def _take(self, messages: list[Page], *, is_thread: bool) -> None:
        for message in messages:
            told = self.key_of(message)
            self.with_key |= told is not None
            if told is None and _by_an_app(message):
                self.without_key.add(str(message["bot_id"]))
            if message["ts"] == self.known:
                self.known_without_key = told is None and message.get("subtype") != _DELETED
            elif told is not None:
                self._note(message["ts"], *told)
        stamps = [message["ts"] for message in messages]
        if stamps and is_thread:
            self.highest = max(stamps, key=order)
        elif stamps:
            self.lowest = min(stamps, key=order)

    def _note(self, ts: str, alert: int, revision: int) -> None:
        if alert not in self.found or order(ts) < order(self.found[alert].ts):
            self.found[alert] = Found(ts=ts, revision=revision)


def _by_an_app(message: Page) -> bool:
    """Whether no person wrote it; what stands for a deleted message nobody did."""
    return bool(message.get("bot_id")) and message.get("subtype") != _DELETED


def order(ts: str) -> tuple[int, int]:
    """By this, messages of a channel stand in their order."""
    seconds, _, rest = ts.partition(".")
    return int(seconds or 0), int(rest.ljust(6, "0") or 0)


def just_before(ts: str) -> str:
    """The least time before a message: looking from there on shows it too."""
    seconds, micros = order(ts)
    whole, rest = divmod(max(seconds * 1_000_000 + micros - 1, 0), 1_000_000)
    return f"{whole}.{rest:06}"
