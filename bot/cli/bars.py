"""``bot bars``: what is wrong with files of bars, before anybody trusts their numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.calendar import NYSE
from bot.cli.bars_files import read_given
from bot.cli.output import console, counted, print_json, say
from bot.clock import new_york_day, system_clock
from bot.errors import SourceUnreadable
from bot.prices.complete import off_calendar
from bot.prices.defects import Defects, Finding, find_defects
from bot.sources.prices.columns import BarsFile
from bot.sources.prices.repaired_file import download_of, write_repaired


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """One series of a file and what was found in it."""

    ticker: str
    bars: int
    defects: Defects
    findings: Sequence[Finding]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a series.")
@click.option(
    "--repair",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.csv",
    help="Write the one file given, a CSV, with what is certain put right.",
)
@click.option(
    "--elsewhere", is_flag=True, help="Not traded in New York: its calendar is not asked."
)
def bars(files: Sequence[Path], as_json: bool, repair: Path | None, elsewhere: bool) -> int:
    """What is wrong with daily bars: units, splits, dividends, days, ranges.

    Closes are taken as adjusted for splits.  Status 1 where something was found or is unreadable.
    """
    if repair is not None:
        _check_repair(files, repair)
    found = 0
    for path in files:
        try:
            file = read_given(path, system_clock())
        except SourceUnreadable as mistake:
            _refuse(path, None, mistake, as_json)
            found += 1
            continue
        looked = [_look(file, ticker, elsewhere) for ticker in sorted(file.series)]
        for ticker, refused in sorted(file.refused.items()):
            _refuse(path, ticker, refused, as_json)
        for each in looked:
            _show(path, each, as_json)
        found += len(file.refused) + sum(bool(each.findings) for each in looked)
        if repair is not None:
            write_repaired(file, {each.ticker: each.defects.repaired for each in looked}, repair)
    return 1 if found else 0


def _check_repair(files: Sequence[Path], out: Path) -> None:
    if len(files) != 1 or files[0].name.lower().endswith(".parquet"):
        raise click.UsageError("--repair takes one CSV file")
    if out.exists() and files[0].exists() and out.samefile(files[0]):
        raise click.UsageError("--repair would write over the file it reads; name another")


def _look(file: BarsFile, ticker: str, elsewhere: bool) -> _Looked:
    series = file.series[ticker]
    defects = find_defects(download_of(series), open_session=None if elsewhere else _open_session())
    beside = [] if elsewhere else off_calendar(series.bars)
    findings = sorted([*defects.findings, *beside], key=lambda each: each.days[0])
    return _Looked(ticker=ticker, bars=len(series.bars), defects=defects, findings=findings)


def _open_session() -> date | None:
    """The session whose close is still to come; None where today has none left."""
    now = system_clock()
    today = new_york_day(now)
    return today if NYSE.is_session(today) and now < NYSE.close_at(today) else None


def _refuse(path: Path, ticker: str | None, mistake: SourceUnreadable, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(path), "ticker": ticker, "ok": False, "error": str(mistake)})
    else:
        say(f"{mistake}")


def _show(path: Path, looked: _Looked, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "file": str(path),
                "ticker": looked.ticker,
                "bars": looked.bars,
                "ok": not looked.findings,
                "findings": [_json(each) for each in looked.findings],
            }
        )
        return
    told = counted(len(looked.findings), "finding") if looked.findings else "nothing wrong"
    say(f"{path}: {looked.ticker}, {counted(looked.bars, 'bar')}: {told}")
    if looked.findings:
        console().print(_table(looked.findings))


def _json(finding: Finding) -> dict[str, Any]:
    return {
        "mark": finding.mark.value,
        "days": [day.isoformat() for day in finding.days],
        "columns": list(finding.columns),
        "given": finding.given,
        "repaired": finding.repaired,
        "certain": finding.certain,
        "reason": finding.reason,
    }


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, padding=(0, 1))
    for heading in ("day", "what", "given", "repaired", "why"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        table.add_row(*_row(finding))
    return table


def _row(finding: Finding) -> Iterator[str]:
    days = finding.days
    yield f"{days[0]}" + (f" … {days[-1]} ({len(days)})" if len(days) > 1 else "")
    yield finding.mark.value
    yield "" if finding.given is None else f"{finding.given:.6g}"
    if not finding.certain:
        yield "left"
    else:
        yield "unknown" if finding.repaired is None else f"{finding.repaired:.6g}"
    yield f"{', '.join(finding.columns)}: {finding.reason}" if finding.columns else finding.reason
