"""What is said back, apart from where it is shown."""

from dataclasses import dataclass
from enum import StrEnum

from bot.cards import Card
from bot.cards.actions import Action


class Tone(StrEnum):
    """What sort of answer it is."""

    GOOD = "good"  # what was asked for
    REFUSED = "refused"  # the asker must mend something, or may not do it


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something a reader may do next.

    label: two words or so.  command: what it runs, as if it had been typed after ``/alerts``.
    action: RUN, PAGE, FORM, SHARE, CONFIRM or CANCEL.
    cursor: of the page it shows, by ``store.query``; None: the first.
    """

    label: str
    command: str
    action: Action = Action.RUN
    cursor: str | None = None
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list.  link: where it leads, the message in Slack or the document."""

    text: str
    link: str | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Something to take away.  name: with its ending, as ``alerts.csv``."""

    name: str
    body: bytes
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The whole answer to one command or click.

    headline: what was understood, and what came of it, in one line.
    card: of one alert, shown whole.  rows, lines: what follows, rows first.  hints: how to say it
    better.  foot: how much there is, "10 of 412 · newest first".
    public: for the whole channel, not for the asker alone.
    replaces: it takes the place of the message whose button was clicked.
    """

    headline: str
    tone: Tone = Tone.GOOD
    card: Card | None = None
    rows: tuple[Row, ...] = ()
    lines: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    foot: str | None = None
    buttons: tuple[Button, ...] = ()
    file: File | None = None
    public: bool = False
    replaces: bool = False
