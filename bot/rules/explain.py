"""Why a rule fired for a key, or did not: clauses, values, the facts they came from, the state."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.clock import from_ms, to_text
from bot.rules.expressions import Expr
from bot.rules.fire import Fate, Firing, State, cooling_until
from bot.rules.messages import shown
from bot.rules.model import Fire, Measure, Rule
from bot.rules.proof import Clause, needless, prover, read_proof
from bot.rules.questions import Question

Row = Mapping[str, Any]
PARTS = {"newest": "in the window", "base": "before its start"}
"""The two facts that a ``change`` looks at, and where each is sought."""
_TRUTH = {1: "yes", 0: "no", None: "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One clause as a reader sees it: its truth, and the values it looked at by name.

    needless: it does not hold and need not, as another side of its ``or`` does.
    """

    text: str
    truth: str
    values: dict[str, str]
    needless: bool = False

    def __str__(self) -> str:
        values = ", ".join(f"{name} {value}" for name, value in self.values.items())
        return f"{self.text} ({values})" if values else self.text

    @property
    def verdict(self) -> str:
        """Its truth, as far as it matters: yes, no, unknown, not needed."""
        return "not needed" if self.needless else self.truth

    @property
    def reading(self) -> str:
        """It with its values, and why it was not needed where it was not."""
        return f"{self}, as another side of its “or” holds" if self.needless else str(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A measure with the value it had and the facts that were in its window, newest first."""

    measure: Measure
    value: Any
    facts: tuple[Row, ...]

    @property
    def unknown_because(self) -> str | None:
        """Why a ``change`` is unknown; None where it is known, and for other measures."""
        if self.measure.verb != "change" or self.value is not None:
            return None
        missing = [part for part in PARTS if part not in {fact["part"] for fact in self.facts}]
        told = [f"no known {self.measure.field} {PARTS[part]}" for part in missing]
        return " and ".join(told) or "the base is 0"

    @property
    def shown(self) -> str:
        return shown(self.value, self.measure.type)

    @property
    def what(self) -> str:
        """What was measured: 'sum of value_usd over 30d'."""
        measure = self.measure
        window = f" over {measure.over.text}" if measure.over else ""
        age = f", at most {measure.max_age.text} old" if measure.max_age else ""
        subject = measure.field or measure.rule
        field = f" of {subject}" if subject else ""
        return f"{measure.verb}{field}{window}{age}"


def clauses(rule: Rule, proof: str) -> list[Told]:
    """The clauses of a stored proof."""
    return _all_told(read_proof(proof), rule.when, rule)


def where_clauses(rule: Rule, row: Row) -> list[Told]:
    """What the clauses of ``where`` say of a fact, each for itself."""
    if rule.where is None:
        return []
    return _all_told(read_proof(prover(rule.where)(row)), rule.where, rule)


def _all_told(proof: Sequence[Clause], of: Expr, rule: Rule) -> list[Told]:
    marks = needless(of, proof)
    return [_told(clause, rule, mark) for clause, mark in zip(proof, marks, strict=True)]


def _told(clause: Clause, rule: Rule, needless: bool) -> Told:
    text, truth, values = clause
    types = {f.name: f.type for kind in rule.on for f in kind.by_name.values()}
    types |= {measure.name: measure.type for measure in rule.measures}
    held = {name: shown(value, types[name]) for name, value in values.items() if name in types}
    return Told(text=text, truth=_TRUTH[truth], values=held, needless=needless)


def state_told(rule: Rule, firing: Firing, state: State, *, at: int) -> str:
    """The state of a key at an instant: armed, fired, holding, waiting, silent, cooling.

    A rule that is switched off is ``off``, whatever it remembers: none of that falls due.
    """
    if not rule.enabled:
        return "off"
    if firing.absent is not None:
        parts = [_silence(firing, state, at)]
    else:
        parts = list(_state_parts(rule, firing, state, at))
    if not parts:
        parts = ["armed" if rule.fire is Fire.RISE else "every match is told"]
    return ", ".join(parts)


def state_then(
    firing: Firing, last: Row | None, alerted_at: int | None, *, decided: bool, at: int
) -> str:
    """What its decisions tell of the state of a key at an instant of the past.

    last: the newest decision by then that moved the state; alerted_at: the newest alert by then.
    Whatever no decision tells, such as a ``clear`` or a sign of life, is not guessed.
    """
    if not decided:
        return "nothing was decided by then"
    parts = [_moved_to(firing, last)] if firing.fire is Fire.RISE or firing.timed else []
    if (until := cooling_until(firing, State(alerted_at=alerted_at), at)) is not None:
        parts.append(f"cooling until {_time(until)}")
    return ", ".join(parts) or "every match is told"


def _moved_to(firing: Firing, last: Row | None) -> str:
    """Where a decision left a rise, a wait or a silence."""
    if last is None:
        return _UNTOLD
    match Fate(last["fate"]):
        case _ if firing.absent is not None:
            return f"the last silence was decided at {_time(last['at'])}"
        case Fate.WAITING:
            return f"waiting {last['reason']}"
        case Fate.NO:
            return _UNTOLD if firing.has_clear or firing.hold else "armed"
        case Fate.QUIET if last["message"] is None:
            return _UNTOLD
        case Fate.ALREADY_FIRED:
            reason = str(last["reason"] or "")
            return f"fired {reason}" if reason.startswith("since ") else "fired"
    return f"fired since {_time(last['at'])}"


_UNTOLD = "not told by the decisions"


def _silence(firing: Firing, state: State, at: int) -> str:
    due = firing.due(state)
    if due is None or state.since is None:
        return "no silence is counted yet"
    since = _time(state.since)
    if at < due:
        return f"silence counts from {since}, an alert is due at {_time(due)}"
    return f"silent since {since}, its alert fell due at {_time(due)}"


def _state_parts(rule: Rule, firing: Firing, state: State, at: int) -> Iterator[str]:
    if rule.fire is Fire.RISE and state.risen_at is not None:
        yield f"fired since {_time(state.risen_at)}"
    if firing.hold is not None and state.ended_at is not None:
        held = _time(firing.after(firing.hold, state.ended_at))
        yield f"ended at {_time(state.ended_at)}, held until {held}"
    if state.since is not None and (due := firing.due(state)) is not None:
        yield f"holds since {_time(state.since)}, waiting until {_time(due)}"
    if (until := cooling_until(firing, state, at)) is not None:
        yield f"cooling until {_time(until)}"


# The facts behind a measure.


def counted(measure: Measure, row: Row) -> tuple[str, list[Any]] | None:
    """A statement that lists the facts in a measure's window as JSON, and what to ask it.

    Of a ``change`` the newest and the base, null where there is none.
    None where the judged fact lacks a key, or where no facts are counted but alerts.
    """
    if measure.rule is not None:
        return None
    from bot.rules.listing import compared, listing  # with a large library, for a few commands

    if measure.verb == "change":
        asked = Question(measure).asked(row)
        return None if asked is None else (compared(measure), asked)
    bare = replace(measure, verb="count", field=None, min_points=None)
    asked = Question(bare).asked(row)
    return None if asked is None else (listing(bare), asked)


def evidence(rule: Rule, measures: str, facts: Mapping[str, Sequence[Row]]) -> list[Evidence]:
    """Each measure of a decision, with the facts found for it."""
    values = json.loads(measures)
    return [
        Evidence(measure=m, value=values.get(m.name), facts=_looked_at(m, facts.get(m.name, ())))
        for m in rule.measures
    ]


def _looked_at(measure: Measure, facts: Sequence[Row]) -> tuple[Row, ...]:
    """Those with a known value; of the newest value only the fact that has it."""
    known = [f for f in facts if measure.field is None or f.get(measure.field) is not None]
    return tuple(known[:1] if measure.verb == "last" else known)


def places(row: Row) -> list[str]:
    """Where a fact stands in its document: the rows of each table, where the kind keeps them."""
    rows = row.get("rows")
    tables: dict[str, list[str]] = {}
    for each in json.loads(rows) if isinstance(rows, str) else ():
        tables.setdefault(str(each.get("table")), []).append(str(each.get("line")))
    return [f"{table} {', '.join(lines)}" for table, lines in tables.items()]


def _time(instant: int) -> str:
    return to_text(from_ms(instant))
