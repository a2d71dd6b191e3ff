"""Reading: what can not be read is kept aside, and the rest goes on."""

from bot.facts import INSIDER_TRADE, Fact
from bot.pipeline import EDGAR, read_documents, read_edgar
from bot.store import Document, NewDocument, Store
from tests.builders import NOW
from tests.markets import some_filings


def a_store(*names: str) -> Store:
    store = Store(None)
    filings = some_filings(len(names))
    store.documents.add(
        [
            NewDocument(source=EDGAR, key=name, name=name, body=filing.submission())
            for name, filing in zip(names, filings, strict=True)
        ],
        seen_at=NOW,
    )
    return store


def test_a_reader_that_fails_on_one_document_holds_up_no_other() -> None:
    def fails_on_b(document: Document) -> list[Fact]:
        if document.key == "b":
            raise TypeError("a bug")
        return read_edgar(document)

    store = a_store("a", "b", "c")

    read = read_documents(store, {EDGAR: fails_on_b})

    assert (read.documents, read.unreadable) == (3, 1)
    (aside,) = store.documents.unreadable()
    assert (aside.name, aside.error) == ("b", "the reader failed: TypeError: a bug")
    assert store.documents.unread(1) == []


def test_facts_are_numbered_in_the_order_in_which_documents_were_kept() -> None:
    store = a_store("c", "a", "b")

    read_documents(store)

    rows = store.facts.after(0, store.facts.newest_seq(), INSIDER_TRADE)
    assert [row["document_id"] for row in rows] == sorted(row["document_id"] for row in rows)
    assert len({row["document_id"] for row in rows}) == 3
