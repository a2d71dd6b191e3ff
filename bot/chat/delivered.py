"""How an alert reached its channels, and what came of its thread."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.chat.answer import Row
from bot.chat.ask import Ask
from bot.chat.found import card_number
from bot.chat.names import where
from bot.clock import to_ms
from bot.outbox import Holds
from bot.store import Delivery, Message

REPLIES = 10
"""So many of a thread are listed: it can be read in Slack."""


def delivery_rows(ask: Ask, decision: dict[str, Any]) -> Iterator[Row]:
    """One row a channel, which leads to the message, then its replies."""
    messages = ask.store.outbox.telling(card_number(decision))
    if not messages and decision["message_id"]:
        yield Row(text="It had no channel to go to")
    for message in messages:
        yield message_row(ask, message)
        yield from _thread_rows(ask, ask.store.outbox.thread_of(message.id))


def _thread_rows(ask: Ask, replies: Sequence[Message]) -> Iterator[Row]:
    """The newest replies of a thread, oldest first; the others are counted."""
    if left := len(replies[:-REPLIES]):
        yield Row(text=f"↳ in its thread: {left} more, older than these")
    for reply in replies[-REPLIES:]:
        told = f"↳ in its thread: {reply.text} ({_state(ask, reply)})"
        yield Row(text=told, link=ask.link(reply.place, reply.ts))


def message_row(ask: Ask, message: Message) -> Row:
    """Where a message was to go, and how far it came."""
    return Row(text=_delivery(ask, message), link=ask.link(message.place, message.ts))


def _delivery(ask: Ask, message: Message) -> str:
    parts = [
        f"{where(message.channel)} · queued {ask.time(message.created_at)}",
        _state(ask, message),
    ]
    if message.attempts:
        parts.append(f"{message.attempts} attempt{'s' * (message.attempts != 1)}")
    if message.error and message.state is not Delivery.SENT:
        parts.append(message.error)
    parts += [message.delayed or "", message.detached or ""]
    return ask.local(", ".join(part for part in parts if part))


def _state(ask: Ask, message: Message) -> str:
    match message.state:
        case Delivery.SENT if message.sent_at is not None:
            return f"sent {ask.time(message.sent_at)}{_reconciled(message)}"
        case Delivery.DIGEST if message.digest_id is not None:
            digest = ask.store.outbox.of(message.digest_id)
            return f"told in a digest, {_state(ask, digest)}" if digest else "told in a digest"
        case Delivery.DIGEST:
            return "waits to be told in a digest"
        case Delivery.UNCERTAIN:
            return "may have arrived: it is looked for in the channel before it is sent again"
        case Delivery.DEAD:
            return "refused for good"
        case Delivery.PENDING | Delivery.PARKED:
            at = Holds(ask.store).next_try(message)
            later = at is not None and at > to_ms(ask.now)
            return f"waits, next try {ask.time(at)}" if at and later else "waits for its turn"
    return message.state.value


def _reconciled(message: Message) -> str:
    """How it came out that it had arrived, where nobody saw the answer."""
    told = f", {message.reconciled}" if message.reconciled else ""
    return f"{told}, may be a repeat" if message.repeat else told
