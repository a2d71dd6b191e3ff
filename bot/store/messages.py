"""A message of the outbox: what is queued, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.store.database import Connections


class Delivery(StrEnum):
    """The state of a message on its way to one channel."""

    PENDING = "pending"  # waits for its turn
    SENDING = "sending"  # an attempt began; found so at a start, it is uncertain
    SENT = "sent"
    PARKED = "parked"  # its channel takes nothing now
    UNCERTAIN = "uncertain"  # it may have arrived, and is not sent again without a look
    DEAD = "dead"  # refused for good
    DIGEST = "digest"  # told in a digest instead


class Reconciled(StrEnum):
    """How it came out whether an uncertain message had arrived."""

    FOUND = "found by a look"
    CLICKED = "found by a click"
    BY_HAND = "settled by hand"
    NOT_FOUND = "not found by a look, sent again"
    UNSEEN = "nobody could look, sent again"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to deliver once to one channel.

    message_id: the decision that leads it, below zero for a digest.  card: the rendered card as
    JSON.  stale: not told alone, it waits for a digest.  not_before: one at this instant.
    subject, severity: of the alert that leads it, by which stories are made.
    parent: the number of the message in whose thread it is told.
    broadcast: shown in the channel too, although it stands in a thread.
    digest_key: messages of one key share a digest.  digest_why: how its headline begins.
    story_since: it joins a story that was opened not before; None: it stands alone.
    corrects: the number of the message whose fact it tells otherwise, of several that of the first.
    known_at: when what it tells became known; None where that is not known or says nothing.
    """

    message_id: int
    channel: str
    created_at: int
    text: str
    card: str
    stale: bool = False
    not_before: int | None = None
    subject: str | None = None
    severity: str | None = None
    parent: int | None = None
    broadcast: bool = False
    digest_key: str | None = None
    digest_why: str | None = None
    story_since: int | None = None
    corrects: int | None = None
    known_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message in the outbox; instants in milliseconds.

    first_tried_at: since when it may stand in its channel; None where it is known that it does not.
    place, ts: where it stands, by Slack's own ids.
    revision: of what stands there; wanted: the one that should, greater where it is to be edited.
    doubted_at: when it became uncertain, at the end of the attempt or at the start of the bot;
    None where only a person can still find out.
    not_before: of the next attempt, look or edit.
    thread: the ts of the message below which the last attempt put it; None: in the channel itself.
    reconciled: how the last doubt ended.  repeat: sent again although nobody could look.
    unseen_at: since when nobody may look.
    detached: why what stands in the channel can not be changed any more.
    failed_edits: since the last one that was made.
    delayed: what the reader is told of how late it came.
    known_at: when what it tells became known; None where that is not known or says nothing.
    """

    id: int
    message_id: int
    channel: str
    state: Delivery
    created_at: int
    not_before: int | None
    attempts: int
    error: str | None
    first_tried_at: int | None
    sent_at: int | None
    digest_id: int | None
    text: str
    card: str
    place: str | None
    ts: str | None
    parent: int | None
    broadcast: bool
    revision: int
    wanted: int
    doubted_at: int | None
    subject: str | None
    severity: str | None
    digest_key: str | None
    digest_why: str | None
    corrects: int | None
    thread: str | None
    reconciled: Reconciled | None
    repeat: bool
    unseen_at: int | None
    detached: str | None
    failed_edits: int
    delayed: str | None
    known_at: int | None

    @property
    def told_since(self) -> int:
        """Since when there is what it tells: known, or else queued."""
        return self.created_at if self.known_at is None else self.known_at


COLUMNS = (
    "id, message_id, channel, state, created_at, not_before, attempts, error, "
    "first_tried_at, sent_at, digest_id, text, card, place, ts, parent, broadcast, revision, "
    "wanted, doubted_at, subject, severity, digest_key, digest_why, corrects, "
    "thread, reconciled, repeat, unseen_at, detached, failed_edits, delayed, "
    "known_at"
)
WAITING = "state IN ('pending', 'parked')"


class Rows:
    """Reads messages out of their table."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def _edit(self, number: int | None) -> bool:
        """Another revision of a message should be shown; False where there is nothing to change."""
        with self._connections.writing() as connection:
            return bool(
                connection.execute(
                    "UPDATE outbox SET wanted = wanted + 1 WHERE id = ? AND detached IS NULL AND "
                    "(state IN ('pending', 'parked', 'sending', 'uncertain') "
                    "OR (state = 'sent' AND ts NOT NULL))",
                    (number,),
                ).rowcount
            )

    def _tell_in_story(self, number: int) -> None:
        """An alert was sent: the one in whose thread it stands tells of it now."""
        for each in self._select("id = ? AND message_id > 0 AND parent NOT NULL", (number,)):
            self._edit(each.parent)

    def _select(self, where: str, parameters: Sequence[object]) -> list[Message]:
        return self._messages(f"SELECT {COLUMNS} FROM outbox WHERE {where}", parameters)

    def _messages(self, query: str, parameters: Sequence[object]) -> list[Message]:
        names = COLUMNS.split(", ")
        rows = self._connections.connection.execute(query, parameters)
        held = (dict(zip(names, row, strict=True)) for row in rows)
        return [
            Message(
                **{
                    **each,
                    "state": Delivery(each["state"]),
                    "broadcast": bool(each["broadcast"]),
                    "repeat": bool(each["repeat"]),
                    "reconciled": Reconciled(told) if (told := each["reconciled"]) else None,
                }
            )
            for each in held
        ]
