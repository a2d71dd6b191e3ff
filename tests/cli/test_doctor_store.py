"""bot doctor on the store: what was read, what never came, and the room on the disk."""

import json
import resource
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.store import NewDocument, Store
from tests.cli.console import Printed, objects, run
from tests.processes import environment


def the_store(config: Path, capsys: Printed) -> dict[str, Any]:
    run("doctor", "--json", "--config", config)
    (found,) = [finding for finding in objects(capsys) if finding["what"] == "store"]
    return found


def test_the_doctor_tells_which_indexes_were_read_and_none_that_was_not(
    config: Path, capsys: Printed
) -> None:
    with closing(Store(config.with_name("bot.db"))) as store:
        assert the_store(config, capsys)["told"] == "0 documents, the bot has not run yet"
        store.collection.start(datetime(2025, 3, 3, 15, tzinfo=UTC))
        store.collection.mark_whole("edgar", date(2025, 3, 2), listed=0, missing=0)
        told = the_store(config, capsys)["told"]
        assert told == "0 documents, collecting since 2025-03-03, no day is over and read whole yet"
        store.collection.mark_whole("edgar", date(2025, 3, 4), listed=0, missing=0)
        told = the_store(config, capsys)["told"]
        assert told == "0 documents, every index read from 2025-03-03 up to 2025-03-04"


def test_the_doctor_warns_of_filings_for_which_something_else_came_and_names_them(
    config: Path, capsys: Printed
) -> None:
    waiting = {
        f"0009-{n}": {"accession_number": f"0009-{n}", "reason": "a PDF", "absent": n > 2}
        for n in range(1, 8)
    }
    with closing(Store(config.with_name("bot.db"))) as store:
        store.collection.save_pending("edgar", waiting)
        found = the_store(config, capsys)
        assert found["health"] == "warning"
        assert "7 listed by EDGAR but not obtained yet (0009-3: a PDF; 0009-4" in found["told"]
        assert "0009-7: a PDF; and 2 more)" in found["told"]
        store.collection.save_pending("edgar", {"0009-7": waiting["0009-7"]})
        assert the_store(config, capsys)["health"] == "good"


def test_the_doctor_tells_the_limit_that_keeps_the_store_from_growing(
    config: Path, tmp_path: Path
) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    Store(tmp_path / "bot.db").close()
    asked = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--json", "--config", config],
        preexec_fn=limit, capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip

    found = [json.loads(line) for line in asked.stdout.splitlines()]
    (store,) = [finding for finding in found if finding["what"] == "store"]
    assert asked.returncode == 1
    assert store["health"] == "bad"
    assert "disk I/O error" in store["told"]
    assert found[-1]["what"] == "Slack"


def test_the_doctor_warns_of_documents_that_did_not_come_or_can_not_be_read(
    replayed: Path, capsys: Printed
) -> None:
    store = Store(replayed.with_name("bot.db"))
    document = NewDocument(source="edgar", key="0009000001-25-000009", name="x.txt", body=b"x")
    store.documents.add([document], seen_at=datetime(2025, 3, 3, tzinfo=UTC))
    store.documents.mark_unreadable(store.documents.unread(1)[0].id, "no XML part")
    store.collection.settle("edgar", "0009000001-25-000007", state="missing", told="a PDF")
    store.close()

    run("doctor", "--json", "--config", replayed)

    (found,) = [finding for finding in objects(capsys) if finding["what"] == "store"]
    assert found["health"] == "warning"
    assert "3 unreadable (block-page.txt: an HTML page" in found["told"]
    assert "; x.txt: no XML part)" in found["told"]
    assert (
        "1 listed by EDGAR but not obtained, given up (0009000001-25-000007: a PDF)"
        in found["told"]
    )
    assert "bot backfill" in found["mend"]
