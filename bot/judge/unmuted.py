"""Mutes that are over: the next alert says so, and how much each of them held back."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Card, Line
from bot.cards.mutes import mute_line
from bot.rules.prepared import Decided
from bot.store import Mute, Store


def tell_ended_mutes(store: Store, alerts: Sequence[Decided], message_id: int) -> list[Line]:
    """The lines with which a message tells of mutes that are over and fit one of its alerts; noted,
    so that no other message does."""
    over = [
        mute
        for mute in store.circumstances.untold(alerts[0].arrived)
        if any(mute.fits(each.rule.id, each.key, each.row) for each in alerts)
    ]
    store.circumstances.note_told([mute.number for mute in over], message_id)
    return _lines(store, over, message_id)


def told_ended_mutes(store: Store, message_id: int) -> list[Line]:
    """The lines with which an earlier message told of mutes."""
    return _lines(store, store.circumstances.told_in(message_id), message_id)


def with_lines(card: Card, lines: Sequence[Line]) -> Card:
    """The card with these lines at its end."""
    return replace(card, lines=(*card.lines, *lines))


def _lines(store: Store, mutes: Sequence[Mute], message_id: int) -> list[Line]:
    """message_id: what is decided from there on came after the mutes ended."""
    return [
        mute_line(
            ended_at=mute.ends_at,
            by=mute.by,
            why=mute.why,
            lifted_by=mute.ended_by,
            held=store.circumstances.count_held(mute.number, before=message_id),
        )
        for mute in mutes
    ]
