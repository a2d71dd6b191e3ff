"""The filings of one company from the past, through a child process that can be killed."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import IO, cast

from bot.errors import SourceUnavailable
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
    Raises SourceUnavailable when the list of filings does not come or the deadline passes; what was
    saved until then stays.
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
    with _child(json.dumps(asked), deadline) as (lines, complaint):
        for line in lines:
            told = json.loads(line)
            finished = finished or "done" in told
            came += "fetched" in told
            _take(found, told)
            progress(came, len(found.wanted))
    if not finished:
        raise SourceUnavailable(
            f"the download of {company} broke off: {complaint() or 'deadline passed'}",
            where=hosts.www_url,
            mend="try again: it goes on where it stopped; `bot doctor` tells what does not answer",
        )
    return found


def saved_filings(folder: Path) -> Iterator[tuple[str, Path]]:
    """Accession number and file of each saved submission."""
    for file in sorted(folder.rglob(_SAVED_AS)):
        yield file.parent.name, file


def _take(found: Download, told: dict[str, object]) -> None:
    if "wanted" in told:
        found.cik = str(told["cik"])
        found.wanted += told["wanted"]  # type: ignore[arg-type]
        found.known += int(str(told["known"]))
    if "failed" in told:
        found.failed[str(told["failed"])] = str(told["why"])


@contextmanager
def _child(asked: str, deadline: timedelta) -> Iterator[tuple[Iterator[str], Callable[[], str]]]:
    """A process that downloads; it is gone when the block ends or the deadline passes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.sources.edgar.download"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    stdin, stdout = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
    complaints: list[str] = []
    drain = threading.Thread(target=complaints.extend, args=(process.stderr,), daemon=True)
    drain.start()
    killer = threading.Timer(deadline.total_seconds(), process.kill)
    killer.start()
    try:
        stdin.write(asked)
        stdin.close()
        yield iter(stdout), lambda: _last_words(drain, complaints)
    finally:
        killer.cancel()
        process.kill()
        process.wait()


def _last_words(drain: threading.Thread, complaints: list[str]) -> str:
    drain.join(timeout=2)
    return complaints[-1].strip() if complaints else ""
