"""The file: what is written together is kept together, by one writer, beside many readers."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import to_ms
from bot.errors import ConfigError, StoreLost
from bot.facts import INSIDER_TRADE, Kind
from bot.store import NewDocument, Store
from bot.store.schema import MIGRATIONS
from tests.builders import NOW, Line, a_trade


def a_document(key: str) -> NewDocument:
    return NewDocument(source="edgar", key=key, name=key, body=b"x")


def break_off_after(store: Store, key: str) -> None:
    with store.writing():
        store.documents.add([a_document(key)], seen_at=NOW)
        store.documents.mark_read([1])
        raise KeyError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_store_is_a_write_ahead_log_that_syncs_fully(path: Path) -> None:
    with closing(Store(path)) as store:
        connection = store._connections.connection

        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2


@pytest.mark.parametrize("in_memory", [True, False])
def test_an_exception_inside_a_transaction_leaves_nothing(path: Path, in_memory: bool) -> None:
    store = Store(None if in_memory else path)

    with pytest.raises(KeyError):
        break_off_after(store, "one")

    assert store.documents.count() == 0
    store.close()


def test_a_part_that_fails_alone_is_undone_alone(path: Path) -> None:
    store = Store(path)

    with store.writing():
        store.documents.add([a_document("kept")], seen_at=NOW)
        with pytest.raises(KeyError):
            break_off_after(store, "undone")

    assert [d.key for d in store.documents.unread(9)] == ["kept"]
    store.close()


def test_a_transaction_that_broke_off_does_not_hinder_the_next(path: Path) -> None:
    store = Store(path)
    with pytest.raises(KeyError):
        break_off_after(store, "one")

    assert store.documents.add([a_document("one")], seen_at=NOW) == 1
    store.close()


def test_two_threads_read_while_one_writes_and_see_only_what_is_finished(path: Path) -> None:
    store = Store(path)
    store.documents.add([a_document("before")], seen_at=NOW)
    seen: list[int] = []

    with store.writing():
        store.documents.add([a_document("unfinished")], seen_at=NOW)
        readers = [threading.Thread(target=lambda: seen.append(store.documents.count()))
                   for _ in range(2)]  # fmt: skip
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(timeout=60)

    assert seen == [1, 1]
    assert store.documents.count() == 2
    store.close()


def test_threads_that_write_come_one_after_another(path: Path) -> None:
    store = Store(path)

    def write(name: str) -> None:
        for n in range(20):
            with store.writing():
                line = store.documents.count()
                store.documents.add([a_document(f"{name}-{n}")], seen_at=NOW)
                assert store.documents.count() == line + 1

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)

    assert store.documents.count() == 40
    store.close()


def test_a_store_says_the_same_after_it_was_closed_and_opened(path: Path) -> None:
    first = Line(path=path)
    first.add(a_trade(shares=10.5, value_usd=123, planned=None, rows=[{"line": 1}]))
    before = first.store.facts.by_seq("insider_trade", 1)
    first.store.close()

    with closing(Store(path)) as again:
        assert again.facts.by_seq("insider_trade", 1) == before
        assert again.facts.newest_seq() == 1


def test_a_store_of_a_newer_bot_is_refused_with_what_to_do(path: Path) -> None:
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    with pytest.raises(
        ConfigError, match=f"schema {len(MIGRATIONS) + 1}.*up to {len(MIGRATIONS)}"
    ) as caught:
        Store(path)
    assert "newer" in caught.value.mend
    assert pragma(path, "user_version") == len(MIGRATIONS) + 1


def test_a_store_without_a_newer_field_gains_it_and_keeps_its_facts(path: Path) -> None:
    older = Kind(
        name=INSIDER_TRADE.name,
        doc="As an earlier version knew it.",
        subject=INSIDER_TRADE.subject,
        fires=INSIDER_TRADE.fires,
        fields=tuple(f for f in INSIDER_TRADE.fields if f.name != "trading_pattern"),
    )
    with closing(Store(path, kinds=[older])) as store:
        columns = store._connections.connection.execute("PRAGMA table_info(insider_trade)")
        assert "trading_pattern" not in {row[1] for row in columns}
        store._connections.connection.execute(
            "INSERT INTO insider_trade (id, subject, known_at, seen_at, judged_at, quiet) "
            "VALUES ('a', 'b', 1, 1, 1, 0)"
        )

    with closing(Store(path)) as store:
        (row,) = store.facts.select(INSIDER_TRADE)
        assert (row["id"], row["trading_pattern"]) == ("a", None)


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(path).close()

    def breaks(database: object) -> None:
        database.execute("CREATE TABLE half (a)")  # type: ignore[attr-defined]
        raise RuntimeError

    monkeypatch.setattr("bot.store.schema.MIGRATIONS", (*MIGRATIONS, breaks))
    with pytest.raises(RuntimeError):
        Store(path)

    monkeypatch.undo()
    with closing(Store(path)) as store:
        assert store.documents.count() == 0
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            store._connections.connection.execute("SELECT * FROM half")


def test_a_file_that_is_no_database_is_refused_with_what_to_do(path: Path) -> None:
    path.write_bytes(b"this is not a database, and long enough to be read as one" * 20)

    with pytest.raises(ConfigError, match="can not be opened"):
        Store(path)


def test_a_folder_that_does_not_exist_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can not be opened"):
        Store(tmp_path / "nowhere" / "bot.db")


def test_stores_in_memory_share_nothing() -> None:
    one, other = Line(), Line()
    one.add(a_trade())

    assert one.store.facts.newest_seq() == 1
    assert other.store.facts.newest_seq() == 0
    assert to_ms(NOW) == one.store.facts.by_seq("insider_trade", 1)["seen_at"]


def test_a_file_that_is_put_in_the_place_of_the_store_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path / "bot.db")
    store.check_file()
    Store(tmp_path / "other.db").close()

    (tmp_path / "other.db").replace(tmp_path / "bot.db")

    with pytest.raises(StoreLost, match="replaced by another one") as raised:
        store.check_file()
    assert "bot.db-wal and bot.db-shm; or move these two away" in raised.value.mend
    store.close()


def test_a_new_thread_makes_no_new_file_where_the_store_was_removed(tmp_path: Path) -> None:
    store = Store(tmp_path / "bot.db")
    (tmp_path / "bot.db").unlink()

    with ThreadPoolExecutor() as pool, pytest.raises(StoreLost, match="was removed"):
        pool.submit(store.outbox.all).result()

    assert not (tmp_path / "bot.db").exists()
    store.close()
