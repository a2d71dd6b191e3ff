"""``bot rules why``: the proof behind a decision."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from bot.app import active_rules
from bot.cards import source_of
from bot.cli.output import console, print_json
from bot.clock import from_ms, system_clock, to_ms, to_text
from bot.config import Config, load_config
from bot.errors import QueryError
from bot.facts import kind
from bot.rules.explain import (
    Evidence,
    Told,
    clauses,
    counted,
    evidence,
    places,
    state_told,
    where_clauses,
)
from bot.rules.grammar import Mistake
from bot.rules.messages import shown
from bot.rules.model import Rule
from bot.rules.prepared import prepare
from bot.rules.problems import did_you_mean
from bot.rules.values import read_instant
from bot.store.explaining import Explaining, explaining

_MARKS = {"yes": "[green]yes    [/]", "no": "[red]no     [/]", "unknown": "[yellow]unknown[/]"}
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """All there is to tell of one key of one rule."""

    rule: Rule
    key: str
    others: tuple[str, ...]
    decision: dict[str, Any]
    fact: dict[str, Any]
    clauses: list[Told]
    evidence: list[Evidence]
    state: str


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
        found = _find(store, rule, key, until)
        if found is None:
            return _nothing_decided(store, rule, key, until, as_json)
    if as_json:
        print_json(_json(found))
    else:
        _show(found)
    return 0


def _rule(config: Config, rule_id: str) -> Rule:
    rules = {rule.id: rule for rule in active_rules(config)}
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


def _find(store: Explaining, rule: Rule, asked: str, until: int | None) -> _Why | None:
    keys = store.keys_of(rule.id, asked)
    dated = {key: store.last_decision(rule.id, key, until=until) for key in keys}
    known = [key for key in keys if dated[key] is not None]
    if not known or (decision := dated[known[0]]) is None:
        return None
    fact = store.facts.by_seq(decision["kind"], decision["fact_seq"])
    state = store.decisions.states([(rule.id, known[0])])
    (prepared,) = prepare([replace(rule, enabled=True)])
    told = "every match is told"
    if prepared.firing.remembers:
        held = state.get((rule.id, known[0]))
        at = to_ms(system_clock())
        told = state_told(rule, prepared.firing, held, at=at) if held else "armed"
    return _Why(
        rule=rule,
        key=known[0],
        others=tuple(known[1:]),
        decision=decision,
        fact=fact,
        clauses=clauses(rule, decision["proof"]),
        evidence=_evidence(store, rule, decision, fact),
        state=told,
    )


def _evidence(
    store: Explaining, rule: Rule, decision: dict[str, Any], fact: dict[str, Any]
) -> list[Evidence]:
    facts = {}
    for measure in rule.measures:
        if question := counted(measure, fact):
            listed = store.list_of(*question)
            facts[measure.name] = store.facts_of(measure.of.name, json.loads(listed or "[]"))
    return evidence(rule, decision["measures"], facts)


# Nothing decided.


def _nothing_decided(
    store: Explaining, rule: Rule, asked: str, until: int | None, as_json: bool
) -> int:
    """Why a key has no decision: its facts do not pass ``where``, or there are none."""
    row = store.newest_about(rule.on, asked, until=until)
    told = where_clauses(rule, row) if row else []
    if as_json:
        print_json({"rule": rule.id, "key": asked, "decision": None, "state": "armed",
                    "where": [_clause_json(each) for each in told]})  # fmt: skip
        return 1
    out = console()
    kinds = ", ".join(k.name for k in rule.on)
    if row is None:
        out.print(f"{rule.id} has judged nothing about {escape(asked)}: no {kinds} is stored")
        return 1
    out.print(f"{rule.id} has judged nothing about {escape(asked)}.")
    out.print(f"Its newest {row['kind']}, {_time(row['known_at'])}, by 'where':")
    for each in told:
        out.print(f"  {_MARKS[each.truth]} {escape(str(each))}")
    return 1


# Told.


def _show(found: _Why) -> None:
    out, decision = console(), found.decision
    out.print(f"[bold]{found.rule.id}[/] · {found.key} · {decision['ticker'] or ''}")
    out.print(f"state now: {found.state}")
    reason = f" ({decision['reason']})" if decision["reason"] else ""
    out.print(f"last decision: {decision['fate']}{escape(reason)}, {_time(decision['at'])}")
    if decision["version"] != found.rule.version:
        out.print("[yellow]decided by another version of the rule than the one in force[/]")
    if decision["message"]:
        out.print(f"  {escape(decision['message'])}")
    out.print("clauses:")
    for each in found.clauses:
        out.print(f"  {_MARKS[each.truth]} {escape(str(each))}")
    out.print("judged fact:")
    out.print(f"  {escape(_fact_text(found.fact))}")
    for each_measure in found.evidence:
        _show_evidence(each_measure)
    if found.others:
        out.print(f"other keys: {escape(', '.join(found.others))}", style="dim")


def _show_evidence(each: Evidence) -> None:
    out, count = console(), len(each.facts)
    facts = f"{count} fact{'s' * (count != 1)}"
    out.print(f"{each.measure.name} {each.shown}: {escape(each.what)}, {facts}")
    for fact in each.facts[:_MOST]:
        out.print(f"  {escape(_fact_text(fact, each.measure.field))}")
    if count > _MOST:
        out.print(f"  and {count - _MOST} more", style="dim")


def _fact_text(fact: Mapping[str, Any], field: str | None = None) -> str:
    of = kind(fact["kind"])
    source = source_of(fact)[0] or fact["id"]
    value = f" {field} {shown(fact[field], of.by_name[field].type)}" if field else ""
    who = f" {fact['owner_name']}" if fact.get("owner_name") else ""
    at = f", rows {'; '.join(places(fact))}" if places(fact) else ""
    return f"{_time(fact['known_at'])}{who}{value}  {source}{at}"


def _json(found: _Why) -> dict[str, object]:
    decision = found.decision
    return {
        "rule": found.rule.id,
        "key": found.key,
        "other_keys": list(found.others),
        "state": found.state,
        "decision": {
            "id": decision["id"],
            "fate": decision["fate"],
            "reason": decision["reason"],
            "at": to_text(from_ms(decision["at"])),
            "version": decision["version"],
            "current": decision["version"] == found.rule.version,
            "message": decision["message"],
            "fact": _fact_json(found.fact),
        },
        "clauses": [_clause_json(each) for each in found.clauses],
        "measures": [_evidence_json(each) for each in found.evidence],
    }


def _clause_json(each: Told) -> dict[str, object]:
    return {"clause": each.text, "truth": each.truth, "values": each.values}


def _evidence_json(each: Evidence) -> dict[str, object]:
    return {
        "name": each.measure.name,
        "value": each.value,
        "shown": each.shown,
        "what": each.what,
        "facts": [_fact_json(fact, each.measure.field) for fact in each.facts],
    }


def _fact_json(fact: Mapping[str, Any], field: str | None = None) -> dict[str, object]:
    source, url = source_of(fact)
    told: dict[str, object] = {
        "id": fact["id"],
        "known_at": to_text(from_ms(fact["known_at"])),
        "source": source,
        "url": url,
        "rows": places(fact),
    }
    return told | ({"value": fact[field]} if field else {})


def _time(instant: int) -> str:
    return to_text(from_ms(instant))
