"""Runs the benchmarks and prints one table: ``python -m benchmarks --help``."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import gettempdir
from typing import cast

import click
from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks import Benchmark, Figure, Options


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(gettempdir()) / "bot-benchmarks",
    show_default=True,
    help="Where large inputs are kept from run to run.",
)
@click.option("--facts", default=2_000_000, show_default=True, help="Stored facts to judge over.")
def main(names: tuple[str, ...], folder: Path, facts: int) -> None:
    """Measure all benchmarks, or only those named; status 1 where a limit is broken."""
    known = [m.name for m in iter_modules(benchmarks.__path__) if not m.name.startswith("_")]
    if strange := [name for name in names if name not in known]:
        raise click.UsageError(f"no benchmark {', '.join(strange)}; there are {', '.join(known)}")
    folder.mkdir(parents=True, exist_ok=True)
    console = Console()
    table = _table()
    good = True
    for name in names or known:
        module = cast(Benchmark, import_module(f"benchmarks.{name}"))
        for figure in module.measure(Options(folder=folder, facts=facts)):
            console.print(f"{name}: {figure.name}: {figure.value:,.4g} {figure.unit}", style="dim")
            _add(table, name, figure)
            good = good and figure.holds
    console.print(table)
    sys.exit(0 if good else 1)


def _table() -> Table:
    table = Table()
    table.add_column("part")
    table.add_column("measured")
    for column in ("figure", "limit", "room"):
        table.add_column(column, justify="right")
    table.add_column("note", style="dim")
    return table


def _add(table: Table, part: str, figure: Figure) -> None:
    sign = "≥" if figure.at_least else "≤"
    limit = "" if figure.limit is None else f"{sign} {figure.limit:,g} {figure.unit}"
    room = "" if figure.room is None else f"{figure.room:.1f}x"
    value = f"{figure.value:,.4g} {figure.unit}"
    style = None if figure.holds else "bold red"
    table.add_row(part, figure.name, value, limit, room, figure.note, style=style)


if __name__ == "__main__":
    main()
