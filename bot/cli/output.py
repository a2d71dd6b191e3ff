"""What commands print with: one console, lines, JSON lines.

All of it is made ``readable`` here: a filer or a rule may have written any part of it.
"""

import json
from collections.abc import Iterable
from typing import Any

import click
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from bot.readable import escaped_json, readable


class _SafeConsole(Console):
    """Only its own styles command the terminal, never what it shows."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else readable(segment.text)
            yield Segment(text, segment.style, segment.control)


def console(*, stderr: bool = False) -> Console:
    """The terminal; piped output is as wide as a card needs."""
    found = _SafeConsole(stderr=stderr, highlight=False, soft_wrap=False)
    if not found.is_terminal:
        found.width = 110
    return found


def say(text: str, *, err: bool = False) -> None:
    """One line as it is, never broken."""
    click.echo(readable(text), err=err)


def print_json(value: Any) -> None:
    """One JSON object a line, UTF-8; what a terminal would obey stays as an escape, and what is
    no character, as in names of files."""
    click.echo(escaped_json(json.dumps(value, ensure_ascii=False)))


def counted(number: int, thing: str) -> str:
    """A number and its noun: 1 rule, 2 rules."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def stream(parts: Iterable[bytes]) -> None:
    """A file for another program, byte by byte as it is, as far as it is read."""
    for part in parts:
        click.echo(part, nl=False)
