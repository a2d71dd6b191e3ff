"""``show ID``: the card, why it fired, how it was delivered, what people and time made of it."""

from collections.abc import Iterator
from typing import Any

from bot.cards.actions import Action
from bot.chat.answer import Answer, Button, Row
from bot.chat.ask import Ask
from bot.chat.delivered import delivery_rows
from bot.chat.fates import not_told
from bot.chat.found import alert_asked, card_number
from bot.chat.past_card import card_of
from bot.chat.voting import votes_told
from bot.clock import to_ms
from bot.rules.explain import clauses
from bot.rules.fire import Fate
from bot.rules.model import Rule
from bot.rules.proof import read_proof
from bot.store.mutes import Mute


def show(ask: Ask) -> Answer:
    """Everything there is to know of one alert on one screen."""
    decision = alert_asked(ask)
    rules = ask.wired.rules()
    card = card_of(ask.store, decision, rules)
    rule = next((each for each in rules if each.id == decision["rule"]), None)
    parts = (
        f"#{decision['id']}",
        decision["ticker"],
        decision["rule"],
        decision["severity"],
        f"{decision['fate']} {ask.time(decision['decided_at'])}",
    )
    source = [Row(text=f"Source: {card.source or card.url}", link=card.url)] if card.url else []
    was_told = decision["message_id"] is not None
    people = _people(ask, card_number(decision), was_told=was_told)
    lines = (*_why(decision, rule), *people, *_mutes(ask, decision))
    return Answer(
        headline=" · ".join(part for part in parts if part),
        card=card,
        rows=(*source, *delivery_rows(ask, decision)),
        lines=tuple(map(ask.local, lines)),
        buttons=(
            Button(label="Why, in full", command=f"why {decision['id']}"),
            Button(label="Share", command=ask.command.canonical, action=Action.SHARE),
        ),
    )


def _why(decision: dict[str, Any], rule: Rule | None) -> Iterator[str]:
    """The clauses with their thresholds, and the values that were measured."""
    if decision["fate"] != Fate.FIRED:
        yield f"It {not_told(decision['fate'], decision['reason'])}"
    if rule is None:
        yield f"No rule in force is called {decision['rule']}; its clauses were:"
        yield from (f"  {text}" for text, *_ in read_proof(decision["proof"]))
        return
    yield from (f"{each.verdict}: {each.reading}" for each in clauses(rule, decision["proof"]))


def _people(ask: Ask, alert: int, *, was_told: bool) -> Iterator[str]:
    if ack := ask.store.chat.acknowledged(alert):
        yield f"Acknowledged by {ack.name} at {ask.time(ack.at)}"
    elif was_told:
        yield "Nobody acknowledged it"
    votes = ask.store.chat.votes_on(alert)
    if votes.up or votes.down:
        yield f"Votes: {votes_told(votes)}"
    others = (each for each in ask.store.chat.acts_on(alert) if each.refused or each.act != "ack")
    for act in others:
        refused = " (refused)" if act.refused else ""
        yield f"{ask.time(act.at)} {act.name}: {act.act}{refused}"


def _mutes(ask: Ask, decision: dict[str, Any]) -> Iterator[str]:
    """The mutes that would hold such an alert back now."""
    fact = None
    if decision["fact_seq"]:
        fact = ask.store.facts.by_seq(decision["kind"], decision["fact_seq"])
    for mute in ask.store.circumstances.mutes(active_at=to_ms(ask.now)):
        if mute.fits(decision["rule"], decision["key"], fact):
            yield _muted(ask, mute)


def _muted(ask: Ask, mute: Mute) -> str:
    why = f": {mute.why}" if mute.why else ""
    return f"Muted now: {mute.target} until {ask.time(mute.until)} by {mute.by}{why}"
