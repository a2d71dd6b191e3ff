"""Facts as amendments leave them: what stands now for each that an alert saw then."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.facts import Kind
from bot.store.database import Connections

Standing = Mapping[int, tuple[int, ...]]
"""By the number of a fact that is gone, the numbers of those that stand for it; of one that was
taken back none."""


class Amended:
    """Looks along the links between versions of facts."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def subjects(self, of: Kind, ids: Iterable[str]) -> list[tuple[str, str | None]]:
        """Whom facts are about, subject and ticker, each pair once."""
        return self._all(
            f"SELECT DISTINCT subject, ticker FROM {of.name} "
            "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY subject, ticker",
            json.dumps(list(ids)),
        )

    def known_at(self, of: Kind, ids: Iterable[str]) -> int:
        """When the newest of some facts became known."""
        rows = self._all(
            f"SELECT MAX(known_at) FROM {of.name} WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )
        return int(rows[0][0])

    def any_between(
        self, of: Kind, about: Sequence[tuple[str, str | None]], since: int, until: int
    ) -> bool:
        """Whether a fact about one of these subjects or tickers, that is not quiet, was stored with
        a number in (since, until)."""
        subjects = json.dumps([subject for subject, _ in about])
        tickers = json.dumps([ticker for _, ticker in about if ticker is not None])
        return bool(
            self._all(
                f"SELECT 1 FROM {of.name} WHERE seq > ? AND seq < ? AND NOT quiet "
                "AND (+subject IN (SELECT value FROM json_each(?)) "  # + goes by the numbers
                "OR +ticker IN (SELECT value FROM json_each(?))) LIMIT 1",
                since, until, subjects, tickers,
            )
        )  # fmt: skip

    def arrived_by(self, of: Kind, instant: int) -> int:
        """The number of the newest fact of a kind that had arrived by an instant; 0 where none."""
        rows = self._all(
            f"SELECT seq FROM {of.name} WHERE seen_at <= ? ORDER BY seq DESC LIMIT 1", instant
        )
        return int(rows[0][0]) if rows else 0

    def standing(self, of: Kind, subjects: Sequence[str], *, seen: int, until: int) -> Standing:
        """Of the facts about some subjects that the fact numbered ``seen`` saw, those that are gone
        since, up to the fact numbered ``until``, each with what stands for it then."""
        rows = self._all(
            f"SELECT seq FROM {of.name} WHERE gone_seq > ? AND gone_seq <= ? AND gone_seq != seq "
            "AND seq <= ? AND subject IN (SELECT value FROM json_each(?)) ORDER BY seq",
            seen, until, seen, json.dumps(subjects),
        )  # fmt: skip
        return {seq: tuple(self._stands_for(of, seq, seen, until)) for (seq,) in rows}

    def measure(
        self, statement: str, asked: Sequence[Any], keys: Sequence[Any], standing: Standing
    ) -> Any:
        """The answer of a statement of ``rules.amended`` about one judged fact.

        asked: the row of its parameter.  standing: the versions that take the place of others.
        """
        instead: dict[int, int] = {}
        for old, stand in standing.items():
            for new in stand:
                instead.setdefault(new, old)
        parameters = {
            "asked": json.dumps([asked]),
            "gone": json.dumps(list(standing)),
            "instead": json.dumps([[old, new] for new, old in sorted(instead.items())]),
            "seq": asked[0],
            "first": asked[1],
            "last": asked[2],
            **{f"key{place}": key for place, key in enumerate(keys)},
        }
        ((_, answer),) = self._connections.connection.execute(statement, parameters).fetchall()
        return answer

    def _stands_for(self, of: Kind, seq: int, seen: int, until: int) -> list[int]:
        """What counts in the place of a fact, along all its versions up to a number."""
        left, known, found = [seq], {seq}, list[int]()
        while left:
            each = left.pop(0)
            gone, fact_id, leader = self._state(of, each)
            if gone is None or gone > until:
                found.append(each)
                continue
            after = self._heirs(of, gone, fact_id) if gone != each else self._leader(of, leader)
            new = [heir for heir in after if heir not in known and heir > seen]
            known.update(new)
            left += new
        return found

    def _state(self, of: Kind, seq: int) -> tuple[int | None, str, str | None]:
        """From which fact on one does not count, its id, and the one that tells the same."""
        leader = "duplicate_of" if "duplicate_of" in of.own else "NULL"
        rows = self._all(f"SELECT gone_seq, id, {leader} FROM {of.name} WHERE seq = ?", seq)
        gone, fact_id, told_by = rows[0]
        return gone, fact_id, told_by

    def _heirs(self, of: Kind, by: int, fact_id: str) -> list[int]:
        """The fact that took the place of another, those of its filing that tell some of its rows,
        and what is left of it."""
        from bot.insider.entries import VERSION  # what it needs is large, and amendments are rare

        base, _, version = fact_id.partition(VERSION)
        left = f"{base}{VERSION}{int(version or 1) + 1}"
        found = [by, *self._numbers(f"SELECT seq FROM {of.name} WHERE id = ?", left)]
        if "restates" in of.own:
            found += self._numbers(
                f"SELECT each.seq FROM {of.name} AS by JOIN {of.name} AS each USING (document_id) "
                "WHERE by.seq = ? AND instr(' ' || each.restates || ' ', ' ' || ? || ' ') "
                "ORDER BY each.seq",
                by, fact_id,
            )  # fmt: skip
        return list(dict.fromkeys(found))

    def _leader(self, of: Kind, fact_id: str | None) -> list[int]:
        return self._numbers(f"SELECT seq FROM {of.name} WHERE id = ?", fact_id)

    def _numbers(self, statement: str, *parameters: Any) -> list[int]:
        return [seq for (seq,) in self._all(statement, *parameters)]

    def _all(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self._connections.connection.execute(statement, parameters).fetchall()
