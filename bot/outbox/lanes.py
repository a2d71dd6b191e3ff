"""Lanes: channels of one pace and pause, and calls to the other side, one at a time in each."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from bot.store import Store

T = TypeVar("T")

EVERYWHERE = "*"
"""The lane whose pause holds all others: no token, no message."""

EDITS = "edits"
"""Whose pause holds all changes of what was sent, and nothing else: Slack counts them apart from
posts, and those of a whole workspace together."""


def edits_of(lane: str) -> str:
    """In it the changes of a lane are made, one at a time; no message waits for them."""
    return f"{EDITS} {lane}"


class Lanes:
    """The lane of each channel: names of one channel of the other side share that of the first.

    One may be named ``#alerts`` and by its id; that both are one is known from the first answer
    on, and after a restart from those that the store has.
    """

    def __init__(self, store: Store, lane: Callable[[str], str]) -> None:
        self._outbox, self._lane = store.outbox, lane
        self._places: dict[str, str] = {}
        self._first: dict[str, str] = {}
        for channel in sorted(self._outbox.pauses()):
            if place := self._outbox.place_of(channel):
                self.know(channel, place)

    def __call__(self, channel: str) -> str:
        return self._lane(self.channel(channel))

    def channel(self, name: str) -> str:
        """The name by which a channel was known first."""
        return self._first.get(self._places.get(name, name), name)

    def know(self, name: str, place: str) -> None:
        """The other side has answered for a name with the id of its channel."""
        before = {self(name), self(place)}
        self._places[name] = place
        self._first.setdefault(place, name)
        for lane in before - {self(name)}:
            self._outbox.join_lane(lane, into=self(name))


class Calls:
    """Calls that may hang, each in a thread of its own, so that no lane waits for another.

    What follows from an answer is done in the thread that asks for it: one writer to the store.
    """

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._ended: SimpleQueue[tuple[str, Callable[[], None]]] = SimpleQueue()

    def busy(self) -> frozenset[str]:
        """Lanes whose call has not ended, or whose end has not been followed yet."""
        return frozenset(self._busy)

    def begin(
        self, lane: str, call: Callable[[], T], done: Callable[[T], None], *, apart: bool
    ) -> None:
        """Start a call, which raises nothing.

        apart: in a thread; else at once, for a lane beside which there is no other.
        """

        def run() -> None:
            answer = call()
            self._ended.put((lane, lambda: done(answer)))

        self._busy.add(lane)
        if apart:
            Thread(target=run, name=f"outbox {lane}", daemon=True).start()
        else:
            run()

    def finish(self, within: float) -> bool:
        """Do what follows from the calls that have ended; False where none has.

        within: seconds to wait for the first.
        """
        if not self._busy:
            return False
        try:
            lane, follow = self._ended.get(timeout=within)
        except Empty:
            return False
        self._busy.discard(lane)
        follow()
        while not self._ended.empty():
            self.finish(0)
        return True
