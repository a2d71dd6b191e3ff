"""``why ID``, ``why RULE TICKER``: the proof, as ``bot rules why`` tells it."""

from bot.chat.answer import Answer
from bot.chat.ask import Ask
from bot.chat.found import alert_asked
from bot.clock import to_ms
from bot.errors import QueryError
from bot.rules.model import Rule
from bot.rules.problems import did_you_mean
from bot.why import Told, look, look_behind, why_lines


def why(ask: Ask) -> Answer:
    """Each clause, the values, the facts behind them."""
    head, *lines = why_lines(_looked(ask))
    number = f"#{ask.command.number} · " if ask.command.number is not None else ""
    return Answer(
        headline=f"Why {number}{head}", lines=tuple(ask.local(str(line)) for line in lines)
    )


def _looked(ask: Ask) -> Told:
    store, command = ask.store.explaining(), ask.command
    if command.number is None and command.word and command.target and command.target.ticker:
        rule = _rule(ask, command.word)
        return look(store, rule, command.target.ticker, now=to_ms(ask.now))
    decision = alert_asked(ask)
    return look_behind(store, _rule(ask, decision["rule"]), decision)


def _rule(ask: Ask, name: str) -> Rule:
    rules = {rule.id: rule for rule in ask.wired.rules()}
    if name not in rules:
        mend = did_you_mean(name, rules, otherwise=f"{ask.line('rules')} names them all")
        raise QueryError(f"no rule in force is called '{name}'", where="why", mend=mend)
    return rules[name]
