"""The file: opened so that a killed bot loses nothing, one writer, one connection a thread."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError

if TYPE_CHECKING:
    from sqlite_utils import Database

_BUSY_MS = 30_000
_STATEMENTS = 4_096  # above the number of measures, or each batch prepares them all again


class Connections:
    """Connections to one database, one a thread; ``:memory:`` has a single one."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.RLock()
        self._opened: list[sqlite3.Connection] = []
        self._memory: Database | None = self._open() if path is None else None

    @property
    def database(self) -> "Database":
        """The connection of this thread."""
        if self._memory is not None:
            return self._memory
        if not hasattr(self._local, "database"):
            self._local.database = self._open()
        database: Database = self._local.database
        return database

    @contextmanager
    def writing(self) -> Iterator["Database"]:
        """One transaction that holds the write lock from its start; on an error nothing is kept.

        ``BEGIN IMMEDIATE``, because a deferred one may find the lock taken half-way.
        """
        with self._lock:
            database = self.database
            if database.conn.in_transaction:
                with database.atomic():
                    yield database
                return
            database.conn.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.conn.execute("COMMIT")
            except BaseException:
                if database.conn.in_transaction:
                    database.conn.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    def _open(self) -> "Database":
        database_class = _sqlite_utils_database()
        where = ":memory:" if self.path is None else str(self.path)
        try:
            connection = sqlite3.connect(
                where,
                isolation_level=None,
                cached_statements=_STATEMENTS,
                check_same_thread=False,
                timeout=_BUSY_MS / 1000,
            )
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                f"busy_timeout={_BUSY_MS}",
                "cache_size=-32768",
                "temp_store=MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            mend = "check [store] path in the configuration: folder, rights, free space"
            raise ConfigError(
                f"the store can not be opened: {error}", where=where, mend=mend
            ) from error
        self._opened.append(connection)
        return database_class(connection)


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
