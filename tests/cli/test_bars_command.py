"""``bot bars``: what a person sees of wrong files, what tools read, and the repaired file."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from bot.prices.complete import sessions
from tests.cli.console import run

DAYS = [date.fromordinal(int(day)) for day in sessions(date(2025, 1, 2), date(2025, 3, 31))]
HEAD = "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits"


def download(folder: Path, name: str, *, pence: range = range(0), without: int = -1) -> Path:
    """A download of one ticker, newest first; some rows in pounds instead of pence."""
    rows = [HEAD]
    for i in reversed(range(len(DAYS))):
        close = (200 + i % 7) / (100 if i in pence else 1)
        cells = [close, close * 1.01, close * 0.99, close, close, 5000 + i, 0.0, 0.0]
        if i != without:
            rows.append(f"{DAYS[i]} 00:00:00-05:00,{','.join(map(str, cells))}")
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_right_file_is_said_to_be_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("bars", download(tmp_path, "abc.csv"))

    assert status == 0
    assert "ABC, 60 bars: nothing wrong" in capsys.readouterr().out


def test_what_is_wrong_is_shown_with_its_days_and_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run("bars", download(tmp_path, "abc.csv", pence=range(10, 14), without=30))

    shown = capsys.readouterr().out
    assert status == 1
    assert "ABC, 59 bars: 2 findings" in shown
    assert f"{DAYS[10]} … {DAYS[13]} (4)" in shown
    assert "wrong_unit" in shown
    assert "missing_session" in shown


def test_tools_get_one_object_a_series_and_one_for_what_can_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("ticker,date,close\nABC,May,3\n", encoding="utf-8")
    wrong, right = (download(tmp_path, f"{n}.csv", pence=p) for n, p in (
        ("wrong", range(10, 12)), ("right", range(0))
    ))  # fmt: skip

    status = run("bars", bad, tmp_path / "none.csv", wrong, right, "--json")

    refused, missing, found, fine = map(json.loads, capsys.readouterr().out.splitlines())
    assert status == 1
    assert [each["ok"] for each in (refused, missing, found, fine)] == [False, False, False, True]
    assert refused["ticker"] == "ABC"
    assert "bad.csv:2" in refused["error"]
    (finding,) = found["findings"]
    assert finding["mark"] == "wrong_unit"
    assert finding["days"] == [str(DAYS[10]), str(DAYS[11])]
    assert (finding["given"], finding["repaired"]) == pytest.approx((2.03, 203))
    assert fine["findings"] == []


def test_of_a_share_that_trades_elsewhere_no_session_of_new_york_is_missing(
    tmp_path: Path,
) -> None:
    path = download(tmp_path, "abc.l.csv", without=30)

    assert run("bars", path) == 1
    assert run("bars", path, "--elsewhere") == 0


@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
def test_the_repaired_file_is_the_given_one_but_for_what_was_wrong(
    tmp_path: Path, ending: str
) -> None:
    given = download(tmp_path, "abc.csv", pence=range(10, 14))
    right = download(tmp_path, "right.csv").read_text().splitlines()
    out = tmp_path / f"out.{ending}"

    status = run("bars", given, "--repair", out)

    packed = out.read_bytes()
    text = (gzip.decompress(packed) if ending.endswith("gz") else packed).decode()
    changed = {line for line in text.splitlines() if line not in given.read_text().splitlines()}
    assert status == 1
    assert len(text.splitlines()) == len(right)
    assert {line[:10] for line in changed} == {str(day) for day in DAYS[10:14]}
    assert float(text.splitlines()[-11].split(",")[4]) == pytest.approx(203)
    assert run("bars", out) == 0


def test_a_repair_never_writes_over_its_file_nor_takes_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = download(tmp_path, "abc.csv", pence=range(10, 14))
    before = path.read_text()

    assert run("bars", path, "--repair", path) == 2
    assert run("bars", path, path, "--repair", tmp_path / "out.csv") == 2
    assert run("bars", path, "--repair", tmp_path / "no" / "out.csv") == 2

    assert path.read_text() == before
    assert "no such file" in capsys.readouterr().err
