"""A workspace of Slack in memory: its channels and messages, and the methods that a bot calls.

As docs.slack.dev says of each method, as far as a bot of alerts can notice.
"""

import base64
import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock, to_ms
from bot.sandbox.slack_blocks import breaches, too_long

Json = dict[str, Any]

_TEXT_CUT = 40_000
_UPDATE_TEXT = 4_000
_METADATA_BYTES = 8_000
_EVENT_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_BARE_URL = re.compile(r"(?<![<|\w])https?://[^\s<>|]+")
_TEAM, _USER, _BOT = "T0SANDBOX", "U0SANDBOX", "B0SANDBOX"


class SlackRefusal(Exception):
    """An answer with "ok": false."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel and what stands in it, oldest first; change its state to see the bot refused."""

    id: str
    name: str
    is_archived: bool = False
    is_member: bool = True
    is_private: bool = False
    messages: list[Json] = field(default_factory=list)

    def told(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": True,
            "is_archived": self.is_archived,
            "is_member": self.is_member,
            "is_private": self.is_private,
        }


class Workspace:
    """Channels by name, and the methods of the Web API over them.

    token_error: what a right token is answered with, such as "token_revoked"; None: it is good.
    drops_metadata: posts forget their metadata, as Slack may do with unregistered event types.
    """

    def __init__(self, channels: tuple[str, ...], *, token: str, clock: Clock) -> None:
        self._channels: dict[str, Channel] = {}
        self._ids = itertools.count(1)
        self._last_us = 0
        self._token, self._clock = token, clock
        self.token_error: str | None = None
        self.drops_metadata = False
        for name in channels:
            self.add_channel(name)

    def add_channel(self, name: str) -> Channel:
        channel = Channel(id=f"C{next(self._ids):010d}", name=name.removeprefix("#"))
        self._channels[channel.name] = channel
        return channel

    def channel(self, name_or_id: str) -> Channel:
        """KeyError where there is none."""
        named = self._channels.get(name_or_id.removeprefix("#"))
        found = named or next((c for c in self._channels.values() if c.id == name_or_id), None)
        if found is None:
            raise KeyError(name_or_id)
        return found

    def call(self, method: str, given: Mapping[str, Any], token: str | None) -> Json:
        """What a method answers; SlackRefusal where it refuses."""
        answers = self._methods().get(method)
        if answers is None:
            raise SlackRefusal("unknown_method", req_method=method)
        if not token:
            raise SlackRefusal("not_authed")
        if token != self._token:
            raise SlackRefusal("invalid_auth")
        if self.token_error:
            raise SlackRefusal(self.token_error)
        return {"ok": True, **answers(given)}

    def _methods(self) -> dict[str, Callable[[Mapping[str, Any]], Json]]:
        return {
            "auth.test": self._auth_test,
            "chat.postMessage": self.post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": lambda given: {"channel": self._asked(given).told()},
            "conversations.list": self._list,
        }

    def _auth_test(self, _: Mapping[str, Any]) -> Json:
        url = "https://sandbox.slack.com/"
        return {
            "url": url, "team": "Sandbox", "user": "alerts",
            "team_id": _TEAM, "user_id": _USER, "bot_id": _BOT,
        }  # fmt: skip

    def post(self, given: Mapping[str, Any]) -> Json:
        channel = self.writable(str(given.get("channel") or ""))
        content = _content(given)
        parent = given.get("thread_ts")
        if parent and all(m["ts"] != parent for m in channel.messages):
            raise SlackRefusal("thread_not_found")
        if self.drops_metadata:
            content.pop("metadata", None)
        thread = {"thread_ts": parent} if parent else {}
        author = {"type": "message", "user": _USER, "bot_id": _BOT, "team": _TEAM}
        message = {**author, "ts": self._next_ts(), **content, **thread}
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def writable(self, name_or_id: str) -> Channel:
        """The channel a post is for; SlackRefusal where the bot may not write."""
        channel = self._asked({"channel": name_or_id})
        if channel.is_archived:
            raise SlackRefusal("is_archived")
        if not channel.is_member:
            raise SlackRefusal("channel_not_found" if channel.is_private else "not_in_channel")
        return channel

    def _asked(self, given: Mapping[str, Any]) -> Channel:
        try:
            return self.channel(str(given.get("channel") or ""))
        except KeyError:
            raise SlackRefusal("channel_not_found") from None

    def _next_ts(self) -> str:
        """Unique and increasing, by the workspace's clock."""
        self._last_us = max(to_ms(self._clock()) * 1_000, self._last_us + 1)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def _update(self, given: Mapping[str, Any]) -> Json:
        channel = self._asked(given)
        if channel.id != given.get("channel"):
            raise SlackRefusal("channel_not_found")  # names are not taken here
        message = next((m for m in channel.messages if m["ts"] == given.get("ts")), None)
        if message is None:
            raise SlackRefusal("message_not_found")
        if len(str(given.get("text") or "")) > _UPDATE_TEXT:
            raise SlackRefusal("msg_too_long")
        message |= _content(given) | {"edited": {"user": _USER, "ts": self._next_ts()}}
        return {"channel": channel.id, "ts": message["ts"], "text": message.get("text", "")}

    def _history(self, given: Mapping[str, Any]) -> Json:
        channel = self._readable(given)
        newest_first = [m for m in reversed(channel.messages) if "thread_ts" not in m]
        return _page(_within(newest_first, given), given)

    def _replies(self, given: Mapping[str, Any]) -> Json:
        channel, parent = self._readable(given), given.get("ts")
        thread = [m for m in channel.messages if parent in (m["ts"], m.get("thread_ts"))]
        if not thread:
            raise SlackRefusal("thread_not_found")
        return _page([thread[0], *_within(thread[1:], given)], given)

    def _readable(self, given: Mapping[str, Any]) -> Channel:
        channel = self._asked(given)
        if not channel.is_member:
            raise SlackRefusal("channel_not_found" if channel.is_private else "not_in_channel")
        return channel

    def _list(self, given: Mapping[str, Any]) -> Json:
        left_out = _is_true(given.get("exclude_archived"))
        told = [c.told() for c in self._channels.values() if not (left_out and c.is_archived)]
        return _page(told, given, of="channels")


def _content(given: Mapping[str, Any]) -> Json:
    """Text, blocks and metadata of a message, checked as Slack checks them."""
    text, blocks = str(given.get("text") or ""), _decoded(given.get("blocks"))
    if not text and not blocks:
        raise SlackRefusal("no_text")
    content: Json = {"text": _BARE_URL.sub(r"<\g<0>>", text[:_TEXT_CUT])}
    if blocks:
        if messages := breaches(blocks):
            raise SlackRefusal("invalid_blocks", response_metadata={"messages": messages})
        if too_long(blocks):
            raise SlackRefusal("msg_blocks_too_long")
        content["blocks"] = [{"block_id": f"b{n}", **block} for n, block in enumerate(blocks)]
    if metadata := _decoded(given.get("metadata")):
        content["metadata"] = _checked_metadata(metadata)
    return content


def _checked_metadata(metadata: object) -> object:
    event = metadata.get("event_type") if isinstance(metadata, dict) else None
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    if not isinstance(event, str) or not _EVENT_TYPE.fullmatch(event):
        raise SlackRefusal("invalid_metadata_format")
    if not isinstance(payload, dict):
        raise SlackRefusal("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > _METADATA_BYTES:
        raise SlackRefusal("metadata_too_large")
    return metadata


def _decoded(value: object) -> Any:
    """Forms carry lists and objects as JSON texts."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackRefusal("invalid_blocks_format") from None


def _is_true(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")


def _within(messages: list[Json], given: Mapping[str, Any]) -> list[Json]:
    """Those after ``oldest`` and before ``latest``; with ``inclusive`` these two count too."""
    oldest, latest = _instant(given, "oldest", 0.0), _instant(given, "latest", float("inf"))
    if _is_true(given.get("inclusive")):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


def _instant(given: Mapping[str, Any], name: str, absent: float) -> float:
    try:
        return float(given[name]) if given.get(name) else absent
    except ValueError:
        raise SlackRefusal(f"invalid_ts_{name}") from None


def _page(found: list[Json], given: Mapping[str, Any], *, of: str = "messages") -> Json:
    """A page of what was found, and the cursor of the next."""
    try:
        limit = int(given.get("limit") or 100)
        start = int(base64.b64decode(str(given.get("cursor") or "")) or 0)
    except ValueError:
        raise SlackRefusal("invalid_cursor" if given.get("cursor") else "invalid_limit") from None
    if not 1 <= limit <= 1_000:
        raise SlackRefusal("invalid_limit")
    page, more = found[start : start + limit], start + limit < len(found)
    if of == "messages" and not _is_true(given.get("include_all_metadata")):
        page = [_without_payload(message) for message in page]
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else ""
    told: Json = {of: page, "response_metadata": {"next_cursor": cursor}}
    return told | ({"has_more": more} if of == "messages" else {})


def _without_payload(message: Json) -> Json:
    if "metadata" not in message:
        return message
    return {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}
