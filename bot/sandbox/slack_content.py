"""What a message may hold, and pages of what is listed, as Slack checks and cuts them."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack_blocks import breaches, too_long
from bot.sandbox.slack_people import Json

_TEXT_CUT = 40_000
_METADATA_BYTES = 8_000
_EVENT_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_BARE_URL = re.compile(r"(?<![<|\w])https?://[^\s<>|]+")


class SlackRefusal(Exception):
    """An answer with "ok": false."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


def content(given: Mapping[str, Any]) -> Json:
    """Text, blocks and metadata of a message; SlackRefusal where Slack takes them not."""
    text, blocks = str(given.get("text") or ""), decoded(given.get("blocks"))
    if not text and not blocks:
        raise SlackRefusal("no_text")
    held: Json = {"text": with_links(text[:_TEXT_CUT])}
    if blocks:
        held["blocks"] = checked_blocks(blocks)
    if metadata := decoded(given.get("metadata")):
        held["metadata"] = _checked_metadata(metadata)
    return held


def with_links(text: str) -> str:
    """Bare addresses in the brackets that Slack puts around them."""
    return _BARE_URL.sub(r"<\g<0>>", text)


def checked_blocks(blocks: Any) -> list[Json]:
    """Blocks of a message, each with a block_id."""
    if messages := breaches(blocks):
        raise SlackRefusal("invalid_blocks", response_metadata={"messages": messages})
    if too_long(blocks):
        raise SlackRefusal("msg_blocks_too_long")
    return [{"block_id": f"b{n}", **block} for n, block in enumerate(blocks)]


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


def decoded(value: object) -> Any:
    """Forms carry lists and objects as JSON texts."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackRefusal("invalid_blocks_format") from None


def is_true(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")


def within(messages: list[Json], given: Mapping[str, Any]) -> list[Json]:
    """Those after ``oldest`` and before ``latest``; with ``inclusive`` these two count too."""
    oldest, latest = _instant(given, "oldest", 0.0), _instant(given, "latest", float("inf"))
    if is_true(given.get("inclusive")):
        return [m for m in messages if oldest <= float(m["ts"]) <= latest]
    return [m for m in messages if oldest < float(m["ts"]) < latest]


def _instant(given: Mapping[str, Any], name: str, absent: float) -> float:
    try:
        return float(given[name]) if given.get(name) else absent
    except ValueError:
        raise SlackRefusal(f"invalid_ts_{name}") from None


def page(found: list[Json], given: Mapping[str, Any], *, of: str = "messages") -> Json:
    """A page of what was found, and the cursor of the next."""
    try:
        limit = int(given.get("limit") or 100)
        start = int(base64.b64decode(str(given.get("cursor") or "")) or 0)
    except ValueError:
        raise SlackRefusal("invalid_cursor" if given.get("cursor") else "invalid_limit") from None
    if not 1 <= limit <= 1_000:
        raise SlackRefusal("invalid_limit")
    cut, more = found[start : start + limit], start + limit < len(found)
    if of == "messages" and not is_true(given.get("include_all_metadata")):
        cut = [_without_payload(message) for message in cut]
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else ""
    told: Json = {of: cut, "response_metadata": {"next_cursor": cursor}}
    return told | ({"has_more": more} if of == "messages" else {})


def _without_payload(message: Json) -> Json:
    if "metadata" not in message:
        return message
    return {**message, "metadata": {"event_type": message["metadata"]["event_type"]}}
