"""Matches as they are searched: one narrow row each, kept with the decision it is of.

A decision that says yes is a match, told or held back.  What says no, or not yet, is the mass and
is not here.
"""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from bot.rules.fire import Fate
from bot.store.searchable import BY_NAME, FIELDS

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.store.decisions import NewDecision

MATCHES = (Fate.FIRED, Fate.IN_COOLDOWN, Fate.INHIBITED, Fate.MUTED, Fate.OVER_THE_CAP)
"""Fates of what held, in the words of the design."""

SORTED_BY = ("rule", "kind", "severity", "fate", "side", "role")
"""What an alert shares with many: a sort of alerts is one value of each."""

PLACE_BITS = 20
_LAST_PLACE = 2**63 - 1
_AT_ONCE = 5_000
_NAMES = {str(fate) for fate in MATCHES}
_NO_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")

SHORT = 3
"""Beginnings of so few letters are begun by too many names to look for each."""
_OF_A_DECISION = (
    "id", "rule", "kind", "severity", "fate", "fact_seq", "ticker", "decided_at", "message",
    "message_id",
)  # fmt: skip


class _Match(NamedTuple):
    """What is taken of a decision."""

    id: int
    rule: str
    kind: str
    severity: str
    fate: str
    fact_seq: int
    ticker: str | None
    decided_at: int
    message: str | None
    message_id: int | None


Row = Mapping[str, Any]


def place_of(decided_at: int, number: int = 0) -> int:
    """The place of an alert in time, which is its number in the table: no two have one.

    Milliseconds first, then the number of the decision, of which a millisecond never sees a
    million; so the order of places is the order of time, in the index of the table itself.
    """
    first = min(max(decided_at, 0) << PLACE_BITS, _LAST_PLACE)
    return min(first | (number & (1 << PLACE_BITS) - 1), _LAST_PLACE)


def tag(field: str, value: str) -> str:
    """A value as one word of the index of words."""
    return f"{field}0{_NO_WORD.sub('0', value)}"


def size_tag(bits: int) -> str:
    """An amount of so many binary digits of cents: it narrows a search by half the amount."""
    return f"cents0{bits}"


def name_tag(beginning: str) -> str:
    """The beginning of a part of a name, of at most ``SHORT`` letters."""
    return f"name0{beginning}"


def words_in(name: str) -> list[str]:
    """The parts of a name, in small letters."""
    return _WORD.findall(normalize("NFC", name).lower())


def keep_alerts(
    connection: sqlite3.Connection,
    decisions: Sequence["NewDecision"],
    titles: Mapping[str, str],
) -> None:
    """Keep the matches among new decisions, within the transaction that is open.

    titles: of rules, where they are known: people search for their words.
    """
    matches = [
        _Match(**{name: getattr(each, name) for name in _OF_A_DECISION})
        for each in decisions
        if each.fate in _NAMES
    ]
    if matches:
        _keep(connection, matches, titles)


def _keep(
    connection: sqlite3.Connection, matches: Sequence[_Match], titles: Mapping[str, str]
) -> None:
    facts = _facts(connection, matches)
    told = [(match, facts.get((match.kind, match.fact_seq), {})) for match in matches]
    sorts = _sorts(connection, [_sort_of(match, fact) for match, fact in told])
    connection.executemany(
        "INSERT INTO alerts (place, id, sort, ticker, message_id, value_cents, shares, "
        "change_ratio, who) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                place_of(match.decided_at, match.id),
                match.id,
                sorts[_sort_of(match, fact)],
                match.ticker,
                match.message_id,
                _first(fact, "value"),
                _first(fact, "shares"),
                _first(fact, "change"),
                _first(fact, "who"),
            )
            for match, fact in told
        ],
    )
    connection.executemany(
        "INSERT INTO alert_words (rowid, words, who, tags) VALUES (?, ?, ?, ?)",
        [
            (place_of(match.decided_at, match.id), *_words(match, fact, titles.get(match.rule)))
            for match, fact in told
        ],
    )


def _sort_of(match: _Match, fact: Row) -> tuple[str | None, ...]:
    own = (match.rule, match.kind, match.severity, match.fate)
    return (*own, _first(fact, "side"), _first(fact, "role"))


def _sorts(
    connection: sqlite3.Connection, found: Iterable[tuple[str | None, ...]]
) -> dict[tuple[str | None, ...], int]:
    """The number of each sort; new ones get one, and all count how many there are of them."""
    numbers = {}
    same = " AND ".join(f"{name} IS ?" for name in SORTED_BY)
    for sort, count in Counter(found).items():
        held = connection.execute(f"SELECT id FROM alert_sorts WHERE {same}", sort).fetchone()
        if held is None:
            asked = ", ".join("?" * len(SORTED_BY))
            inserted = f"INSERT INTO alert_sorts ({', '.join(SORTED_BY)}, total) "
            number = connection.execute(f"{inserted} VALUES ({asked}, 0)", sort).lastrowid
            held = (number,)
        numbers[sort] = int(held[0])
        connection.execute("UPDATE alert_sorts SET total = total + ? WHERE id = ?", (count, *held))
    return numbers


def _words(match: _Match, fact: Row, title: str | None) -> tuple[str, str, str]:
    """What people may type to find it, the names of people in it, and what it shares with many."""
    texts = [match.message, match.ticker, match.rule, title]
    texts += [fact.get(name) for name in BY_NAME["text"].facts]
    who = [fact.get(name) for name in BY_NAME["who"].facts]
    shared = dict(zip(SORTED_BY, _sort_of(match, fact), strict=True)) | {"ticker": match.ticker}
    tags = [tag(name, value) for name, value in shared.items() if value]
    parts = {part for name in filter(None, who) for part in words_in(name)}
    tags += sorted({name_tag(part[:size]) for part in parts for size in range(1, SHORT + 1)})
    if (cents := _first(fact, "value")) and cents > 0:
        tags.append(size_tag(cents.bit_length()))
    return tuple(" ; ".join(filter(None, each)) for each in (texts, who, tags))  # type: ignore[return-value]


def _first(fact: Row, field: str) -> Any:
    """The first known value among the fields of the fact that a field of a search looks at."""
    held = (fact.get(name) for name in BY_NAME[field].facts)
    return next((value for value in held if value is not None), None)


def _facts(connection: sqlite3.Connection, matches: Iterable[_Match]) -> dict[tuple[str, int], Row]:
    """The facts of matches by kind and number; of a silence that never had one there is none."""
    wanted = defaultdict[str, set[int]](set)
    for match in matches:
        if match.fact_seq:
            wanted[match.kind].add(match.fact_seq)
    found: dict[tuple[str, int], Row] = {}
    for kind, numbers in wanted.items():
        held = [row[1] for row in connection.execute(f"PRAGMA table_info({kind})")]
        columns = ["seq", *(name for name in held if name in _LOOKED_AT)]
        rows = connection.execute(
            f"SELECT {', '.join(columns)} FROM {kind} "
            "WHERE seq IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(numbers)),),
        )
        found |= {(kind, row[0]): dict(zip(columns, row, strict=True)) for row in rows}
    return found


_LOOKED_AT = frozenset(name for field in FIELDS for name in field.facts)


# The tables.


def alert_tables(database: "Database") -> None:
    """The tables of this room, with the matches that the store has already."""
    for statement in _TABLES:
        database.execute(statement)
    asked = ", ".join("?" * len(_NAMES))
    cursor = database.conn.execute(
        f"SELECT {', '.join(_OF_A_DECISION)} FROM decisions WHERE fate IN ({asked}) "
        "AND decided_at IS NOT NULL ORDER BY id",
        sorted(_NAMES),
    )
    while rows := cursor.fetchmany(_AT_ONCE):
        _keep(database.conn, [_Match(*row) for row in rows], {})


def untold_index(database: "Database") -> None:
    """Of matches that no message carries: few of a sort that fired, but sought among all."""
    database.execute("CREATE INDEX alerts_untold ON alerts (sort, place) WHERE message_id IS NULL")


_TABLES = (
    "CREATE TABLE alert_sorts (id INTEGER PRIMARY KEY, rule TEXT NOT NULL, kind TEXT NOT NULL, "
    "severity TEXT, fate TEXT NOT NULL, side TEXT, role TEXT, total INTEGER NOT NULL)",
    "CREATE INDEX alert_sorts_rule ON alert_sorts (rule, kind)",
    "CREATE TABLE alerts (place INTEGER PRIMARY KEY, id INTEGER NOT NULL, sort INTEGER NOT NULL, "
    "ticker TEXT, message_id INTEGER, value_cents INTEGER, shares REAL, change_ratio REAL, "
    "who TEXT)",
    "CREATE UNIQUE INDEX alerts_id ON alerts (id)",
    "CREATE INDEX alerts_message ON alerts (message_id) WHERE message_id IS NOT NULL",
    "CREATE INDEX alerts_sort ON alerts (sort, place, value_cents, ticker)",
    "CREATE INDEX alerts_value ON alerts (sort, value_cents, place, ticker)",
    "CREATE INDEX alerts_ticker ON alerts (ticker, place, sort, value_cents)",
    *(
        f"CREATE INDEX alerts_{name} ON alerts ({name}, place, sort, ticker) "
        f"WHERE {name} IS NOT NULL"
        for name in ("value_cents", "shares", "change_ratio")
    ),
    "CREATE VIRTUAL TABLE alert_words USING fts5 (words, who, tags, content='', columnsize=0, "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE INDEX outbox_state ON outbox (state, message_id)",
    "CREATE INDEX outbox_channel ON outbox (channel, message_id)",
    "CREATE INDEX outbox_place ON outbox (place, message_id) WHERE place IS NOT NULL",
)
"""Words are kept without their text, which stands with the decision and the fact."""
