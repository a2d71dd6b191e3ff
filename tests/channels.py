"""A notifier whose channels are lists in memory: they answer as told, and keep what they took."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.cards import Card
from bot.notifiers import Found, Gone, Outcome, Place, Seen, Sent, Uncertain, Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A message in a channel.  thread: the ts of the one below which it stands."""

    ts: str
    card: Card
    revision: int
    thread: str | None
    broadcast: bool


LOST = Uncertain(why="the answer was lost")
"""Where a channel answers with it, the message has arrived; with any other Uncertain it has not."""


@dataclass
class Channels:
    """answers: what befalls the next posts of a channel, else they arrive.

    edits, looks: the same of changes and looks.  posts: every attempt, by channel and alert.
    """

    spacing: timedelta = timedelta()
    edit_spacing: timedelta = timedelta()
    may_repeat: bool = False
    answers: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    edits: list[Outcome] = field(default_factory=list)
    looks: list[Seen | Unseen] = field(default_factory=list)
    posts: list[tuple[str, int]] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    looked_since: list[datetime] = field(default_factory=list)
    standing: dict[str, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    _ts: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def lane(self, channel: str) -> str:
        return channel

    def send(
        self,
        channel: str,
        card: Card,
        *,
        revision: int = 1,
        thread: Place | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        self.posts.append((channel, card.alert_id))
        answer = self.answers[channel].pop(0) if self.answers[channel] else None
        if answer is not None and answer is not LOST:
            return answer
        below = thread.ts if thread else None
        ts = f"{next(self._ts)}.000000"
        self.standing[channel].append(
            Standing(ts=ts, card=card, revision=revision, thread=below, broadcast=broadcast)
        )
        return answer or Sent(channel=channel, ts=None if self.may_repeat else ts)

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        if self.edits:
            return self.edits.pop(0)
        for index, each in enumerate(self.standing[place.channel]):
            if each.ts == place.ts:
                self.standing[place.channel][index] = Standing(
                    ts=each.ts, card=card, revision=revision,
                    thread=each.thread, broadcast=each.broadcast,
                )  # fmt: skip
                return Sent(channel=place.channel, ts=place.ts)
        return Gone(why="message_not_found")

    def look(
        self,
        channel: str,
        *,
        since: datetime,
        after: str | None = None,
        thread: Place | None = None,
    ) -> Seen | Unseen:
        del after
        self.looked.append(channel)
        self.looked_since.append(since)
        if self.looks:
            return self.looks.pop(0)
        below = thread.ts if thread else None
        return Seen(
            channel=channel,
            messages={
                each.card.alert_id: Found(ts=each.ts, revision=each.revision)
                for each in self.standing[channel]
                if each.thread == below
            },
        )

    @property
    def cards(self) -> list[Card]:
        """All that stand anywhere, oldest first in each channel."""
        return [each.card for channel in self.standing.values() for each in channel]
