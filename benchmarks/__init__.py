"""How fast the parts are.  Each module here has ``measure(options)``, which yields figures.

``python -m benchmarks`` measures all of them, ``python -m benchmarks judging`` only that one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """folder: where large inputs are kept from run to run.  facts: how many stored facts."""

    folder: Path
    facts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured number; limit is the most it should be, or the least where ``at_least``."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def room(self) -> float | None:
        """How many times better than the limit; below 1 it is broken."""
        if self.limit is None or not self.value:
            return None
        return self.value / self.limit if self.at_least else self.limit / self.value


class Benchmark(Protocol):
    """A module of this folder."""

    def measure(self, options: Options) -> Iterator[Figure]: ...
