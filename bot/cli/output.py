"""What commands print with: one console, tables that fit, JSON lines."""

import json
from typing import Any

import click
from rich.console import Console


def console(*, stderr: bool = False) -> Console:
    """The terminal; piped output is as wide as a card needs."""
    found = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not found.is_terminal:
        found.width = 110
    return found


def print_json(value: Any) -> None:
    """One JSON object a line."""
    click.echo(json.dumps(value, ensure_ascii=False))
