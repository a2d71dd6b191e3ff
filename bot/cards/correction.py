"""The reply that tells that a fact behind an alert is told otherwise now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.card import Card, Line
from bot.cards.clauses import clause_words
from bot.cards.reasons import label, value_text
from bot.clock import from_day_number
from bot.facts import kind
from bot.rules.expressions import Expr, fields_of, measures_of
from bot.rules.model import Measure, Rule
from bot.rules.reckoned import Reckoned, shown_measures

Row = Mapping[str, Any]
Source = tuple[str | None, str | None]
"""A filing: its name for a reader, and its address."""

_COMPARED = {
    "class": "Class",
    "value_usd": "Value",
    "shares": "Shares",
    "price_usd": "Price",
    "price_low_usd": "Lowest price",
    "price_high_usd": "Highest price",
    "code": "Code",
    "side": "Side",
    "planned": "Plan",
    "plan_adopted_on": "Plan adopted",
    "traded_on": "Traded",
    "holding_change_ratio": "Stake",
    "shares_after": "Held after",
    "owner_name": "Owner",
    "officer_title": "Title",
    "security": "Security",
    "planned_on": "Planned for",
}
"""The fields of a filed fact that a reader of its alert was told, and what they are called."""

_OF_THE_PRICE = ("price_low_usd", "price_high_usd")
"""Told where the average stays as it was."""

_TOLD = 2
"""So many changes stand in the first line; all of them below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure as it was told, and as it is told now.

    name: of the field or the measure.  label: what it is called.  what: what a measure measures.
    """

    name: str
    label: str
    before: str
    after: str
    what: str = ""

    @property
    def arrow(self) -> str:
        return f"{self.before} → {self.after}"

    @property
    def low(self) -> str:
        """Its label inside a sentence."""
        return f"{self.label[:1].lower()}{self.label[1:]}"

    @property
    def text(self) -> str:
        return f"{self.low} {self.arrow}"

    @property
    def line(self) -> Line:
        return Line(
            label=self.label, text=f"{self.what}: {self.arrow}" if self.what else self.arrow
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an amendment makes of one alert.

    changed: figures that the alert showed, the one that decides first.
    verdict: what the rule would have said of them.  fired: whether it would have fired; None where
    that is not known now.
    trades: the amended facts in a line each, where the alert only counted them.
    """

    changed: tuple[Change, ...]
    verdict: str
    fired: bool | None
    trades: tuple[Line, ...] = ()

    @property
    def figures(self) -> str:
        """What changed most, as it was told and as it is told now; empty where no figure did."""
        return ", ".join(each.text for each in self.changed[:_TOLD])

    @property
    def text(self) -> str:
        return "; ".join(filter(None, (self.figures, self.verdict)))


def finding(
    rule: Rule, before: Reckoned, after: Reckoned, versions: Sequence[tuple[Row, Row | None]]
) -> Finding | None:
    """What of an alert changes; None where it shows nothing else and the rule says the same.

    versions: of the amended facts the one that stood before and the one that does now.
    """
    of_fact = changes(before.row, after.row) if before.row and after.row else ()
    own = before.row is None or after.row is None or before.row["id"] != after.row["id"]
    changed = (*of_fact, *_measured(rule, before.values, after.values))
    if not changed and before.holds == after.holds:
        return None
    deciding = _deciding(before, after, {each.name for each in changed})
    bound = None if deciding is None else clause_words(deciding)[0]
    ordered = sorted(changed, key=lambda each: each.name != bound)
    return Finding(
        changed=tuple(ordered),
        verdict=_verdict(rule, before, after, deciding, ordered),
        fired=None if after.holds is None else bool(after.holds),
        trades=() if own else tuple(_trade(old, new) for old, new in versions),
    )


def changes(before: Row, after: Row) -> tuple[Change, ...]:
    """What two versions of a fact tell differently, in words; of parts what they tell together."""
    fields, found = kind(before["kind"]).own, dict[str, Change]()
    for name, called in _COMPARED.items():
        if name in fields and name in before and name in after:
            field = fields[name]
            old, new = (value_text(row[name], field.type, field) for row in (before, after))
            if old != new and not (name in _OF_THE_PRICE and "price_usd" in found):
                found[name] = Change(name=name, label=called, before=old, after=new)
    return tuple(found.values())


def _measured(rule: Rule, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """The measures whose values the card of an alert shows, where they change."""
    for measure in shown_measures(rule):
        held = (before.get(measure.name), after.get(measure.name))
        old, new = (value_text(value, measure.type, None) for value in held)
        if old != new:
            named = label(measure.name) or measure.name
            yield Change(name=measure.name, label=named, before=old, after=new, what=_what(measure))


def _what(measure: Measure) -> str:
    """ "sum of value over 90d"."""
    field = f" of {label(measure.field) or measure.field}" if measure.field else ""
    window = f" over {measure.over.text}" if measure.over else ""
    return f"{measure.verb}{field}{window}"


def _trade(old: Row, new: Row | None) -> Line:
    """An amended fact that was counted: whose it is, of which day, and what changed of it."""
    day = old.get("traded_on")
    parts = (old.get("owner_name"), None if day is None else from_day_number(day).isoformat())
    changed = ["withdrawn"] if new is None else [each.text for each in changes(old, new)]
    who = ", ".join(filter(None, parts))
    return Line(label="Amended", text=": ".join(filter(None, (who, ", ".join(changed)))))


# What the rule says of it.


def _deciding(before: Reckoned, after: Reckoned, changed: set[str]) -> Expr | None:
    """The clause that decides: the one that does not hold now, before all one that did; where the
    rule holds, the first that looks at what has changed."""
    truths = dict(before.clauses)
    if after.holds == 1:
        looking = (
            each
            for each, truth in after.clauses
            if truth == 1 and (fields_of(each) | measures_of(each)) & changed
        )
        return next(looking, None)
    failing = [each for each, truth in after.clauses if truth == after.holds]
    return next((each for each in failing if truths.get(each) == 1), (*failing, None)[0])


def _verdict(
    rule: Rule,
    before: Reckoned,
    after: Reckoned,
    deciding: Expr | None,
    changed: Sequence[Change],
) -> str:
    bound, told = (None, "") if deciding is None else clause_words(deciding)
    names = {each.name: each.low for each in changed}
    if bound is None and deciding is not None and fields_of(deciding) <= names.keys():
        told = ""  # what has changed says it
    named = names.get(bound or "") or label(bound or "")
    whose = f"{named} " if named and len(changed) != 1 else ""
    if after.row is None:
        return f"the filing was withdrawn, so {rule.id} would not have fired"
    if after.holds is None:
        return f"whether {rule.id} would have fired is not known now"
    if after.holds:
        again = "still" if before.holds else "now"
        return f"{whose}{again} {told}" if told else f"{rule.id} would {again} have fired"
    if before.holds == 0:
        return f"{whose}still not {told}" if told else f"{rule.id} would still not have fired"
    because = f"{whose}no longer {told}, so " if told else ""
    return f"{because}{rule.id} would not have fired"


# Cards.


def correction_card(
    told: Sequence[tuple[Card, Sequence[Finding]]], *, number: int, by: Source, of: Source
) -> Card:
    """The reply that corrects messages of one thread.

    told: the card of each, and what is found of it.  by: the filing that amends, of: the one that
    it amends.  number: below zero.
    """
    first, own = told[0]
    found = [each for _, findings in told for each in findings]
    several = len(told) > 1
    lines = dict.fromkeys(
        line
        for each in found
        for line in (*each.trades, *(c.line for c in each.changed if not (several and each.trades)))
    )
    headlines = dict.fromkeys(correction_text(first, each) for each in own)
    return _reply(
        first,
        (_of_several(first, found),) if several else tuple(headlines),
        (*(_alerts(told) if several else ()), *lines, *(() if several else [_was_told(first)])),
        number=number,
        by=by,
        amends=of,
    )


def correction_text(told: Card, found: Finding) -> str:
    """What changed, and what that means for the alert, in a sentence that names it."""
    head = "Amended" if not found.trades else "A filing it counted was amended"
    return f"{head}: {found.text} ({_named(told)})"


def second_filing_card(told: Card, *, owner: str | None, number: int, by: Source) -> Card:
    """told: the card of an alert.  owner: who filed the same trade too."""
    headline = f"{second_filing_text(owner)}: the same trade, which counts once ({_named(told)})"
    return _reply(told, (headline,), (_was_told(told),), number=number, by=by)


def second_filing_text(owner: str | None) -> str:
    return f"Filed by {owner or 'another owner'} too"


def _alerts(told: Sequence[tuple[Card, Sequence[Finding]]]) -> Iterator[Line]:
    for card, findings in told:
        for each in findings:
            yield Line(label=f"#{card.alert_id}", text=each.text)


def _of_several(told: Card, found: Sequence[Finding]) -> str:
    """ "OKLO: an amended filing changes 4 alerts, 1 of which would not have fired"."""
    silent = sum(each.fired is False for each in found)
    meaning = ""
    if silent:
        meaning = f", {silent if silent < len(found) else 'none'} of which would"
        meaning += " not have fired" if silent < len(found) else " have fired"
    elif all(each.fired for each in found):
        meaning = ", all of which would still have fired"
    about = f"{told.ticker}: an" if told.ticker else "An"
    return f"{about} amended filing changes {len(found)} alerts{meaning}"


def _was_told(told: Card) -> Line:
    return Line(label="Was told", text=told.text)


def _named(told: Card) -> str:
    """ "OKLO #12"."""
    return f"{told.ticker or told.rule} #{told.alert_id}"


def _reply(
    told: Card,
    headlines: tuple[str, ...],
    lines: tuple[Line, ...],
    *,
    number: int,
    by: Source,
    amends: Source | None = None,
) -> Card:
    return Card(
        alert_id=number,
        rule=told.rule,
        severity=told.severity,
        headlines=headlines,
        lines=lines,
        source=by[0],
        url=by[1],
        amends=amends,
    )
