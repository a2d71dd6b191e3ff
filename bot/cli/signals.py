"""``bot signals``: the last bar of each ticker of a file, and how it stands to those before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from bot.calendar import NYSE
from bot.cli.bars_files import closed, read_given
from bot.cli.output import console, print_json, say
from bot.cli.signals_table import many_bars, one_bar
from bot.clock import system_clock
from bot.config import load_config
from bot.errors import SourceUnreadable
from bot.prices.bars import Bars, Conflict, joined
from bot.prices.defects import find_defects
from bot.signals.last import LastBar, last_signals
from bot.sources.prices.files import BarsFile, Series
from bot.sources.prices.repaired_file import download_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a file, or a ticker of it, has no signals."""

    file: Path
    ticker: str | None
    error: str

    def json(self) -> dict[str, Any]:
        ticker = {} if self.ticker is None else {"ticker": self.ticker}
        return {**ticker, "file": str(self.file), "ok": False, "error": self.error}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One bar, the file it stands in, and the marks of doubt on it."""

    file: Path
    bar: LastBar
    quality: Sequence[str] = ()

    def json(self) -> dict[str, Any]:
        """Names of ``price_bar``; unknown is null, values in doubt stay and are named."""
        bar = self.bar
        return {
            "ticker": bar.ticker,
            "date": bar.session.isoformat(),
            "close": bar.close_usd,
            "volume": bar.volume,
            **bar.values,
            "missing_sessions": bar.missing["252d"],
            "doubtful": list(bar.doubtful),
            "benchmark": bar.benchmark,
            "spans": {span: day.isoformat() for span, day in bar.since.items()},
            "quality": list(self.quality),
            "file": str(self.file),
            "ok": True,
        }


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The session to tell of. Default: the last of each ticker.",
)
@click.option(
    "--benchmark",
    help="Ticker that excess returns are measured against; its bars stand in one of the files. "
    "Default: that of [prices], IWM.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a ticker.")
@click.pass_obj
def signals(
    config_path: Path | None,
    files: Sequence[Path],
    at: datetime | None,
    benchmark: str | None,
    as_json: bool,
) -> int:
    """Price signals of each ticker's last bar, from files of daily bars.

    Files: .csv, .csv.gz or .parquet with the columns ticker,date,open,high,low,close,volume, or as
    Yahoo hands them out, one ticker a file, named by it. Closes adjusted for splits, not dividends.
    """
    name = (benchmark or load_config(config_path).prices.benchmark).upper()
    read, notes = _read_all(files, system_clock())
    beside = _benchmark([file for file in read if isinstance(file, BarsFile)], name)
    answers: list[Told | Problem] = []
    for file in read:
        if isinstance(file, Problem):
            answers.append(file)
        else:
            answers.extend(_of_file(file, beside.get(file.path), at.date() if at else None))
    _show(answers, as_json=as_json)
    told = [answer for answer in answers if isinstance(answer, Told)]
    if told and (doubt := _doubt(told, name, found=bool(beside))):
        notes.append(doubt)
    conflicts = list(_conflicts([file for file in read if isinstance(file, BarsFile)]))
    for note in [*notes, *conflicts]:
        say(note, err=True)
    return 1 if len(told) < len(answers) or conflicts or (benchmark and not beside) else 0


def _read_all(paths: Sequence[Path], now: datetime) -> tuple[list[BarsFile | Problem], list[str]]:
    """The files up to the newest closed session, and which bars were left out for that."""
    read: list[BarsFile | Problem] = []
    notes: list[str] = []
    for path in paths:
        try:
            file, open_bars = closed(read_given(path, now), now)
        except SourceUnreadable as error:
            read.append(Problem(file=path, ticker=None, error=_located(error, path)))
            continue
        read.append(file)
        for day in sorted(set(open_bars.values())):
            of = [ticker for ticker, last in open_bars.items() if last == day]
            named = ", ".join(of[:3]) + (f" and {len(of) - 3} others" if len(of) > 3 else "")
            notes.append(
                f"{path}: left out, as its session has not closed: the bar of {named} on {day}"
            )
    return read, notes


def _conflicts(files: Sequence[BarsFile]) -> Iterator[str]:
    """Tickers of which files tell different closes of one day."""
    places: dict[str, list[BarsFile]] = {}
    for file in files:
        for ticker in file.series:
            places.setdefault(ticker, []).append(file)
    for ticker, holding in places.items():
        try:
            joined([file.series[ticker].bars for file in holding])
        except Conflict as conflict:
            named = ", ".join(str(file.path) for file in holding)
            yield f"{conflict} in {named}: each is told by itself; leave one"


def _located(error: SourceUnreadable, path: Path) -> str:
    """The place within the file, what is wrong, and the mend; the file is told beside it."""
    place = error.where.removeprefix(str(path)).removeprefix(":")
    return f"{f'line {place}: ' if place else ''}{error.what}; {error.mend}"


def _benchmark(read: Sequence[BarsFile], name: str) -> Mapping[Path, Bars]:
    """The benchmark's bars for each file: its own, or those of the first file that has any."""
    found = {file.path: file.series[name].bars for file in read if name in file.series}
    if not found:
        return {}
    other = next(iter(found.values()))
    return {file.path: found.get(file.path, other) for file in read}


def _of_file(file: BarsFile, benchmark: Bars | None, at: date | None) -> Iterator[Told | Problem]:
    """The tickers of a file in its order."""
    for ticker, error in file.refused.items():
        yield Problem(file=file.path, ticker=ticker or None, error=_located(error, file.path))
    bars = [series.bars for series in file.series.values()]
    last = {bar.ticker: bar for bar in last_signals(bars, benchmark, at=at)}
    for ticker in file.series:
        bar = last.get(ticker)
        if bar is None or at not in (None, bar.session):
            yield Problem(file=file.path, ticker=ticker, error=_no_bar(at, bar))
        else:
            yield Told(file=file.path, bar=bar, quality=_quality(file.series[ticker], bar.session))


def _quality(series: Series, session: date) -> list[str]:
    """Marks of doubt on one session; the numbers are left as they are."""
    return find_defects(download_of(series)).marks().get(session, "").split()


def _no_bar(at: date | None, before: LastBar | None) -> str:
    if at is None:
        return "no bar: no row on a session of the exchange has a close above zero"
    closed = "" if NYSE.is_session(at) else ", on which the exchange is closed"
    earlier = "no earlier one" if before is None else f"the last before it is of {before.session}"
    return f"no bar on {at}{closed}; {earlier}"


def _doubt(told: Sequence[Told], name: str, *, found: bool) -> str | None:
    """What the reader must know of the benchmark."""
    if not found:
        return f"no bars of {name}: excess returns are unknown; give a file that has them"
    lacking = sorted(
        {
            each.bar.session
            for each in told
            if each.bar.values["excess_1d"] is None and each.bar.values["return_1d"] is not None
        }
    )
    if not lacking:
        return None
    days = ", ".join(map(str, lacking[:3])) + (" and others" if len(lacking) > 3 else "")
    return f"{name} has no bar on {days} or the session before: excess returns are unknown there"


def _show(answers: Sequence[Told | Problem], *, as_json: bool) -> None:
    if as_json:
        for answer in answers:
            print_json(answer.json())
        return
    told = [(each.bar, _marks(each, answers)) for each in answers if isinstance(each, Told)]
    if told:
        console().print(one_bar(*told[0]) if len(answers) == 1 else many_bars(told))
    for answer in answers:
        if isinstance(answer, Problem):
            ticker = f"{answer.ticker}: " if answer.ticker else ""
            say(f"{answer.file}: {ticker}no signals: {answer.error}")


def _marks(told: Told, answers: Sequence[Told | Problem]) -> list[str]:
    """Marks of doubt, and the file where the ticker stands in another one too."""
    same = [
        each for each in answers if isinstance(each, Told) and each.bar.ticker == told.bar.ticker
    ]
    return [*told.quality, *([f"from {told.file}"] if len(same) > 1 else [])]
