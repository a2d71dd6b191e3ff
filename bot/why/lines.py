"""What is told of a key of a rule, line by line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.cards import source_of
from bot.clock import from_ms, to_text
from bot.facts import kind
from bot.rules import explain
from bot.rules.explain import Evidence, places
from bot.rules.messages import shown
from bot.why.told import EVERYTHING, Told

_MOST = 8


class Weight(StrEnum):
    """How much a line weighs."""

    HEAD = "head"
    PLAIN = "plain"
    WARNING = "warning"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class WhyLine:
    """truth: of a clause, the word before its text."""

    text: str
    weight: Weight = Weight.PLAIN
    truth: str | None = None

    def __str__(self) -> str:
        return f"  {self.truth}: {self.text}" if self.truth else self.text


Lines = Iterator[WhyLine]


def why_lines(found: Told) -> Lines:
    """The key, what holds it back, its state, then its decision or why there is none."""
    decision = found.decision
    about = decision or found.newest
    ticker = f" · {about['ticker']}" if about and about["ticker"] not in (None, found.key) else ""
    yield WhyLine(f"{found.rule.id} · {found.key}{ticker}", Weight.HEAD)
    yield from (WhyLine(each, Weight.WARNING) for each in found.holding)
    if not found.rule.by and found.asked != EVERYTHING:
        yield WhyLine(_one_for_all(found))
    yield WhyLine(f"state {'now' if found.until is None else 'then'}: {found.state}")
    yield from _nothing_decided(found) if decision is None else _decided(found, decision)
    if found.others:
        yield WhyLine(f"other keys: {', '.join(found.others)}", Weight.ASIDE)


def _one_for_all(found: Told) -> str:
    """That nobody has a state of its own, and whose fact decided last."""
    told = f"the rule keeps one state for everything (by: all), none of {found.asked} alone"
    if found.decision is None:
        return told
    whose = found.decision["ticker"] or (found.fact or {}).get("subject") or "no ticker"
    return f"{told}; the last decision is about {whose}"


def _decided(found: Told, decision: Mapping[str, Any]) -> Lines:
    reason = f" ({decision['reason']})" if decision["reason"] else ""
    yield WhyLine(f"last decision: {decision['fate']}{reason}, {_time(decision['at'])}")
    if decision["version"] != found.rule.version:
        yield WhyLine(
            "decided by another version of the rule than the one in force", Weight.WARNING
        )
    if decision["message"]:
        yield WhyLine(f"  {decision['message']}")
    yield WhyLine("clauses:")
    yield from _clauses(found.clauses)
    silence = found.rule.absent is not None
    yield WhyLine("last fact before the silence:" if silence else "judged fact:")
    stored = found.fact is not None and found.fact["seq"]
    yield WhyLine(f"  {_fact_text(found.fact) if stored and found.fact else 'none ever'}")
    if found.fact is not None:
        yield from _twins(found.fact, found)
    for each in found.evidence:
        yield from _evidence(each, found)


def _twins(row: Mapping[str, Any], found: Told) -> Lines:
    """Which filings tell the same, and why it is counted once."""
    for twin in found.twins.get(row["id"] or "", ()):
        reasons = {each["evidence"] for each in json.loads(twin["collapse"] or "[]")}
        yield WhyLine(f"    counted once: {_fact_text(twin)}")
        yield WhyLine(f"    since {'; '.join(sorted(reasons))}", Weight.ASIDE)


def _nothing_decided(found: Told) -> Lines:
    """Why a key has no decision: its facts do not pass ``where``, or there are none."""
    row = found.newest
    by = f" by {_time(found.until)}" if found.until is not None else ""
    had = "had judged" if by else "has judged"
    yield WhyLine(f"it {had} nothing about {found.key}{by}")
    if row is None:
        kinds = ", ".join(k.name for k in found.rule.on)
        yield WhyLine(f"no {kinds} about it is stored{by}")
        return
    yield WhyLine(f"its newest {row['kind']}: {_fact_text(row)}")
    if found.where:
        yield WhyLine("by 'where':")
        yield from _clauses(found.where)


def _clauses(told: Sequence[explain.Told]) -> Lines:
    return (WhyLine(each.reading, truth=each.verdict) for each in told)


def _evidence(each: Evidence, found: Told) -> Lines:
    count = len(each.facts)
    what = "alert" if each.measure.rule else "fact"
    number = f"{count} {what}{'s' * (count != 1)}"
    yield WhyLine(f"{each.measure.name} {each.shown}: {each.what}, {number}")
    if each.unknown_because:
        yield WhyLine(f"  unknown: {each.unknown_because}")
    for row in each.facts[:_MOST]:
        text = _alert_text(row) if each.measure.rule else _fact_text(row, each.measure.field)
        part = f"{row['part']}: " if row.get("part") else ""
        yield WhyLine(f"  {part}{text}")
        if not each.measure.rule:
            yield from _twins(row, found)
    if count > _MOST:
        yield WhyLine(f"  and {count - _MOST} more", Weight.ASIDE)


def _alert_text(alert: Mapping[str, Any]) -> str:
    return f"{_time(alert['at'])} {alert['key']} {alert['message'] or ''}".rstrip()


def _fact_text(fact: Mapping[str, Any], field: str | None = None) -> str:
    of = kind(fact["kind"])
    source = source_of(fact)[0] or fact["id"]
    value = f" {field} {shown(fact[field], of.by_name[field].type)}" if field else ""
    who = f" {fact['owner_name']}" if fact.get("owner_name") else ""
    at = f", rows {'; '.join(places(fact))}" if places(fact) else ""
    return f"{_time(fact['known_at'])}{who}{value}  {source}{at}"


def _time(instant: int) -> str:
    return to_text(from_ms(instant))
