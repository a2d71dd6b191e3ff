"""Alerts to the terminal."""

from datetime import datetime, timedelta

from rich.console import Console

from bot.cards import Card
from bot.cards.terminal import terminal_card
from bot.notifiers.notifier import TERMINAL
from bot.notifiers.outcome import Dead, Outcome, Place, Sent, Uncertain, Unseen


class ConsoleNotifier:
    """Prints cards, one below the other."""

    may_repeat = True
    spacing = edit_spacing = timedelta()

    def __init__(self, console: Console) -> None:
        self._console = console

    def lane(self, channel: str) -> str:
        """One terminal is every channel."""
        del channel
        return TERMINAL

    def send(
        self,
        channel: str,
        card: Card,
        *,
        revision: int = 1,
        thread: Place | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        """Show a card; only what it is printed to can fail, such as a full disk."""
        del channel, revision, thread, broadcast
        try:
            self._console.print(terminal_card(card))
        except OSError as error:
            return Uncertain(why=f"{type(error).__name__}: {error.strerror}")
        return Sent()

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        """What has been printed stays."""
        del place, card, revision
        return Dead(why="what has been printed stays")

    def look(
        self,
        channel: str,
        *,
        since: datetime,
        after: str | None = None,
        thread: Place | None = None,
    ) -> Unseen:
        """Only a person can see what stands on a terminal."""
        del channel, since, after, thread
        return Unseen(why="nobody can look at a terminal", definite=True)
