"""One command being answered: what was said, by whom, and what a verb may use to answer it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.asker import Asker
from bot.chat.canonical import understood
from bot.chat.command import Command, Verb
from bot.chat.pages import Begun
from bot.chat.permissions import Permissions
from bot.clock import from_ms, from_text, to_ms
from bot.rules.model import Rule
from bot.store import Act, Store

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

Doctor = Callable[[], Iterable[str]]
"""What the doctor finds, a line each."""

Permalink = Callable[[str, str], str | None]
"""The address of a message by its channel and ts; None where nobody knows the workspace's."""


def no_permalink(_channel: str, _ts: str) -> None:
    """Of a bot without Slack."""
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """What verbs need besides the store.

    rules: those in force.  doctor: looks at everything, which takes seconds.
    refused: what is wrong with rule files whose last good version is in force, a line each.
    sources: those that are asked.  fresh: one answers while its last whole answer is not older.
    name_of: what Slack's directory calls a channel or a person, by its id; the id where it does not
    know.
    channel: where alerts go that no route sends elsewhere; a test from a terminal goes there.
    """

    rules: Callable[[], Sequence[Rule]]
    doctor: Doctor
    permissions: Permissions = field(default_factory=Permissions)
    permalink: Permalink = no_permalink
    name_of: Callable[[str], str] = str
    refused: Callable[[], Iterable[str]] = tuple
    sources: Sequence[str] = ()
    fresh: timedelta = timedelta(minutes=15)
    channel: str = "#alerts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """now: when it was asked.  begun: which page of the answer is wanted."""

    store: Store
    command: Command
    asker: Asker
    now: datetime
    wired: Wired
    begun: Begun

    @property
    def prompt(self) -> str:
        """What the asker types before a command."""
        return self.asker.prompt

    def line(self, command: str) -> str:
        """A command as it is typed where it was asked, to be copied."""
        return f"`{self.prompt} {command}`"

    def time(self, instant: int) -> str:
        """An instant as the asker's clock shows it: 14:32 today, else with its day."""
        local, now = from_ms(instant).astimezone(self.asker.zone), self.now
        if local.date() == now.astimezone(self.asker.zone).date():
            return f"{local:%H:%M}"
        same_year = local.year == now.year
        return f"{local:%b} {local.day}{'' if same_year else f', {local.year}'} {local:%H:%M}"

    @property
    def reading(self) -> str:
        """How the query of the command was read: "OKLO · insider · ≥ $1M"."""
        told = understood(self.command.query, now=self.now, zone=self.asker.zone)
        return told or ("the newest alerts" if self.command.verb is Verb.SEARCH else "all alerts")

    def local(self, text: str) -> str:
        """A text of the bot whose instants are told as the asker's clock shows them."""
        return _INSTANT.sub(lambda found: self.time(to_ms(from_text(found[0]))), text)

    def link(self, place: str | None, ts: str | None) -> str | None:
        """The address of a message; None where it stands nowhere, or nobody knows where."""
        return self.wired.permalink(place, ts) if place and ts else None

    def note(self, act: str, told: str, *, alert: int | None = None, refused: bool = False) -> None:
        """Record that the asker did this."""
        self.store.chat.note(
            Act(
                at=to_ms(self.now),
                user=self.asker.user,
                name=self.asker.name,
                act=act,
                target=self.command.canonical,
                told=told,
                alert=alert,
                refused=refused,
            )
        )
