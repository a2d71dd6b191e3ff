"""``health``: whether sources answer, rules judge and alerts go out, on one screen."""

from collections.abc import Iterator

from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.names import where
from bot.chat.verbs.rules import in_force
from bot.clock import from_ms, to_ms
from bot.facts import INSIDER_TRADE
from bot.outbox import EVERYWHERE, Holds
from bot.rules.spans import lasted
from bot.store import Delivery

_WAITING = (Delivery.PENDING, Delivery.SENDING, Delivery.PARKED, Delivery.UNCERTAIN, Delivery.DEAD)
_TROUBLES = 3
_IN_WORDS = {"overrun": "began late"}
_BAD = "⚠ "
"""Before a line that tells of something to mend."""


def health(ask: Ask) -> Answer:
    """What an operator looks at first; ``doctor`` asks everything anew."""
    lines = [*_sources(ask), *_outbox(ask), *_held(ask), *_rules(ask), *_newest(ask), *_past(ask)]
    bad = sum(line.startswith(_BAD) for line in lines)
    lines.sort(key=lambda line: not line.startswith(_BAD))
    return Answer(
        headline=f"{bad} thing{'s' * (bad != 1)} to look at" if bad else "All is well",
        lines=tuple(lines),
        foot=f"as of {ask.time(to_ms(ask.now))} · {ask.prompt} doctor asks everything anew",
    )


def _sources(ask: Ask) -> Iterator[str]:
    """When each source last answered in full."""
    seq, now = ask.store.facts.newest_seq(), to_ms(ask.now)
    for source in ask.wired.sources:
        asked, answered = ask.store.circumstances.last_answer(source, seq)
        if answered is None:
            told = "has not answered in full yet" if asked else "was not asked yet"
            yield f"{_BAD}{source}: {told}"
        else:
            fresh = ask.now - from_ms(answered) <= ask.wired.fresh
            yield f"{'' if fresh else _BAD}{source}: answered {_ago(answered, now)}"


def _outbox(ask: Ask) -> Iterator[str]:
    counts = ask.store.outbox.count_by_state()
    told = ", ".join(f"{counts[state]} {state.value}" for state in _WAITING if counts.get(state))
    bad = any(counts.get(state) for state in (Delivery.PARKED, Delivery.DEAD, Delivery.UNCERTAIN))
    yield f"{_BAD if bad else ''}outbox: {told or 'nothing waits'}, {counts.get('sent', 0)} sent"


def _held(ask: Ask) -> Iterator[str]:
    for names, mend in Holds(ask.store).parked():
        channel = " = ".join(dict.fromkeys(map(where, names)))
        yield f"{_BAD}held: {'all channels' if EVERYWHERE in names else channel}: {mend}"


def _rules(ask: Ask) -> Iterator[str]:
    yield f"rules: {in_force(ask.wired.rules())}"
    for each in ask.store.circumstances.failing():
        if each.failing:
            yield f"{_BAD}rule {each.rule} fails since {ask.time(each.since)}: {each.error}"
    yield from (f"{_BAD}{told}" for told in ask.wired.refused())


def _newest(ask: Ask) -> Iterator[str]:
    """The newest filing that was read, and how long it took from its acceptance."""
    newest = ask.store.facts.select(INSIDER_TRADE, limit=1)
    for row in newest:
        whose, accepted = row["ticker"] or row["subject"], ask.time(row["known_at"])
        took = lasted_ms(row["seen_at"] - row["known_at"])
        yield f"newest filing: {whose} accepted {accepted}, seen {took} later"
    if not newest:
        yield "newest filing: none yet"


def _past(ask: Ask) -> Iterator[str]:
    for each in ask.store.collection.troubles(_TROUBLES):
        what = _IN_WORDS.get(each.trouble, each.trouble)
        told = ": ".join(part for part in (what, each.told.strip()) if part)
        yield f"{ask.time(to_ms(each.at))} {each.job}: {told}"


def lasted_ms(ms: int) -> str:
    """A length of time in its greatest unit: 42 s, 7 min, 3 h."""
    seconds = max(ms, 0) // 1000
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7_200 else lasted(0, ms)


def _ago(instant: int, now: int) -> str:
    return f"{lasted_ms(now - instant)} ago"
