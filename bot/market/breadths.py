"""How broad the rally of each fund is whose holdings somebody keeps, told once a session."""

from datetime import datetime, timedelta

from bot.calendar import NYSE
from bot.clock import Clock, new_york_day
from bot.facts import MARKET_BREADTH, Fact
from bot.market.knowledge import Knowledge
from bot.market.readings import tell_reading
from bot.signals.breadth import SPAN, breadth
from bot.store import Store

_WEEK = timedelta(days=7)


class Breadths:
    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._made_of: dict[str, object] = {}

    def tell(self, fund: str, knowledge: Knowledge) -> bool:
        """Tell what the members of a fund gave to it in 63 sessions; whether that was news.

        Without weights that are new enough, or without a bar of any member, nothing is told; where
        those of 90 % of the weight are not known, all but ``coverage`` and the counts is unknown.
        """
        held = knowledge.held(fund)
        made_of = (knowledge.session, held, [knowledge.last(each.ticker) for each in held])
        if self._made_of.get(fund) == made_of:
            return False
        self._made_of[fund] = made_of
        weights = {each.ticker: each.weight for each in held if each.weight > 0}
        if not weights:
            return False
        changed_at = knowledge.told.file_of(fund).changed_at
        weighed = held[0].as_of or min(new_york_day(changed_at), knowledge.session)
        session = knowledge.session
        since = min(weighed, NYSE.session_day(NYSE.session_number(session) - SPAN)) - _WEEK
        bars = self._store.prices.series(weights, since=since, as_of=session)
        told = breadth(weights, weighed, bars, session)
        if not told.members:
            return False
        fact = Fact(
            kind=MARKET_BREADTH,
            id=f"breadth:{fund}:{session.isoformat()}",
            subject=fund,
            ticker=fund,
            known_at=self._known_at(knowledge, changed_at),
            happened_at=knowledge.closed_at,
            values=told.fact_values(),
        )
        return tell_reading(self._store, fact, session, clock=self._clock)

    def _known_at(self, knowledge: Knowledge, changed_at: datetime) -> datetime:
        return min(max(knowledge.closed_at, changed_at), self._clock())
