"""The tables: forward-only migrations, and one table a kind of fact made from its declaration."""

import sqlite3
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigError
from bot.facts import FORM144, INSIDER_TRADE, Kind, Type
from bot.store.alerts import alert_tables, untold_index
from bot.store.chat import chat_tables
from bot.store.corrected import correction_tables
from bot.store.delivery_schema import delivery_columns, known_column
from bot.store.insiders import INDEXES
from bot.store.notices import NOTICE_INDEXES
from bot.store.price_schema import figure_reasons, figure_tables, price_tables

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMNS: dict[Type, type] = {
    Type.MONEY: int,
    Type.COUNT: int,
    Type.YES_NO: int,
    Type.DATE: int,
    Type.INSTANT: int,
    Type.PRICE: float,
    Type.NUMBER: float,
    Type.RATIO: float,
    Type.PERCENT: float,
    Type.BASIS_POINTS: float,
    Type.SPAN: float,
}
"""Column types by the type of a field; all others are text."""

KEEPING: dict[str, type] = {
    "seq": int,
    "id": str,
    "document_id": int,
    "subject": str,
    "ticker": str,
    "happened_at": int,
    "known_at": int,
    "seen_at": int,
    "judged_at": int,
    "quiet": int,
    "gone_seq": int,
    "retold": int,
}
"""Columns of every fact.  judged_at: its place in time, later than known_at for a late fact.
gone_seq: the fact from which on this one no longer counts (amended), its own for one that
another fact told before: a duplicate, or the original of a known amendment.
retold: 1 for one that tells an earlier one on another basis, and is not judged."""


def prepare(connection: sqlite3.Connection, kinds: Sequence[Kind], *, where: str) -> None:
    """Bring a database up to this version, inside the transaction that is open.

    Raises ConfigError on a database that a newer version of the bot has written.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        what = f"the store has schema {version}, this bot knows schemas up to {len(MIGRATIONS)}"
        mend = "use the newer bot that wrote it, or another [store] path"
        raise ConfigError(what, where=where, mend=mend)
    missing = [(each, _missing(connection, each)) for each in kinds]
    if version == len(MIGRATIONS) and not any(columns for _, columns in missing):
        return
    database = _sqlite_utils_database()(connection)
    for migrate in MIGRATIONS[version:]:
        migrate(database)
    for each, columns in missing:
        _prepare_kind(database, each, columns)
        database.execute(
            f"CREATE INDEX IF NOT EXISTS {each.name}_amended ON {each.name} (gone_seq) "
            "WHERE gone_seq IS NOT NULL AND gone_seq != seq"
        )
    if INSIDER_TRADE in kinds:
        for index in INDEXES:
            database.execute(f"CREATE INDEX IF NOT EXISTS {index}")
    if FORM144 in kinds:
        for index in NOTICE_INDEXES:
            database.execute(f"CREATE INDEX IF NOT EXISTS {index}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _missing(connection: sqlite3.Connection, kind: Kind) -> dict[str, type]:
    """Columns of a kind that its table does not have yet."""
    held = {row[1] for row in connection.execute(f"PRAGMA table_info({kind.name})")}
    columns = {**KEEPING, **{f.name: _COLUMNS.get(f.type, str) for f in kind.fields}}
    return {name: type_ for name, type_ in columns.items() if name not in held}


def _prepare_kind(database: "Database", kind: Kind, columns: dict[str, type]) -> None:
    table: Any = database[kind.name]
    if table.exists():
        for name, column_type in columns.items():
            table.add_column(name, column_type)
        return
    required = {"id", "subject", "known_at", "seen_at", "judged_at", "quiet"}
    table.create(columns, pk="seq", not_null=required)
    table.create_index(["id"], unique=True)
    for indexed in (["subject", "known_at"], ["ticker", "known_at"], ["known_at"], ["document_id"]):
        table.create_index(indexed)


def _queues(database: "Database") -> None:
    _documents(database)
    _decisions(database)
    _outbox(database)


def _documents(database: "Database") -> None:
    tables: Any = database
    tables["documents"].create(
        {
            "id": int,
            "source": str,
            "key": str,
            "name": str,
            "url": str,
            "seen_at": int,
            "quiet": int,
            "state": str,
            "error": str,
            "size": int,
            "body": bytes,
        },
        pk="id",
        not_null={"source", "key", "name", "seen_at", "quiet", "state", "size", "body"},
    )
    tables["documents"].create_index(["source", "key"], unique=True)
    database.execute("CREATE INDEX documents_unread ON documents (id) WHERE state = 'new'")
    tables["counters"].create({"name": str, "value": int}, pk="name", not_null={"value"})


def _decisions(database: "Database") -> None:
    tables: Any = database
    tables["rules"].create({"id": str, "version": str}, pk="id", not_null={"version"})
    tables["rule_states"].create(
        {"rule": str, "key": str, "risen_at": int, "judged_at": int, "alerted_at": int},
        pk=("rule", "key"),
    )
    tables["decisions"].create(
        {
            "id": int,
            "rule": str,
            "version": str,
            "key": str,
            "kind": str,
            "fact_id": str,
            "fact_seq": int,
            "document_id": int,
            "ticker": str,
            "at": int,
            "decided_at": int,
            "fate": str,
            "reason": str,
            "severity": str,
            "message": str,
            "measures": str,
            "proof": str,
            "message_id": int,
        },
        pk="id",
        not_null={"rule", "version", "key", "kind", "fact_id", "fact_seq", "at", "fate", "proof"},
    )
    tables["decisions"].create_index(["rule", "key", "fact_id"], unique=True)
    for name, columns in (
        ("decisions_fired_document", "document_id, rule, key"),
        ("decisions_fired_at", "at"),
        ("decisions_fired_ticker", "ticker, at"),
    ):  # of the fired ones only: most decisions are a no, and writing them must stay cheap
        database.execute(f"CREATE INDEX {name} ON decisions ({columns}) WHERE fate = 'fired'")


def _outbox(database: "Database") -> None:
    tables: Any = database
    tables["outbox"].create(
        {
            "id": int,
            "message_id": int,
            "channel": str,
            "state": str,
            "created_at": int,
            "not_before": int,
            "attempts": int,
            "error": str,
            "sent_at": int,
            "text": str,
            "card": str,
        },
        pk="id",
        not_null={"message_id", "channel", "state", "created_at", "attempts", "text", "card"},
    )
    tables["outbox"].create_index(["message_id", "channel"], unique=True)
    database.execute("CREATE INDEX outbox_waiting ON outbox (id) WHERE state != 'sent'")


def _collection(database: "Database") -> None:
    tables: Any = database
    tables["whole_days"].create(
        {"source": str, "day": int, "listed": int, "missing": int},
        pk=("source", "day"),
        not_null={"listed", "missing"},
    )
    tables["listed"].create(
        {"source": str, "key": str, "state": str, "told": str},
        pk=("source", "key"),
        not_null={"state", "told"},
    )
    tables["coverage"].create(
        {"kind": str, "subject": str, "since": int}, pk=("kind", "subject"), not_null={"since"}
    )
    tables["troubles"].create(
        {"id": int, "at": int, "job": str, "trouble": str, "told": str},
        pk="id",
        not_null={"at", "job", "trouble", "told"},
    )
    tables["channels"].create({"channel": str, "not_before": int, "parked": str}, pk="channel")
    for column, type_ in (("digest_id", int), ("first_tried_at", int), ("ts", str), ("place", str)):
        tables["outbox"].add_column(column, type_)
    database.execute("DROP INDEX outbox_waiting")
    database.execute(
        "CREATE INDEX outbox_waiting ON outbox (channel, id) WHERE state IN ('pending', 'parked')"
    )
    database.execute(
        "CREATE INDEX outbox_for_digest ON outbox (channel, id) "
        "WHERE state = 'digest' AND digest_id IS NULL"
    )
    database.execute("CREATE INDEX outbox_message ON outbox (message_id)")


def _options(database: "Database") -> None:
    tables: Any = database
    for column, type_ in (
        ("since", int), ("ended_at", int), ("wake_at", int), ("kind", str), ("seq", int)
    ):  # fmt: skip
        tables["rule_states"].add_column(column, type_)
    database.execute(
        "CREATE INDEX rule_states_wake ON rule_states (rule, wake_at) WHERE wake_at IS NOT NULL"
    )
    tables["rules"].add_column("since", int)
    tables["mutes"].create(
        {"id": int, "rule": str, "key": str, "ticker": str, "since": int, "until": int, "by": str},
        pk="id",
        not_null={"since", "until"},
    )
    tables["failing_rules"].create(
        {
            "rule": str,
            "version": str,
            "since": int,
            "last_at": int,
            "times": int,
            "fact_id": str,
            "error": str,
            "failing": int,
        },
        pk="rule",
        not_null={"version", "since", "last_at", "times", "error", "failing"},
    )
    database.execute("DROP INDEX idx_decisions_rule_key_fact_id")
    tables["decisions"].create_index(["rule", "key", "fact_id", "at"], unique=True)
    database.execute(
        "CREATE INDEX decisions_fired_rule ON decisions (rule, at) WHERE fate = 'fired'"
    )


def _days_of_trade(database: "Database") -> None:
    table: Any = database["rule_states"]
    table.add_column("day", int)


def _beginnings(database: "Database") -> None:
    table: Any = database["rules"]
    table.add_column("since_seq", int)


def _reasons_and_history(database: "Database") -> None:
    tables: Any = database
    tables["channels"].add_column("why", str)
    for name in ("decisions_fired_at", "decisions_fired_ticker"):
        database.execute(f"DROP INDEX {name}")  # history goes by the instant of the decision
    for name, columns in (
        ("decisions_decided_at", "decided_at"),
        ("decisions_decided_ticker", "ticker, decided_at"),
        ("decisions_decided_rule", "rule, decided_at"),
    ):
        database.execute(f"CREATE INDEX {name} ON decisions ({columns}) WHERE fate = 'fired'")


def _keys_first(database: "Database") -> None:
    """The rules that judge a fact share its few keys, so that what they decide is written into one
    place of the index; by rule first it was one place a decision, half the cost of writing it."""
    table: Any = database["decisions"]
    database.execute("DROP INDEX idx_decisions_rule_key_fact_id_at")
    table.create_index(["key", "rule", "fact_id", "at"], unique=True)


def _rule_files(database: "Database") -> None:
    tables: Any = database
    tables["rule_files"].create({"file": str, "text": str}, pk="file", not_null={"text"})


def _threads(database: "Database") -> None:
    tables: Any = database
    for column, type_ in (
        ("parent", int), ("broadcast", int), ("doubted_at", int), ("subject", str),
        ("severity", str), ("digest_key", str), ("digest_why", str),
    ):  # fmt: skip
        tables["outbox"].add_column(column, type_)
    for column in ("revision", "wanted"):
        tables["outbox"].add_column(column, int, not_null_default=1)
    database.execute("CREATE INDEX outbox_to_edit ON outbox (channel, id) WHERE wanted > revision")
    database.execute(
        "CREATE INDEX outbox_uncertain ON outbox (channel, id) WHERE state = 'uncertain'"
    )
    database.execute(
        "CREATE INDEX outbox_subject ON outbox (channel, subject, id) WHERE subject IS NOT NULL"
    )
    database.execute("CREATE INDEX outbox_thread ON outbox (parent) WHERE parent IS NOT NULL")


def _mutes_of_people(database: "Database") -> None:
    tables: Any = database
    for column, type_ in (
        ("who", str), ("why", str), ("ended_at", int), ("ended_by", str), ("told_in", int)
    ):  # fmt: skip
        tables["mutes"].add_column(column, type_)
    for text in ("by", "why", "ended_by"):
        database.execute(f"UPDATE mutes SET {text} = '' WHERE {text} IS NULL")
    tables["held_by_mute"].create({"mute": int, "decision": int}, pk=("mute", "decision"))


def _corrections(database: "Database") -> None:
    table: Any = database["outbox"]
    table.add_column("corrects", int)
    database.execute(
        "CREATE INDEX outbox_corrections ON outbox (corrects) WHERE corrects IS NOT NULL"
    )
    database.execute(
        "CREATE INDEX decisions_fired_fact ON decisions (fact_id) WHERE fate = 'fired'"
    )


def _digest_keys(database: "Database") -> None:
    database.execute(
        "CREATE INDEX outbox_digest_key ON outbox (channel, digest_key, id) "
        "WHERE digest_key IS NOT NULL"
    )


def _pauses(database: "Database") -> None:
    table: Any = database["channels"]
    table.add_column("set_at", int)


MIGRATIONS: tuple[Callable[["Database"], None], ...] = (
    _queues, _collection, _options, _days_of_trade, _beginnings, _reasons_and_history,
    _keys_first, _rule_files, price_tables, figure_tables, figure_reasons,
    _threads, chat_tables, _mutes_of_people, _corrections, alert_tables, delivery_columns,
    _digest_keys, _pauses, untold_index, known_column, correction_tables,
)  # fmt: skip
"""Each is run once, in this order; their number is the version of the schema."""


def _sqlite_utils_database() -> "type[Database]":
    """sqlite-utils without NumPy, which it loads (16 MB) wherever it is installed.

    Nothing here stores NumPy values, and the resident bot stays small.
    """
    absent = "numpy" not in sys.modules and "sqlite_utils" not in sys.modules
    if absent:
        sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        from sqlite_utils import Database
    finally:
        if absent:
            del sys.modules["numpy"]
    return Database
