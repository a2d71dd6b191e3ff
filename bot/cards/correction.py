"""The reply that tells that the fact of an alert is told otherwise now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards.card import Card, Line
from bot.facts import kind
from bot.rules.messages import shown

Row = Mapping[str, Any]

_COMPARED = {
    "value_usd": "Value",
    "shares": "Shares",
    "price_usd": "Price",
    "code": "Code",
    "class": "Class",
    "side": "Side",
    "planned": "Plan",
    "traded_on": "Traded",
    "holding_change_ratio": "Of the stake",
    "officer_title": "Title",
    "planned_on": "Planned for",
}
"""The fields of a filed fact that a reader of its alert was told, and what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure as it was told, and as it is told now."""

    label: str
    before: str
    after: str


def changes(before: Row, after: Row) -> Iterator[Change]:
    """What two versions of a fact tell differently, in words."""
    fields = kind(before["kind"]).own
    for name, label in _COMPARED.items():
        if name in fields and before.get(name) != after.get(name):
            texts = (shown(row.get(name), fields[name].type) for row in (before, after))
            old, new = texts
            if old != new:
                yield Change(label=label, before=old, after=new)


def correction_card(
    told: Card,
    changed: tuple[Change, ...],
    *,
    number: int,
    verdict: str,
    filing: str,
    source: str | None,
    url: str | None,
) -> Card:
    """told: the card of the alert.  verdict: what the rule says of the fact as it is told now.
    filing: what tells it, as "amended by Form 4/A".  number: below zero."""
    figures = ", ".join(f"{each.label.lower()} {each.before} → {each.after}" for each in changed)
    headline = f"#{told.alert_id} {filing}: {figures or 'no figure of it changes'}; {verdict}"
    lines = [Line(label=each.label, text=f"{each.before} → {each.after}") for each in changed]
    return Card(
        alert_id=number,
        rule=told.rule,
        severity=told.severity,
        headlines=(headline,),
        lines=(*lines, Line(label="Was told", text=told.text)),
        source=source,
        url=url,
    )
