"""The filings of one company from the past, through a child process that can be killed."""

import base64
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.clock import monotonic
from bot.errors import QueryError, SourceUnavailable
from bot.sources.child import Child, Late
from bot.sources.edgar.contact import MEND_CONTACT, user_agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Where EDGAR is, who asks, and the pace that all processes of this store share."""

    contact: str | None
    www_url: str
    data_url: str
    pace_file: Path
    per_second: float


class AskedForSilence(SourceUnavailable):
    """The SEC wants no request for so long, from nobody here."""

    def __init__(self, why: str, *, wait: timedelta, where: str) -> None:
        super().__init__(why, where=where, mend="give the same command again after that time")
        self.wait = wait


@dataclass(slots=True, kw_only=True)
class Download:
    """What a download brought.

    cik: of the company, None where the list did not come.  listed: accession numbers of its
    filings, known ones too.  came: how many were fetched.  failed: why those that did not come
    did not.
    """

    cik: str | None = None
    listed: list[str] = field(default_factory=list)
    came: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Break:
    """The wish to break downloads off: said once, in a signal handler too, and heard at once."""

    def __init__(self) -> None:
        self.asked = False
        self._child: Child | None = None

    def ask(self) -> None:
        self.asked = True
        if self._child is not None:
            self._child.kill()

    @contextmanager
    def ends(self, child: Child) -> Iterator[None]:
        """Let the wish end a process."""
        self._child = child
        try:
            if self.asked:
                child.kill()
            yield
        finally:
            self._child = None


def download_company(
    company: str,
    hosts: Hosts,
    *,
    since: date,
    before: date,
    skip: Collection[str],
    keep: Callable[[str, bytes], object],
    deadline: timedelta,
    progress: Callable[[int, int], None],
    wish: Break,
) -> Download:
    """Hand the full submissions of a company's ownership filings to ``keep``, each as it comes,
    the oldest acceptance first.

    company: ticker or CIK.  skip: accession numbers that are known.  keep: takes accession number
    and bytes, whole ones only.  progress: told how many came and how many are wanted.  before is
    always given: the library's default is the day on which it was imported.
    Raises QueryError where EDGAR has no such company, SourceUnavailable when the list of filings
    does not come, the SEC asks for silence (AskedForSilence where it says how long), the deadline
    passes or ``wish`` is said.
    """
    asked = {
        "company": company,
        "contact": user_agent(hosts.contact),
        "www_url": hosts.www_url.rstrip("/"),
        "data_url": hosts.data_url.rstrip("/"),
        "pace_file": str(hosts.pace_file),
        "per_second": hosts.per_second,
        "since": since.isoformat(),
        "before": before.isoformat(),
        "skip": sorted(skip),
    }
    found, finished, wanted, known = Download(), False, 0, set(skip)
    with _downloading(asked, deadline, wish) as (all_told, end):
        for told in all_told:
            if "unknown" in told:
                raise _unknown(company, hosts.www_url)
            if "silence_s" in told:
                wait = timedelta(seconds=told["silence_s"])
                what = f"the download of {company} broke off: {told['why']}"
                raise AskedForSilence(what, wait=wait, where=hosts.www_url)
            finished = finished or "done" in told
            _take(found, told, keep)
            if "listed" in told:
                wanted = len(set(found.listed) - known)
            progress(found.came, wanted)
        why = "" if finished else end()
    if not finished:
        how_far = f" after {found.came} of {wanted} filings" if found.listed else ""
        raise _broken_off(f"{company}{how_far}", why, hosts.www_url, by_wish=wish.asked)
    return found


def _unknown(company: str, where: str) -> QueryError:
    return QueryError(
        f"EDGAR has no company {company}",
        where=where,
        mend="give its ticker as the SEC writes it (BRK-B) or its CIK, a number of up to ten "
        "digits: https://www.sec.gov/search-filings",
    )


def _broken_off(what: str, why: str, where: str, *, by_wish: bool) -> SourceUnavailable:
    mend = "give the same command again: what came is kept, and it goes on with the rest"
    if MEND_CONTACT in why:
        mend = f"{MEND_CONTACT} first, then {mend}"
    elif not by_wish:
        mend += "; `bot doctor` tells what does not answer"
    return SourceUnavailable(f"the download of {what} broke off: {why}", where=where, mend=mend)


def _take(found: Download, told: dict[str, Any], keep: Callable[[str, bytes], object]) -> None:
    if "listed" in told:
        found.cik, found.listed = str(told["cik"]), list(told["listed"])
    if "came" in told:
        keep(str(told["came"]), base64.b64decode(told["body"]))
        found.came += 1
    if "failed" in told:
        found.failed[str(told["failed"])] = str(told["why"])


@contextmanager
def _downloading(
    asked: Mapping[str, Any], deadline: timedelta, wish: Break
) -> Iterator[tuple[Iterator[dict[str, Any]], Callable[[], str]]]:
    """A process that downloads; it is gone when the block ends, the wish is said or this process
    dies.

    Gives what it tells up to the deadline, and then why it told no more.
    """
    child = Child("bot.sources.edgar.download")
    ends_at = monotonic() + deadline.total_seconds()
    late = False

    def told() -> Iterator[dict[str, Any]]:
        nonlocal late
        try:
            while (line := child.hear(ends_at - monotonic())) is not None:
                yield line
        except Late:
            late = True

    def why_it_ended() -> str:
        if wish.asked:
            return "it was told to end"
        return f"{deadline} have passed" if late else child.last_words()

    try:
        with wish.ends(child):
            child.tell(asked)
            yield told(), why_it_ended
    finally:
        child.end()
