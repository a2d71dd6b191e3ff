"""A store looked at beside a running bot: nothing is written, no lock is taken."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.facts import KINDS, Kind
from bot.store.circumstances import Circumstances
from bot.store.database import Connections
from bot.store.decisions import COLUMNS, Decisions
from bot.store.facts import Facts

Row = dict[str, Any]
_LISTED = ", ".join(COLUMNS)
_EACH_KEY = (
    "WITH RECURSIVE each_key(key) AS (SELECT MIN(key) FROM decisions UNION ALL "
    "SELECT (SELECT MIN(key) FROM decisions WHERE key > each_key.key) FROM each_key "
    "WHERE each_key.key IS NOT NULL)"
)
_BY_KEY = "each_key CROSS JOIN decisions USING (key)"
"""The decisions of a rule, whose index goes by key: a step a key, not a scan of all decisions."""
_MEND = "start the bot once with `bot run`, or set [store] path"


class _ReadOnly(Connections):
    """Connections that can not write."""

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{Path(self.path or '').absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA query_only=ON")
        self._opened.append(connection)
        return connection


class Explaining:
    """What explaining a decision needs of a store."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.facts = Facts(connections, KINDS)
        self.decisions = Decisions(connections)
        self.circumstances = Circumstances(connections)

    # Keys.

    def keys_of(self, rule: str, asked: str) -> list[str]:
        """The keys of a rule that a reader may mean, the one decided last first.

        The key itself, else keys that begin with it, else those of a ticker or an issuer, else a
        key in other letters; keys too of which only a state is remembered.
        """
        cik = _padded(asked)
        exact = ("key IN (?, ?)", (asked, cik))
        begun = ("substr(key, 1, ?) IN (?, ?)", (len(cik) + 1, f"{asked}/", f"{cik}/"))
        other = ("key = ? COLLATE NOCASE", (asked,))
        held = "rule_states"
        for table, (where, parameters) in (
            ("decisions", exact),
            (held, exact),
            (_BY_KEY, begun),
            (held, begun),
            (_BY_KEY, ("ticker = ?", (asked.upper(),))),
            (_BY_KEY, other),
            (held, other),
        ):
            last = "key" if table == held else "MAX(id) DESC"
            rows = self._all(
                f"{_EACH_KEY} SELECT key FROM {table} WHERE rule = ? AND {where} "
                f"GROUP BY key ORDER BY {last}",
                rule, *parameters
            )  # fmt: skip
            if rows:
                return [key for (key,) in rows]
        return []

    # Decisions.

    def last_decision(self, rule: str, key: str, *, until: int | None) -> Row | None:
        """The newest decision of a rule and key at an instant; None where there was none yet."""
        return self._newest(rule, key, until, "true")

    def last_moving(self, rule: str, key: str, *, until: int) -> Row | None:
        """The newest decision by an instant that moved the state of its key."""
        return self._newest(
            rule, key, until, "fate NOT IN ('superseded', 'blind', 'unknown') "
            "AND NOT (fate = 'no' AND reason IS NOT NULL)"
        )  # fmt: skip

    def last_alert(self, rule: str, key: str, *, until: int) -> Row | None:
        """The newest alert by an instant."""
        return self._newest(rule, key, until, "fate = 'fired'")

    def _newest(self, rule: str, key: str, until: int | None, which: str) -> Row | None:
        rows = self._all(
            f"SELECT {_LISTED} FROM decisions WHERE rule = ? AND key = ? "
            f"AND (?3 IS NULL OR at <= ?3) AND {which} ORDER BY at DESC, id DESC LIMIT 1",
            rule, key, until
        )  # fmt: skip
        return dict(zip(COLUMNS, rows[0], strict=True)) if rows else None

    def alerts(self, rule: str, key: str | None, *, first: int, last: int, until: int) -> list[Row]:
        """The alerts of a rule between two instants, of one key or of all, newest first.

        until: the number of the last fact that counts.
        """
        rows = self._all(
            f"SELECT {_LISTED} FROM decisions WHERE fate = 'fired' AND rule = ? "
            "AND at BETWEEN ? AND ? AND fact_seq <= ? AND (?5 IS NULL OR key = ?5) "
            "ORDER BY at DESC, id DESC",
            rule, first, last, until, key
        )  # fmt: skip
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    # Facts.

    def facts_of(self, kind: str, seqs: Iterable[int]) -> list[Row]:
        """Facts of a kind by their numbers, newest first."""
        found = [self.facts.by_seq(kind, seq) for seq in seqs]
        return sorted(found, key=lambda row: (row["known_at"], row["seq"]), reverse=True)

    def newest_about(self, kinds: Sequence[Kind], asked: str, *, until: int | None) -> Row | None:
        """The newest fact of these kinds about a subject or ticker, known at an instant."""
        found = []
        subjects = (asked, asked.lower(), asked.upper(), _padded(asked))
        for of in kinds:
            found += self._all(
                f"SELECT known_at, seq, '{of.name}' FROM {of.name} "
                "WHERE (subject IN (?1, ?2, ?3, ?4) OR ticker = ?3) "
                "AND (?5 IS NULL OR known_at <= ?5) ORDER BY known_at DESC, seq DESC LIMIT 1",
                *subjects, until
            )  # fmt: skip
        if not found:
            return None
        _, seq, name = max(found)
        return self.facts.by_seq(name, seq)

    def twins_of(self, fact_ids: Iterable[str]) -> dict[str, list[Row]]:
        """The insiders' trades that are told as a whole by some facts, by the ids of those."""
        rows = self._all(
            "SELECT seq, duplicate_of FROM insider_trade "
            "WHERE duplicate_of IN (SELECT value FROM json_each(?)) ORDER BY seq",
            json.dumps(list(fact_ids)),
        )
        found: dict[str, list[Row]] = {}
        for seq, told_by in rows:
            found.setdefault(told_by, []).append(self.facts.by_seq("insider_trade", seq))
        return found

    def arrived_by(self, instant: int) -> int:
        """The number of the newest fact that had arrived by an instant; 0 where none had."""
        found = [
            seq
            for of in KINDS
            for (seq,) in self._all(
                f"SELECT seq FROM {of.name} WHERE seen_at <= ? ORDER BY seq DESC LIMIT 1", instant
            )
        ]
        return max(found, default=0)

    def list_of(self, statement: str, asked: Sequence[Any]) -> str | None:
        """The answer of one statement about one judged fact."""
        answers: Mapping[int, Any] = self.facts.measure(statement, [asked])
        return answers.get(asked[0])

    def _all(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self._connections.connection.execute(statement, parameters).fetchall()


def first_seq(facts: Facts, since: int) -> int | None:
    """The lowest number among the facts known since an instant; None where there is none."""
    found = [
        facts._connections.connection.execute(
            f"SELECT MIN(seq) FROM {name} WHERE known_at >= ?", (since,)
        ).fetchone()[0]
        for name in facts._tables
    ]
    return min((seq for seq in found if seq is not None), default=None)


def _padded(asked: str) -> str:
    """With the CIK that it begins with in ten digits."""
    head, slash, rest = asked.partition("/")
    return f"{head.zfill(10)}{slash}{rest}" if head.isdigit() else asked


@contextmanager
def explaining(path: Path) -> Iterator[Explaining]:
    """A store file to look at; ConfigError where there is none, or one of another version."""
    if not path.exists():
        raise ConfigError("there is no store yet", where=str(path), mend=_MEND)
    connections = _ReadOnly(path)
    try:
        yield Explaining(connections)
    except sqlite3.OperationalError as error:
        mend = "start the bot of this version once, so that it brings the store up to date"
        raise ConfigError(f"can not be read: {error}", where=str(path), mend=mend) from error
    finally:
        connections.close()
