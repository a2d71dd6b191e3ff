"""The floors of the house: imports point down, one library has one door, judgement is pure."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

HOUSE = Path(__file__).parents[1] / "bot"

FLOORS = (
    "facts calendar errors clock finding garbage numbers readable",
    "rules routes cards insider company_filings prices signals valuation charts fed",
    "sources store notifiers",
    "pipeline ledger notices companies collect market central_bank releases backfill judge "
    "rehearsal preview reload replay outbox stories composing corrections why chat backtest "
    "pictures illustrating",
    "cli app doctor slack_doctor slack_desk running live chat_desk chart_desk price_desk fed_desk "
    "release_desk edgar_desk config schedule sandbox __main__",
)
"""The rooms of each floor, lowest first: a room is a file or a folder directly under bot/."""

DOORS_FLOOR = 2
"""On it no room imports another; on the others neighbours may, in one direction."""

PURE_FLOORS = (0, 1)

DOORS = {
    "sqlite3": ("store/*",),
    "sqlite_utils": ("store/*",),
    "ruamel": ("rules/reading.py",),
    "apscheduler": ("schedule.py",),
    "slack_sdk": ("notifiers/slack*", "chat/slack*"),
    "sec_edgar_downloader": ("sources/edgar/*",),
    "click.echo": ("cli/output.py", "cli/__init__.py", "cli/rules.py"),
    "httpx": ("sources/*", "notifiers/*", "sandbox/*"),
    "bs4": ("sources/fed/*",),
    "yfinance": ("sources/prices/yahoo*",),
    "duckdb": ("sources/prices/parquet.py",),
    "matplotlib": ("charts/*",),
    "websockets": ("sandbox/slack_connection.py",),
    "datetime.datetime.now": ("clock.py",),
    "datetime.datetime.utcnow": ("clock.py",),
    "datetime.datetime.today": ("clock.py",),
    "datetime.date.today": ("clock.py",),
    "time.time": ("clock.py",),
    "time.time_ns": ("clock.py",),
    "time.monotonic": ("clock.py",),
    "time.monotonic_ns": ("clock.py",),
    "time.perf_counter": ("clock.py",),
    "time.perf_counter_ns": ("clock.py",),
}
"""What only these files under bot/ may use: libraries, and what asks for the time."""

IMPURE = ("logging", "structlog", "os.environ", "os.getenv", "random", "secrets", "uuid", "socket")
"""What the pure floors do without, besides the doors above."""


class Import(NamedTuple):
    """One imported name."""

    line: int
    name: str  # in full
    local: str
    stands_for: str  # what the local name is


@dataclass(frozen=True)
class Module:
    """One file of the house."""

    house: Path
    file: Path

    @property
    def place(self) -> str:
        return self.file.relative_to(self.house).as_posix()

    @property
    def room(self) -> str:
        """The first word of its place; the house's own __init__ has none."""
        word = self.place.split("/")[0].removesuffix(".py")
        return "" if word == "__init__" else word

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.file.read_text(encoding="utf-8"))

    @cached_property
    def imports(self) -> list[Import]:
        """Everything that is imported anywhere in the file."""
        return [
            self.imported(node, alias)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]

    def imported(self, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> Import:
        if isinstance(node, ast.ImportFrom):
            name = f"{self.origin(node)}.{alias.name}".removesuffix(".*")
            return Import(node.lineno, name, alias.asname or alias.name, name)
        first = alias.name.split(".")[0]  # 'import a.b' binds only a
        stands_for = alias.name if alias.asname else first
        return Import(node.lineno, alias.name, alias.asname or first, stands_for)

    def origin(self, node: ast.ImportFrom) -> str:
        """The full name of the module from which a statement imports."""
        if not node.level:
            return node.module or ""
        package = ["bot", *self.place.split("/")[:-1]]
        above = package[: len(package) - node.level + 1]
        return ".".join([*above, node.module] if node.module else above)

    def rooms(self) -> Iterator[tuple[int, str]]:
        """Line and room of every import from the house itself."""
        for each in self.imports:
            parts = each.name.split(".")
            if parts[0] == "bot" and len(parts) > 1 and self.exists(parts[1]):
                yield each.line, parts[1]

    def exists(self, room: str) -> bool:
        return (self.house / room).is_dir() or (self.house / f"{room}.py").is_file()

    def uses(self) -> Iterator[tuple[int, str]]:
        """Line and full name of what is imported, and of what is reached through a dot."""
        yield from ((each.line, each.name) for each in self.imports)
        names = {each.local: each.stands_for for each in self.imports}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and (dotted := _dotted(node)):
                first, _, rest = dotted.partition(".")
                if first in names:
                    yield node.lineno, f"{names[first]}.{rest}"


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (below := _dotted(node.value)):
        return f"{below}.{node.attr}"
    return None


def violations(house: Path) -> list[str]:
    """Everything in the house that its plan forbids, each with its file and line."""
    modules = [Module(house, file) for file in sorted(house.rglob("*.py"))]
    found = [told for module in modules for told in (*steps(module), *doors(module))]
    return [*found, *circles(modules)]


def floor_of(room: str) -> int | None:
    return next((n for n, rooms in enumerate(FLOORS) if room in rooms.split()), None)


def steps(module: Module) -> Iterator[str]:
    """Imports that go up, or from one door to another."""
    floor = floor_of(module.room)
    if module.room and floor is None:
        yield f"{module.place}: the room '{module.room}' has no floor"
    for line, room in module.rooms():
        below = floor_of(room)
        if not module.room:
            yield f"{module.place}:{line}: the house's own __init__ imports '{room}'"
        elif room == module.room or floor is None or below is None:
            continue
        elif below > floor:
            yield f"{module.place}:{line}: '{module.room}' imports '{room}', a floor above"
        elif below == floor == DOORS_FLOOR:
            yield f"{module.place}:{line}: the door '{module.room}' imports the door '{room}'"


def doors(module: Module) -> Iterator[str]:
    """Libraries used outside their door, and what a pure floor does without."""
    forbidden = [
        name for name, at in DOORS.items() if not any(fnmatch(module.place, p) for p in at)
    ]
    if floor_of(module.room) in PURE_FLOORS:
        forbidden += IMPURE
    told = {
        f"{module.place}:{line}: {name} is not used here"
        for line, used in module.uses()
        for name in forbidden
        if f"{used}.".startswith(f"{name}.")
    }
    yield from sorted(told)


def circles(modules: list[Module]) -> Iterator[str]:
    """Rooms of one floor that import each other in a circle."""
    graph: dict[str, set[str]] = {}
    for module in modules:
        for _, room in module.rooms():
            if room != module.room and floor_of(room) == floor_of(module.room):
                graph.setdefault(module.room, set()).add(room)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"in a circle: {' imports '.join(reversed(error.args[1]))}"


def test_the_house_keeps_to_its_plan() -> None:
    found = violations(HOUSE)

    assert not found, "\n".join(found)


def planted(folder: Path, files: dict[str, str]) -> list[str]:
    """What is found in a small house of these files, in which all rooms stand."""
    house = folder / "bot"
    for room in " ".join(FLOORS).split():
        (house / room).mkdir(parents=True)
        (house / room / "__init__.py").touch()
    for name, text in files.items():
        file = house / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return violations(house)


@pytest.mark.parametrize(
    ("place", "text", "told"),
    [
        ("rules/x.py", "from bot.store import Store", "'rules' imports 'store', a floor above"),
        ("rules/x.py", "import bot.store.facts", "'rules' imports 'store', a floor above"),
        ("rules/x.py", "from bot import app", "'rules' imports 'app', a floor above"),
        ("rules/x.py", "from ..pipeline import run", "'rules' imports 'pipeline', a floor above"),
        ("rules/x/y.py", "from ... import pipeline", "'rules' imports 'pipeline', a floor above"),
        ("rules/x.py", "def f():\n from bot.cli import main", "'rules' imports 'cli', a floor"),
        (
            "rules/x.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from bot.judge import Judge",
            "rules/x.py:3: 'rules' imports 'judge', a floor above",
        ),
        ("facts/x.py", "import bot.cards as c", "'facts' imports 'cards', a floor above"),
        ("store/x.py", "from bot.sources import edgar", "'store' imports the door 'sources'"),
        ("__init__.py", "from bot.clock import Clock", "the house's own __init__ imports 'clock'"),
        ("utils/x.py", "", "utils/x.py: the room 'utils' has no floor"),
        ("pipeline/x.py", "import sqlite3", "pipeline/x.py:1: sqlite3 is not used here"),
        ("rules/x.py", "from sqlite_utils.db import Table", "sqlite_utils is not used here"),
        ("rules/x.py", "from ruamel.yaml import YAML", "ruamel is not used here"),
        ("app/x.py", "import apscheduler.triggers", "apscheduler is not used here"),
        ("notifiers/webhook.py", "from slack_sdk import WebClient", "slack_sdk is not used here"),
        ("sources/fed/x.py", "import sec_edgar_downloader", "sec_edgar_downloader is not used"),
        ("chat/x.py", "import httpx as h", "httpx is not used here"),
        ("app/x.py", "from datetime import datetime\nx = datetime.now()", "app/x.py:2: datetime."),
        ("app/x.py", "import datetime as d\nx = d.datetime.utcnow", "datetime.datetime.utcnow is"),
        ("app/x.py", "from datetime import date as d\nd.today()", "datetime.date.today is not"),
        ("app/x.py", "import time\nf(now=time.time)", "time.time is not used here"),
        ("app/x.py", "from time import monotonic", "time.monotonic is not used here"),
        ("cards/x.py", "import logging.handlers", "logging is not used here"),
        ("insider/x.py", "from structlog import get_logger", "structlog is not used here"),
        ("calendar/x.py", "import os\nos.environ['X']", "calendar/x.py:2: os.environ is not"),
        ("calendar/x.py", "from os import getenv", "os.getenv is not used here"),
        ("signals/x.py", "import random", "random is not used here"),
    ],
)
def test_what_the_plan_forbids_is_found(tmp_path: Path, place: str, text: str, told: str) -> None:
    found = planted(tmp_path, {place: text})

    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("cli/x.py", "from bot.app import wired\nfrom bot import __version__"),
        ("store/x.py", "import sqlite3\nfrom bot.rules.fire import Fate"),
        ("rules/x.py", "from bot.rules.y import z\nfrom .y import z\nfrom datetime import date"),
        ("rules/reading.py", "from ruamel.yaml import YAML"),
        ("rules/x.py", "from bot.cards import Card"),
        ("notifiers/slack.py", "from slack_sdk import WebClient"),
        ("chat/slack/x.py", "from slack_sdk import WebClient"),
        ("sources/edgar/x.py", "import httpx, sec_edgar_downloader, time\ntime.sleep(1)"),
        ("clock.py", "from datetime import datetime\nnow = datetime.now"),
        ("app/x.py", "import os, logging\nos.environ"),
        ("cards/x.py", "def f(random, time):\n return random.choice() + time.time()"),
    ],
)
def test_what_the_plan_allows_is_not_found(tmp_path: Path, place: str, text: str) -> None:
    assert planted(tmp_path, {place: text}) == []


def test_rooms_of_one_floor_that_import_each_other_are_found(tmp_path: Path) -> None:
    found = planted(
        tmp_path,
        {
            "rules/x.py": "from bot.cards import Card",
            "cards/x.py": "from bot.insider import Trade",
            "insider/x.py": "import bot.rules",
        },
    )

    assert len(found) == 1
    assert found[0].startswith("in a circle: ")
    assert all(f"{room} imports" in found[0] for room in ("rules", "cards", "insider"))
