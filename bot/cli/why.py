"""``bot rules why``: the proof behind a decision."""

from pathlib import Path

import click

from bot.app import load_rule_paths
from bot.cli.output import print_json, say
from bot.cli.why_text import show, to_json
from bot.clock import system_clock, to_ms
from bot.config import Config, load_config
from bot.errors import QueryError
from bot.rules.grammar import Mistake
from bot.rules.model import Rule
from bot.rules.problems import did_you_mean
from bot.rules.values import read_instant
from bot.store.explaining import explaining
from bot.why import look


@click.command()
@click.argument("rule_id", metavar="RULE")
@click.argument("key", metavar="KEY")
@click.option("--at", "at_text", metavar="TIME", help="As it was then: 2025-09-23 18:02 ET.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
@click.pass_obj
def why(
    config_path: Path | None, rule_id: str, key: str, at_text: str | None, as_json: bool
) -> int:
    """Why a rule fired for a key, or did not: each clause, the values, the facts behind them.

    KEY is a ticker, an issuer's CIK, or the rule's own key as the decision has it.
    """
    config = load_config(config_path)
    rule, until = _rule(config, rule_id), _instant(at_text)
    with explaining(config.store.path) as store:
        found = look(store, rule, key, now=to_ms(system_clock()), until=until)
    if as_json:
        print_json(to_json(found))
    else:
        show(found)
    return 0 if found.decision or (found.remembered and until is None) else 1


def _rule(config: Config, rule_id: str) -> Rule:
    loaded = load_rule_paths([config.rules.path])
    for problem in loaded.mistakes:
        say(str(problem), err=True)
    rules = {rule.id: rule for rule in loaded.rules}
    if rule_id not in rules:
        mend = did_you_mean(rule_id, rules, otherwise="bot rules list names them all")
        raise QueryError(f"there is no rule '{rule_id}'", where="RULE", mend=mend)
    return rules[rule_id]


def _instant(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return to_ms(read_instant(text))
    except Mistake as mistake:
        raise QueryError(mistake.what, where="--at", mend=mistake.mend) from mistake
