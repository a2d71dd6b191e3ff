"""What must hold after a run: the channels and the store agree, alert by alert."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bot.notifiers.slack_look import key_in_blocks, key_in_metadata
from bot.notifiers.slack_walk import order
from bot.sandbox.slack import SlackServer
from bot.store import Delivery, Message, Store

Json = dict[str, Any]


@dataclass(kw_only=True)
class Findings:
    """What is wrong, each with its words; nothing where all holds.

    rows: the record of channels that are out of order.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    misrecorded: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.disordered, *self.misrecorded]


def findings(store: Store, slack: SlackServer) -> Findings:
    found, rows = Findings(), store.outbox.all()
    by_channel: dict[str, list[Message]] = defaultdict(list)
    for row in rows:
        if row.state is not Delivery.DIGEST:
            by_channel[row.channel].append(row)
    for channel, messages in by_channel.items():
        standing = slack.messages(channel)
        _each_once(found, channel, messages, standing)
        _in_order(found, channel, standing, rows)
        _in_threads(found, channel, messages, standing)
    return found


def _each_once(found: Findings, channel: str, rows: list[Message], standing: list[Json]) -> None:
    places: dict[int, list[Json]] = defaultdict(list)
    for message in standing:
        if (key := _key_of(message)) is not None:
            places[key[0]].append(message)
    for row in rows:
        there = places.pop(row.message_id, [])
        told = f"{channel} #{row.message_id} ({row.state}, {row.attempts} attempts)"
        if not there:
            found.lost.append(f"lost: {told}")
        elif len(there) > 1:
            found.doubled.append(f"doubled: {told}: {[m['ts'] for m in there]}")
        elif row.state is not Delivery.SENT or row.ts != there[0]["ts"]:
            found.misrecorded.append(f"recorded at {row.ts}, stands at {there[0]['ts']}: {told}")
        elif not row.revision == row.wanted == (_key_of(there[0]) or (0, 0))[1]:
            found.misrecorded.append(f"revision {row.revision}, wanted {row.wanted}: {told}")
    found.misrecorded += [f"{channel} #{number} is in no record" for number in places]


def _in_order(found: Findings, channel: str, standing: list[Json], rows: list[Message]) -> None:
    """By ts as by number in the outbox; a digest stands where its first alert would, a correction
    anywhere behind its alert."""
    corrections = {r.message_id: r for r in rows if r.channel == channel and r.corrects}
    turns = {r.message_id: r.id for r in rows if r.channel == channel}
    _behind_their_alerts(found, channel, corrections.values(), {row.id: row for row in rows})
    shown = sorted(standing, key=lambda message: order(message["ts"]))
    keys = [key[0] for message in shown if (key := _key_of(message)) is not None]
    numbers = [turns.get(abs(key), 0) for key in keys if key not in corrections]
    for before, after in pairwise(numbers):
        if before > after:
            found.disordered.append(f"out of order: {channel}: {before} stands before {after}")
            found.rows += [_told(row) for row in rows if row.channel == channel]


def _behind_their_alerts(
    found: Findings, channel: str, corrections: Iterable[Message], ids: dict[int, Message]
) -> None:
    for reply in corrections:
        told = ids[reply.corrects or 0]
        told = ids[told.digest_id] if told.digest_id else told
        if told.ts and reply.ts and order(reply.ts) < order(told.ts):
            found.disordered.append(f"{channel}: {_told(reply)} stands before {_told(told)}")


def _in_threads(found: Findings, channel: str, rows: list[Message], standing: list[Json]) -> None:
    """A reply stands below a message that stands in no thread itself."""
    by_ts = {message["ts"]: message for message in standing}
    ids = {row.id: row for row in rows}
    for row in rows:
        message = by_ts.get(row.ts or "", {})
        thread = message.get("thread_ts")
        root = ids.get(row.parent or 0)
        while root is not None and root.thread is not None:
            root = ids.get(root.parent or 0)
        wanted = root.ts if root is not None and not root.detached else None
        if message and thread != wanted:
            found.misrecorded.append(f"{channel} {row.id} stands below {thread}, not {wanted}")
        if thread is not None and "thread_ts" in by_ts.get(thread, {"thread_ts": ""}):
            found.misrecorded.append(f"{channel} {row.id} hangs below nothing, or below a reply")


def _told(row: Message) -> str:
    return (
        f"{row.id} #{row.message_id} {row.state} ts {row.ts} tried {row.first_tried_at} sent "
        f"{row.sent_at} doubted {row.doubted_at} {row.reconciled} {row.attempts}"
        f" digest {row.digest_id}"
    )


def _key_of(message: Json) -> tuple[int, int] | None:
    return key_in_blocks(message) or key_in_metadata(message)
