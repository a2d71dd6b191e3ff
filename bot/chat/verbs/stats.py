"""``stats [query]``: which rules and tickers, what became of them, how fast they were told."""

from collections.abc import Iterator, Mapping

from bot.chat.answer import Answer, Button
from bot.chat.ask import Ask
from bot.chat.voting import votes_told
from bot.rules.fire import Fate
from bot.store.statistics import Stats

_MOST = 8


def stats(ask: Ask) -> Answer:
    """Counts, the greatest first."""
    found = ask.store.history.stats(ask.command.query)
    query = ask.command.canonical.removeprefix(ask.command.verb).strip()
    return Answer(
        headline=f"{ask.reading} → {found.total:,} alert{'s' * (found.total != 1)}",
        lines=tuple(_lines(found)),
        buttons=(Button(label="These alerts", command=query),),
    )


def _lines(found: Stats) -> Iterator[str]:
    yield from (
        f"{name}: {_counts(counts)}"
        for name, counts in (
            ("Rules", found.by_rule),
            ("Tickers", found.by_ticker),
            ("Kinds", found.by_kind),
            ("Severities", found.by_severity),
        )
        if counts
    )
    if found.by_rule:
        noisiest, most = next(iter(found.by_rule.items()))
        share = f"{most / found.total:.0%}" if found.total else "none"
        yield f"Noisiest rule: {noisiest}, {share} of all"
    muted = found.by_fate.get(Fate.MUTED, 0)
    held = {fate: n for fate, n in found.by_fate.items() if fate not in (Fate.FIRED, Fate.MUTED)}
    yield f"Muted: {muted:,}" + (f"; held back besides: {_counts(held)}" if held else "")
    yield f"Messages: {_counts(found.messages) or 'none'}; refused for good: {found.failed}"
    if found.median_ms is not None and found.p95_ms is not None:
        yield f"Delivered within {_span(found.median_ms)} (half) and {_span(found.p95_ms)} (p95)"
    votes = {rule: votes_told(each) for rule, each in found.votes.items()}
    if votes:
        yield "Votes: " + "; ".join(f"{rule} {told}" for rule, told in votes.items())


def _counts(counts: Mapping[str, int]) -> str:
    shown = list(counts.items())[:_MOST]
    left = len(counts) - len(shown)
    more = f" and {left} more" if left else ""
    return ", ".join(f"{name} {count:,}" for name, count in shown) + more


def _span(ms: int) -> str:
    """A time of delivery, which is short or an outage."""
    if ms < 60_000:
        return f"{ms / 1000:.1f} s"
    return f"{ms // 60_000:,} min" if ms < 7_200_000 else f"{ms // 3_600_000:,} h"
