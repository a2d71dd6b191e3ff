"""Mutes as people say them."""

from datetime import timedelta

from bot.cards import Card
from bot.chat.ask import Ask
from bot.chat.command import Command
from bot.chat.grammar import CONFIRMED, target_text
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store.mutes import Mute

_RECENT = timedelta(days=7)


def mute_asked(ask: Ask) -> Mute:
    """The mute that a command means, from now on; QueryError without a target or a span."""
    target, span, now = ask.command.target, ask.command.span, to_ms(ask.now)
    if target is None or span is None:
        mend = f"{ask.line('mute OKLO 7d')} or {ask.line('mute rule:large-officer-sale 4h')}"
        raise QueryError("mute what, for how long?", where="mute", mend=mend)
    return Mute(
        since=now,
        until=span.after(now),
        rule=target.rule,
        ticker=target.ticker,
        who=target.who,
        why=ask.command.reason or "",
        by=ask.asker.name,
    )


def show_on_card(ask: Ask, mute: Mute) -> None:
    """The newest alert of each channel that a mute is about tells of it, or does not any more."""
    outbox, newest = ask.store.outbox, dict[str, int]()
    for message in outbox.standing_since(ask.now - _RECENT):
        card = Card.from_json(message.card)
        if mute.is_for(rule=card.rule, ticker=card.ticker) and message.created_at <= mute.since:
            newest[message.channel] = message.id
    for number in newest.values():
        outbox.want_edit(number)


def confirmed_text(command: Command) -> str:
    """The command that mutes what its preview showed."""
    assert command.target is not None
    assert command.span is not None
    reason = f' "{command.reason}"' if command.reason else ""
    return f"mute {target_text(command.target)} {command.span.text} {CONFIRMED}{reason}"
