"""``bot replay``: documents through the whole line, alerts to the terminal."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.progress import Progress
from rich.table import Table

from bot.app import active_rules, route_of
from bot.cli.logs import log_lines
from bot.cli.output import console, counted, print_json
from bot.config import load_config
from bot.notifiers.console import ConsoleNotifier
from bot.replay import Findings, Replay, find_documents
from bot.rules.fire import Fate
from bot.store import Store

_SHOWN_UNREADABLE = 10


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--rules",
    "rule_paths",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Rule files or folders. Default: those of the configuration.",
)
@click.option(
    "--store",
    "store_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the store here; a replay that was cut off goes on in it. Default: a fresh one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, without cards.")
@click.pass_obj
def replay(
    config_path: Path | None,
    paths: Sequence[Path],
    rule_paths: Sequence[Path],
    store_path: Path | None,
    as_json: bool,
) -> int:
    """Take ownership documents through documents, facts, rules and alerts."""
    return run_replay(config_path, paths, rule_paths, store_path, as_json=as_json)


def run_replay(
    config_path: Path | None,
    paths: Sequence[Path],
    rule_paths: Sequence[Path] = (),
    store_path: Path | None = None,
    *,
    as_json: bool = False,
) -> int:
    """Replay, print cards and the summary; 1 where a document could not be read."""
    log_lines(logging.WARNING)
    config = load_config(config_path)
    rules = active_rules(config, rule_paths)
    findings = find_documents(paths)
    screen = console()
    screen.quiet = as_json
    with _store(store_path) as store:
        run = Replay(store, rules, ConsoleNotifier(screen), route=route_of(config))
        with Progress(console=console(stderr=True), transient=True) as bar:
            task = bar.add_task("documents", total=len(findings.files))
            run.run(findings.files, progress=lambda done: bar.advance(task, done))
        if as_json:
            print_json(_summary(store, findings, len(rules)))
        else:
            screen.print(_table(store, findings, len(rules)))
        return 1 if store.documents.unreadable() or findings.refused else 0


@contextmanager
def _store(path: Path | None) -> Iterator[Store]:
    """The store at a path, or a fresh one that is gone afterwards."""
    with TemporaryDirectory(prefix="bot-replay-") as folder:
        store = Store(path or Path(folder) / "replay.db")
        try:
            yield store
        finally:
            store.close()


def _summary(store: Store, findings: Findings, rules: int) -> dict[str, object]:
    fates = store.decisions.count_by_fate()
    return {
        "documents": store.documents.count(),
        "repeated": findings.repeated,
        "acceptance_guessed": findings.guessed,
        "facts": store.facts.count(),
        "rules": rules,
        "alerts": fates.get(Fate.FIRED, 0),
        "messages": len(store.outbox.all()),
        "fates": fates,
        "unreadable": [{"file": file, "error": why} for file, why in _unreadable(store, findings)],
    }


def _table(store: Store, findings: Findings, rules: int) -> Table:
    """What went in, what came of it, what was held back and why."""
    fates = store.decisions.count_by_fate()
    unreadable = _unreadable(store, findings)
    table = Table(title="Replay", title_justify="left", show_header=False, box=None, padding=(0, 2))
    table.add_row("documents", _documents(store, findings))
    kinds = store.facts.count().items()
    table.add_row("facts", ", ".join(f"{count:,} {kind}" for kind, count in kinds if count))
    judged = counted(sum(fates.values()), "decision")
    table.add_row("judged", f"by {counted(rules, 'rule')}: {judged}")
    messages = counted(len(store.outbox.all()), "message")
    table.add_row("alerts", f"{fates.get(Fate.FIRED, 0):,} in {messages}")
    for fate, count in fates.items():
        if fate != Fate.FIRED:
            table.add_row(f"  {fate}", f"{count:,}")
    table.add_row("unreadable", f"{len(unreadable):,}")
    for file, why in unreadable[:_SHOWN_UNREADABLE]:
        table.add_row("", f"{file}: {why}")
    if len(unreadable) > _SHOWN_UNREADABLE:
        table.add_row("", f"… {len(unreadable) - _SHOWN_UNREADABLE} more: use --json")
    return table


def _unreadable(store: Store, findings: Findings) -> list[tuple[str, str]]:
    """Documents kept aside and files that could not be opened, with the reason."""
    return [*((u.name, u.error) for u in store.documents.unreadable()), *findings.refused]


def _documents(store: Store, findings: Findings) -> str:
    told = f"{store.documents.count():,}"
    if findings.repeated:
        told += f"; {counted(findings.repeated, 'more file')} of the same filings"
    if findings.guessed:
        told += f"; {findings.guessed:,} without an acceptance time"
    return told
