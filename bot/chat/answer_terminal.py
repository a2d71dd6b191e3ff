"""Answers for the terminal."""

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from bot.cards.actions import Action
from bot.cards.terminal import terminal_card
from bot.chat.answer import Answer, Button, Row, Tone
from bot.chat.grammar import TERMINAL
from bot.readable import readable


def terminal_answer(answer: Answer) -> RenderableType:
    """An answer line by line, the card as a panel; what a button would run as a command to type."""
    return Group(*_parts(answer))


def answer_json(answer: Answer) -> dict[str, Any]:
    """The same for other programs."""
    return {
        "answer": answer.headline,
        "refused": answer.tone is Tone.REFUSED,
        "alert": answer.card.alert_id if answer.card else None,
        "rows": [row.text for row in answer.rows],
        "lines": list(answer.lines),
        "hints": list(answer.hints),
    }


def _parts(answer: Answer) -> Iterator[RenderableType]:
    refused = answer.tone is Tone.REFUSED
    yield Text(readable(answer.headline), style="yellow" if refused else "bold")
    if answer.card is not None:
        yield terminal_card(answer.card)
    yield from map(_row, answer.rows)
    yield from (Text(readable(line)) for line in answer.lines)
    yield from (Text(readable(hint), style="italic") for hint in answer.hints)
    if answer.foot:
        yield Text(readable(answer.foot), style="dim")
    yield from _commands(answer.buttons)


def _row(row: Row) -> Text:
    return Text(readable(row.text), style=f"link {row.link}" if row.link else "")


def _commands(buttons: Sequence[Button]) -> Iterator[Text]:
    """Pages and shares are of a chat; the rest can be typed."""
    for button in buttons:
        if button.action in (Action.RUN, Action.CONFIRM):
            typed = shlex.quote(button.command) if button.command else ""
            yield Text(f"{button.label}: {TERMINAL} {typed}".rstrip(), style="dim")
