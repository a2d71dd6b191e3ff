"""The filings of one company from the past, through a child process that can be killed."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from bot.errors import QueryError, SourceUnavailable
from bot.sources.edgar.answers import is_whole_filing
from bot.sources.edgar.contact import user_agent

_SAVED_AS = "full-submission.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Where EDGAR is, who asks, and the pace that all processes of this store share."""

    contact: str | None
    www_url: str
    data_url: str
    pace_file: Path
    per_second: float


@dataclass(slots=True, kw_only=True)
class Download:
    """What a download brought.

    cik: of the company, None where the list did not come.  wanted: accession numbers not known
    before.  failed: why each of those that did not come did not.
    """

    cik: str | None = None
    wanted: list[str] = field(default_factory=list)
    known: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def download_company(
    company: str,
    folder: Path,
    hosts: Hosts,
    *,
    since: date,
    before: date,
    skip: Collection[str],
    deadline: timedelta,
    progress: Callable[[int, int], None],
) -> Download:
    """Save the full submissions of a company's ownership filings below a folder.

    company: ticker or CIK.  skip: accession numbers that are known.  progress: told how many came
    and how many are wanted so far.  before is always given: the library's default is the day on
    which it was imported.
    Raises QueryError where EDGAR has no such company, SourceUnavailable when the list of filings
    does not come, the SEC asks for silence or the deadline passes; what was saved until then stays.
    """
    asked = {
        "company": company,
        "folder": str(folder),
        "contact": user_agent(hosts.contact),
        "www_url": hosts.www_url.rstrip("/"),
        "data_url": hosts.data_url.rstrip("/"),
        "pace_file": str(hosts.pace_file),
        "per_second": hosts.per_second,
        "since": since.isoformat(),
        "before": before.isoformat(),
        "skip": sorted(skip),
    }
    found, finished, came = Download(), False, 0
    with _child(json.dumps(asked), deadline) as (lines, end):
        for line in lines:
            told = json.loads(line)
            if "unknown" in told:
                raise _unknown(company, hosts.www_url)
            finished = finished or "done" in told
            came += "fetched" in told
            _take(found, told)
            progress(came, len(found.wanted))
        why = "" if finished else end()
    if not finished:
        raise SourceUnavailable(
            f"the download of {company} broke off: {why}",
            where=hosts.www_url,
            mend="try again: it goes on where it stopped; `bot doctor` tells what does not answer",
        )
    return found


def saved_filings(folder: Path) -> Iterator[tuple[str, Path]]:
    """Accession number and file of each submission that was saved whole."""
    for file in sorted(folder.rglob(_SAVED_AS)):
        if is_whole_filing(file.read_bytes()):
            yield file.parent.name, file


def _unknown(company: str, where: str) -> QueryError:
    return QueryError(
        f"EDGAR has no company {company}",
        where=where,
        mend="give its ticker as the SEC writes it (BRK-B) or its CIK, a number of up to ten "
        "digits: https://www.sec.gov/search-filings",
    )


def _take(found: Download, told: dict[str, object]) -> None:
    if "wanted" in told:
        found.cik = str(told["cik"])
        found.wanted += told["wanted"]  # type: ignore[arg-type]
        found.known += int(str(told["known"]))
    if "failed" in told:
        found.failed[str(told["failed"])] = str(told["why"])


@contextmanager
def _child(asked: str, deadline: timedelta) -> Iterator[tuple[Iterator[str], Callable[[], str]]]:
    """A process that downloads; it is gone when the block ends or the deadline passes.

    Gives what it tells, line by line, and then why it told no more.
    """
    with (
        TemporaryFile("w+", errors="replace") as complaints,
        subprocess.Popen(
            [sys.executable, "-m", "bot.sources.edgar.download"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as process,
    ):
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        def why_it_ended() -> str:
            process.wait()
            return f"{deadline} have passed" if late.is_set() else _last_words(complaints)

        killer = threading.Timer(deadline.total_seconds(), kill)
        killer.start()
        try:
            stdin, stdout = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
            with suppress(BrokenPipeError):  # it ended at once, and says why
                stdin.write(asked)
                stdin.close()
            yield iter(stdout), why_it_ended
        finally:
            killer.cancel()
            process.kill()


def _last_words(complaints: IO[str]) -> str:
    complaints.seek(0)
    lines = [line.strip() for line in complaints if line.strip()]
    return lines[-1] if lines else "it gave no reason"
