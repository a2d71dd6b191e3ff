"""Past alerts: which a query finds, a page at a time, and what became of their messages."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import from_ms
from bot.errors import QueryError
from bot.facts import Kind
from bot.store.chat import Acknowledgement
from bot.store.conditions import conditions_of
from bot.store.corrected import Correction
from bot.store.database import Connections
from bot.store.query import Query, Term
from bot.store.searching import ORDERS, Found, Search, Total
from bot.store.statistics import Stats, stats_of
from bot.store.unmatched import is_about_the_mass, unmatched

PAGE = 10
_STREAMED = 500
_CURSOR = re.compile(r"(\d{1,19})\.(-?\d{1,19})?\.(\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlert:
    """One alert, or another decision that was asked for.

    fired_at: when the bot decided.  judged_at: its place in time, that of the newest fact it saw.
    card_id: the number that its card shows, where several share a message that of the first.
    reason: why it was held back.  mute: the number of the mute that did.
    who: the person its fact names.  status: of its message, None where it had no channel to go to.
    place, ts: where Slack keeps it, or the digest that told it.
    repeat: it may stand in its channel twice.  ack: who looks after it.
    corrected: how a later filing tells it otherwise, of several the last; its values stay as told.
    """

    id: int
    rule: str
    severity: str
    ticker: str | None
    kind: str
    fact_seq: int
    fired_at: datetime
    judged_at: datetime
    fate: str
    reason: str | None
    message: str
    values: dict[str, Any]
    card_id: int
    value_cents: int | None
    shares: float | None
    side: str | None
    role: str | None
    who: str | None
    status: str | None
    channel: str | None
    place: str | None
    ts: str | None
    repeat: bool
    mute: int | None
    ack: Acknowledgement | None
    corrected: Correction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the alerts that a query finds, in its order.

    total: how many it finds.  next: where the following page begins, None on the last.
    """

    alerts: tuple[PastAlert, ...]
    total: Total
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """What a query finds without one of its terms.  index: of the term, among its terms."""

    index: int
    term: Term
    query: Query
    total: Total


class History:
    """Safe for several threads; nothing here writes."""

    def __init__(self, connections: Connections, kinds: Sequence[Kind]) -> None:
        self._connections, self._kinds = connections, tuple(kinds)
        told = " UNION ALL ".join(f"SELECT 1 FROM {kind.name} WHERE ticker = :t" for kind in kinds)
        self._knows_ticker = f"SELECT EXISTS ({told})"

    # Searching.

    def search(self, query: Query, *, after: str | None = None, size: int = PAGE) -> Page:
        """A page of what a query finds.

        after: the ``next`` of the page before.  A page names a place in the order, so what comes
        meanwhile neither repeats nor skips an alert.  Raises QueryError on a page nobody gave.
        """
        begun, left = (None, query.limit) if after is None else _read_cursor(after)
        size = size if left is None else min(size, left)
        found, total = self._found(query, size + 1, begun)
        if not total.exact:
            total = Total(count=max(total.count, len(found)), exact=False)
        shown = found[:size]
        left = None if left is None else left - size
        more = len(found) > size and left != 0
        if query.limit is not None and (not total.exact or total.count > query.limit):
            exact = total.exact or total.count >= query.limit
            total = Total(count=min(total.count, query.limit), exact=exact)
        return Page(
            alerts=tuple(self._alerts([each.id for each in shown])),
            total=total,
            next=_cursor(shown[-1], left) if more else None,
        )

    def every(self, query: Query) -> Iterator[PastAlert]:
        """All that a query finds, in its order, read a few hundred at a time."""
        left, begun = query.limit, None
        search = None if is_about_the_mass(query) else self._search(query)
        while left is None or left > 0:
            size = _STREAMED if left is None else min(_STREAMED, left)
            if search is None:
                found, _ = self._found(query, size, begun)
            else:
                found = search.page(size, begun)
            yield from self._alerts([each.id for each in found])
            if len(found) < size:
                return
            begun, left = found[-1], None if left is None else left - size

    def alert(self, number: int) -> PastAlert | None:
        """A decision by its number, whatever its fate; None where there is none."""
        return next(iter(self._alerts([number])), None)

    def without_each(self, query: Query) -> list[Without]:
        """Of each term without which the query finds something: how much that is."""
        found = []
        for number, term in enumerate(query.terms):
            fewer = replace(query, terms=query.terms[:number] + query.terms[number + 1 :])
            if is_about_the_mass(fewer) and term.field == "ticker":
                continue
            total = self._found(fewer, 0, None)[1]
            if total.count:
                found.append(Without(index=number, term=term, query=fewer, total=total))
        return found

    def matching(self, query: Query, ids: Sequence[int]) -> set[int]:
        """Which of these decisions a query finds, whatever its limit."""
        if is_about_the_mass(query):
            return {each.id for each in self._found(query, 0, None)[0]} & set(ids)
        return self._search(query).among(ids)

    def stats(self, query: Query) -> Stats:
        """What a query finds, in numbers."""
        if is_about_the_mass(query):
            mend = "leave `fate:` out, or name one of what matched: fired, muted, in-cooldown"
            raise QueryError("there are no statistics of what did not match", where="query",
                             mend=mend)  # fmt: skip
        return stats_of(self._connections.connection, query)

    def _found(self, query: Query, size: int, begun: Found | None) -> tuple[list[Found], Total]:
        if not is_about_the_mass(query):
            search = self._search(query)
            return search.page(size, begun) if size else [], search.total()
        everything, total = unmatched(self._connections.connection, self._kinds, query)
        order = ORDERS[query.sort]
        behind = [each for each in everything if begun is None or order(each) > order(begun)]
        return sorted(behind, key=order)[: size or None], total

    def _search(self, query: Query) -> Search:
        connection = self._connections.connection
        asked = conditions_of(connection, query)
        return Search(connection=connection, asked=asked, sort=query.sort)

    def _alerts(self, ids: Sequence[int]) -> list[PastAlert]:
        rows = self._connections.connection.execute(_DETAILS, (json.dumps(list(ids)),))
        return [_alert(row) for row in rows]

    # What our data know.

    def knows_ticker(self, ticker: str) -> bool:
        """Whether any stored fact has this ticker."""
        found = self._connections.connection.execute(self._knows_ticker, {"t": ticker})
        return bool(found.fetchone()[0])

    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that judge, and of those that made alerts."""
        rows = self._connections.connection.execute(
            "SELECT id FROM rules UNION SELECT rule FROM alert_sorts ORDER BY 1"
        )
        return tuple(rule for (rule,) in rows)


_DETAILS = """
SELECT d.id, d.rule, d.severity, d.ticker, d.kind, d.fact_seq, d.decided_at, d.at, d.fate,
    d.reason, d.message, d.measures, COALESCE(d.message_id, d.id),
    a.value_cents, a.shares, s.side, s.role, a.who,
    o.state, o.channel, COALESCE(g.place, o.place), COALESCE(g.ts, o.ts), COALESCE(o.repeat, 0),
    (SELECT MAX(h.mute) FROM held_by_mute h WHERE h.decision = d.id),
    k.at, k.user, k.name, c.seq, c.text, c.figures
FROM json_each(?) asked CROSS JOIN decisions d ON d.id = asked.value
LEFT JOIN alerts a ON a.id = d.id
LEFT JOIN alert_sorts s ON s.id = a.sort
LEFT JOIN outbox o ON o.id = (SELECT MIN(id) FROM outbox WHERE message_id = d.message_id)
LEFT JOIN outbox g ON g.id = o.digest_id
LEFT JOIN acks k ON k.alert = COALESCE(d.message_id, d.id)
LEFT JOIN corrections c ON c.alert = d.id
    AND c.seq = (SELECT MAX(seq) FROM corrections WHERE alert = d.id)
ORDER BY asked.key
"""


def _alert(row: tuple[Any, ...]) -> PastAlert:
    number, rule, severity, ticker, kind, seq, decided_at, at, fate, reason, *rest = row
    message, measures, card_id, value, shares, side, role, who, *rest = rest
    state, channel, place, ts, repeat, mute, acked_at, user, name, by, told, figures = rest
    ack = corrected = None
    if acked_at is not None:
        ack = Acknowledgement(alert=card_id, at=acked_at, user=user, name=name)
    if by is not None:
        corrected = Correction(alert=number, seq=by, text=told, figures=figures)
    return PastAlert(
        id=number,
        rule=rule,
        severity=severity,
        ticker=ticker,
        kind=kind,
        fact_seq=seq,
        fired_at=from_ms(decided_at),
        judged_at=from_ms(at),
        fate=fate,
        reason=reason,
        message=message or "",
        values=json.loads(measures),
        card_id=card_id,
        value_cents=value,
        shares=shares,
        side=side,
        role=role,
        who=who,
        status=state,
        channel=channel,
        place=place,
        ts=ts,
        repeat=bool(repeat),
        mute=mute,
        ack=ack,
        corrected=corrected,
    )


def _cursor(last: Found, left: int | None) -> str:
    value, rest = ("" if each is None else str(each) for each in (last.value, left))
    return f"{last.place}.{value}.{rest}"


def is_cursor(text: str) -> bool:
    """Whether a text could be the ``next`` of a page."""
    return _CURSOR.fullmatch(text) is not None and all(
        abs(int(part)) < 2**63 for part in text.split(".") if part
    )


def _read_cursor(text: str) -> tuple[Found, int | None]:
    match = _CURSOR.fullmatch(text)
    if not match or not is_cursor(text):
        mend = "ask again, and take the page that the answer names"
        raise QueryError(f"there is no page '{text}'", where="page", mend=mend)
    place, value, left = (None if part is None else int(part) for part in match.groups())
    return Found(place or 0, value), left
