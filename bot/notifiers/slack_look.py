"""What of ours stands in a channel of Slack: the look before anything is sent again.

A message of ours is known by the block_id of a block, ``al:<alert>:<revision>``, else by its
metadata; never by its text, which Slack rewrites.  Source: docs.slack.dev, conversations.history
and conversations.replies.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bot.cards.slack import EVENT_TYPE
from bot.clock import EPOCH, Clock
from bot.notifiers.outcome import (
    CredentialsRefused,
    Dead,
    NotSent,
    Outcome,
    Parked,
    Place,
    Refused,
    Seen,
    Uncertain,
    Unseen,
    Wait,
)
from bot.notifiers.slack_answers import code_of, read_answer
from bot.notifiers.slack_limits import Limited, Limits
from bot.notifiers.slack_walk import NO_KEYS, Walk, just_before, order
from bot.notifiers.transport import read_failure

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_EARLIER = timedelta(hours=1)
"""How much older than the attempt a message may seem where none before it is known: our clock may
have been put right meanwhile."""
_CLOCK_UNKNOWN = timedelta(hours=1)
_LONGEST_BACK = timedelta(days=1)
_MOST_PAGES = 500
_CHANNELS_PAGE = 999

_ID = re.compile(r"[CGD][A-Z0-9]{7,}")
_PERSON = re.compile(r"[UW][A-Z0-9]{5,}")
_KEY = re.compile(r"al:(-?\d+):(\d+)")

Key = tuple[int, int]
"""The number of an alert, and which revision of it."""

_EMPTY_THREAD = frozenset({"thread_not_found", "message_not_found"})


class SlackTime:
    """What Slack's clock shows, learned from the Date header of its answers."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._ahead: timedelta | None = None

    @property
    def is_known(self) -> bool:
        return self._ahead is not None

    def hear(self, headers: Mapping[str, Any]) -> None:
        told = next((str(v) for k, v in headers.items() if k.lower() == "date"), "")
        try:
            date = parsedate_to_datetime(told)
        except ValueError:
            return
        self._ahead = date.replace(tzinfo=date.tzinfo or UTC) - self.clock()

    def ts(self, instant: datetime) -> str:
        """An instant of our clock as Slack writes its own."""
        told = instant + (-_CLOCK_UNKNOWN if self._ahead is None else self._ahead)
        return f"{max(told - EPOCH, timedelta()) / timedelta(seconds=1):.6f}"


class SlackHistory:
    """Reads channels and threads; each call may fail like any other.

    client: made at the first call.
    """

    def __init__(self, client: Callable[[], "WriteClient"], time: SlackTime) -> None:
        self._client, self._time = client, time
        self._limits = Limits(time.clock)
        self._ids: dict[str, str] = {}
        self._bot: str | None = None
        self._walks: dict[tuple[str, str | None], Walk] = {}

    def know(self, name: str, channel: str) -> None:
        """Remember the id by which Slack answered for a channel."""
        self._ids[name] = channel

    def look(
        self, channel: str, *, since: datetime, after: str | None, thread: Place | None
    ) -> Seen | Unseen:
        """All pages from shortly before ``since`` on, or from ``after`` on where that is told.

        after says it without any clock, but a day before ``since`` is far enough.  What Slack lets
        us read only page by page, or not at once, is gone on with in the next look.
        """
        from bot.notifiers.slack_client import SlackApiError

        try:
            place = thread.channel if thread else self._id(channel)
            if place is None:
                return Unseen(why="no channel of that name is listed", definite=True)
            return self._read(place, since, after, thread)
        except SlackApiError as error:
            if thread is not None and code_of(error.response) in _EMPTY_THREAD:
                return Seen(channel=thread.channel, messages={})
            return failed(error)
        except Exception as error:  # the client lets anything through that a broken answer causes
            return failed(error)

    def _read(self, channel: str, since: datetime, after: str | None, thread: Place | None) -> Seen:
        """Raises what the client raises, where nothing was found before."""
        method = "conversations.history" if thread is None else "conversations.replies"
        given: dict[str, Any] = {"channel": channel} | ({"ts": thread.ts} if thread else {})
        if not self._time.is_known:
            self._call(method, {**given, "limit": 1})
        by_clock = self._time.ts(since - _EARLIER)
        longest = self._time.ts(since - _LONGEST_BACK)
        oldest = max(just_before(after), longest, key=order) if after else by_clock
        known = thread.ts if thread else after
        walk = self._walk((channel, thread.ts if thread else None), oldest, known)
        try:
            walk.read(lambda page: self._call(method, {**given, **page}), is_thread=bool(thread))
        except Exception as error:  # the client lets anything through that a broken answer causes
            if not walk.found:
                raise
            return walk.seen(channel, unread=failed(error))
        del self._walks[channel, thread.ts if thread else None]
        return walk.seen(channel, unread=NO_KEYS if walk.may_hide(self._is_ours) else None)

    def _key_of(self, message: Mapping[str, Any]) -> Key | None:
        """The number of the alert that a message shows, and which revision; None: it is not ours.

        Metadata that look like ours may be another app's.
        """
        if told := key_in_blocks(message):
            return told
        told, bot = key_in_metadata(message), message.get("bot_id")
        return told if told and (not bot or self._is_ours(str(bot))) else None

    def _is_ours(self, bot_id: str) -> bool:
        """Whether a message of an app is the bot's, as far as is known."""
        try:
            self._bot = self._bot or str(self._call("auth.test", {}).get("bot_id") or "")
        except Exception:  # whoever does not say it may not be asked
            return True
        return bot_id == self._bot or not self._bot

    def _walk(self, where: tuple[str, str | None], oldest: str, known: str | None) -> Walk:
        """Where a look broke off the next one goes on, unless it is to begin earlier."""
        walk = self._walks.get(where)
        if walk is None or not walk.covers(oldest):
            walk = self._walks[where] = Walk(
                oldest=oldest, known=known, began=self._time.clock(), key_of=self._key_of
            )
        walk.narrow(oldest)
        return walk

    def _id(self, channel: str) -> str | None:
        """The id of a channel; asked for where no answer has told it; None: there is none."""
        name = channel.removeprefix("#")
        if _ID.fullmatch(name):
            return name
        if channel not in self._ids:
            found = self._opened(name) if _PERSON.fullmatch(name) else self._listed(name)
            if found is None:
                return None
            self._ids[channel] = found
        return self._ids[channel]

    def _opened(self, person: str) -> str | None:
        answer = self._call("conversations.open", {"users": person})
        return (answer.get("channel") or {}).get("id")

    def _listed(self, name: str) -> str | None:
        """Where private channels may not be listed and no public one has the name, that is told."""
        from bot.notifiers.slack_client import SlackApiError

        try:
            return self._named(name, "public_channel,private_channel")
        except SlackApiError as error:
            if code_of(error.response) != "missing_scope":
                raise
            found = self._named(name, "public_channel")
            if found is None:
                raise
            return found

    def _named(self, name: str, types: str) -> str | None:
        page: dict[str, Any] = {"types": types, "limit": _CHANNELS_PAGE}
        for _ in range(_MOST_PAGES):
            answer = self._call("conversations.list", page)
            for each in answer.get("channels") or []:
                if name in (each.get("name"), each.get("name_normalized")):
                    return str(each["id"])
            page["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor")
            if not page["cursor"]:
                break
        return None

    def _call(self, method: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises what the client raises, and Limited."""
        call = getattr(self._client(), method.replace(".", "_"))
        with self._limits.heeded(method):
            answer = call(**given)
        self._time.hear(answer.headers)
        data: Any = answer.data
        return data if isinstance(data, dict) else {}


def key_in_blocks(message: Mapping[str, Any]) -> Key | None:
    """That of a block_id; None where there is none."""
    for block in message.get("blocks") or []:
        if found := _KEY.fullmatch(str(block.get("block_id"))):
            return int(found[1]), int(found[2])
    return None


def key_in_metadata(message: Mapping[str, Any]) -> Key | None:
    """That of metadata, which tell no revision; None where there is none."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    alert = str(payload.get("alert_id")) if isinstance(payload, dict) else ""
    return (int(alert), 1) if re.fullmatch(r"-?\d+", alert) else None


def failed(error: Exception) -> Unseen:
    """What an exception instead of a page says of a look."""
    if isinstance(error, Limited):
        return unseen(error.wait)
    answer = getattr(error, "response", None)
    return unseen(read_failure(error) if answer is None else read_answer(answer))


def unseen(outcome: Outcome) -> Unseen:
    """What a failed call says of a look."""
    match outcome:
        case Wait():
            return Unseen(why=outcome.why, after=outcome.after)
        case CredentialsRefused(why="missing_scope"):
            return Unseen(why=outcome.why, definite=True, mend=outcome.mend, needed=outcome.needed)
        case CredentialsRefused() | Parked():
            return Unseen(why=outcome.why, mend=outcome.mend)
        case Refused() | Dead():
            return Unseen(why=outcome.why, definite=True)
        case NotSent() | Uncertain():
            return Unseen(why=outcome.why)
        case _:
            raise TypeError(f"{outcome} is no failure")
