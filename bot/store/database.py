"""The file: opened so that a killed bot loses nothing, one writer, one connection a thread."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ConfigError, StoreLost

_BUSY_MS = 30_000
_STATEMENTS = 4_096  # above the number of measures, or each batch prepares them all again
_PRAGMAS = (
    f"busy_timeout={_BUSY_MS}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-32768",
    "temp_store=MEMORY",
)


class Connections:
    """Connections to one database, one a thread; a database in memory has a single one."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.RLock()
        self._opened: list[sqlite3.Connection] = []
        self._file: tuple[int, int] | None = None
        self._memory: sqlite3.Connection | None = self._open() if path is None else None

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if self._memory is not None:
            return self._memory
        if not hasattr(self._local, "connection"):
            self._local.connection = self._open()
        connection: sqlite3.Connection = self._local.connection
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start; on an error nothing is kept.

        ``BEGIN IMMEDIATE``, because a deferred one may find the lock taken half-way.  Inside
        another one it is a part of that, undone alone where only it fails.
        """
        with self._lock:
            connection = self.connection
            nested = connection.in_transaction
            connection.execute("SAVEPOINT part" if nested else "BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("RELEASE part" if nested else "COMMIT")
            except BaseException as error:
                if self.path is not None and isinstance(error, sqlite3.Error):
                    error.add_note(str(self.path))  # SQLite does not say which file
                if connection.in_transaction:
                    if nested:
                        connection.execute("ROLLBACK TO part")
                    connection.execute("RELEASE part" if nested else "ROLLBACK")
                raise

    def check_file(self) -> None:
        """StoreLost where the path leads to nothing, or to another file than the one opened.

        SQLite would go on writing into a file that nobody finds again.
        """
        if self.path is None or self._file is None:
            return
        found = _identity(self.path)
        if found != self._file:
            what = "was removed" if found is None else "was replaced by another one"
            raise StoreLost(
                f"the file of the store {what} while the bot ran",
                where=str(self.path),
                mend=_put_back(self.path.name),
            )

    def close(self) -> None:
        with self._lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    def _open(self) -> sqlite3.Connection:
        self.check_file()
        where = ":memory:" if self.path is None else str(self.path)
        try:
            connection = sqlite3.connect(
                where,
                isolation_level=None,
                cached_statements=_STATEMENTS,
                check_same_thread=False,
                timeout=_BUSY_MS / 1000,
            )
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error as error:
            mend = "check [store] path in the configuration: folder, rights, free space"
            raise ConfigError(
                f"the store can not be opened: {error}", where=where, mend=mend
            ) from error
        self._opened.append(connection)
        if self.path is not None and self._file is None:
            self._file = _identity(self.path)
        return connection


def _put_back(name: str) -> str:
    return (
        f"put the file back beside its {name}-wal and {name}-shm; or move these two away, which "
        "belong to it alone, and put a backup in its place.  Then start the bot again: what it "
        "decided since the backup is lost, messages it sent may come again"
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file a path leads to, by device and inode; None where it leads to none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino
