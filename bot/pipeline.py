"""The straight line from documents to facts: what is unread is read, and marked in one transaction.

A document that can not be read is kept aside with the reason; the others go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from structlog.typing import FilteringBoundLogger

from bot.errors import SourceUnreadable
from bot.facts import Fact
from bot.insider import digest_of, insider_trades
from bot.ledger import store_facts
from bot.sources.edgar.ownership import read_filing
from bot.store import Document, Store

EDGAR = "edgar"
"""The source of ownership filings."""

_BATCH = 256

Reader = Callable[[Document], list[Fact]]
"""The facts of a document; SourceUnreadable where it can not be read."""


def read_ownership(document: Document) -> list[Fact]:
    """The facts of a kept ownership filing."""
    filing = read_filing(document.body, name=document.name)
    return insider_trades(filing, accepted_at=None, digest=digest_of(document.body))


READERS: Mapping[str, Reader] = {EDGAR: read_ownership}
"""How the documents of each source are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one step read."""

    documents: int
    new_facts: int
    unreadable: int


def read_documents(store: Store, readers: Mapping[str, Reader] = READERS) -> Read:
    """Read the oldest unread documents: their facts are stored and they are marked, or neither.

    Facts are numbered document by document in the order in which those were kept, so that how
    documents fall into steps changes nothing.
    """
    read: list[tuple[Document, list[Fact]]] = []
    refused: list[tuple[Document, str]] = []
    for document in store.documents.unread(_BATCH):
        try:
            read.append((document, readers[document.source](document)))
        except SourceUnreadable as error:
            refused.append((document, error.what))
        except Exception as error:  # a bug of ours: this document waits for it, the others do not
            refused.append((document, f"the reader failed: {type(error).__name__}: {error}"))
            _log().exception("document.reader_failed", source=document.source, key=document.key)
    with store.writing():
        added = sum(store_facts(store, document, facts) for document, facts in read)
        store.documents.mark_read(document.id for document, _ in read)
        for document, reason in refused:
            store.documents.mark_unreadable(document.id, reason)
    return Read(documents=len(read) + len(refused), new_facts=added, unreadable=len(refused))


def _log() -> FilteringBoundLogger:
    log: FilteringBoundLogger = structlog.get_logger()
    return log
