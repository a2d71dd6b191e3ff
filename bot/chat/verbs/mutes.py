"""``mutes``: what is not told now, who said so and why, and what ended of late."""

from bot.chat.answer import Answer, Button, Row
from bot.chat.ask import Ask
from bot.clock import to_ms
from bot.store.mutes import Mute

_MOST = 20
_OVER = 5


def mutes(ask: Ask) -> Answer:
    """Those in force with a button each, then the last that are over."""
    now, circumstances = to_ms(ask.now), ask.store.circumstances
    active = circumstances.mutes(active_at=now)
    over = [each for each in circumstances.mutes() if each.ends_at <= now][-_OVER:]
    count = (
        f"{len(active)} mute{'s' * (len(active) != 1)} in force" if active else "Nothing is muted"
    )
    rows = tuple(
        Row(
            text=f"{each.number} · {_told(ask, each)}",
            buttons=(Button(label="Unmute", command=f"unmute {each.number}"),),
        )
        for each in active[:_MOST]
    )
    left = f"and {len(active) - _MOST} more · " if len(active) > _MOST else ""
    return Answer(
        headline=count,
        rows=rows,
        lines=tuple(f"over: {_told(ask, each)}" for each in reversed(over)),
        foot=f"{left}muted alerts stay in history: is:muted",
    )


def _told(ask: Ask, mute: Mute) -> str:
    held = ask.store.circumstances.count_held(mute.number)
    lifted = f", lifted by {mute.ended_by}" if mute.ended_by else ""
    parts = (
        mute.target,
        f"until {ask.time(mute.ends_at)}{lifted}",
        f"by {mute.by or 'nobody named'} at {ask.time(mute.since)}",
        f"{held} held back",
        mute.why,
    )
    return " · ".join(part for part in parts if part)
