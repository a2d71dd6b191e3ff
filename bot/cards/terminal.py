"""Cards for the terminal."""

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.cards.card import Card
from bot.cards.redline import redline_coloured, redline_summary, redline_text
from bot.fed.redline import Redline
from bot.fed.redline_json import redline_of

_COLOURS = {"info": "dim", "notice": "cyan", "high": "yellow", "critical": "red"}
_WIDEST = 110
"""Columns that a line may have to be read with ease; a wider terminal stays empty at the right."""

_TITLE = "not dim default"
"""Words are in the terminal's own colour: cyan or yellow can not be read on white."""


def terminal_card(card: Card) -> RenderableType:
    """A card as a panel: severity in the colour of its edge, the headline first."""
    colour = _COLOURS.get(card.severity, "cyan")
    marks = f"  [{', '.join(card.marks)}]" if card.marks else ""
    headlines = [Text(headline, style="bold") for headline in card.headlines]
    headlines[0].append(marks, style="italic")
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in _rows(card):
        table.add_row(label, Text(text))
    if card.source:
        table.add_row("Source", _source(card.source, card.url))
    if card.amends:
        table.add_row("Amends", _source(*card.amends))
    number = f" · #{card.alert_id}" if card.is_alert else ""
    panel = Panel(
        Group(*headlines, table, *_redline(card)),
        title=Text(f"{card.severity} · {card.rule}{number}", style=_TITLE),
        title_align="left",
        subtitle=Text(card.caveat, style=_TITLE) if card.caveat else None,
        subtitle_align="right",
        border_style=colour,
    )
    return Constrain(panel, _WIDEST)


def _rows(card: Card) -> list[tuple[str, str]]:
    """The lines, and the moments at the end of the line of times, or on one before the reason."""
    rows = [(line.label, line.text) for line in card.lines]
    if not card.moments:
        return rows
    told = [moment.text for moment in card.moments]
    times = [n for n, (label, _) in enumerate(rows) if label == "When"]
    if not times:
        return [*rows[:-1], ("When", " · ".join(told)), *rows[-1:]]
    rows[times[-1]] = ("When", " · ".join([rows[times[-1]][1], *told]))
    return rows


def _redline(card: Card) -> list[RenderableType]:
    """What changed in a text, below a line about the whole."""
    if card.redline is None:
        return []
    redline = redline_of(dict(card.redline))
    summary = Text(f"\nRedline: {redline_summary(redline)}\n", style="italic")
    return [summary, _Redline(redline)]


class _Redline:
    """Struck through and bold where the terminal has colours, else with marks around the words."""

    def __init__(self, redline: Redline) -> None:
        self._redline = redline

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        plain = console.color_system is None
        yield Text(redline_text(self._redline)) if plain else redline_coloured(self._redline)


def _source(name: str | None, url: str | None) -> Text:
    text = Text(name or "")
    if url:
        text.append(f"  {url}", style=f"link {url}")
    return text
