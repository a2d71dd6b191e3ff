"""Documents: kept once, compressed, read in their order, set aside with a reason."""

import random
import sqlite3
from collections.abc import Iterator

import pytest

from bot.clock import to_ms
from bot.store import NewDocument, Store, Unreadable
from bot.store import documents as module
from tests.builders import NOW


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(None)
    yield opened
    opened.close()


def a_document(key: str = "0001-25-000001", body: bytes = b"<x/>", *, quiet: bool = False,
               source: str = "edgar") -> NewDocument:  # fmt: skip
    return NewDocument(source=source, key=key, name=f"{key}.xml", body=body, quiet=quiet)


def test_a_document_comes_back_byte_for_byte_with_all_that_is_known_of_it(store: Store) -> None:
    body = random.Random(1).randbytes(100_000)
    store.documents.add([a_document(body=body, quiet=True)], seen_at=NOW)

    (document,) = store.documents.unread(10)

    assert document.body == body == store.documents.body(document.id)
    assert (document.source, document.key, document.name) == (
        "edgar", "0001-25-000001", "0001-25-000001.xml")  # fmt: skip
    assert (document.seen_at, document.quiet, document.url) == (to_ms(NOW), True, None)


def test_bytes_are_kept_compressed(store: Store) -> None:
    store.documents.add([a_document(body=b"<row/>" * 10_000)], seen_at=NOW)

    rows = store._connections.connection.execute("SELECT size, LENGTH(body) FROM documents")
    size, kept = rows.fetchone()
    assert size == 60_000
    assert kept < 1_000


def test_a_document_is_kept_once_by_source_and_key(store: Store) -> None:
    assert store.documents.add([a_document(), a_document(body=b"other")], seen_at=NOW) == 1
    assert store.documents.add([a_document(), a_document(source="fed")], seen_at=NOW) == 1

    assert store.documents.count() == 2
    assert store.documents.unread(1)[0].body == b"<x/>"


def test_unread_documents_come_in_the_order_in_which_they_were_kept(store: Store) -> None:
    store.documents.add([a_document(key) for key in ("c", "a", "b")], seen_at=NOW)

    first, second = store.documents.unread(2)
    assert (first.key, second.key) == ("c", "a")
    store.documents.mark_read([first.id, second.id])
    assert [d.key for d in store.documents.unread(9)] == ["b"]


def test_an_unreadable_document_is_kept_aside_with_its_reason_and_its_bytes(store: Store) -> None:
    store.documents.add([a_document(body=b"<broken")], seen_at=NOW)
    (document,) = store.documents.unread(1)

    store.documents.mark_unreadable(document.id, "no end tag")

    assert store.documents.unread(9) == []
    assert store.documents.unreadable() == [Unreadable(name=document.name, error="no end tag")]
    assert store.documents.body(document.id) == b"<broken"


def test_a_document_that_is_too_large_is_noted_and_hinders_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_BODY", 1_000)

    store.documents.add(
        [a_document("large", b"x" * 1_001), a_document("small", b"x" * 1_000)], seen_at=NOW
    )

    assert [d.key for d in store.documents.unread(9)] == ["small"]
    assert store.documents.unreadable() == [
        Unreadable(name="large.xml", error="larger than 1,000 bytes: not kept")
    ]


def test_large_documents_are_handed_out_a_few_at_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_BODY", 1_000)
    store.documents.add([a_document(str(n), b"x" * 600) for n in range(5)], seen_at=NOW)

    assert len(store.documents.unread(5)) == 2


def test_known_keys_are_told_from_new_ones(store: Store) -> None:
    store.documents.add([a_document("a"), a_document("b", source="fed")], seen_at=NOW)

    assert store.documents.known("edgar", ["a", "b", "c"]) == {"a"}
    assert store.documents.known("edgar", []) == set()


def test_bytes_of_a_document_that_is_not_there_are_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        store.documents.body(7)


def test_a_document_needs_its_bytes_intact(store: Store) -> None:
    store.documents.add([a_document()], seen_at=NOW)
    connection: sqlite3.Connection = store._connections.connection
    connection.execute("UPDATE documents SET body = X'00'")

    with pytest.raises(Exception, match="decompress"):
        store.documents.body(1)
