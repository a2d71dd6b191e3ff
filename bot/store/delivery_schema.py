"""Columns that tell how a message was delivered, and what became of its lane."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database


def delivery_columns(database: "Database") -> None:
    tables: Any = database
    for column, type_ in (
        ("thread", str), ("reconciled", str), ("unseen_at", int), ("detached", str),
        ("delayed", str),
    ):  # fmt: skip
        tables["outbox"].add_column(column, type_)
    for column in ("repeat", "failed_edits"):
        tables["outbox"].add_column(column, int, not_null_default=0)
    for column, type_ in (("broke_at", int), ("broke_why", str), ("mended_at", int)):
        tables["channels"].add_column(column, type_)
    database.execute("CREATE INDEX outbox_standing ON outbox (channel, sent_at) WHERE ts NOT NULL")
    database.execute("CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending'")


def known_column(database: "Database") -> None:
    """Messages of an older store do not tell when their fact became known."""
    table: Any = database["outbox"]
    table.add_column("known_at", int)
