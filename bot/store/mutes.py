"""What people do not want to be told for a while: mutes, and what each of them held back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from bot.store.database import Connections

PEOPLE = ("owner_name", "owners", "seller_name", "speaker")
"""The fields in which facts name people."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What is not told for a while: all that is given must fit.  Instants in milliseconds.

    until: lies outside it.  who: a person, by the key that trades carry (person_key) or by name:
    each word begins one of the name, in any order and letters.
    why, by: what for, and who muted.  ended_at, ended_by: when it was lifted early, and by whom.
    number: given by the store.  ValueError where it ends before it begins.
    """

    since: int
    until: int
    rule: str | None = None
    key: str | None = None
    ticker: str | None = None
    who: str | None = None
    why: str = ""
    by: str = ""
    ended_at: int | None = None
    ended_by: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError(f"a mute must end after it begins, got {self.since} to {self.until}")

    @property
    def ends_at(self) -> int:
        """When it is over: at its time, or when it was lifted."""
        return self.until if self.ended_at is None else min(self.until, self.ended_at)

    @property
    def target(self) -> str:
        """What it is about: "OKLO", "the rule large-officer-sale about OKLO"."""
        rule = f"the rule {self.rule}" if self.rule else ""
        return " about ".join(filter(None, (rule, self.ticker, self.key, self.who)))

    def is_for(self, *, rule: str, ticker: str | None) -> bool:
        """Whether it is about a rule or a ticker alone, and about this one."""
        alike = self.rule in (None, rule) and self.ticker in (None, ticker)
        return alike and self.key is None and self.who is None

    def is_active(self, at: int) -> bool:
        return self.since <= at < self.ends_at

    def fits(self, rule: str, key: str, fact: Mapping[str, Any] | None) -> bool:
        """Whether it is about such an alert, at any time.  fact: None where there is none yet."""
        given = fact or {}
        pairs = ((self.rule, rule), (self.key, key), (self.ticker, given.get("ticker")))
        alike = all(wanted is None or wanted == held for wanted, held in pairs)
        return alike and (self.who is None or _is_about(self.who, given))

    def holds(self, rule: str, key: str, fact: Mapping[str, Any] | None, at: int) -> bool:
        """Whether it holds such an alert back at an instant."""
        return self.is_active(at) and self.fits(rule, key, fact)


_NAMES = tuple(f.name for f in fields(Mute) if f.name != "number")
_LISTED = ", ".join(_NAMES)
_ENDS = "MIN(until, COALESCE(ended_at, until))"


class Mutes:
    """The mutes of a store, past ones too."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def mute(self, mute: Mute) -> int:
        """Keep a mute; gives its number."""
        values = [getattr(mute, name) for name in _NAMES]
        with self._connections.writing() as connection:
            number = connection.execute(
                f"INSERT INTO mutes ({_LISTED}) VALUES ({', '.join('?' * len(values))})", values
            ).lastrowid
        return number or 0

    def unmute(self, number: int, *, at: int, by: str) -> bool:
        """Lift a mute before its time; False where there is none of the number, or it is over."""
        with self._connections.writing() as connection:
            return connection.execute(
                "UPDATE mutes SET ended_at = ?, ended_by = ? "
                "WHERE id = ? AND ended_at IS NULL AND until > ?",
                (at, by, number, at),
            ).rowcount == 1  # fmt: skip

    def mutes(self, active_at: int | None = None) -> list[Mute]:
        """Those that hold at an instant; without one all, past ones too, as they were made."""
        found = self._mutes("true")
        return [each for each in found if active_at is None or each.is_active(active_at)]

    def would_have_held(self, mute: Mute, since: int, until: int) -> list[int]:
        """The alerts decided from ``since`` to before ``until`` that such a mute would have held
        back, whenever it holds itself: the numbers of their decisions, newest first."""
        wanted = (("rule", mute.rule), ("key", mute.key), ("ticker", mute.ticker))
        given = [(name, value) for name, value in wanted if value is not None]
        where = "".join(f" AND {name} = ?" for name, _ in given)
        rows = self._connections.connection.execute(
            "SELECT id, rule, key, ticker, kind, fact_seq FROM decisions WHERE fate = 'fired' "
            f"AND decided_at >= ? AND decided_at < ?{where} ORDER BY decided_at DESC, id DESC",
            (since, until, *(value for _, value in given)),
        )
        return [
            number
            for number, rule, key, ticker, kind, seq in rows.fetchall()
            if mute.who is None
            or mute.fits(rule, key, {"ticker": ticker} | self._people_of(kind, seq))
        ]

    # What they held back.

    def note_held(self, held: Iterable[tuple[int, int]]) -> None:
        """Note decisions, each with a mute that held it back."""
        with self._connections.writing() as connection:
            connection.executemany("INSERT INTO held_by_mute (decision, mute) VALUES (?, ?)", held)

    def count_held(self, number: int, *, before: int | None = None) -> int:
        """How many matches a mute held back.  before: of the decisions before this one."""
        found: int = self._connections.connection.execute(
            "SELECT COUNT(*) FROM held_by_mute WHERE mute = ?1 AND (?2 IS NULL OR decision < ?2)",
            (number, before),
        ).fetchone()[0]
        return found

    def untold(self, at: int) -> list[Mute]:
        """Mutes over by an instant that held something back, of which no alert has told yet."""
        return self._mutes(
            f"told_in IS NULL AND {_ENDS} <= ? "
            "AND EXISTS (SELECT 1 FROM held_by_mute WHERE mute = mutes.id)",
            (at,),
        )

    def told_in(self, message_id: int) -> list[Mute]:
        """The mutes of which a message tells."""
        return self._mutes("told_in = ?", (message_id,))

    def note_told(self, numbers: Iterable[int], message_id: int) -> None:
        """A message tells that these mutes are over: none after it does."""
        with self._connections.writing() as connection:
            connection.executemany(
                "UPDATE mutes SET told_in = ? WHERE id = ?",
                [(message_id, number) for number in numbers],
            )

    def _mutes(self, where: str, parameters: Sequence[Any] = ()) -> list[Mute]:
        rows = self._connections.connection.execute(
            f"SELECT id, {_LISTED} FROM mutes WHERE {where} ORDER BY id", parameters
        )
        return [
            Mute(number=number, **dict(zip(_NAMES, values, strict=True)))
            for number, *values in rows
        ]

    def _people_of(self, kind: str, seq: int) -> dict[str, Any]:
        """Whom a fact names; nobody where there is none, as in a silence."""
        cursor = self._connections.connection.execute(f"SELECT * FROM {kind} WHERE seq = ?", (seq,))
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone() or (), strict=False))
        return {name: row.get(name) for name in ("person_key", *PEOPLE)}


def _is_about(who: str, fact: Mapping[str, Any]) -> bool:
    """Whether a fact names a person so."""
    if fact.get("person_key") == who:
        return True
    wanted = _words(who)
    return bool(wanted) and any(
        all(any(word.startswith(part) for word in words) for part in wanted)
        for words in map(_words, _people(fact))
    )


def _people(fact: Mapping[str, Any]) -> Iterable[str]:
    """The names in a fact, one a person."""
    for field in PEOPLE:
        yield from (fact.get(field) or "").split(";")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
