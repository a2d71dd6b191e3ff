"""``bot signals`` as a person types it, on made-up bars with every oddity."""

import csv
import gzip
import importlib
import json
import math
import os
import random
import re
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bot.calendar import NYSE
from tests.cli.console import run
from tests.signals.naive import naive, own, same, starts
from tests.signals.series import bars, sessions, walk

REAL = Path(os.environ.get("BOT_TEST_DATA", "/nowhere")) / "prices"
FIXTURE = Path(__file__).parents[1] / "fixtures" / "prices" / "odd_bars.csv"
HEAD = "ticker,date,open,high,low,close,volume"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def write(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def a_walk(ticker: str, count: int, seed: int = 1) -> list[str]:
    closes = walk(random.Random(seed), count)
    return [
        f"{ticker},{day},{close},{close},{close},{close},1000"
        for day, close in zip(sessions(count), closes, strict=True)
    ]


def test_the_odd_bars_are_told_as_they_count(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("signals", FIXTURE, "--at", "2026-03-31", "--json")

    told = {line["ticker"]: line for line in lines(capsys)}
    assert status == 1
    assert told["HOLES"]["missing_sessions"] == 4
    assert "return_252d" in told["HOLES"]["doubtful"]
    assert told["HOLES"]["return_252d"] is not None
    assert told["FLAT"]["zscore_1d"] is None
    assert told["FLAT"]["return_21d"] == 0.0
    assert told["CLOSES"]["gap"] is None
    assert told["CLOSES"]["volume_ratio"] is None
    assert told["CLOSES"]["return_1d"] is not None
    assert told["YOUNG"]["return_5d"] is None
    assert told["YOUNG"]["since_listing"] == pytest.approx(0.2)
    assert told["HUGE"]["close"] > 1e37
    assert told["HUGE"]["return_1d"] is not None
    assert told["IWM"]["excess_21d"] == 0.0
    assert told["TWICE"]["error"].startswith("line ")
    assert told["ENDED"]["error"] == "no bar on 2026-03-31; the last before it is of 2026-03-20"


def test_the_odd_bars_have_the_signals_that_their_definitions_give(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with FIXTURE.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ticker"] != "TWICE"]
    rows.sort(key=lambda row: (row["ticker"], row["date"]))
    series = {ticker: own(read(list(of))) for ticker, of in groupby(rows, lambda r: r["ticker"])}
    iwm = {bar.day: bar.close for bar in series["IWM"]}

    run("signals", FIXTURE, "--json")

    told = {line["ticker"]: line for line in lines(capsys) if line["ok"]}
    assert set(told) == set(series)
    for ticker, held in series.items():
        for name, value in naive(held, len(held) - 1, iwm).items():
            assert same(told[ticker][name], value), (ticker, name, told[ticker][name], value)
        spans = {
            span: str(held[k].day)
            for span, k in starts(held, len(held) - 1).items()
            if k is not None
        }
        assert spans.items() <= told[ticker]["spans"].items()


def read(rows: list[dict[str, str]]) -> Any:
    number = {name: [float(row[name] or "nan") for row in rows] for name in ("open", "close")}
    return bars(
        number["close"],
        days=[date.fromisoformat(row["date"]) for row in rows],
        opens=number["open"],
        volumes=[float(row["volume"] or "nan") for row in rows],
    )


def test_files_go_on_after_a_bad_one_and_the_benchmark_may_stand_in_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = write(tmp_path / "bad.csv", "ticker,price", "A,1")
    good = write(tmp_path / "good.csv", HEAD, *a_walk("A", 30), "B,2025-01-02,x,,,1,")
    other = write(tmp_path / "iwm.csv", "Date,Close", *(
        ",".join(row.split(",")[1:3]) for row in a_walk("IWM", 30, seed=2)))  # fmt: skip

    status = run("signals", bad, good, other, tmp_path / "absent.csv", "--json")

    first, refused, told, iwm, absent = lines(capsys)
    assert status == 1
    assert first == {
        "file": str(bad),
        "ok": False,
        "error": "line 1: no column 'date'; it has 'ticker', 'price'; "
        "head the file: ticker,date,open,high,low,close,volume",
    }
    assert (refused["ticker"], refused["ok"]) == ("B", False)
    assert refused["error"].startswith("line 32: open 'x' is no number; write it like")
    assert told["benchmark"] == "IWM"
    assert told["excess_21d"] is not None
    assert (iwm["ticker"], iwm["gap"], iwm["return_21d"] is None) == ("IWM", None, False)
    assert absent["error"].startswith("no such file")


def test_without_the_benchmark_excess_is_unknown_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.csv", HEAD, *a_walk("A", 30))

    quiet, wished = run("signals", file, "--json"), run("signals", file, "--benchmark", "spy")

    said = capsys.readouterr()
    assert (quiet, wished) == (0, 1)
    assert json.loads(said.out.splitlines()[0])["excess_21d"] is None
    assert "no bars of IWM: excess returns are unknown" in said.err
    assert "no bars of SPY: excess returns are unknown" in said.err


def test_a_benchmark_that_ends_earlier_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.csv", HEAD, *a_walk("A", 30), *a_walk("IWM", 29))

    run("signals", file, "--json")

    assert f"IWM has no bar on {sessions(30)[-1]} or the session before" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2023-12-25", ", on which the exchange is closed; the last before it is of 2023-12-22"),
        ("2020-01-02", "; no earlier one"),
    ],
)
def test_a_day_without_a_bar_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, told: str
) -> None:
    file = write(tmp_path / "a.csv", HEAD, *a_walk("A", 60))

    status = run("signals", file, "--at", day, "--json")

    [line] = lines(capsys)
    assert status == 1
    assert line["error"] == f"no bar on {day}{told}"


def test_a_ticker_without_any_bar_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "a.csv", HEAD, "A,2025-01-02,,,,,", "A,2025-01-03,0,0,0,0,0")

    assert run("signals", file, "--json") == 1
    assert lines(capsys)[0]["error"].startswith("no bar: no row on a session")


def test_a_close_that_looks_like_a_split_is_marked_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = sessions(30)
    rows = [f"A,{day},,,,{10 if day == days[-1] else 100 + n % 3}," for n, day in enumerate(days)]

    run("signals", write(tmp_path / "a.csv", HEAD, *rows), "--json")

    [told] = lines(capsys)
    assert told["quality"] == ["suspect_split"]
    assert told["close"] == 10.0


def test_people_get_a_table_and_one_ticker_with_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write(tmp_path / "one.csv", HEAD, *a_walk("A", 300))
    two = write(tmp_path / "two.csv", HEAD, *a_walk("IWM", 300, seed=5))

    assert run("signals", one) == 0
    alone = capsys.readouterr().out
    assert run("signals", one, two) == 0
    beside = capsys.readouterr().out

    assert f"A {sessions(300)[-1]}: closed at $" in alone
    assert str(sessions(300)[-253]) in alone
    assert beside.count(str(sessions(300)[-1])) == 2


def golden() -> list[dict[str, str]]:
    with (REAL / "golden" / "signals.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def real_rows() -> dict[str, list[str]]:
    """Lines of the recorded bars by ticker."""
    with gzip.open(REAL / "bars" / "daily.csv.gz", "rt") as file:
        return {ticker: list(of) for ticker, of in groupby(file, lambda row: row.split(",")[0])}


def right(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return float(text) if text else None


@pytest.mark.skipif(not REAL.is_dir(), reason="no recorded bars; name their folder")
def test_every_golden_signal_is_told_to_the_ninth_digit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points, rows, file = golden(), real_rows(), tmp_path / "bars.csv"
    assert len(points) == 30

    for point in points:
        tickers = dict.fromkeys(("ticker", point["ticker"], "IWM"))
        file.write_text("".join(row for ticker in tickers for row in rows[ticker]))
        run("signals", file, "--at", point["date"], "--json")
        told = {line["ticker"]: line for line in lines(capsys)}[point["ticker"]]

        for name in point.keys() - {"ticker", "date", "case"}:
            mine, expected = told[name], right(point[name])
            assert type(mine) is type(expected), (point, name)
            assert mine == expected or math.isclose(mine, expected, rel_tol=1e-9), (point, name)


def test_the_fixture_has_rows_on_closed_days_and_newest_first() -> None:
    with FIXTURE.open(newline="") as file:
        days = [row["date"] for row in csv.DictReader(file) if row["ticker"] == "HOLES"]
    assert days == sorted(days, reverse=True)
    assert sum(not NYSE.is_session(date.fromisoformat(day)) for day in days) == 2


IN_SESSION = datetime(2025, 3, 3, 17, tzinfo=UTC)  # noon of a Monday in New York
AROUND = ("2025-02-27", "2025-02-28", "2025-03-03")


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    for command in ("signals", "bars"):
        monkeypatch.setattr(
            importlib.import_module(f"bot.cli.{command}"), "system_clock", lambda: now
        )


def test_the_bar_of_a_session_that_has_not_closed_is_left_out_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, IN_SESSION)
    file = write(tmp_path / "a.csv", "ticker,date,close", *(
        f"{t},{day},{n}" for t in ("A", "IWM") for n, day in enumerate(AROUND, 10)))  # fmt: skip

    status = run("signals", file, "--json")

    said = capsys.readouterr()
    told = [json.loads(line) for line in said.out.splitlines()]
    assert status == 0
    assert [(each["date"], each["close"]) for each in told] == [("2025-02-28", 11.0)] * 2
    assert (
        f"{file}: left out, as its session has not closed: the bar of A, IWM on 2025-03-03"
        in said.err
    )


def test_the_bar_of_a_session_that_has_closed_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, IN_SESSION + timedelta(hours=6))
    file = write(tmp_path / "a.csv", "ticker,date,close", *(f"A,{day},5" for day in AROUND))

    run("signals", file, "--json")

    assert lines(capsys)[0]["date"] == "2025-03-03"


@pytest.mark.parametrize("command", ["signals", "bars"])
def test_a_row_of_a_day_to_come_refuses_its_ticker_with_the_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    set_clock(monkeypatch, IN_SESSION)
    file = write(tmp_path / "a.csv", "ticker,date,close", "A,2025-06-02,7", *(
        f"{t},{day},5" for t in ("A", "B") for day in AROUND))  # fmt: skip

    status = run(command, file, "--json")

    told = {line["ticker"]: line for line in lines(capsys)}
    assert status == 1
    assert not told["A"]["ok"]
    assert "2025-06-02 is still to come" in told["A"]["error"]
    assert re.search(r"(line |a\.csv:)2: ", told["A"]["error"])
    assert "error" not in told["B"]


@pytest.mark.parametrize("command", ["signals", "bars"])
def test_a_file_of_headings_alone_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    file = write(tmp_path / "a.csv", HEAD)

    assert run(command, file, "--json") == 1
    assert "no row below the headings" in lines(capsys)[0]["error"]
    assert run(command, file) == 1
    assert "no row below the headings" in capsys.readouterr().out


def test_one_ticker_with_other_closes_in_another_file_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (
        write(tmp_path / name, "ticker,date,close", f"A,{AROUND[0]},5", f"A,{AROUND[1]},{close}")
        for name, close in (("a.csv", 6), ("b.csv", 7))
    )

    status, alike = run("signals", one, two), run("signals", one, one)

    said = capsys.readouterr()
    assert (status, alike) == (1, 0)
    assert said.err.count(f"two closes of A on {AROUND[1]} in {one}, {two}") == 1
    assert "from" in said.out


def test_huge_values_are_told_to_their_last_digit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{t},{day},{3e14 if n == 2 else 5}"
            for t in ("A", "B") for n, day in enumerate(AROUND)]  # fmt: skip

    run("signals", write(tmp_path / "a.csv", "ticker,date,close", *rows))

    assert "…" not in capsys.readouterr().out


@pytest.mark.parametrize("number", ["١٠", "1_0.5", "１０"])
def test_digits_of_other_scripts_are_no_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    file = write(tmp_path / "a.csv", "ticker,date,close", f"A,{AROUND[0]},{number}")

    assert run("signals", file, "--json") == 1
    assert f"close '{number}' is no number" in lines(capsys)[0]["error"]
