"""The whole line on folders of documents."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import NEW_YORK
from bot.facts import FORM144
from bot.replay import Replay, find_documents
from bot.routes import Daily, Routes, Way, everything_to
from bot.rules.loading import load_rules
from bot.store import Store
from tests.channels import Channels
from tests.collect.bots import RULES
from tests.insider.notices import a_notice
from tests.markets import some_filings, write_filings

KILLS = int(os.environ.get("BOT_KILLS", "6"))
"""How often a replay is killed; 100 in a full run: BOT_KILLS=100."""


class _Remembered(Channels):
    """Tells what it was given."""

    @property
    def texts(self) -> list[str]:
        return [
            f"{channel} {each.card.text}"
            for channel, messages in self.standing.items()
            for each in messages
        ]


def test_what_waits_for_a_digest_at_the_end_of_a_replay_is_told(tmp_path: Path) -> None:
    write_filings(tmp_path, some_filings(40))
    store, notifier = Store(None), _Remembered()
    daily = Way(digest=Daily(at=16 * 60 + 30, zone=NEW_YORK))
    rules = load_rules([("rules.yaml", RULES)]).or_raise()

    run = Replay(store, rules, notifier, route=Routes(channel="#a", ways=[daily]))
    run.run(find_documents([tmp_path]).files, progress=lambda _: None)

    assert store.decisions.all(fate="fired")
    assert all(text.startswith("#a Digest of 16:30: ") for text in notifier.texts)
    assert store.outbox.next_digest() is None
    assert not store.outbox.channels_with_digest()


def _replayed(folder: Path, store: Store) -> _Remembered:
    notifier = _Remembered()
    rules = load_rules([("rules.yaml", RULES)]).or_raise()
    run = Replay(store, rules, notifier, route=everything_to("#alerts"))
    run.run(find_documents([folder]).files, progress=lambda _done: None)
    return notifier


def _rows(path: Path, table: str) -> list[Any]:
    with sqlite3.connect(path) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()


def test_a_replayed_folder_gives_one_message_for_each_alert_and_document(tmp_path: Path) -> None:
    write_filings(tmp_path / "in", some_filings(60))
    store = Store(tmp_path / "bot.db")

    notifier = _replayed(tmp_path / "in", store)

    fired = store.decisions.all(fate="fired")
    messages = {(d["rule"], d["key"], d["document_id"]) for d in fired}
    assert len(notifier.texts) == len(messages) > 5
    assert store.documents.count() == 60
    store.close()


def test_replaying_a_folder_again_into_its_store_adds_nothing(tmp_path: Path) -> None:
    write_filings(tmp_path / "in", some_filings(40))
    store = Store(tmp_path / "bot.db")
    _replayed(tmp_path / "in", store)
    before = store.decisions.all()

    again = _replayed(tmp_path / "in", store)

    assert again.texts == []
    assert store.decisions.all() == before
    store.close()


def test_an_unreadable_document_is_kept_aside_and_the_others_go_on(tmp_path: Path) -> None:
    write_filings(tmp_path / "in", some_filings(10))
    (tmp_path / "in" / "page.txt").write_text("<html><body>File Unavailable</body></html>")
    store = Store(tmp_path / "bot.db")

    _replayed(tmp_path / "in", store)

    assert [each.name for each in store.documents.unreadable()] == ["page.txt"]
    assert store.facts.count()["insider_trade"] >= 10
    store.close()


def test_a_folder_that_has_grown_is_replayed_whole_into_its_store(tmp_path: Path) -> None:
    filings = some_filings(300)
    write_filings(tmp_path / "in", filings[::2])
    store = Store(tmp_path / "bot.db")
    _replayed(tmp_path / "in", store)
    write_filings(tmp_path / "in", filings)

    _replayed(tmp_path / "in", store)

    assert store.documents.count() == 300
    store.close()


def test_a_replay_lets_the_clock_end_notices_between_two_documents(tmp_path: Path) -> None:
    later = a_notice(accession="0001849056-25-000901", accepted_at=datetime(2026, 1, 5, tzinfo=UTC))
    for notice in (a_notice(), later):
        (tmp_path / f"{notice.accession}.txt").write_bytes(notice.submission())
    store = Store(None)

    _replayed(tmp_path, store)

    told = [(row["accession_number"][-3:], row["stage"]) for row in store.facts.select(FORM144)]
    assert told == [("901", "announced"), ("900", "not_executed"), ("900", "announced")]
    assert store.facts.select(FORM144)[0]["seq"] == 3
    store.close()


def test_of_two_files_with_one_filing_the_one_that_states_its_acceptance_counts(
    tmp_path: Path,
) -> None:
    (filing,) = some_filings(1)
    (tmp_path / f"a-{filing.accession}.xml").write_text(filing.xml())
    (tmp_path / f"b-{filing.accession}.txt").write_bytes(filing.submission())

    findings = find_documents([tmp_path])

    (found,) = findings.files
    assert (found.certain, found.known_at, findings.repeated) == (True, filing.accepted_at, 1)


def test_a_file_that_can_not_be_opened_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    write_filings(tmp_path / "in", some_filings(2))
    with (tmp_path / "in" / "large.txt").open("wb") as large:
        large.truncate(65 * 1024 * 1024)

    findings = find_documents([tmp_path / "in"])

    assert len(findings.files) == 2
    assert findings.refused == (("large.txt", "larger than 67,108,864 bytes"),)


def _start(folder: Path, rules: Path, path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "bot", "replay", str(folder), "--rules", str(rules)]
    return subprocess.Popen(
        [*command, "--store", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system with SIGKILL")
def test_a_replay_killed_at_random_points_decides_what_an_undisturbed_one_decides(
    tmp_path: Path,
) -> None:
    write_filings(tmp_path / "in", some_filings(250, companies=40))
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES)
    began = time.monotonic()
    _, told = _start(tmp_path / "in", rules, tmp_path / "calm.db").communicate()
    lasted = time.monotonic() - began
    assert _rows(tmp_path / "calm.db", "decisions"), told.decode()

    chance = random.Random(7)
    for _ in range(KILLS):
        run = _start(tmp_path / "in", rules, tmp_path / "killed.db")
        try:
            run.wait(timeout=chance.uniform(0.3, 1.0) * lasted)
        except subprocess.TimeoutExpired:
            run.kill()
        run.communicate()
    _start(tmp_path / "in", rules, tmp_path / "killed.db").communicate()

    for table in ("decisions", "outbox"):
        assert _rows(tmp_path / "killed.db", table) == _rows(tmp_path / "calm.db", table)
