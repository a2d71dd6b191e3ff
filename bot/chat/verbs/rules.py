"""``rules``: those in force; ``rules NAME``: what it looks for, when it fired, who likes it."""

from collections.abc import Iterable, Sequence

from bot.chat.answer import Answer, Button
from bot.chat.ask import Ask
from bot.chat.voting import votes_told
from bot.errors import QueryError
from bot.rules.model import Rule
from bot.rules.problems import did_you_mean
from bot.rules.words import in_words, measured
from bot.store import Votes

_MOST_MEANT = 8


def rules(ask: Ask) -> Answer:
    """The list, or one."""
    found = {rule.id: rule for rule in ask.wired.rules()}
    if ask.command.word is None:
        return _all(ask, tuple(found.values()))
    if ask.command.word not in found:
        what = f"no rule is called '{ask.command.word}'"
        raise QueryError(what, where="rules", mend=_meant(ask, ask.command.word, found))
    return _one(ask, found[ask.command.word])


def _meant(ask: Ask, word: str, known: Iterable[str]) -> str:
    """Those whose ids hold the word; else the one that is spelt nearly so."""
    holding = [each for each in known if word in each]
    if 1 < len(holding) <= _MOST_MEANT:
        return f"perhaps {', '.join(holding[:-1])} or {holding[-1]}?"
    return did_you_mean(word, known, otherwise=f"{ask.line('rules')} names them all")


def _all(ask: Ask, found: tuple[Rule, ...]) -> Answer:
    return Answer(
        headline=f"Rules: {in_force(found)}",
        lines=tuple(_line(rule) for rule in found),
        foot=f"more of one: {ask.prompt} rules NAME",
    )


def in_force(found: Sequence[Rule]) -> str:
    """``71 in force, 1 off``: those that are off judge nothing."""
    held = sum(rule.enabled for rule in found)
    off = f", {len(found) - held} off" if held != len(found) else ""
    return f"{held} in force{off}"


def _line(rule: Rule) -> str:
    return f"{rule.id} · {rule.severity}{_off(rule)} · {rule.title or rule.why}".rstrip(" ·")


def _off(rule: Rule) -> str:
    return "" if rule.enabled else " · off"


def _one(ask: Ask, rule: Rule) -> Answer:
    last = ask.store.decisions.last_fired(rule.id)
    fired = f"#{last['id']} at {ask.time(last['decided_at'])}" if last else "never"
    votes = ask.store.chat.votes_by_rule().get(rule.id, Votes())
    lines = (
        rule.why,
        f"Looks at: {', '.join(kind.name for kind in rule.on)}",
        *(f"Counts only where: {in_words(part)}" for part in (rule.where,) if part),
        *(f"{m.name} is {measured(m)}" for m in rule.measures),
        f"No fact for {rule.absent.text}" if rule.absent else f"Fires when: {in_words(rule.when)}",
        f"Last fired: {fired}",
        f"Votes: {votes_told(votes)}",
        f"Told in: {rule.to}" if rule.to else "",
        f"Stands in {rule.file}:{rule.line}",
    )
    return Answer(
        headline=f"{rule.id} · {rule.severity}{_off(rule)} · {rule.title}".rstrip(" ·"),
        lines=tuple(line for line in lines if line),
        buttons=(Button(label="Its alerts", command=f"rule:{rule.id}"),
                 Button(label="Mute for 1 day", command=f"mute rule:{rule.id} 1d")),
    )  # fmt: skip
