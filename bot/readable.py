"""Text of filers and of rules as it may be shown."""

import re

_UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What commands a terminal, turns a line, breaks it, or can not be seen."""


def readable(text: str) -> str:
    """The text without any character that commands a terminal or turns a line."""
    return _UNREADABLE.sub("", text)


def first_unreadable(text: str) -> int | None:
    """Where the first such character stands; None where there is none."""
    found = _UNREADABLE.search(text)
    return found.start() if found else None


def escaped_json(text: str) -> str:
    """JSON with such characters as escapes: the same value, and no command to a terminal."""
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
