"""``unmute TARGET`` or its number: what was muted is told again."""

from bot.chat.allowed import check_allowed
from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.grammar import target_words
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
        mend = f"{ask.line('mutes')} lists what is muted"
        raise QueryError(_not_muted(ask), where="unmute", mend=mend)
    with ask.store.writing():
        for each in meant:
            circumstances.unmute(each.number, at=now, by=ask.asker.name)
            show_on_card(ask, each)
        held = sum(circumstances.count_held(each.number) for each in meant)
        whose = " and ".join(dict.fromkeys(each.target for each in meant))
        told = f"{whose} is told again from now on; {_held_words(held)}"
        ask.note("unmute", told)
    return Answer(headline=told)


def _is_meant(ask: Ask, mute: Mute) -> bool:
    target = ask.command.target
    if target is None:
        return mute.number == ask.command.number
    return (mute.rule, mute.ticker, mute.who) == (target.rule, target.ticker, target.who)


def _not_muted(ask: Ask) -> str:
    target = ask.command.target
    if target is None:
        return f"no mute in force has the number {ask.command.number}"
    return f"{target_words(target)} is not muted"


def _held_words(count: int) -> str:
    return f"{count} held back, to be found by is:muted" if count else "nothing was held back"
