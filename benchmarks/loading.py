"""Loading: a folder of 1,000 rules read first, again unchanged, and with one file changed."""

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from time import perf_counter

from benchmarks import Figure, Options
from benchmarks._pack import mixed_files
from bot.app import load_rule_paths

_RULES, _IN_A_FILE = 1_000, 20


def measure(options: Options) -> Iterator[Figure]:
    """What a start waits for, and what a look at the folder of a running bot costs."""
    folder = options.folder / "rules"
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, text in enumerate(mixed_files(_RULES, of_each=_IN_A_FILE)):
        (folder / f"{number:03}.yaml").write_text(text)
    yield _loading(folder, "read", limit=5)
    yield _loading(folder, "read again, unchanged", limit=1)
    changed = folder / "000.yaml"
    changed.write_text(changed.read_text().replace("cooldown: 7d", "cooldown: 8d"))
    yield _loading(folder, f"read again, {_IN_A_FILE} of them changed")
    rmtree(folder)


def _loading(folder: Path, what: str, *, limit: float | None = None) -> Figure:
    started = perf_counter()
    loaded = len(load_rule_paths([folder]).or_raise())
    took = perf_counter() - started
    return Figure(name=f"{loaded:,} rules {what}", value=took, unit="s", limit=limit)
