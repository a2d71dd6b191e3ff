"""Uncertain messages: a look into the channel before anything is sent again.

What stands there was sent.  What does not stand there, once it could not arrive any more, waits for
its turn again.  Where nobody may look, it is sent once more in the end, and says so; where Slack
does not answer, it keeps waiting: a post would fail too.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from bot.clock import from_ms, to_ms
from bot.notifiers import SHARED_LANES, Place, Seen, Unseen
from bot.outbox.work import Work
from bot.store import Message, Reconciled

Looked = Mapping[str | None, Seen | Unseen]
"""What was seen in each thread by its ts; None: in the channel itself."""


_NOT_YET = "; not seen yet, looked for again"


class Reconciling:
    def __init__(self, work: Work) -> None:
        self._work, self._outbox = work, work.store.outbox

    def due(self, now: datetime) -> Iterator[list[Message]]:
        """The uncertain messages of each channel into which it is time to look."""
        instant = to_ms(now)
        doubted = sorted(self._outbox.doubted(), key=lambda each: (each.channel, each.id))
        for _, messages in groupby(doubted, key=lambda each: each.channel):
            rows = list(messages)
            if any((row.not_before or 0) <= instant for row in rows):
                yield rows

    def begin(self, rows: Sequence[Message]) -> bool:
        """Look once for all uncertain messages of a channel; where nobody can, settle without."""
        began, lane = self._work.clock(), self._work.lane(rows[0])
        if self._work.notifier.may_repeat:
            for row in rows:
                self._unseen(row, Unseen(why=row.error or "", definite=True), began)
            return False
        looks = self._looks(rows)

        def look() -> Looked:
            return {thread: call() for thread, call in looks.items()}

        self._work.calls.begin(
            lane, look, lambda looked: self._note(rows, looked, began),
            apart=lane not in SHARED_LANES,
        )  # fmt: skip
        return True

    def _looks(self, rows: Sequence[Message]) -> dict[str | None, partial[Seen | Unseen]]:
        channel = rows[0].channel
        since = min(_may_stand_since(row) for row in rows)
        where = self._outbox.place_of(channel) or channel
        after = self._outbox.stood_before(channel, since)
        return {
            thread: partial(
                self._look, where, from_ms(since), after, Place(where, thread) if thread else None
            )
            for thread in {row.thread for row in rows}
        }

    def _look(
        self, channel: str, since: datetime, after: str | None, thread: Place | None
    ) -> Seen | Unseen:
        try:
            return self._work.notifier.look(channel, since=since, after=after, thread=thread)
        except Exception as error:  # a mistake of ours must not hold the lane for ever
            return Unseen(why=type(error).__name__)

    def _note(self, rows: Sequence[Message], looked: Looked, began: datetime) -> None:
        with self._work.store.writing():
            for row in rows:
                seen = looked[row.thread]
                if isinstance(seen, Unseen):
                    self._unseen(row, seen, began)
                elif seen.unread and row.message_id not in seen.messages:
                    self._unseen(row, seen.unread, began)
                else:
                    self._seen(row, seen, began)

    def _seen(self, row: Message, seen: Seen, began: datetime) -> None:
        keys = {"message": row.id, "channel": row.channel}
        settled = _doubted_at(row) + self._work.patience.settle
        if there := seen.messages.get(row.message_id):
            self._outbox.found(
                row.id, place=seen.channel, ts=there.ts, revision=there.revision,
                how=Reconciled.FOUND,
            )  # fmt: skip
            self._work.log.info("message.found", **keys)
        elif min(began, seen.began or began) >= settled:
            self._outbox.send_again(row.id, Reconciled.NOT_FOUND)
            self._work.log.info("message.not_found", **keys)
        else:
            why = (row.error or "no answer").removesuffix(_NOT_YET) + _NOT_YET
            at = min(began + self._work.patience.look_again, settled)
            self._outbox.look_again(row.id, at=at, why=why)

    def _unseen(self, row: Message, unseen: Unseen, now: datetime) -> None:
        """Nobody could look."""
        work, keys = self._work, {"message": row.id, "channel": row.channel}
        told = f"{unseen.why}: {unseen.mend}" if unseen.mend else unseen.why
        at = now + (unseen.after or work.patience.look_again)
        if not unseen.definite:
            work.log.warning("message.not_looked_for", why=told, **keys)
            self._outbox.look_again(row.id, at=at, why=f"no look: {told}")
        elif now < (end := self._end_of_waiting(row, now)):
            work.log.warning("message.not_looked_for", why=told, **keys)
            why = f"no look: {told}"
            self._outbox.look_again(row.id, at=min(at, end), why=why, unseen_since=now)
        elif not row.repeat:
            work.log.warning("message.repeats", why=told, **keys)
            self._outbox.send_again(row.id, Reconciled.UNSEEN)
        else:
            mend = f"look there; then bot outbox settle {row.id}, or retry --anyway"
            work.log.error("message.left_in_doubt", why=told, mend=mend, **keys)
            self._outbox.leave_in_doubt(row.id, why=f"sent twice, no answer: {told}")

    def _end_of_waiting(self, row: Message, now: datetime) -> datetime:
        """When to send again what nobody may look for.

        Somebody may mend that meanwhile: they have ten minutes for it, once and not for each
        message.  While no post is answered it is done ever more seldom: each message has two.
        """
        patience, doubted = self._work.patience, _doubted_at(row)
        settled = doubted + patience.settle
        if self._work.notifier.may_repeat:
            return settled
        if self._outbox.could_look(row.channel):
            since = from_ms(row.unseen_at) if row.unseen_at else now
            return max(settled, since + patience.unreadable)
        unanswered = self._outbox.unanswered_since(row.channel)
        lasting = doubted - from_ms(unanswered) if unanswered else timedelta()
        return max(settled, doubted + min(lasting, patience.unreadable))


def _may_stand_since(row: Message) -> int:
    """When it was tried first; where a wrong clock has told that, a day before the doubt."""
    if row.first_tried_at is not None:
        return row.first_tried_at
    return min(row.created_at, to_ms(_doubted_at(row) - timedelta(days=1)))


def _doubted_at(row: Message) -> datetime:
    assert row.doubted_at is not None
    return from_ms(row.doubted_at)
