"""Alerts that are not told one by one share a message; one that is critical never does."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import islice

from bot.calendar import start_of
from bot.cards import Card, Told, digest_cards
from bot.clock import Clock, from_ms, new_york_day, to_ms
from bot.outbox.marking import Delays, span_told
from bot.rules.model import Severity
from bot.store import Message, NewMessage, Store

_WAIT_FOR_DIGEST = timedelta(minutes=10)

CROWD = 10
"""More alerts than this waiting for one channel are told in one digest: a channel takes about one
message a second, and Slack disables apps that press on."""


class Digests:
    """Makes the digests of one store.

    stale_after: what waited longer in an outage is told in a digest; None: one by one.
    """

    def __init__(
        self, store: Store, *, clock: Clock, delays: Delays, stale_after: timedelta | None = None
    ) -> None:
        self._store, self._clock = store, clock
        self._delays, self._stale_after = delays, stale_after

    def tell_due(self) -> None:
        """Tell the alerts whose time has come: a digest each for those of one key and channel."""
        now = to_ms(self._clock())
        for channel in self._store.outbox.channels_with_digest(due=now):
            with self._store.writing():
                by_key = defaultdict[str | None, list[Message]](list)
                for each in self._store.outbox.digest_rows(channel):
                    if each.not_before is not None and each.not_before <= now:
                        by_key[each.digest_key].append(each)
                for rows in by_key.values():
                    due = max(each.not_before or 0 for each in rows)
                    if shared := self._shared(rows):
                        self._fold(channel, shared, self._headline(channel, shared), since=due)

    def tell_too_old(self) -> None:
        """Tell the alerts that came too late to be told alone, in one message a channel."""
        for channel in self._store.outbox.too_old():
            with self._store.writing():
                rows = self._store.outbox.digest_rows(channel)
                stale = self._shared([each for each in rows if each.not_before is None])
                if stale:
                    self._fold(channel, stale, self._too_old(stale))

    def tell_overdue(self) -> None:
        """Tell what catching up still keeps back, as while EDGAR does not answer."""
        overdue = to_ms(self._clock() - _WAIT_FOR_DIGEST)
        if any(queued_at < overdue for _, queued_at in self._store.outbox.too_old().values()):
            self.tell_too_old()

    def _shared(self, rows: Sequence[Message]) -> Sequence[Message]:
        """Those of the messages whose time has come that share a digest; what is critical has its
        own turn now, and so has one that nothing shares with."""
        shared = [each for each in rows if _may_share(each)]
        shared = shared if len(shared) > 1 else []
        told = {each.id for each in shared}
        self._store.outbox.tell_alone([each.id for each in rows if each.id not in told])
        return shared

    def _headline(self, channel: str, rows: Sequence[Message]) -> str:
        """Why they come together, and how many there were today where these are not all."""
        first, now = rows[0], self._clock()
        if first.digest_key is None:
            return f"Over the daily cap: {_count(rows)} more"
        midnight = to_ms(start_of(new_york_day(now)))
        before = self._store.outbox.count_told(channel, first.digest_key, since=midnight)
        today = f", {len(rows) + before} today" if before else ""
        return f"{first.digest_why}: {_count(rows)}{today}"

    def fold(self, is_open: Callable[[str], bool]) -> None:
        """One message tells what came too fast for a channel, or waited too long for it.

        is_open: whether a channel takes messages now; while it does not, more may join them.
        """
        for channel in self._store.outbox.crowded(1):
            if is_open(channel):
                with self._store.writing():
                    waiting = self._store.outbox.waiting_in(channel)
                    alerts = [each for each in waiting if each.message_id > 0 and _may_share(each)]
                    if not self._fold_crowd(channel, alerts):
                        self._fold_stale(channel, alerts)

    def _fold_crowd(self, channel: str, alerts: Sequence[Message]) -> bool:
        if len(alerts) <= CROWD:
            return False
        away = self._delays.told_of_absence(alerts)
        self._fold(channel, alerts, f"{away}{_count(alerts)}{_lasted(alerts)}")
        return True

    def _fold_stale(self, channel: str, alerts: Sequence[Message]) -> None:
        """Those that an outage has kept until they were old; a single one is told as itself."""
        if self._stale_after is None:
            return
        old = to_ms(self._clock() - self._stale_after)
        stale = [
            each
            for each in alerts
            if each.created_at < old and self._delays.were_held_back(channel, each.created_at)
        ]
        if len(stale) > 1:
            self._fold(channel, stale, self._too_old(stale))

    def _too_old(self, alerts: Sequence[Message]) -> str:
        away = self._delays.told_of_absence(alerts)
        return f"{away}{_count(alerts)}, too old to tell one by one"

    def _fold(
        self,
        channel: str,
        messages: Sequence[Message],
        headline: str,
        *,
        since: int | None = None,
    ) -> None:
        """Tell messages in one digest, or in as many as name them all.

        since: when it was to be told; without it, when the first of them was.
        """
        now = self._clock()
        delayed = self._delays.told(channel, since or messages[0].created_at, now=now)
        told = [_told(each) for each in messages]
        left = iter(messages)
        for card in digest_cards(told, headline, marks=(delayed,) if delayed else ()):
            digest = NewMessage(
                message_id=card.alert_id,
                channel=channel,
                created_at=to_ms(now),
                text=card.text,
                card=card.to_json(),
            )
            named = [each.id for each in islice(left, len(card.lines))]
            self._store.outbox.add_digest(digest, named)


def _may_share(message: Message) -> bool:
    """What is critical is never one of many."""
    return message.severity != Severity.CRITICAL


def _told(message: Message) -> Told:
    return Told(
        card=Card.from_json(message.card),
        at=from_ms(message.told_since),
        repeat=message.repeat,
    )


def _lasted(alerts: Sequence[Message]) -> str:
    """Within what time they became known."""
    known = [each.told_since for each in alerts]
    span = timedelta(milliseconds=max(known) - min(known))
    if span < timedelta(minutes=2):
        return f" in {span.total_seconds():.0f} s"
    return f" in {span_told(span)}"


def _count(messages: Sequence[Message]) -> str:
    return f"{len(messages)} alert{'s' * (len(messages) != 1)}"
