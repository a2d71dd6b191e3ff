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
    """One JSON object a line, UTF-8; names of files that are not stay as escapes."""
    text = json.dumps(value, ensure_ascii=False)
    click.echo(text if _is_unicode(text) else json.dumps(value))


def counted(number: int, thing: str) -> str:
    """A number and its noun: 1 rule, 2 rules."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
