"""What can go wrong with an answer of Yahoo, told apart."""

from enum import StrEnum


class Trouble(StrEnum):
    """Why there is no answer as it should be; the words stand in messages."""

    RATE = "Yahoo asks for silence"
    CRUMB = "Yahoo refuses its own crumb"
    DOWN = "Yahoo is down"
    LATE = "Yahoo does not answer in time"
    CUT = "the connection to Yahoo broke"
    EMPTY = "Yahoo answers with nothing"
    PAGE = "Yahoo answers with a web page"
    NO_JSON = "Yahoo answers with something that is no JSON"
    UNKNOWN = "Yahoo does not know it"
    NO_DATA = "Yahoo has nothing in the span"
    REFUSED = "Yahoo refuses the question"
    UNREADABLE = "Yahoo answers with JSON of another shape"
    MISSING = "yfinance can not be imported"
    CHANGED = "this yfinance is built otherwise"


PASSING = frozenset(
    {
        Trouble.RATE,
        Trouble.CRUMB,
        Trouble.DOWN,
        Trouble.LATE,
        Trouble.CUT,
        Trouble.EMPTY,
        Trouble.PAGE,
        Trouble.NO_JSON,
    }
)
"""Those that say nothing about the question; asking again later is worth it."""


class Troubled(Exception):
    """An answer that is none.

    detail: what came instead.  wait_s: how long Yahoo wants silence, where it says so.
    """

    def __init__(self, trouble: Trouble, detail: str, wait_s: float | None = None) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail, self.wait_s = trouble, detail, wait_s
