"""The rule files in force, each as it was when it was last good: a restart knows them again."""

from collections.abc import Mapping

from bot.store.database import Connections


class RuleFiles:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def last_good(self) -> dict[str, str]:
        """Text by file; of a store that no bot has judged by yet, none."""
        return dict(self._connections.connection.execute("SELECT file, text FROM rule_files"))

    def keep(self, texts: Mapping[str, str]) -> None:
        """These are in force from here on, and no others."""
        if texts == self.last_good():
            return
        rows = [(_stored(file), text) for file, text in texts.items()]
        with self._connections.writing() as connection:
            connection.execute("DELETE FROM rule_files")
            connection.executemany("INSERT INTO rule_files (file, text) VALUES (?, ?)", rows)


def _stored(file: str) -> str:
    """A name that is no UTF-8 is kept in another spelling: such a file has no last good version."""
    return file.encode(errors="backslashreplace").decode()
