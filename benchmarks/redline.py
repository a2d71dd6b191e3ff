"""Redlines of neighbouring statements of the Federal Reserve, paragraphs in, result out."""

import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import Figure, Options
from bot.fed.passages import body
from bot.fed.redline import redline
from bot.sandbox.fed_texts import statement_days, statement_paragraphs

_PASSES = 5


def measure(options: Options) -> Iterator[Figure]:  # noqa: ARG001 - needs no folder
    pairs = list(pairwise(_recorded() or _shipped()))
    took = sorted(min(_timed(*pair) for _ in range(_PASSES)) for pair in pairs)
    note = f"{len(pairs)} pairs, best of {_PASSES}"
    yield Figure(name="a pair", value=median(took), unit="ms", limit=20, note=note)
    yield Figure(name="the slowest pair", value=took[-1], unit="ms", limit=20, note=note)


def _timed(old: list[str], new: list[str]) -> float:
    started = perf_counter()
    redline(old, new)
    return (perf_counter() - started) * 1000


def _recorded() -> list[list[str]]:
    """Statements since 2006, with the gaps that the folder has."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("BOT_TEST_DATA", beside)) / "fed" / "statements_txt"
    files = sorted(file for file in folder.glob("fomc*.txt") if file.name >= "fomc2006")
    return [body(re.split(r"\n\s*\n", file.read_text(encoding="utf-8"))) for file in files]


def _shipped() -> list[list[str]]:
    return [body(statement_paragraphs(day)) for day in statement_days()]
