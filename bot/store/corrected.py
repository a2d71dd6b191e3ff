"""What later filings made of alerts, in a sentence each: cards and lists say it with the alert."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store.database import Connections

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An alert as a filing tells it otherwise.

    alert: its number.  seq: the number of the fact that corrects it.  text: the whole sentence.
    figures: what changed, as told and as known now; None where an earlier version of the bot, which
    did not keep them apart, told it.
    """

    alert: int
    seq: int
    text: str
    figures: str | None


class Corrected:
    """Corrections by the alerts that they are of."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def keep(self, corrections: Sequence[Correction]) -> None:
        """Keep corrections; one of an alert by a fact once."""
        with self._connections.writing() as connection:
            connection.executemany(
                "INSERT INTO corrections (alert, seq, text, figures) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (alert, seq) DO NOTHING",
                [(each.alert, each.seq, each.text, each.figures) for each in corrections],
            )

    def of_message(self, message_id: int) -> list[str]:
        """What is told of the alerts that one message tells, oldest first."""
        rows = self._connections.connection.execute(
            "SELECT k.text FROM alerts a JOIN corrections k ON k.alert = a.id "
            "WHERE a.message_id = ? GROUP BY k.text ORDER BY MIN(k.seq), MIN(k.alert)",
            (message_id,),
        )
        return [text for (text,) in rows]


def correction_tables(database: "Database") -> None:
    """With the corrections that the outbox has; of a message that tells several alerts it is not
    known which of them it was."""
    database.execute(
        "CREATE TABLE corrections (alert INTEGER NOT NULL, seq INTEGER NOT NULL, "
        "text TEXT NOT NULL, figures TEXT, PRIMARY KEY (alert, seq)) WITHOUT ROWID"
    )
    database.execute(
        "INSERT OR IGNORE INTO corrections (alert, seq, text) "
        "SELECT a.id, (-reply.message_id - 4000000000000000) / 1000000, reply.text "  # its number
        "FROM outbox AS reply JOIN outbox AS told ON told.id = reply.corrects "
        "JOIN alerts AS a ON a.message_id = told.message_id WHERE reply.corrects IS NOT NULL"
    )
