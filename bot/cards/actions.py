"""What the buttons of cards and answers do, and how that is written on them.

Everything is in the value or in the store, so that a button of last year works after any restart.
Limits: docs.slack.dev, Block Kit: the value of a button has 2,000 characters, that of an option of
an overflow menu 150; an action_id stands once in a block.
"""

from dataclasses import dataclass
from enum import StrEnum

BUTTON_VALUE = 2_000
OPTION_VALUE = 150


class Action(StrEnum):
    """The first word of an action_id.  In brackets: what the value is."""

    ACK = "ack"  # [numbers of alerts, that of the card first] somebody looks after them
    MUTE = "mute"  # [MuteChoice] a menu; answered by a preview
    HISTORY = "history"  # [number] past alerts of its ticker, without one of its rule
    WHY = "why"  # [number] the proof behind it
    VOTE_UP = "vote_up"  # [number] worth telling
    VOTE_DOWN = "vote_down"  # [number] not worth telling
    SOURCE = "source"  # a link: Slack opens it and tells the bot, which has nothing to do
    RUN = "run"  # [command] as if it had been typed
    PAGE = "page"  # [Page] another page in the place of this one
    FORM = "form"  # [command] the search form, filled with it
    SHARE = "share"  # [Page] the same answer for the whole channel
    CONFIRM = "confirm"  # [command] what its preview showed is done
    CANCEL = "cancel"  # [command] nothing is done


ON_CARDS = frozenset(
    (Action.ACK, Action.MUTE, Action.HISTORY, Action.WHY, Action.VOTE_UP, Action.VOTE_DOWN)
)
"""What stands under an alert; the values begin with its number."""


def action_id(action: Action, place: int | None = None) -> str:
    """place: among the buttons of one block that do the same, from 0."""
    return str(action) if place is None else f"{action}:{place}"


def action_of(written: str) -> Action | None:
    """The action of an action_id; None where no button of this bot has it."""
    try:
        return Action(written.partition(":")[0])
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteChoice:
    """One option of the menu under a card.

    alert_id: of the alert whose ticker, or whose rule, is muted.  span: as it is typed, "7d".
    """

    alert_id: int
    of: str
    span: str

    @property
    def value(self) -> str:
        return f"{self.alert_id} {self.of} {self.span}"

    @property
    def label(self) -> str:
        """Without the name, which the card shows: "This ticker for 7 days"."""
        return f"This {self.of} for {_SPANS.get(self.span, self.span)}"

    @classmethod
    def read(cls, value: str) -> "MuteChoice":
        """ValueError on what no option of ours has."""
        match value.split():
            case [number, ("ticker" | "rule") as of, span] if number.isdecimal():
                return cls(alert_id=int(number), of=of, span=span)
        raise ValueError(f"'{value}' is no choice of a mute")


_SPANS = {"1h": "1 hour", "1d": "1 day", "7d": "7 days"}


def mute_choices(alert_id: int, *, has_ticker: bool) -> tuple[MuteChoice, ...]:
    """The menu of an alert; one without a ticker can only be muted by its rule."""
    ticker = ("1h", "1d", "7d") if has_ticker else ()
    return (
        *(MuteChoice(alert_id=alert_id, of="ticker", span=span) for span in ticker),
        MuteChoice(alert_id=alert_id, of="rule", span="7d"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of an answer.  cursor: where it begins, without blanks; None: at the first row."""

    command: str
    cursor: str | None = None

    @property
    def value(self) -> str:
        return f"{self.cursor or '-'} {self.command}"

    @classmethod
    def read(cls, value: str) -> "Page":
        cursor, _, command = value.partition(" ")
        return cls(command=command, cursor=None if cursor == "-" else cursor)
