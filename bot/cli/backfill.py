"""``bot backfill``: a company's past filings into the store."""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import Any

import click
import structlog
from rich.progress import Progress

from bot.app import judge_of, rule_texts
from bot.backfill import Backfilled, backfill
from bot.cli.logs import log_lines
from bot.cli.output import console, counted, print_json, say
from bot.clock import new_york_day, system_clock
from bot.collect import Watch
from bot.config import Config, load_config
from bot.edgar_desk import REQUESTS_PER_SECOND, edgar_client, pace_file, watch_of
from bot.errors import BotError, SourceUnavailable
from bot.pipeline import read_documents
from bot.rehearsal import rehearse
from bot.reload import choose
from bot.rules.model import Rule
from bot.sources.edgar.backfill import Break, Hosts
from bot.sources.edgar.contact import user_agent
from bot.store import Store

_FIRST = timedelta(days=365)
_KILLED_BY = 128
"""The exit status of a process that a signal ends is this and its number, says the shell."""


@click.command("backfill")
@click.argument("companies", nargs=-1, required=True, metavar="TICKER|CIK...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day. Default: a year ago.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a company.")
@click.pass_obj
def backfill_command(
    config_path: Path | None, companies: Sequence[str], since: datetime | None, as_json: bool
) -> int:
    """Bring past ownership filings of companies into the store, without alerts.

    A run that is ended or killed goes on where it stopped when the same command is given again.
    A bot may run on the same store meanwhile.
    """
    log_lines(logging.WARNING)
    config = load_config(config_path)
    user_agent(config.edgar.contact)
    today = new_york_day(system_clock())
    day = since.date() if since else today - _FIRST
    if day > today:
        told = f"{day} has not come yet; the last day is today, {today}"
        raise click.BadParameter(told, param_hint="--since")
    companies = [_written_as_the_sec_does(each) for each in companies]
    store = Store(config.store.path)
    try:
        with _heeding_signals() as heard:
            run = _Run(config, store, day, heard.wish)
            status = max([_outcome(run, company, as_json=as_json) for company in companies])
        return heard.status or status
    finally:
        store.close()


def _written_as_the_sec_does(company: str) -> str:
    """As in the watch list: capitals, and a dash before the sign of a class."""
    written = company.strip().upper().replace(".", "-")
    if not written:
        raise click.BadParameter("a ticker or CIK is empty", param_hint="TICKER|CIK")
    return written


@dataclass(slots=True)
class _Heard:
    """The signal that asks for the end, as an exit status; 0 while none does."""

    wish: Break = field(default_factory=Break)
    status: int = 0


@contextmanager
def _heeding_signals() -> Iterator[_Heard]:
    """Break off in good order on the first SIGTERM or SIGINT, at once on a second."""
    heard = _Heard()

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.status = _KILLED_BY + number
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        heard.wish.ask()

    before = {each: signal.signal(each, hear) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield heard
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _in_force(config: Config, store: Store) -> Sequence[Rule]:
    """The rules by which a bot that starts now would judge; what is refused is told."""
    texts = dict(rule_texts([config.rules.path]))
    choice = choose(texts, store.rule_files.last_good(texts), rehearse).or_raise()
    for name, told in choice.refused.items():
        structlog.get_logger().error(
            "rules.refused", file=name, instead=choice.instead(name), mistakes=told
        )
    return choice.rules


class _Run:
    """Brings one company after the other, each read and judged before the next."""

    def __init__(self, config: Config, store: Store, since: date, wish: Break) -> None:
        self._config, self._store, self._since, self._wish = config, store, since, wish
        self._judge = judge_of(config, store, _in_force(config, store), clock=system_clock)
        self._hosts = Hosts(
            contact=config.edgar.contact,
            www_url=config.edgar.www_url,
            data_url=config.edgar.data_url,
            pace_file=pace_file(config),
            per_second=REQUESTS_PER_SECOND,
        )

    def bring(self, company: str) -> Backfilled:
        """Raises as ``backfill`` does, and SourceUnavailable where the end was asked for before."""
        if self._wish.asked:
            raise SourceUnavailable(
                f"{company} was not begun: it was told to end",
                where=self._hosts.www_url,
                mend="give the same command again",
            )
        try:
            return self._download(company)
        finally:
            while read_documents(self._store).documents:
                pass
            while self._judge.judge():
                pass

    @cached_property
    def _watch(self) -> Watch:
        """The issuers that the live bot collects, for what it has not come to yet; before its
        first start there is nothing."""
        if self._store.collection.first_started_at() is None:
            return Watch()
        with edgar_client(self._config, self._store) as client:
            return watch_of(self._config, client)

    def _download(self, company: str) -> Backfilled:
        with Progress(console=console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"{company} since {self._since}", total=None)

            def progress(came: int, wanted: int) -> None:
                bar.update(task, completed=came, total=wanted or None)

            return backfill(
                self._store,
                company,
                self._hosts,
                since=self._since,
                clock=system_clock,
                progress=progress,
                watch=self._watch,
                wish=self._wish,
            )


def _outcome(run: _Run, company: str, *, as_json: bool) -> int:
    """Bring one company and tell what came of it; the exit status of that."""
    try:
        found = run.bring(company)
    except BotError as error:
        if as_json:
            print_json({"company": company, "ok": False, "error": error.what})
        else:
            say(str(error), err=True)
        return 1 if isinstance(error, SourceUnavailable) else 2
    if as_json:
        print_json(_json(found))
    else:
        _tell(found)
    return int(bool(found.failed))


def _json(found: Backfilled) -> dict[str, Any]:
    counts = {
        "cik": found.cik,
        "listed": found.listed,
        "new": found.new,
        "failed": found.failed,
    }
    told = {"company": found.company, "ok": not found.failed, **counts}
    if found.failed:
        told["error"] = f"{counted(len(found.failed), 'filing')} did not come: run it again"
    return told


def _tell(found: Backfilled) -> None:
    known = found.listed - found.new - len(found.failed)
    say(
        f"{found.company} (CIK {found.cik}): {counted(found.new, 'new filing')}, "
        f"{known:,} known before, {len(found.failed)} failed"
    )
    for accession, reason in found.failed.items():
        say(f"  {accession}: {reason}; run it again")
