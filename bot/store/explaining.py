"""A store looked at beside a running bot: nothing is written, no lock is taken."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.facts import KINDS, Kind
from bot.store.database import Connections
from bot.store.decisions import COLUMNS, Decisions
from bot.store.facts import Facts

Row = dict[str, Any]
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

    def keys_of(self, rule: str, asked: str) -> list[str]:
        """The keys of a rule that a reader may mean, the one decided last first.

        The key itself, else keys that begin with it, else those of a ticker or an issuer.
        """
        cik = _padded(asked)
        for where, parameters in (
            ("key IN (?, ?)", (asked, cik)),
            ("substr(key, 1, ?) IN (?, ?)", (len(cik) + 1, f"{asked}/", f"{cik}/")),
            ("ticker = ?", (asked.upper(),)),
        ):
            rows = self._connections.connection.execute(
                f"SELECT key FROM decisions WHERE rule = ? AND {where} "
                "GROUP BY key ORDER BY MAX(id) DESC",
                (rule, *parameters),
            ).fetchall()
            if rows:
                return [key for (key,) in rows]
        return []

    def last_decision(self, rule: str, key: str, *, until: int | None) -> Row | None:
        """The newest decision of a rule and key at an instant; None where there was none yet."""
        row = self._connections.connection.execute(
            f"SELECT {', '.join(COLUMNS)} FROM decisions WHERE rule = ? AND key = ? "
            "AND (?3 IS NULL OR at <= ?3) ORDER BY at DESC, id DESC LIMIT 1",
            (rule, key, until),
        ).fetchone()
        return dict(zip(COLUMNS, row, strict=True)) if row else None

    def facts_of(self, kind: str, seqs: Iterable[int]) -> list[Row]:
        """Facts of a kind by their numbers, newest first."""
        found = [self.facts.by_seq(kind, seq) for seq in seqs]
        return sorted(found, key=lambda row: (row["known_at"], row["seq"]), reverse=True)

    def newest_about(self, kinds: Sequence[Kind], asked: str, *, until: int | None) -> Row | None:
        """The newest fact of these kinds about a subject or ticker, known at an instant."""
        cik, found = _padded(asked), []
        for of in kinds:
            row = self._connections.connection.execute(
                f"SELECT seq, known_at FROM {of.name} WHERE (subject IN (?, ?) OR ticker = ?) "
                "AND (?4 IS NULL OR known_at <= ?4) ORDER BY known_at DESC, seq DESC LIMIT 1",
                (asked, cik, asked.upper(), until),
            ).fetchone()
            if row:
                found.append((row[1], row[0], of.name))
        if not found:
            return None
        _, seq, name = max(found)
        return self.facts.by_seq(name, seq)

    def list_of(self, statement: str, asked: Sequence[Any]) -> str | None:
        """The answer of one statement about one judged fact."""
        answers: Mapping[int, Any] = self.facts.measure(statement, [asked])
        return answers.get(asked[0])


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
