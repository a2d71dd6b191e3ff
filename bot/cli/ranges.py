"""The numbers that options take: each has an end, and what lies beyond it is a wrong usage."""

import math
from typing import Any

import click

_LARGEST_ID = 2**63 - 1  # of a row of SQLite


class Whole(click.IntRange):
    """A whole number within a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            int(value)
        except ValueError:
            self.fail(f"{value!r} is no whole number", param, ctx)
        return int(super().convert(value, param, ctx))


ID = Whole(min=1, max=_LARGEST_ID)
"""The number of a stored row."""

COUNT = Whole(min=1, max=1_000_000)
"""How many of something to show."""

PORT_AND_NEXT = Whole(min=0, max=65_531)
"""A port with room for three more above it; 0 takes free ones."""


class Amount(click.FloatRange):
    """A finite number within a range; ``nan``, which no comparison holds back, is none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is no number one could count with.", param, ctx)
        return number
