"""``bot history``: the alerts of the past, and what may be done about them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.app import load_rule_paths, reading_store
from bot.chat.answer import Answer, Tone
from bot.chat.answer_terminal import answer_json, terminal_answer
from bot.chat.asker import OPERATOR
from bot.chat.command import Command, Verb
from bot.chat.export import exported, past_json, values_json
from bot.chat.grammar import TERMINAL, read_command
from bot.chat.known import known_of
from bot.chat.listed import corrected_words
from bot.chat.names import naming
from bot.chat.told import found_nothing, found_words, looked_through
from bot.chat.verbs.test import is_asked_for
from bot.chat_desk import answer_command
from bot.cli.output import console, print_json, say, stream
from bot.clock import NEW_YORK, from_day_number, system_clock, to_ms
from bot.config import Config, load_config
from bot.rules.proof import read_proof
from bot.store import Page, PastAlert, Store
from bot.store.searchable import BY_ALIAS, Holds

_PAGE = 10
_NAME = re.compile(r"-?(\w+):(?![\"'])(.*\s.*)", re.DOTALL)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("terms", nargs=-1, metavar="[QUERY]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an alert, in their order.")
@click.option("--page", metavar="CURSOR", help="The page that the foot of the one before names.")
@click.pass_obj
def history(config_path: Path | None, terms: Sequence[str], as_json: bool, page: str | None) -> int:
    """Past alerts, newest first: OKLO insider since:90d min:1m.

    All terms must hold; without any, the last ten.  `bot history help` tells more; docs/chat.md
    has the whole grammar, the one of /alerts in Slack.
    """
    config = load_config(config_path)
    with reading_store(config) as store:
        typed = _typed(terms)
        command = read_command(
            typed,
            now=system_clock(),
            zone=NEW_YORK,
            known=known_of(store, _rules(config) if "rule:" in typed else ()),
            prompt=TERMINAL,
        )
        if command.verb is Verb.EXPORT:
            every = store.history.every(command.query)
            stream(exported(every, command.word or "csv", naming(store)))
            for hint in looked_through(command.query, store.history.search(command.query).total):
                say(hint, err=True)
        elif command.verb is Verb.SEARCH and not is_asked_for(command.query):
            _search(store, config, command, page, as_json=as_json)
        else:
            return _answer(answer_command(store, config, command, OPERATOR), as_json=as_json)
    return 0


def _answer(answer: Answer, *, as_json: bool) -> int:
    """What the desk says; status 2 where the asker must mend something."""
    if as_json:
        print_json(answer_json(answer))
    else:
        console().print(terminal_answer(answer))
    return 2 if answer.tone is Tone.REFUSED else 0


def _typed(terms: Sequence[str]) -> str:
    """The words with the quotes that the shell took away: who:"Sam Altman".

    A word may begin with one dash; with two it is an option that there is not.
    """
    if strange := next((term for term in terms if term.startswith("--")), None):
        raise click.NoSuchOption(strange, possibilities=["--json", "--page"])
    return " ".join(map(_quoted, terms))


def _rules(config: Config) -> Sequence[str]:
    """Ids of the rules in the files, also of those that are off."""
    return [rule.id for rule in load_rule_paths([config.rules.path]).rules]


def _quoted(term: str) -> str:
    match = _NAME.fullmatch(term)
    field = BY_ALIAS.get(match[1].lower()) if match else None
    if match and field and field.holds is Holds.TEXT and ":" not in match[2]:
        return f'{term[: match.start(2)]}"{match[2]}"'
    return term


def _search(
    store: Store, config: Config, command: Command, after: str | None, *, as_json: bool
) -> None:
    size = command.query.limit or _PAGE
    page = store.history.search(command.query, after=after, size=size)
    if as_json:
        _print_json(store, config, page.alerts)
        return
    named = naming(store)
    told = f"{named(command.understood)} → {found_words(command.query, page.total)}"
    console().print(told, style="bold", markup=False)
    if page.alerts:
        gone = {alert.id: _delisted(store, _fact(store, alert)) for alert in page.alerts}
        console().print(_table(page.alerts, gone))
    for line in map(named, _hints(store, command, page)):
        say(line)
    if page.next is not None:
        say(f"next: {TERMINAL} --page {page.next} '{command.canonical}'")


def _print_json(store: Store, config: Config, alerts: Sequence[PastAlert]) -> None:
    rules = {rule.id: rule for rule in load_rule_paths([config.rules.path]).rules}
    for alert in alerts:
        rule, decision = rules.get(alert.rule), store.decisions.of(alert.id)
        measures = {each.name: each.type for each in rule.measures} if rule else {}
        proof = read_proof(decision["proof"]) if decision else []
        values = values_json(alert, proof, measures)
        print_json(past_json(alert, _fact(store, alert), values))


def _hints(store: Store, command: Command, page: Page) -> Sequence[str]:
    """How to say it better, and what left nothing over."""
    hints = (*command.hints, *looked_through(command.query, page.total))
    if page.total.count:
        return hints
    without = store.history.without_each(command.query)
    return (*hints, *found_nothing(store, command, without, prompt=TERMINAL))


def _fact(store: Store, alert: PastAlert) -> Mapping[str, Any] | None:
    """The fact of an alert; None of the silence of a key that never had one."""
    return store.facts.by_seq(alert.kind, alert.fact_seq) if alert.fact_seq else None


def _delisted(store: Store, fact: Mapping[str, Any] | None) -> str:
    """That the name is gone by now, for a reader of old alerts."""
    subject = fact.get("issuer_cik") if fact else None
    day = store.notices.delisted_on(subject, to_ms(system_clock())) if subject else None
    return f" (delisted since {from_day_number(day)})" if day is not None else ""


def _table(alerts: Sequence[PastAlert], gone: Mapping[int, str]) -> Table:
    table = Table(box=None, padding=(0, 1))
    for column in ("#", "time (ET)", "rule", "alert", "status"):
        table.add_column(column, overflow="fold")
    for alert in alerts:
        when = alert.fired_at.astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M")
        told = (alert.message or alert.ticker or "") + gone[alert.id]
        told = " · ".join(filter(None, (told, corrected_words(alert))))
        table.add_row(str(alert.id), when, alert.rule, told, _became(alert))
    return table


def _became(alert: PastAlert) -> str:
    if alert.fate != "fired":
        return alert.fate
    return (alert.status or "no channel") + (" (may be a repeat)" if alert.repeat else "")
