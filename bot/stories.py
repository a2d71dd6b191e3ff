"""Alerts of one subject that come one after another are told as one story.

The first opens it; each later one stands in the thread of the first, whose card is edited to tell
the whole once it stands there.  One that is graver than all before it is shown in the channel too:
a thread is easily overlooked.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.rules.model import Severity
from bot.store import NewMessage, Outbox

_SEVERITIES = [str(severity) for severity in Severity]


def queue_in_stories(outbox: Outbox, messages: Sequence[NewMessage]) -> None:
    """Queue alerts in their order, each in the story that is open where it is told, if one is."""
    for message in messages:
        outbox.add([_joined(outbox, message)])


def _joined(outbox: Outbox, message: NewMessage) -> NewMessage:
    if message.story_since is None or message.subject is None or message.stale:
        return message
    opener = outbox.open_story(message.channel, message.subject, since=message.story_since)
    if opener is None or opener.message_id == message.message_id:
        return message
    told = [opener, *outbox.thread_of(opener.id)]
    gravest = max((_rank(each.severity) for each in told), default=-1)
    return replace(message, parent=opener.id, broadcast=_rank(message.severity) > gravest)


def _rank(severity: str | None) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else -1
