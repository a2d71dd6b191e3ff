"""The rule files in force, each as it was when it was last good: a restart knows them again.

A file is known by its place, however its path is written and from wherever the bot is started.
"""

import os
from collections.abc import Iterable, Mapping

from bot.store.database import Connections


class RuleFiles:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def in_force(self) -> dict[str, str]:
        """Text by absolute path, as the bot that judges by them keeps them; of a store that no bot
        has judged by yet, none."""
        return dict(self._connections.connection.execute("SELECT file, text FROM rule_files"))

    def last_good(self, names: Iterable[str]) -> dict[str, str]:
        """Of these files the texts in force, by the names that the files have here."""
        kept = self.in_force()
        real = {os.path.realpath(file): text for file, text in kept.items()}
        absolute = {os.path.abspath(file): text for file, text in kept.items()}
        found = (
            (n, absolute.get(os.path.abspath(n), real.get(os.path.realpath(n)))) for n in names
        )
        return {name: text for name, text in found if text is not None}

    def keep(self, texts: Mapping[str, str]) -> None:
        """These are in force from here on, and no others."""
        rows = {_stored(file): text for file, text in texts.items()}
        if rows == self.in_force():
            return
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM rule_files")
            connection.executemany(
                "INSERT INTO rule_files (file, text) VALUES (?, ?)", list(rows.items())
            )


def _stored(file: str) -> str:
    """The path that a file is kept under: links stay, for a volume that is written anew turns them.

    A name that is no UTF-8 is kept in another spelling: such a file has no last good version.
    """
    return os.path.abspath(file).encode(errors="backslashreplace").decode()
