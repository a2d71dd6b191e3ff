"""What the steps of the outbox share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from structlog.typing import FilteringBoundLogger

from bot.clock import Clock, to_ms
from bot.notifiers import SHARED_LANES, Notifier, Outcome, Uncertain
from bot.outbox.lanes import EVERYWHERE, Calls, Lanes
from bot.outbox.marking import Composer, Delays
from bot.outbox.owner import Owner
from bot.outbox.patience import Patience
from bot.store import Message, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One store, one way to notify, and how to go about it.  jitter: a share of 1, at random."""

    store: Store
    notifier: Notifier
    clock: Clock
    jitter: Callable[[], float]
    patience: Patience
    composer: Composer
    delays: Delays
    owner: Owner
    calls: Calls
    lanes: Lanes
    log: FilteringBoundLogger

    def lane(self, message: Message) -> str:
        return self.lanes(message.channel)

    def broken(self, lane: str, now: datetime) -> timedelta:
        """For how long a lane, or all of them, have taken nothing."""
        since = [self.store.outbox.broken_since(each) for each in (lane, EVERYWHERE)]
        known = [each for each in since if each is not None]
        return timedelta(milliseconds=to_ms(now) - min(known)) if known else timedelta()

    def attempt(
        self,
        lane: str,
        call: Callable[[], Outcome],
        done: Callable[[Outcome, datetime], None],
    ) -> None:
        """Begin an attempt; what follows from its outcome is told when it ended."""

        def timed() -> tuple[Outcome, datetime]:
            try:
                outcome = call()
            except Exception as error:  # a mistake of ours must not hold the lane for ever
                outcome = Uncertain(why=type(error).__name__)
            return outcome, self.clock()

        self.calls.begin(lane, timed, lambda told: done(*told), apart=lane not in SHARED_LANES)
