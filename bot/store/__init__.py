"""The only place that knows SQLite: documents, facts, decisions, messages."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.facts import KINDS, Kind
from bot.store.alerts import MATCHES
from bot.store.amended import Amended, Standing
from bot.store.chat import Acknowledgement, Act, Chat, Subscription, Votes
from bot.store.circumstances import Circumstances, FailingRule
from bot.store.collection import Absence, Collection, Coverage, Trouble
from bot.store.corrected import Corrected, Correction
from bot.store.database import Connections
from bot.store.decisions import Decisions, NewDecision
from bot.store.digests import WaitingDigest
from bot.store.documents import Document, Documents, NewDocument, Unreadable
from bot.store.explaining import Explaining
from bot.store.facts import Arrival, Facts, as_fact, loaded
from bot.store.fed import FedFacts
from bot.store.figures import Asked, CompanyFigures, Expected
from bot.store.followed import Followed, FollowedTickers
from bot.store.history import History, Page, PastAlert, Without
from bot.store.insiders import Insiders
from bot.store.lanes import RATE_LIMIT, Outage
from bot.store.mutes import Mute
from bot.store.notices import Notices
from bot.store.outbox import Delivery, Message, NewMessage, Outbox, Reconciled
from bot.store.rule_files import RuleFiles
from bot.store.schema import prepare
from bot.store.searching import Total
from bot.store.statistics import Stats

if TYPE_CHECKING:
    from bot.store.prices import Prices


class Store:
    """One database file, or one in memory where there is no path."""

    def __init__(self, path: Path | None, *, kinds: Sequence[Kind] = KINDS) -> None:
        self.path = path
        self._connections = Connections(path)
        try:
            self._prepare(tuple(kinds))
        except BaseException:
            self.close()
            raise
        self.documents = Documents(self._connections)
        self.facts = Facts(self._connections, kinds)
        self.amended = Amended(self._connections)
        self.insiders = Insiders(self._connections)
        self.notices = Notices(self._connections)
        self.decisions = Decisions(self._connections)
        self.circumstances = Circumstances(self._connections)
        self.fed = FedFacts(self._connections)
        self.figures = CompanyFigures(self._connections)
        self.followed = FollowedTickers(self._connections)
        self.outbox = Outbox(self._connections)
        self.corrected = Corrected(self._connections)
        self.collection = Collection(self._connections)
        self.rule_files = RuleFiles(self._connections)
        self.history = History(self._connections, kinds)
        self.chat = Chat(self._connections)

    @cached_property
    def prices(self) -> "Prices":
        """Loaded with NumPy where somebody asks for prices: a bot without them stays small."""
        from bot.store.prices import Prices

        return Prices(self._connections)

    def explaining(self) -> Explaining:
        """What explaining a decision needs."""
        return Explaining(self._connections)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything written inside is kept together or not at all."""
        with self._connections.writing():
            yield

    def check_file(self) -> None:
        """StoreLost where the file was removed or replaced since it was opened."""
        self._connections.check_file()

    def close(self) -> None:
        self._connections.close()

    def _prepare(self, kinds: tuple[Kind, ...]) -> None:
        if self.path is None:
            self._connections.connection.deserialize(_empty(kinds))
            return
        with self._connections.writing() as connection:
            prepare(connection, kinds, where=str(self.path))


@cache
def _empty(kinds: tuple[Kind, ...]) -> bytes:
    """A database with all tables and nothing in them: rule tests open one each."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        prepare(connection, kinds, where=":memory:")
        return connection.serialize()


__all__ = [
    "Absence",
    "MATCHES",
    "RATE_LIMIT",
    "Acknowledgement",
    "Act",
    "Arrival",
    "Asked",
    "Chat",
    "Circumstances",
    "Collection",
    "Coverage",
    "CompanyFigures",
    "Correction",
    "Decisions",
    "Delivery",
    "Document",
    "Expected",
    "FailingRule",
    "Followed",
    "Message",
    "Mute",
    "NewDecision",
    "NewDocument",
    "NewMessage",
    "Outage",
    "Outbox",
    "Page",
    "PastAlert",
    "Standing",
    "Stats",
    "Reconciled",
    "Store",
    "Total",
    "Subscription",
    "Trouble",
    "Unreadable",
    "WaitingDigest",
    "Without",
    "Votes",
    "as_fact",
    "loaded",
]
