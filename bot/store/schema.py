"""The tables: forward-only migrations, and one table a kind of fact made from its declaration."""

from typing import TYPE_CHECKING, Any

from bot.facts import KINDS, Kind, Type

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

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
}
"""Columns of every fact.  judged_at: its place in time, later than known_at for a late fact.
gone_seq: the fact from which on this one no longer counts (amended), its own for a duplicate."""


def prepare(database: "Database") -> None:
    """Bring a database up to this version; raises nothing on one that is there already."""
    _migrations().apply(database)
    for kind in KINDS:
        _prepare_kind(database, kind)


def _prepare_kind(database: "Database", kind: Kind) -> None:
    columns = {**KEEPING, **{f.name: _COLUMNS.get(f.type, str) for f in kind.fields}}
    table: Any = database[kind.name]
    if not table.exists():
        required = {"id", "subject", "known_at", "seen_at", "judged_at", "quiet"}
        table.create(columns, pk="seq", not_null=required)
        table.create_index(["id"], unique=True)
        table.create_index(["subject", "known_at"])
        table.create_index(["ticker", "known_at"])
        table.create_index(["document_id"])
        return
    known = table.columns_dict
    for name, column_type in columns.items():
        if name not in known:
            table.add_column(name, column_type)


def _migrations() -> "Migrations":
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("bot")

    @migrations()
    def m001_queues(database: "Database") -> None:
        _documents(database)
        _decisions(database)
        _outbox(database)

    return migrations


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
    tables["rules"].create(
        {"id": str, "version": str, "judged_seq": int, "error": str},
        pk="id",
        not_null={"version", "judged_seq"},
    )
    tables["rule_states"].create(
        {"rule": str, "key": str, "risen": int, "judged_at": int, "alerted_at": int},
        pk=("rule", "key"),
        not_null={"risen", "judged_at"},
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
    tables["decisions"].create_index(["fate", "at"])
    tables["decisions"].create_index(["ticker", "at"])


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
