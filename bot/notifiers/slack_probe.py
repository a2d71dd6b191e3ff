"""A message posted to look what Slack gives back of it: whether a message in doubt can be found.

Slack does not promise that history returns our block_id, nor the metadata of an event that no
manifest has registered; so each workspace is asked.  The message is deleted at the end.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bot.cards.slack import EVENT_TYPE
from bot.clock import Clock, to_ms
from bot.finding import Finding, bad, good, warning
from bot.notifiers.slack_answers import DESTINATION, why_of
from bot.notifiers.slack_look import key_in_blocks, key_in_metadata

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_PATIENCE = timedelta(seconds=20)
_LOOK_EVERY_S = 0.5
_NEAR = timedelta(seconds=30)
"""An offset or a lag above it nears the minute after which a message in doubt is posted again."""
_MAY_REPEAT = "nothing to do: a message in doubt may be told again in this workspace"
_WORDS = "bot doctor looks whether Slack gives back what is posted.  This message goes away."


def probe(
    client: "WriteClient", channel: str, *, clock: Clock, sleep: Callable[[float], None]
) -> Iterator[Finding]:
    """Post into a channel, read it back, delete it: what came back, how late, and whose clock."""
    number = -to_ms(clock())
    asked_at = clock()
    try:
        posted = client.chat_postMessage(**_message(channel, number))
    except Exception as error:  # the client lets anything through that a broken answer causes
        why = why_of(error)
        mend = DESTINATION.get(why, "mend what stands above first")
        yield bad("history", f"nothing could be posted in {channel}: {why}", mend)
        return
    place, ts = str(posted["channel"]), str(posted["ts"])
    try:
        yield from _offset(posted.headers, asked_at, clock())
        yield _read_back(client, place, ts, number, clock=clock, sleep=sleep)
    finally:
        with suppress(Exception):
            client.chat_delete(channel=place, ts=ts)


def _message(channel: str, number: int) -> dict[str, Any]:
    """With the keys of an alert, whose number is below zero: no alert is found by them."""
    return {
        "channel": channel,
        "text": _WORDS,
        "blocks": [
            {
                "type": "section",
                "block_id": f"al:{number}:1",
                "text": {"type": "plain_text", "text": _WORDS},
            }
        ],
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"alert_id": number}},
        "unfurl_links": False,
    }


def _offset(headers: Mapping[str, Any], asked: datetime, told: datetime) -> Iterator[Finding]:
    """How far Slack's clock is from ours; it tells whole seconds."""
    date = next((str(v) for k, v in headers.items() if k.lower() == "date"), "")
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        yield good("Slack clock", "not told by Slack")
        return
    off = theirs - (asked + (told - asked) / 2)
    text = f"{off.total_seconds():+.0f} s from ours"
    if abs(off) > _NEAR:
        mend = "set the machine's clock, or let it follow a time server"
        yield warning("Slack clock", text, mend)
    else:
        yield good("Slack clock", text)


def _read_back(
    client: "WriteClient",
    channel: str,
    ts: str,
    number: int,
    *,
    clock: Clock,
    sleep: Callable[[float], None],
) -> Finding:
    began = clock()
    while True:
        try:
            message = _found(client, channel, ts)
        except Exception as error:  # the client lets anything through that a broken answer causes
            return _refused(error)
        lag = clock() - began
        if message is not None:
            return _keys(message, number, lag)
        if lag > _PATIENCE:
            told = f"a message is not in the history after {_PATIENCE.total_seconds():.0f} s"
            return warning("history", told, _MAY_REPEAT)
        sleep(_LOOK_EVERY_S)


def _found(client: "WriteClient", channel: str, ts: str) -> Mapping[str, Any] | None:
    answer = client.conversations_history(
        channel=channel, oldest=ts, inclusive=True, limit=10, include_all_metadata=True
    )
    return next((m for m in answer.get("messages") or [] if m.get("ts") == ts), None)


def _keys(message: Mapping[str, Any], number: int, lag: timedelta) -> Finding:
    """Which of the two keys came back."""
    by_block = key_in_blocks(message) == (number, 1)
    by_metadata = key_in_metadata(message) == (number, 1)
    keys = [name for name, held in (("block_id", by_block), ("metadata", by_metadata)) if held]
    took = f"{lag.total_seconds():.1f} s after the post"
    if not keys:
        return warning("history", f"a message comes back without block_id and metadata ({took})",
                       _MAY_REPEAT)  # fmt: skip
    told = f"a message comes back by {' and '.join(keys)} {took}"
    if lag > _NEAR:
        return warning("history", told, _MAY_REPEAT)
    return good("history", told)


def _refused(error: Exception) -> Finding:
    why = why_of(error)
    if why in ("ratelimited", "HTTP status 429"):
        told = "refused at its first call (429): Slack treats the app as one that is distributed"
        mend = (
            "make the app in your own workspace from `bot slack manifest`: what is distributed "
            "outside of Slack's Marketplace may read one page a minute"
        )
        return warning("history", told, mend)
    if why == "missing_scope":
        told = "may not be read: a message in doubt may be told again"
        return warning("history", told, "add channels:history and groups:history to the app")
    return warning("history", f"can not be read: {why}", "look the code up at docs.slack.dev")
