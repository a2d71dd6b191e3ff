"""Who subscribed to which alerts: asked within the transaction that keeps the decisions."""

from collections.abc import Mapping, Sequence

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import NEW_YORK, Clock, to_ms
from bot.errors import QueryError
from bot.store import Store
from bot.store.query import Query

_MINUTE = 60_000


class Subscribed:
    """By channel, the alerts that somebody wants to be told there.

    A query whose days are relative is read anew every minute.
    """

    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._read: dict[str, Query | None] = {}
        self._minute = 0
        self._log: FilteringBoundLogger = structlog.get_logger().bind(job="subscriptions")

    def __call__(self, numbers: Sequence[int]) -> Mapping[str, Sequence[int]]:
        """numbers: of decisions that fired and are kept."""
        wanted: dict[str, set[int]] = {}
        found: dict[str, set[int]] = {}
        for each in self._store.chat.subscriptions() if numbers else ():
            if each.query not in found:
                found[each.query] = self._matching(each.query, numbers)
            wanted.setdefault(each.channel, set()).update(found[each.query])
        return {channel: sorted(matching) for channel, matching in wanted.items() if matching}

    def _matching(self, text: str, numbers: Sequence[int]) -> set[int]:
        """One that can not be read any more matches nothing and stops nobody."""
        query = self._query(text)
        if query is None:
            return set()
        try:
            return self._store.history.matching(query, numbers)
        except QueryError as error:
            self._log.error("subscription.unusable", query=text, why=error.what)
            return set()

    def _query(self, text: str) -> Query | None:
        from bot.chat.grammar import read_command
        from bot.chat.known import Known

        now = self._clock()
        if (minute := to_ms(now) // _MINUTE) != self._minute:
            self._minute, self._read = minute, {}
        if text not in self._read:
            try:
                known = Known(is_ticker=lambda _: False)  # the plainest words need none
                self._read[text] = read_command(text, now=now, zone=NEW_YORK, known=known).query
            except QueryError as error:
                self._log.error("subscription.unreadable", query=text, why=error.what)
                self._read[text] = None
        return self._read[text]
