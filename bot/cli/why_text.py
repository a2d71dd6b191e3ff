"""What ``bot rules why`` tells, as text and as JSON."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from bot.cards import source_of
from bot.cli.output import console
from bot.clock import from_ms, to_text
from bot.rules import explain
from bot.rules.explain import Evidence, places
from bot.why import Told, Weight, WhyLine, why_lines

_COLOURS = {"yes": "green", "no": "red", "unknown": "yellow", "not needed": "dim"}
_STYLES = {Weight.HEAD: "bold", Weight.PLAIN: "", Weight.WARNING: "yellow", Weight.ASIDE: "dim"}


def show(found: Told) -> None:
    """Print it for a reader, no line broken: it may be copied or searched."""
    for line in why_lines(found):
        console().print(_styled(line), soft_wrap=True)


def _styled(line: WhyLine) -> Text:
    if line.truth is None:
        return Text(line.text, style=_STYLES[line.weight])
    return Text("  ").append(f"{line.truth:7}", style=_COLOURS[line.truth]).append(f" {line.text}")


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
    told = {"clause": each.text, "truth": each.truth, "values": each.values}
    return told | ({"needed": False} if each.needless else {})


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
