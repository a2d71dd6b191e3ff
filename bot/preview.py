"""What rules would have told of the recent past: the real facts, decisions that nobody keeps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import to_ms
from bot.judge import Judge
from bot.routes import everything_to
from bot.rules.model import Rule
from bot.store import Circumstances, Store
from bot.store.database import Connections
from bot.store.explaining import first_seq
from bot.store.facts import Facts

MOST_FACTS = 50_000
"""Of more facts only the newest are judged: a look at the past must not take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How often each rule would have fired, and over which past."""

    alerts: Mapping[str, int]
    period: str


class _Aside(Store):
    """A store whose facts and mutes are those of another, and all else its own and in memory."""

    def __init__(self, live: Store) -> None:
        super().__init__(None)
        self.facts = _Facts(live.facts, own=self.facts)
        self.collection = live.collection
        self.circumstances = _Circumstances(self._connections, live)
        for mute in live.circumstances.mutes():
            self.circumstances.mute(mute)


class _Facts(Facts):
    """The facts of one store, and the alerts that ``seen`` counts of another."""

    def __init__(self, live: Facts, *, own: Facts) -> None:
        super().__init__(live._connections, [table.kind for table in live._tables.values()])
        self._own = own

    def measure(
        self, statement: str, asked: Sequence[Sequence[Any]], *, within: timedelta | None = None
    ) -> dict[int, Any]:
        if "FROM decisions " in statement:
            return self._own.measure(statement, asked, within=within)
        return super().measure(statement, asked, within=within)


class _Circumstances(Circumstances):
    """Whether a source answered stands among the facts, and so in the other store."""

    def __init__(self, connections: Connections, live: Store) -> None:
        super().__init__(connections)
        self._live = live.circumstances

    def last_answer(self, source: str, seq: int) -> tuple[bool, int | None]:
        return self._live.last_answer(source, seq)


def fired_by(store: Store, rules: Sequence[Rule], *, since: datetime, now: datetime) -> Preview:
    """The alerts of each rule on the facts that became known since, as if it began there.

    rules: with those whose alerts they count.  What was muted stays so.  Of the store nothing
    changes but indexes that the rules need in any case.
    """
    days = round((now - since).total_seconds() / 86_400)
    newest = store.facts.newest_seq()
    first = first_seq(store.facts, to_ms(since))
    period = f"last {days} days"
    if first is None or not any(rule.enabled for rule in rules):
        return Preview(alerts={}, period=period)
    if newest - first >= MOST_FACTS:
        first, period = newest - MOST_FACTS + 1, f"last {MOST_FACTS:,} facts"
    aside = _Aside(store)
    try:
        aside.decisions.save_judged_seq(first - 1)
        judge = Judge(aside, rules, clock=lambda: now, route=everything_to(), corrects=False)
        while judge.judge():
            pass
        fired = aside.decisions.all(fate="fired")
    finally:
        aside.close()
    return Preview(alerts=Counter(each["rule"] for each in fired), period=period)
