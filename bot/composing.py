"""The card of a message as it should stand now: what was decided, and what has come since."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Card, Leg, Line, numbers_told, story_card
from bot.cards.card import Moment
from bot.clock import from_ms
from bot.store import Acknowledgement, Delivery, Message, Store
from bot.store.mutes import Mute


def composed(store: Store, message: Message) -> Card:
    """The card of its alert, with the story that it opened.

    Of the story what stands in its thread: what waits may yet be told in a digest instead.
    """
    card = Card.from_json(message.card)
    if not card.is_alert:
        return card
    told = [each for each in store.outbox.thread_of(message.id) if each.state is Delivery.SENT]
    later = [_leg(each) for each in told if each.message_id > 0]
    card = story_card(_leg(message), later, subject=message.subject or card.rule)
    return _since(store, message, card)


def composed_alone(store: Store, message: Message) -> Card:
    """The card of its alert, whatever story that opened."""
    return _since(store, message, Card.from_json(message.card))


def _since(store: Store, message: Message, card: Card) -> Card:
    """The card with who looks after it, what was muted after it, and the corrections of its own
    fact."""
    acks = [store.chat.acknowledged(number) for number in (card.alert_id, *card.tells)]
    card = _acknowledged(card, [each for each in acks if each is not None])
    card = _muted(card, message, store.circumstances.mutes())
    return _corrected(card, store.corrected.of_message(message.message_id))


def _acknowledged(card: Card, acks: Sequence[Acknowledgement]) -> Card:
    """Of a story which of its alerts, and when the last of them was."""
    by_whom = defaultdict[str, list[Acknowledgement]](list)
    for ack in acks:
        by_whom[ack.name].append(ack)
    moments = tuple(
        Moment(words=f"{_which(card, theirs)}acknowledged by {name}",
               at=from_ms(max(each.at for each in theirs)))
        for name, theirs in by_whom.items()
    )  # fmt: skip
    return replace(card, moments=(*card.moments, *moments)) if moments else card


def _which(card: Card, acks: Sequence[Acknowledgement]) -> str:
    """Which alerts of a story; of a single alert nothing need be said."""
    if not card.tells:
        return ""
    if len(acks) > len(card.tells):
        return f"all {len(acks)} alerts "
    return f"{numbers_told([each.alert for each in acks])} "


def _muted(card: Card, message: Message, mutes: Sequence[Mute]) -> Card:
    """With the mutes of its rule or ticker that people made after it and did not lift."""
    told = tuple(
        Moment(words=f"{each.target} muted by {each.by} until", at=from_ms(each.until))
        for each in mutes
        if each.ended_at is None
        and each.since >= message.created_at
        and each.is_for(rule=card.rule, ticker=card.ticker)
    )
    return replace(card, moments=(*card.moments, *told)) if told else card


def _leg(message: Message) -> Leg:
    return Leg(card=Card.from_json(message.card), at=from_ms(message.created_at))


def _corrected(card: Card, corrections: Sequence[str]) -> Card:
    """Without what it says already, since it waited when that came."""
    if not corrections:
        return card
    new = (each for each in corrections if each not in card.headlines)
    lines = [Line(label="Since then", text=each) for each in new]
    mark = f"#{card.alert_id} corrected" if card.tells else "corrected"
    marks = tuple(dict.fromkeys((*card.marks, mark)))
    return replace(card, marks=marks, lines=(*lines, *card.lines))
