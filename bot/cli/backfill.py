"""``bot backfill``: a company's past filings into the store."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from rich.progress import Progress

from bot.app import active_rules, route_of
from bot.backfill import Backfilled, backfill
from bot.cli.logs import log_lines
from bot.cli.output import console, print_json
from bot.clock import new_york_day, system_clock
from bot.config import Config, load_config
from bot.errors import QueryError, SourceUnavailable
from bot.judge import Judge
from bot.pipeline import read_documents
from bot.running import REQUESTS_PER_SECOND, pace_file
from bot.sources.edgar.backfill import Hosts
from bot.sources.edgar.contact import user_agent
from bot.store import Store

_FIRST = timedelta(days=365)


@click.command("backfill")
@click.argument("companies", nargs=-1, required=True, metavar="TICKER|CIK...")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day. Default: a year ago.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a company.")
@click.pass_obj
def backfill_command(
    config_path: Path | None, companies: Sequence[str], since: datetime | None, as_json: bool
) -> int:
    """Bring past ownership filings of companies into the store, without alerts.

    A run that breaks off goes on where it stopped.  A bot may run on the same store meanwhile.
    """
    log_lines(logging.WARNING)
    config = load_config(config_path)
    hosts = Hosts(
        contact=config.edgar.contact,
        www_url=config.edgar.www_url,
        data_url=config.edgar.data_url,
        pace_file=pace_file(config),
        per_second=REQUESTS_PER_SECOND,
    )
    user_agent(config.edgar.contact)
    today = new_york_day(system_clock())
    day = since.date() if since else today - _FIRST
    if day > today:
        raise click.BadParameter(f"{day} is not past", param_hint="--since")
    store, status = Store(config.store.path), 0
    try:
        judge = Judge(store, active_rules(config), clock=system_clock, route=route_of(config),
                      stale_after=config.alerts.stale_after)  # fmt: skip
        for company in companies:
            try:
                found = _backfill(store, company, hosts, day, watched=_is_watched(company, config))
            except (SourceUnavailable, QueryError) as error:
                click.echo(str(error), err=True)
                status = max(status, 2 if isinstance(error, QueryError) else 1)
            else:
                _tell(found, as_json=as_json)
                status = max(status, int(bool(found.failed)))
            while read_documents(store).documents:
                pass
            while judge.judge():
                pass
    finally:
        store.close()
    return status


def _is_watched(company: str, config: Config) -> bool:
    watch = config.edgar.watch
    return not watch or bool({company.upper(), company.zfill(10)} & set(watch))


def _backfill(
    store: Store, company: str, hosts: Hosts, since: date, *, watched: bool
) -> Backfilled:
    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{company} since {since}", total=None)

        def progress(came: int, wanted: int) -> None:
            bar.update(task, completed=came, total=wanted or None)

        return backfill(
            store,
            company,
            hosts,
            since=since,
            clock=system_clock,
            progress=progress,
            watched=watched,
        )


def _tell(found: Backfilled, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "company": found.company,
                "cik": found.cik,
                "listed": found.listed,
                "new": found.new,
                "failed": found.failed,
            }
        )
        return
    known = found.listed - found.new - len(found.failed)
    click.echo(
        f"{found.company} (CIK {found.cik}): {found.new} new filings, {known} known before, "
        f"{len(found.failed)} failed"
    )
    for accession, reason in found.failed.items():
        click.echo(f"  {accession}: {reason}; run it again")
