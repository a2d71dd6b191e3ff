"""The folder of prices: what it gives, what it refuses, and what changes under it."""

import gzip
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.prices.bars import ActionKind
from bot.sources.prices.folder import FolderProvider

BARS = """ticker,date,open,high,low,close,volume
AAA,2025-06-02,10,11,9,10,4000
AAA,2025-06-03,11,12,10,11,4000
AAA,2025-06-04,12,13,11,12,1000
BBB,2025-06-03,5,6,4,5,100
"""
SPLITS = "ticker,ex_date,kind,price_ratio,eps_ratio\nAAA,2025-06-04,split,4,4\n"
JUNE = (date(2025, 6, 1), date(2025, 6, 30))
AFTER = datetime(2025, 7, 1, tzinfo=UTC)
Folder = Callable[..., FolderProvider]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A provider of a folder with these files; in names ``__`` is a slash and ``_`` a dot."""

    def make(now: datetime = AFTER, **files: str) -> FolderProvider:
        for name, text in files.items():
            stem, _, ending = name.replace("__", "/").rpartition("_")
            path = tmp_path / f"{stem}.{ending}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return FolderProvider(tmp_path, clock=lambda: now, sleep=lambda _: None)

    return make


def test_closes_come_as_traded_with_the_actions_of_the_span(folder: Folder) -> None:
    daily = folder(bars__all_csv=BARS, splits_csv=SPLITS).daily(["AAA", "BBB"], *JUNE)

    assert daily.bars["AAA"].close.tolist() == [40, 44, 12]
    assert daily.bars["AAA"].volume.tolist() == [1000, 1000, 1000]
    assert daily.bars["BBB"].close.tolist() == [5]
    assert [(a.ticker, a.ex_day, a.price_ratio) for a in daily.actions] == [
        ("AAA", date(2025, 6, 4), 4.0)
    ]
    assert daily.refused == {}


def test_closes_declared_as_traded_are_left_alone(folder: Folder) -> None:
    provider = folder(bars_csv=BARS, splits_csv=SPLITS, folder_toml='basis = "raw"')

    assert provider.daily(["AAA"], *JUNE).bars["AAA"].close.tolist() == [10, 11, 12]


def test_an_action_after_the_day_of_the_download_is_not_in_its_closes(folder: Folder) -> None:
    provider = folder(bars_csv=BARS, splits_csv=SPLITS, folder_toml="as_of = 2025-06-03")

    assert provider.daily(["AAA"], *JUNE).bars["AAA"].close.tolist() == [10, 11, 12]


def test_closes_adjusted_for_dividends_are_refused(folder: Folder) -> None:
    provider = folder(bars_csv=BARS, folder_toml='basis = "total"')

    with pytest.raises(SourceUnreadable, match="adjusted for dividends give false highs"):
        provider.daily(["AAA"], *JUNE)


def test_a_dividend_is_told_as_it_was_paid_and_moves_no_close(folder: Folder) -> None:
    paid = "ticker,ex_date,amount\nAAA,2025-06-03,0.25\n"

    daily = folder(bars_csv=BARS, splits_csv=SPLITS, dividends_csv=paid).daily(["AAA"], *JUNE)

    dividend = next(a for a in daily.actions if a.kind is ActionKind.DIVIDEND)
    assert dividend.cash_usd == 1.0
    assert daily.bars["AAA"].close.tolist() == [40, 44, 12]


def test_only_closed_sessions_with_a_close_are_bars(folder: Folder) -> None:
    odd = "AAA,2025-06-07,1,1,1,1,1\nAAA,2025-06-09,1,1,1,0,1\nAAA,2025-06-10,1,1,1,,1\n"
    today = "AAA,2025-06-11,9,9,9,9,9\n"
    noon, evening = (datetime(2025, 6, 11, hour, tzinfo=UTC) for hour in (16, 21))

    within = folder(now=noon, bars_csv=BARS + odd + today).daily(["AAA"], *JUNE)
    after = folder(now=evening, bars_csv=BARS + odd + today).daily(["AAA"], *JUNE)

    assert within.bars["AAA"].close.tolist() == [10, 11, 12]
    assert after.bars["AAA"].close.tolist() == [10, 11, 12, 9]


def test_bars_of_another_company_under_the_ticker_are_cut(folder: Folder) -> None:
    who = "ticker,valid_from,before\nAAA,2025-06-03,a shell\n"

    provider = folder(bars_csv=BARS, identity_csv=who)

    assert provider.daily(["AAA"], *JUNE).bars["AAA"].close.tolist() == [11, 12]
    assert provider.identities()["AAA"].before == "a shell"


@pytest.mark.parametrize("packed", ["csv", "parquet"])
def test_a_ticker_without_bars_in_the_span_is_empty_and_an_unknown_one_refused(
    folder: Folder, tmp_path: Path, packed: str
) -> None:
    provider = folder(bars__all_csv=BARS)
    if packed == "parquet":
        duckdb = pytest.importorskip("duckdb")
        source = tmp_path / "bars" / "all.csv"
        duckdb.sql(f"COPY (FROM '{source}') TO '{source.with_suffix('.parquet')}'")
        source.unlink()

    daily = provider.daily(["AAA", "BBB", "ZZZ"], date(2025, 6, 4), date(2025, 6, 30))

    assert len(daily.bars["AAA"]) == 1
    assert len(daily.bars["BBB"]) == 0
    assert list(daily.refused) == ["ZZZ"]
    assert "has it" in daily.refused["ZZZ"]


def test_files_of_one_ticker_each_and_parts_of_a_history_make_one_answer(folder: Folder) -> None:
    row = "2025-06-{:02},1,1,1,{},1\n"
    head = "date,open,high,low,close,volume\n"
    more = BARS.splitlines()[0] + "\nAAA,2025-06-04,12,13,11,12,1000\nAAA,2025-06-05,1,1,1,13,1\n"

    daily = folder(ccc_csv=head + row.format(2, 7), bars_csv=BARS, later_csv=more).daily(
        ["AAA", "CCC"], *JUNE
    )

    assert daily.bars["CCC"].close.tolist() == [7]
    assert daily.bars["AAA"].close.tolist() == [10, 11, 12, 13]


def test_two_files_that_contradict_each_other_refuse_the_ticker(folder: Folder) -> None:
    provider = folder(a_csv=BARS, b_csv=BARS.replace("10,4000", "10.5,4000"))

    daily = provider.daily(["AAA", "BBB"], *JUNE)

    assert "two closes of AAA on 2025-06-02" in daily.refused["AAA"]
    assert list(daily.bars) == ["BBB"]


def test_a_changed_file_is_read_anew(folder: Folder) -> None:
    provider = folder(bars_csv=BARS)
    before = provider.daily(["BBB"], *JUNE)

    folder(bars_csv=BARS + "BBB,2025-06-04,6,6,6,6,100\n")

    assert before.bars["BBB"].close.tolist() == [5]
    assert provider.daily(["BBB"], *JUNE).bars["BBB"].close.tolist() == [5, 6]


def test_a_half_written_file_is_an_error_and_no_shorter_history(
    folder: Folder, tmp_path: Path
) -> None:
    provider = folder(old_csv=BARS)
    whole = gzip.compress(BARS.replace("2025-06", "2025-05").encode())
    (tmp_path / "more.csv.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(SourceUnreadable, match=r"more\.csv\.gz"):
        provider.daily(["AAA"], *JUNE)


def test_an_unreadable_file_of_one_ticker_takes_no_other_ticker_away(
    folder: Folder, tmp_path: Path
) -> None:
    head = "date,close\n2025-06-02,7\n"
    provider = folder(ccc_csv=head, ddd_csv="")

    daily = provider.daily(["CCC", "DDD"], *JUNE)

    assert daily.bars["CCC"].close.tolist() == [7]
    assert "ddd.csv" in daily.refused["DDD"]


def a_fresh_file(folder: Path) -> Path:
    """Bars written half a second before ``AFTER``."""
    path = folder / "bars.csv"
    path.write_text(BARS, encoding="utf-8")
    changed_at(path, AFTER.timestamp() - 0.5)
    return path


def changed_at(path: Path, seconds: float) -> None:
    os.utime(path, (seconds, seconds))


def test_a_file_that_goes_on_changing_is_asked_for_later(tmp_path: Path) -> None:
    path = a_fresh_file(tmp_path)

    def written_on(_: float) -> None:
        path.write_text(path.read_text() + "AAA,2025-06-05,1,1,1,1,1\n", encoding="utf-8")
        changed_at(path, AFTER.timestamp())

    provider = FolderProvider(tmp_path, clock=lambda: AFTER, sleep=written_on)

    with pytest.raises(SourceUnavailable, match="changes while it is read"):
        provider.daily(["AAA"], *JUNE)


def test_a_file_that_comes_to_rest_is_waited_for(tmp_path: Path) -> None:
    a_fresh_file(tmp_path)
    now, waited = [AFTER], []

    def rest(seconds: float) -> None:
        waited.append(seconds)
        now[0] += timedelta(seconds=seconds)

    provider = FolderProvider(tmp_path, clock=lambda: now[0], sleep=rest)

    assert len(provider.daily(["AAA"], *JUNE).bars["AAA"]) == 3
    assert waited == [0.5]


def test_tables_of_the_user_are_given_with_their_place(folder: Folder, tmp_path: Path) -> None:
    provider = folder(bars_csv=BARS, holdings__IWM_csv="ticker,weight\n")

    found = provider.user_file("holdings/IWM.csv")

    assert found is not None
    assert (found.path, found.text) == (tmp_path / "holdings" / "IWM.csv", "ticker,weight\n")
    assert provider.user_file("index_pe.csv") is None
    with pytest.raises(ValueError, match="no place in the folder"):
        provider.user_file("../secret.csv")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"splits_csv": "ticker,ex_date,kind\n"}, "splits.csv:1: no column price_ratio"),
        ({"splits_csv": SPLITS + "A,2025-06-04,split,0,1\n"}, "splits.csv:3: price_ratio '0' is"),
        ({"splits_csv": SPLITS + "A,4 June,split,2,1\n"}, "splits.csv:3: ex_date '4 June' is no"),
        ({"splits_csv": SPLITS + "A,2025-06-04,bonus,2,1\n"}, "splits.csv:3: kind 'bonus' is unk"),
        ({"dividends_csv": "ticker,ex_date,amount\nA,2025-06-04,\n"}, "dividends.csv:2: amount ''"),
        ({"folder_toml": 'base = "raw"'}, "folder.toml: unknown name 'base'"),
        ({"folder_toml": 'basis = "rwa"'}, "folder.toml: unknown basis 'rwa'"),
        ({"folder_toml": 'as_of = "May"'}, "folder.toml: as_of 'May' is no day"),
        ({"folder_toml": "basis = "}, "folder.toml: no TOML"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_place(
    folder: Folder, tmp_path: Path, files: dict[str, str], told: str
) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        folder(bars_csv=BARS, **files).daily(["AAA"], *JUNE)

    assert str(caught.value).startswith(f"{tmp_path}/{told}")


def test_a_folder_without_bars_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "splits.csv").write_text(SPLITS)

    with pytest.raises(SourceUnreadable, match="no file of bars"):
        FolderProvider(tmp_path).daily(["AAA"], *JUNE)
    with pytest.raises(SourceUnreadable, match="name a folder"):
        FolderProvider(tmp_path / "none").daily(["AAA"], *JUNE)


def test_every_ticker_of_the_folder_is_named_and_a_changed_file_is_read_again(
    folder: Folder, tmp_path: Path
) -> None:
    provider = folder(bars__all_csv=BARS, bars__OKLO_csv="date,close\n2025-06-02,10\n")
    assert list(provider.tickers()) == ["AAA", "BBB", "OKLO"]

    (tmp_path / "bars" / "all.csv").write_text(f"{BARS}CCC,2025-06-02,10,11,9,10,4000\n")

    assert list(provider.tickers()) == ["AAA", "BBB", "CCC", "OKLO"]


def test_a_file_that_can_not_be_read_still_names_its_ticker(folder: Folder) -> None:
    assert list(folder(bars__OKLO_csv="no,columns\n").tickers()) == ["OKLO"]


def test_a_class_of_shares_that_is_written_otherwise_in_the_file_is_hinted_at(
    folder: Folder,
) -> None:
    provider = folder(bars__all_csv=BARS.replace("BBB", "BRK.B"))

    refused = provider.daily(["AAA", "BRK-B"], *JUNE).refused

    assert list(refused) == ["BRK-B"]
    assert "of BRK.B there are bars: write BRK-B in the file" in refused["BRK-B"]
