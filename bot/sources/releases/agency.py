"""What every agency is asked: what it plans, and what has come of some of its releases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.errors import BotError
from bot.fed.absence import Publication
from bot.fed.due import Slot

READ_AGAIN = timedelta(hours=6)
"""Calendars of agencies change a week ahead, but for a shutdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was published, by title, of those titles that could be asked about.

    trouble: why others could not; None where all could.
    """

    found: Mapping[str, Sequence[Publication]]
    trouble: BotError | None = None


class Agency(Protocol):
    """One that publishes by a calendar."""

    @property
    def name(self) -> str:
        """As in the field ``agency``: BLS."""

    @property
    def source(self) -> str | None:
        """The source by which its polls are told; None where another step tells them."""

    @property
    def plan_lasts(self) -> timedelta:
        """After which time the calendar is read anew."""

    def slots(self) -> Sequence[Slot]:
        """Its watched releases as planned now, past ones too as far as the calendar has them.

        Raises SourceUnavailable or SourceUnreadable.
        """

    def published(self, titles: Collection[str]) -> Answer:
        """The newest publications of these releases."""
