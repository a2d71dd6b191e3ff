"""Mutes as people say them."""

from bot.chat.ask import Ask
from bot.chat.command import Command
from bot.chat.grammar import CONFIRMED, target_text
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store.mutes import Mute


def mute_asked(ask: Ask) -> Mute:
    """The mute that a command means, from now on; QueryError without a target or a span."""
    target, span, now = ask.command.target, ask.command.span, to_ms(ask.now)
    if target is None or span is None:
        mend = f"{ask.prompt} mute OKLO 7d, or {ask.prompt} mute rule:large-officer-sale 4h"
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


def target_told(mute: Mute) -> str:
    """What a mute is about: "OKLO", "the rule large-officer-sale about OKLO"."""
    rule = f"the rule {mute.rule}" if mute.rule else ""
    who = f"what names {mute.who}" if mute.who else ""
    parts = [part for part in (rule, mute.ticker or "", mute.key or "", who) if part]
    return " about ".join(parts)


def confirmed_text(command: Command) -> str:
    """The command that mutes what its preview showed."""
    assert command.target is not None
    assert command.span is not None
    reason = f' "{command.reason}"' if command.reason else ""
    return f"mute {target_text(command.target)} {command.span.text} {CONFIRMED}{reason}"
