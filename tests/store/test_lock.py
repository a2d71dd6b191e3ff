"""One bot a store: the second is refused, and a killed one leaves the lock free."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.store.lock import only_one

HOLDER = """
import sys, time
from pathlib import Path
from bot.store.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with only_one(tmp_path / "bot.db"):
        with pytest.raises(ConfigError) as raised, only_one(tmp_path / "bot.db"):
            pass

        assert raised.value.what == f"another bot works on this store (process {os.getpid()})"
        assert "bot.db.lock" in raised.value.mend


def test_a_link_to_a_store_has_the_lock_of_that_store(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    store = tmp_path / "disk" / "bot.db"
    store.touch()
    alias, folder = tmp_path / "alias.db", tmp_path / "data"
    alias.symlink_to(store)
    folder.symlink_to(store.parent)

    with only_one(alias):
        for name in (store, folder / "bot.db"):
            with pytest.raises(ConfigError), only_one(name):
                pass


def test_another_store_is_free(tmp_path: Path) -> None:
    with only_one(tmp_path / "bot.db"), only_one(tmp_path / "other.db"):
        pass


def test_it_is_free_when_its_block_has_ended_by_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), only_one(tmp_path / "bot.db"):
        raise RuntimeError

    with only_one(tmp_path / "bot.db"):
        pass


def test_a_killed_process_leaves_it_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "bot.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(ConfigError, match=rf"\(process {holder.pid}\)"),
            only_one(tmp_path / "bot.db"),
        ):
            pass
        holder.send_signal(signal.SIGKILL)

    with only_one(tmp_path / "bot.db"):
        pass


def test_a_folder_that_is_not_there_is_told_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised, only_one(tmp_path / "nowhere" / "bot.db"):
        pass

    assert "[store] path" in raised.value.mend
