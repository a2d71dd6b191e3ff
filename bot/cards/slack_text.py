"""Texts for Slack's blocks: measured as Slack measures them, cut and escaped once.

Limits: docs.slack.dev, Block Kit; characters are counted as UTF-16 units, the stricter reading.
"""

import json
from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]

_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def fitted(text: str, limit: int) -> str:
    """The text cut to so many UTF-16 units of its escaped form, then escaped."""
    return escaped(cut(text, limit))


def cut(text: str, limit: int) -> str:
    """As much of a text as fits when it is escaped, with an ellipsis where something is missing."""
    if length(escaped(text)) <= limit:
        return text
    room, end = limit - 1, 0
    for character in text:
        room -= length(_ESCAPED.get(character, character))
        if room < 0:
            break
        end += 1
    return text[:end].rstrip(" \n\u200d") + "…"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def written(blocks: Sequence[Block]) -> int:
    """UTF-16 units of blocks as JSON, as they are sent."""
    return length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
