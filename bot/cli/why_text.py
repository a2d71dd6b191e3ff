"""What ``bot rules why`` tells, as text and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.markup import escape

from bot.cards import source_of
from bot.cli.output import console
from bot.clock import from_ms, to_text
from bot.facts import kind
from bot.rules import explain
from bot.rules.explain import Evidence, places
from bot.rules.messages import shown
from bot.rules.model import Rule

_MARKS = {"yes": "[green]yes    [/]", "no": "[red]no     [/]", "unknown": "[yellow]unknown[/]"}
_MOST = 8
EVERYTHING = "all"
"""The one key of a rule ``by: all``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All there is to tell of one key of one rule.

    asked: whom the reader named.  state: now, or as of ``until`` as far as decisions tell.
    decision: its last one, by the instant ``until`` where that is given; fact, clauses and
    evidence are those of it.  newest, where: the newest fact about the key, and what the rule's
    ``where`` says of it.  remembered: whether the key has a state.  holding: what holds alerts
    back.  twins: by the id of a fact, those that other filings tell of the same and that are
    not counted again.
    """

    rule: Rule
    key: str
    asked: str
    others: tuple[str, ...]
    decision: dict[str, Any] | None
    until: int | None
    fact: Mapping[str, Any] | None
    clauses: Sequence[explain.Told]
    evidence: Sequence[Evidence]
    twins: Mapping[str, Sequence[Mapping[str, Any]]]
    remembered: bool
    state: str
    holding: Sequence[str]
    newest: Mapping[str, Any] | None
    where: Sequence[explain.Told]


# Text.


def show(found: Told) -> None:
    """Print it for a reader."""
    decision = found.decision
    about = decision or found.newest
    ticker = f" · {about['ticker']}" if about and about["ticker"] not in (None, found.key) else ""
    _say(f"[bold]{found.rule.id}[/] · {escape(found.key)}{ticker}")
    for each in found.holding:
        _say(f"[yellow]{escape(each)}[/]")
    if not found.rule.by and found.asked != EVERYTHING:
        _say(escape(_one_for_all(found)))
    _say(f"state {'now' if found.until is None else 'then'}: {found.state}")
    if decision is None:
        _show_nothing_decided(found)
    else:
        _show_decision(found, decision)
    if found.others:
        _say(f"other keys: {escape(', '.join(found.others))}", style="dim")


def _one_for_all(found: Told) -> str:
    """That nobody has a state of its own, and whose fact decided last."""
    told = f"the rule keeps one state for everything (by: all), none of {found.asked} alone"
    if found.decision is None:
        return told
    whose = found.decision["ticker"] or (found.fact or {}).get("subject") or "no ticker"
    return f"{told}; the last decision is about {whose}"


def _say(text: str, *, style: str | None = None) -> None:
    """One line, never broken: it may be copied or searched."""
    console().print(text, style=style, soft_wrap=True)


def _show_decision(found: Told, decision: Mapping[str, Any]) -> None:
    reason = f" ({decision['reason']})" if decision["reason"] else ""
    _say(f"last decision: {decision['fate']}{escape(reason)}, {_time(decision['at'])}")
    if decision["version"] != found.rule.version:
        _say("[yellow]decided by another version of the rule than the one in force[/]")
    if decision["message"]:
        _say(f"  {escape(decision['message'])}")
    _say("clauses:")
    _show_clauses(found.clauses)
    silence = found.rule.absent is not None
    _say("last fact before the silence:" if silence else "judged fact:")
    stored = found.fact is not None and found.fact["seq"]
    _say(f"  {escape(_fact_text(found.fact)) if stored and found.fact else 'none ever'}")
    if found.fact is not None:
        _show_twins(found.fact, found)
    for each in found.evidence:
        _show_evidence(each, found)


def _show_twins(row: Mapping[str, Any], found: Told) -> None:
    """Which filings tell the same, and why it is counted once."""
    for twin in found.twins.get(row["id"] or "", ()):
        reasons = {each["evidence"] for each in json.loads(twin["collapse"] or "[]")}
        _say(f"    counted once: {escape(_fact_text(twin))}")
        _say(f"    since {escape('; '.join(sorted(reasons)))}", style="dim")


def _show_nothing_decided(found: Told) -> None:
    """Why a key has no decision: its facts do not pass ``where``, or there are none."""
    row = found.newest
    by = f" by {_time(found.until)}" if found.until is not None else ""
    _say(f"it had judged nothing about {escape(found.key)}{by}" if by else
              f"it has judged nothing about {escape(found.key)}")  # fmt: skip
    if row is None:
        kinds = ", ".join(k.name for k in found.rule.on)
        _say(f"no {kinds} about it is stored{by}")
        return
    _say(f"its newest {row['kind']}: {escape(_fact_text(row))}")
    if found.where:
        _say("by 'where':")
        _show_clauses(found.where)


def _show_clauses(told: Sequence[explain.Told]) -> None:
    for each in told:
        _say(f"  {_MARKS[each.truth]} {escape(str(each))}")


def _show_evidence(each: Evidence, found: Told) -> None:
    count = len(each.facts)
    what = "alert" if each.measure.rule else "fact"
    number = f"{count} {what}{'s' * (count != 1)}"
    _say(f"{each.measure.name} {each.shown}: {escape(each.what)}, {number}")
    if each.unknown_because:
        _say(f"  unknown: {each.unknown_because}")
    for row in each.facts[:_MOST]:
        text = _alert_text(row) if each.measure.rule else _fact_text(row, each.measure.field)
        part = f"{row['part']}: " if row.get("part") else ""
        _say(f"  {part}{escape(text)}")
        if not each.measure.rule:
            _show_twins(row, found)
    if count > _MOST:
        _say(f"  and {count - _MOST} more", style="dim")


def _alert_text(alert: Mapping[str, Any]) -> str:
    return f"{_time(alert['at'])} {alert['key']} {alert['message'] or ''}".rstrip()


def _fact_text(fact: Mapping[str, Any], field: str | None = None) -> str:
    of = kind(fact["kind"])
    source = source_of(fact)[0] or fact["id"]
    value = f" {field} {shown(fact[field], of.by_name[field].type)}" if field else ""
    who = f" {fact['owner_name']}" if fact.get("owner_name") else ""
    at = f", rows {'; '.join(places(fact))}" if places(fact) else ""
    return f"{_time(fact['known_at'])}{who}{value}  {source}{at}"


# JSON.


def to_json(found: Told) -> dict[str, object]:
    """The same for other programs."""
    told: dict[str, object] = {
        "rule": found.rule.id,
        "key": found.key,
        "other_keys": list(found.others),
        "state": found.state,
        "one_for_all": not found.rule.by,
        "holding": list(found.holding),
        "decision": _decision_json(found) if found.decision else None,
        "clauses": [_clause_json(each) for each in found.clauses],
        "measures": [_evidence_json(each) for each in found.evidence],
    }
    if found.decision is None:
        told["where"] = [_clause_json(each) for each in found.where]
    return told


def _decision_json(found: Told) -> dict[str, object]:
    decision, fact = found.decision or {}, found.fact
    return {
        "id": decision["id"],
        "fate": decision["fate"],
        "reason": decision["reason"],
        "at": _time(decision["at"]),
        "version": decision["version"],
        "current": decision["version"] == found.rule.version,
        "message": decision["message"],
        "fact": _fact_json(fact) if fact and fact["seq"] else None,
    }


def _clause_json(each: explain.Told) -> dict[str, object]:
    return {"clause": each.text, "truth": each.truth, "values": each.values}


def _evidence_json(each: Evidence) -> dict[str, object]:
    field, alerts = each.measure.field, each.measure.rule is not None
    return {
        "name": each.measure.name,
        "value": each.value,
        "shown": each.shown,
        "what": each.what,
        "unknown_because": each.unknown_because,
        "facts": [] if alerts else [_fact_json(fact, field) for fact in each.facts],
        "alerts": [_alert_json(each) for each in each.facts] if alerts else [],
    }


def _alert_json(alert: Mapping[str, Any]) -> dict[str, object]:
    return {
        "id": alert["id"],
        "at": _time(alert["at"]),
        "key": alert["key"],
        "message": alert["message"],
    }


def _fact_json(fact: Mapping[str, Any], field: str | None = None) -> dict[str, object]:
    source, url = source_of(fact)
    told: dict[str, object] = {
        "id": fact["id"],
        "known_at": _time(fact["known_at"]),
        "source": source,
        "url": url,
        "rows": places(fact),
    }
    if "part" in fact:
        told["part"] = fact["part"]
    return told | ({"value": fact[field]} if field else {})


def _time(instant: int) -> str:
    return to_text(from_ms(instant))
