"""What can not be read as it was typed, and how to type it."""

from bot.errors import QueryError


class Misread(QueryError):
    """A mistake in a command.  corrected: the whole of it to copy, None where nobody can know."""

    def __init__(self, what: str, *, at: int, mend: str, corrected: str | None = None) -> None:
        super().__init__(what, where=f"query:{at + 1}", mend=mend)
        self.corrected = corrected
