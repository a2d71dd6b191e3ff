"""How a channel of Slack is written, in rules and in the configuration."""

import re

CHANNEL = re.compile(r"#[^\s#A-Z]{1,80}|[CDGU][A-Z0-9]{7,}")
CHANNEL_MEND = 'write "#name" in small letters, or the id that Slack shows: "C0123456789"'


def read_channel(text: str) -> str:
    """``#name``, or the id of a channel or person.  Raises ValueError."""
    written = text.strip()
    if not CHANNEL.fullmatch(written):
        raise ValueError(f"'{written}' is no channel")
    return written
