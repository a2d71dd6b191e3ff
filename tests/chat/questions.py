"""Commands of somebody who asks on a fixed day, and what is known then."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.chat.command import Command
from bot.chat.grammar import read_command
from bot.chat.known import Known
from bot.clock import NEW_YORK

NOW = datetime(2026, 11, 22, 19, 32, 17, tzinfo=UTC)
"""14:32:17 in New York, a Sunday."""

KNOWN = Known(
    is_ticker=frozenset({"OKLO", "NVDA", "FED"}).__contains__, rules=("cluster-buy", "large")
)


def read(text: str, *, zone: ZoneInfo = NEW_YORK, prompt: str = "/alerts") -> Command:
    return read_command(text, now=NOW, zone=zone, known=KNOWN, prompt=prompt)
