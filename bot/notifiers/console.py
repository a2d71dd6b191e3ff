"""Alerts to the terminal."""

from rich.console import Console

from bot.cards import Card
from bot.cards.terminal import terminal_card


class ConsoleNotifier:
    """Prints cards, one below the other."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def send(self, channel: str, card: Card) -> None:
        """Show a card; nothing here can fail half-way."""
        del channel  # one terminal is every channel
        self._console.print(terminal_card(card))
