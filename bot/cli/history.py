"""``bot history``: the alerts of the past."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from bot.app import reading_store
from bot.cards import source_of
from bot.chat.query import read_query
from bot.cli.output import console, print_json
from bot.clock import NEW_YORK, from_day_number, from_ms, system_clock, to_ms, to_text
from bot.config import load_config
from bot.facts import kind
from bot.store import PastAlert, Store


@click.command()
@click.argument("terms", nargs=-1, metavar="[QUERY]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an alert, newest first.")
@click.pass_obj
def history(config_path: Path | None, terms: Sequence[str], as_json: bool) -> int:
    """Past alerts, newest first: OKLO, rule:ID, since:90d, last 20.

    All terms must hold.  Without any: the last ten.
    """
    query, said = read_query(" ".join(terms), now=system_clock())
    with reading_store(load_config(config_path)) as store:
        alerts = store.history.alerts(query)
        if as_json:
            for alert in alerts:
                print_json(_json(alert, _fact(store, alert)))
            return 0
        gone = {alert.id: _delisted(store, _fact(store, alert)) for alert in alerts}
    if alerts:
        console().print(_table(alerts, gone))
    count = "1 alert" if len(alerts) == 1 else f"{len(alerts)} alerts"
    console().print(f"{said} → {count}", style="dim")
    return 0


def _fact(store: Store, alert: PastAlert) -> Mapping[str, Any]:
    """The fact of an alert; of the silence of a key that never had one only its deadline."""
    if not alert.fact_seq:
        return {"kind": alert.kind, "known_at": to_ms(alert.judged_at)} | dict.fromkeys(
            each for each in kind(alert.kind).by_name if each != "known_at"
        )
    return store.facts.by_seq(alert.kind, alert.fact_seq)


def _delisted(store: Store, fact: Mapping[str, Any]) -> str:
    """That the name is gone by now, for a reader of old alerts."""
    subject = fact.get("issuer_cik")
    day = store.notices.delisted_on(subject, to_ms(system_clock())) if subject else None
    return f" (delisted since {from_day_number(day)})" if day is not None else ""


def _json(alert: PastAlert, fact: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity,
        "ticker": alert.ticker,
        "kind": alert.kind,
        "fired_at": to_text(alert.fired_at),
        "known_at": to_text(from_ms(fact["known_at"])),
        "fate": alert.fate,
        "message": alert.message,
        "values": alert.values,
        "url": source_of(fact)[1],
        "status": alert.status,
        "slack": {"channel": alert.place or alert.channel, "ts": alert.ts},
    }


def _table(alerts: Sequence[PastAlert], gone: Mapping[int, str]) -> Table:
    table = Table(box=None, padding=(0, 1))
    for column in ("#", "time (ET)", "rule", "alert", "status"):
        table.add_column(column, overflow="fold")
    for alert in alerts:
        when = alert.fired_at.astimezone(NEW_YORK).strftime("%Y-%m-%d %H:%M")
        told = alert.message + gone[alert.id]
        table.add_row(str(alert.id), when, alert.rule, told, alert.status or "no channel")
    return table
