"""Pages of an answer: nothing is remembered, all stands on the button."""

from dataclasses import dataclass, replace

from bot.chat.answer import Answer
from bot.chat.asker import Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """How far an answer is read.

    rows: how many rows came before.  cursor: the store's, None at the first row.
    """

    rows: int = 0
    cursor: str | None = None

    @property
    def value(self) -> str:
        return f"{self.rows}_{self.cursor or ''}"

    @classmethod
    def read(cls, value: str) -> "Begun":
        """ValueError on what is none of ours."""
        rows, cursor = value.split("_", 1)
        return cls(rows=int(rows), cursor=cursor or None)

    def further(self, rows: int, cursor: str) -> "Begun":
        """The page behind one of so many rows."""
        return Begun(rows=self.rows + rows, cursor=cursor)


def shared(answer: Answer, asker: Asker) -> Answer:
    """For all who read the channel, without buttons: each press would change it for everybody."""
    rows = tuple(replace(row, buttons=()) for row in answer.rows)
    foot = " · ".join(filter(None, (answer.foot, f"shared by {asker.name}")))
    return replace(answer, rows=rows, buttons=(), hints=(), foot=foot, public=True)
