"""The only place that knows SQLite: documents, facts, decisions, messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.store.database import Connections
from bot.store.decisions import Decisions, Progress
from bot.store.documents import Document, Documents, NewDocument, Unreadable
from bot.store.facts import Arrival, Facts, loaded
from bot.store.outbox import Delivery, Message, NewMessage, Outbox
from bot.store.schema import prepare


class Store:
    """One database file, or one in memory where there is no path."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._connections = Connections(path)
        with self._connections.writing() as database:
            prepare(database)
        self.documents = Documents(self._connections)
        self.facts = Facts(self._connections)
        self.decisions = Decisions(self._connections)
        self.outbox = Outbox(self._connections)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything written inside is kept together or not at all."""
        with self._connections.writing():
            yield

    def close(self) -> None:
        self._connections.close()


__all__ = [
    "Arrival",
    "Delivery",
    "Document",
    "Message",
    "NewDocument",
    "NewMessage",
    "Progress",
    "Store",
    "Unreadable",
    "loaded",
]
