"""Matches of one rule, key and document in, a card out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.card import Card, Line, Moment
from bot.cards.fed import phrase_lines
from bot.cards.kinds import TELLINGS
from bot.cards.reasons import reason
from bot.cards.silence import Silence, last_line, silence_lines
from bot.clock import from_day_number, from_ms
from bot.facts import Type
from bot.insider.quality import DOUBTS
from bot.rules.expressions import Contains, Expr, FieldRef, Literal, walk
from bot.rules.model import Rule
from bot.rules.proof import Clause, clauses_by_text, prover, read_proof

NOT_ADVICE = "not advice"
"""On every card of a sale: it tells what was filed, not what to do."""

_UNDOUBTED = ("quality is unknown",)
"""Clauses that hold of every fact without a mark of doubt: no reason of an alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One fired decision: the stored fact, the measures, the clauses, the message.

    silence: of a rule with ``absent`` what did not come; the fact is then the last one before it.
    beside: the newest facts of other kinds that its measures looked at.
    """

    row: Mapping[str, Any]
    values: Mapping[str, Any]
    proof: Sequence[Clause]
    message: str
    silence: Silence | None = None
    beside: Sequence[Mapping[str, Any]] = ()


def build_card(rule: Rule, matches: Sequence[Match], *, alert_id: int) -> Card:
    """The card of an alert; where several rows of a document match, the last tells the measures."""
    row, last = matches[0].row, matches[-1]
    lines = [line for match in matches for line in _lines_of(rule, match)]
    lines += _briefs(last.beside)
    source, url = source_of(row) if last.silence is None else (None, None)
    return Card(
        alert_id=alert_id,
        rule=rule.id,
        severity=rule.severity,
        headlines=tuple(dict.fromkeys(match.message for match in matches)),
        facts=tuple(dict.fromkeys(fact for match in matches for fact in _facts(rule, match))),
        lines=(*lines, Line(label="Why", text=_why(rule, last))),
        marks=_marks(row) if last.silence is None else (),
        source=source,
        url=url,
        redline=_redline(row) if last.silence is None else None,
        ticker=row["ticker"],
        moments=_moments(last),
        caveat=NOT_ADVICE if _is_sale(row) else None,
        chart=_chart(last),
    )


def plain_card(rule: Rule, matches: Sequence[Match], *, alert_id: int) -> Card:
    """What is left where no full card can be built: each message, and the clauses that held."""
    why = [text for match in matches for text, truth, _ in match.proof if truth == 1]
    return Card(
        alert_id=alert_id,
        rule=rule.id,
        severity=rule.severity,
        headlines=tuple(dict.fromkeys(match.message for match in matches)),
        lines=(
            Line(label="Why", text=" · ".join(dict.fromkeys(why))),
            Line(label="Card", text="the rest can not be shown: its facts are odd"),
        ),
    )


def _lines_of(rule: Rule, match: Match) -> list[Line]:
    """What happened; of a silence that nothing did, and what came last before it."""
    if match.silence is None:
        return [*_quotes(rule, match.row), *_lines(match.row)]
    told = silence_lines(rule, match.silence, match.row)
    if match.row["seq"]:
        told.append(last_line(match.row, source_of(match.row)[0], _lines(match.row)))
    return told


def _quotes(rule: Rule, row: Mapping[str, Any]) -> list[Line]:
    """The sentences of a document of the Fed that hold what the rule looks for in its text."""
    if row["kind"] != "fed_release":
        return []
    asked = [expr for root in (rule.where, rule.when) if root for expr in walk(root)]
    phrases = [
        each.part.value
        for each in asked
        if isinstance(each, Contains)
        and isinstance(each.part, Literal)
        and each.whole == FieldRef(name="text", type=Type.TEXT)
    ]
    return phrase_lines(row, map(str, phrases))


def _lines(row: Mapping[str, Any]) -> list[Line]:
    telling = TELLINGS.get(row["kind"])
    return telling.lines(row) if telling else []


def _facts(rule: Rule, match: Match) -> Iterator[str]:
    """What happened in a sentence; of a silence that nothing did."""
    if match.silence is not None:
        yield from (line.text for line in silence_lines(rule, match.silence, match.row))
    elif telling := TELLINGS.get(match.row["kind"]):
        yield telling.fact(match.row)


def _moments(match: Match) -> tuple[Moment, ...]:
    if match.silence is not None:
        return ()
    if telling := TELLINGS.get(match.row["kind"]):
        return telling.moments(match.row)
    return (Moment(words="known", at=from_ms(match.row["known_at"])),)


def _is_sale(row: Mapping[str, Any]) -> bool:
    """Whether somebody sells or means to, which is read as a hint sooner than all else."""
    return row.get("side") == "sell" or row["kind"] == "form144"


def _chart(match: Match) -> str | None:
    telling = TELLINGS.get(match.row["kind"])
    return telling.chart if telling else None


def _briefs(beside: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for fact in beside:
        if (telling := TELLINGS.get(fact["kind"])) and telling.brief:
            yield telling.brief(fact)


def source_of(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The document behind a stored fact: its name for a reader, and its address."""
    telling = TELLINGS.get(row["kind"])
    return telling.source(row) if telling else (None, None)


def _redline(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What changed in the text of a document of the Fed, where that was compared."""
    held = row.get("redline")
    redline: Mapping[str, Any] | None = json.loads(held) if held else None
    return redline


def _marks(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What a reader must know at once: late, amended, doubtful."""
    quality = (row.get("quality") or "").split()
    marks = {
        "late": row["judged_at"] > row["known_at"],
        "amended": row.get("amendment") == 1 or (row.get("form") or "").endswith("/A"),
        "price doubtful": not DOUBTS.keys().isdisjoint(quality),
        _delisted(row): row.get("listed") == 0,
        "price corrected": row.get("correction") is not None,
        "thin market": row.get("exchange") == "OTC",
        "blackout": row.get("in_blackout") == 1 and row.get("type") in ("speech", "testimony"),
    }
    return tuple(mark for mark, holds in marks.items() if holds)


def _delisted(row: Mapping[str, Any]) -> str:
    day = row.get("delisted_on")
    return "delisted" if day is None else f"delisted since {from_day_number(day)}"


def _why(rule: Rule, match: Match) -> str:
    """Each clause that held, with its values: of ``when``, then of ``where``."""
    named = {f.name: f for kind in rule.on for f in kind.by_name.values()}
    named |= {m.name: m.answers for m in rule.measures}
    told = [
        reason(clauses[text], values, named) if text in clauses else text
        for clauses, proof in _held(rule, match)
        for text, truth, values in proof
        if truth == 1 and text not in _UNDOUBTED
    ]
    return " · ".join(dict.fromkeys(told))


def _held(rule: Rule, match: Match) -> Iterator[tuple[Mapping[str, Expr], Sequence[Clause]]]:
    """The clauses of a condition by their texts, and the proof of it for the fact that matched."""
    yield clauses_by_text(rule.when) if rule.when else {}, match.proof
    if rule.where:
        yield clauses_by_text(rule.where), read_proof(prover(rule.where)(match.row))
