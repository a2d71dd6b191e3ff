"""Alerts to the terminal."""

from datetime import timedelta

from rich.console import Console

from bot.cards import Card
from bot.cards.terminal import terminal_card
from bot.notifiers.notifier import TERMINAL
from bot.notifiers.outcome import Outcome, Sent, Uncertain


class ConsoleNotifier:
    """Prints cards, one below the other."""

    may_repeat = True
    spacing = timedelta()

    def __init__(self, console: Console) -> None:
        self._console = console

    def lane(self, channel: str) -> str:
        """One terminal is every channel."""
        del channel
        return TERMINAL

    def send(self, channel: str, card: Card) -> Outcome:
        """Show a card; only what it is printed to can fail, such as a full disk."""
        del channel
        try:
            self._console.print(terminal_card(card))
        except OSError as error:
            return Uncertain(why=f"{type(error).__name__}: {error.strerror}")
        return Sent()
