"""The user's tables: read when they change, and what can not be read."""

import gzip
import os
from pathlib import Path

import pytest

from bot.market.tables import UserTables
from bot.sources.prices.folder import FolderProvider
from tests.sources.edgar.local_edgar import ManualClock

PES = "ticker,as_of,pe_forward\nIWM,2025-12-12,24.64\n"


def tables(folder: Path) -> UserTables:
    clock = ManualClock()
    return UserTables(FolderProvider(folder, clock=clock, sleep=lambda _: None, settled_s=0))


def test_without_a_folder_there_is_nothing() -> None:
    assert UserTables(None).look().tickers == ()


def test_what_has_not_changed_is_the_same_object(tmp_path: Path) -> None:
    (tmp_path / "index_pe.csv").write_text(PES)
    kept = tables(tmp_path)

    first = kept.look()

    assert kept.look() is first
    assert first.index_pes["IWM"][0].pe_forward == 24.64


def test_a_file_that_is_gone_is_read_no_more(tmp_path: Path) -> None:
    (tmp_path / "index_pe.csv").write_text(PES)
    kept = tables(tmp_path)
    kept.look()

    (tmp_path / "index_pe.csv").unlink()

    assert kept.look().tickers == ()


def test_a_file_that_can_not_be_read_leaves_what_it_said_and_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "index_pe.csv").write_text(PES)
    kept = tables(tmp_path)
    kept.look()

    (tmp_path / "index_pe.csv").write_bytes(b"\xff\xfe")
    for _ in range(3):
        assert kept.look().tickers == ("IWM",)

    assert capsys.readouterr().out.count("table.unreadable") == 1
    (unread,) = kept.unread
    assert "UTF-8" in unread.mend

    (tmp_path / "index_pe.csv").write_text(PES.replace("IWM", "IWO"))
    assert kept.look().tickers == ("IWO",)
    assert kept.unread == []


def test_a_file_written_again_with_the_same_text_has_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "index_pe.csv"
    file.write_text(PES)
    kept = tables(tmp_path)
    (before,) = kept.look().changed_at("IWM")

    os.utime(file, ns=(0, 0))

    assert list(kept.look().changed_at("IWM")) == [before]


def test_holdings_are_named_by_their_files_and_packed_ones_are_read(tmp_path: Path) -> None:
    (tmp_path / "holdings").mkdir()
    rows = "ticker,weight\nOKLO,97\nCASH_USD,3\n"
    (tmp_path / "holdings" / "iwm.csv.gz").write_bytes(gzip.compress(rows.encode()))
    (tmp_path / "holdings" / ".IWO.csv").write_text(rows)

    told = tables(tmp_path).look()

    assert set(told.holdings) == {"IWM"}
    assert told.members == {"OKLO"}
    assert told.is_fund("IWM")
    assert told.file_of("IWM").path.endswith("iwm.csv.gz")
