"""The card that a message shows now, with what its way to the channel has added to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from structlog.typing import FilteringBoundLogger

from bot.cards import REPEAT, Card
from bot.cards.card import Moment, day_and_time
from bot.clock import NEW_YORK, from_ms, to_ms
from bot.outbox.lanes import EVERYWHERE
from bot.store import Message, Store

Compose = Callable[[Message], Card]


def stored_card(message: Message) -> Card:
    return Card.from_json(message.card)


class Composer:
    """compose: the card of a message as it should be shown now."""

    def __init__(self, compose: Compose, log: FilteringBoundLogger) -> None:
        self._compose, self._log = compose, log

    def card(self, message: Message) -> Card:
        """Where it can not be composed anew, the card as it was queued: no alert is lost."""
        try:
            card = self._compose(message)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            self._log.error("card.not_composed", message=message.id, why=why)
            card = stored_card(message)
        return _marked(card, message)


def _marked(card: Card, message: Message) -> Card:
    if message.delayed and card.tells:  # the headline of a story is of another alert
        card = replace(card, moments=(*card.moments, Moment(words=message.delayed)))
    elif message.delayed:
        card = replace(card, marks=(*card.marks, message.delayed))
    if message.repeat:
        *others, last = card.headlines or (card.rule,)
        card = replace(card, headlines=(*others, f"{last} {REPEAT}"))
    return card


class Delays:
    """How much later messages come by an outage of their lane, or because no bot ran.

    lane: of a channel.  worth: less is not worth a word.
    """

    def __init__(self, store: Store, lane: Callable[[str], str], *, worth: timedelta) -> None:
        self._store, self._lane, self._worth = store, lane, worth

    def told(self, channel: str, created_at: int, *, now: datetime) -> str | None:
        """Of a message that is sent now; None where it is not late by an outage."""
        outages = self._store.outbox.outages()
        for each in (EVERYWHERE, self._lane(channel)):
            outage = outages.get(each)
            if outage is None or (outage.until is not None and created_at > outage.until):
                continue
            late = timedelta(milliseconds=to_ms(now) - max(created_at, outage.since))
            if late >= self._worth:
                return f"delayed {span_told(late)} by {outage.why}"
        return None

    def told_on(self, message: Message, *, now: datetime) -> str | None:
        """Of a message that is sent now by itself; None where it is not late."""
        outage = self.told(message.channel, message.created_at, now=now)
        return ", ".join(filter(None, (outage, self._missed(message, now)))) or None

    def _missed(self, message: Message, now: datetime) -> str | None:
        """Since when that was known which the bot learned after it had been away."""
        if not self._was_away_for(message) or now - from_ms(message.told_since) < self._worth:
            return None
        return f"known since {day_and_time(from_ms(message.told_since))}, while the bot was away"

    def told_of_absence(self, messages: Sequence[Message]) -> str:
        """When the bot was away, as a headline begins on alerts of that time; else nothing."""
        absence = self._store.collection.last_absence()
        if absence is None or not any(map(self._was_away_for, messages)):
            return ""
        since, until = (each.astimezone(NEW_YORK) for each in (absence.since, absence.until))
        same_day = since.date() == until.date()
        end = f"{until:%H:%M} ET" if same_day else day_and_time(until)
        return f"The bot was away from {since:%b %d %H:%M} to {end}: "

    def _was_away_for(self, message: Message) -> bool:
        absence, known_at = self._store.collection.last_absence(), message.known_at
        return absence is not None and known_at is not None and absence.covers(from_ms(known_at))

    def were_held_back(self, channel: str, created_at: int) -> bool:
        """Whether an outage that has ended held back what was queued at an instant."""
        outages = self._store.outbox.outages()
        ends = (
            outages[each].until for each in (EVERYWHERE, self._lane(channel)) if each in outages
        )
        return any(until is not None and created_at <= until for until in ends)


def span_told(span: timedelta) -> str:
    """Hours and minutes, rounded down: ``3 h 10 min``."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")
    return " ".join(filter(None, parts)) or "less than a minute"
