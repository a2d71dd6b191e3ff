"""``unmute TARGET`` or its number: what was muted is told again."""

from bot.chat.allowed import check_allowed
from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.muting import show_on_card
from bot.chat.permissions import Act
from bot.clock import to_ms
from bot.errors import QueryError
from bot.store.mutes import Mute


def unmute(ask: Ask) -> Answer:
    """Lift each mute that is meant before its time."""
    check_allowed(ask, Act.MUTE)
    now, circumstances = to_ms(ask.now), ask.store.circumstances
    meant = [each for each in circumstances.mutes(active_at=now) if _is_meant(ask, each)]
    if not meant:
        mend = f"{ask.prompt} mutes lists what is muted"
        raise QueryError(f"nothing is muted by {_asked(ask)}", where="unmute", mend=mend)
    with ask.store.writing():
        for each in meant:
            circumstances.unmute(each.number, at=now, by=ask.asker.name)
            show_on_card(ask, each)
        held = sum(circumstances.count_held(each.number) for each in meant)
        whose = " and ".join(dict.fromkeys(each.target for each in meant))
        told = f"{whose} is told again from now on; {held} held back"
        ask.note("unmute", told)
    return Answer(headline=told)


def _is_meant(ask: Ask, mute: Mute) -> bool:
    target = ask.command.target
    if target is None:
        return mute.number == ask.command.number
    return (mute.rule, mute.ticker, mute.who) == (target.rule, target.ticker, target.who)


def _asked(ask: Ask) -> str:
    """What the asker named, in the words of the command."""
    return ask.command.canonical.partition(" ")[2] or "nothing"
