"""``bot facts``: look at what was stored."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from bot.app import reading_store
from bot.cli.breadth_sources import breadth_sources, breadth_sources_text
from bot.cli.fact_sources import json_value, sources_json, sources_text, trade_sources
from bot.cli.output import console, print_json
from bot.cli.ranges import COUNT
from bot.cli.valuation_sources import valuation_sources, valuation_sources_text
from bot.config import load_config
from bot.facts import INSIDER_TRADE, KINDS, MARKET_BREADTH, VALUATION, Kind, Type, kind
from bot.rules.messages import shown
from bot.store import loaded

_COLUMNS = {
    "insider_trade": ("known_at", "ticker", "owner_name", "role", "class", "side", "shares",
                      "price_usd", "value_usd", "planned"),
    "form144": ("known_at", "ticker", "seller_name", "relationship", "stage", "shares",
                "value_usd", "planned_on", "executed_shares", "executed_value_usd"),
    "company_filing": ("known_at", "ticker", "issuer_name", "form", "items", "title"),
    "price_bar": ("session", "ticker", "close_usd", "return_1d", "return_21d", "return_ytd",
                  "excess_21d", "zscore_1d", "drawdown_252d", "volume_ratio", "quality"),
    "quote": ("known_at", "ticker", "price_usd", "previous_close_usd", "return_1d", "excess_1d",
              "quality"),
    "valuation": ("as_of", "ticker", "close_usd", "pe_trailing", "pe_forward", "pe_missing",
                  "pe_ratio", "market_cap_usd", "quality"),
    "market_breadth": ("session", "ticker", "index_return", "equal_weight_return",
                       "median_return", "beating_share", "top10_share", "effective_members",
                       "coverage"),
    "fed_release": ("known_at", "type", "speaker", "title", "tone_change", "in_blackout"),
    "fed_decision": ("known_at", "action", "target_lower_pct", "target_upper_pct", "change_bp",
                     "votes_for", "votes_against", "dissenters"),
    "macro_release": ("scheduled_at", "agency", "title", "status", "delay_seconds"),
    "source_poll": ("known_at", "source", "ok", "items", "lag_seconds", "error"),
}  # fmt: skip


@click.command()
@click.argument("kind_name", metavar="KIND", type=click.Choice([k.name for k in KINDS]))
@click.option("--ticker", help="Only this ticker.")
@click.option("--id", "fact_id", help="One fact, with everything known of it.")
@click.option("--limit", type=COUNT, default=20, show_default=True, help="How many, newest first.")
@click.option(
    "--source",
    "sources",
    is_flag=True,
    help="With --id, or for a valuation or a breadth with --ticker: where each number stands in "
    "its document or your file, and how it is made.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a fact.")
@click.pass_obj
def facts(
    config_path: Path | None,
    kind_name: str,
    ticker: str | None,
    fact_id: str | None,
    limit: int,
    as_json: bool,
    sources: bool,
) -> int:
    """Stored facts of a kind, newest first."""
    of = kind(kind_name)
    if sources:
        return _sources(of, fact_id, ticker.upper() if ticker else None, config_path, as_json)
    with reading_store(load_config(config_path)) as store:
        rows = store.facts.select(
            of, ticker=ticker.upper() if ticker else None, fact_id=fact_id, limit=limit
        )
    if as_json:
        for row in rows:
            print_json(_json(of, row))
    elif fact_id is not None and rows:
        console().print(_whole(of, rows[0]))
    else:
        console().print(_list(of, rows) if rows else "no such fact")
    return 0 if rows or fact_id is None else 1


def _sources(
    of: Kind, fact_id: str | None, ticker: str | None, config_path: Path | None, as_json: bool
) -> int:
    trade = of is INSIDER_TRADE and fact_id is not None
    if not trade and not (of in (VALUATION, MARKET_BREADTH) and (fact_id or ticker)):
        raise click.UsageError(
            f"--source needs {INSIDER_TRADE.name} and --id X: one trade; "
            f"or {VALUATION.name} or {MARKET_BREADTH.name} and --ticker or --id: one reading"
        )
    told: tuple[dict[str, Any], Text] | None = None
    with reading_store(load_config(config_path)) as store:
        if trade and fact_id is not None:
            if (of_trade := trade_sources(store, fact_id)) is not None:
                told = sources_json(of_trade), sources_text(of_trade)
        elif of is MARKET_BREADTH:
            if (breadth := breadth_sources(store, fact_id=fact_id, ticker=ticker)) is not None:
                told = breadth, breadth_sources_text(breadth)
        elif (reading := valuation_sources(store, fact_id=fact_id, ticker=ticker)) is not None:
            told = reading, valuation_sources_text(reading)
    if told is None:
        console().print("no such fact")
        return 1
    in_json, in_text = told
    print_json(in_json) if as_json else console().print(in_text, soft_wrap=True)
    return 0


def _json(of: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    """Every field as JSON has it: dates and instants as text, money in dollars."""
    return {
        name: json_value(of.by_name[name].type, value) for name, value in loaded(of, row).items()
    }


def _list(of: Kind, rows: list[dict[str, Any]]) -> Table:
    names = _COLUMNS[of.name]
    table = Table(box=None, padding=(0, 1))
    for name in names:
        number = of.by_name[name].type in (Type.MONEY, Type.PRICE, Type.NUMBER, Type.COUNT)
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    table.add_column("counted")
    for row in rows:
        table.add_row(*(_shown(of, row, name) for name in names), _counted(row))
    return table


def _counted(row: Mapping[str, Any]) -> str:
    """Whether rules count a fact: one of two that tell the same trade does."""
    if row.get("duplicate_of") is not None:
        return "no: duplicate"
    return "yes" if row["gone_seq"] is None else "no: replaced"


def _whole(of: Kind, row: dict[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2), show_header=False)
    for name in of.ruled:
        table.add_row(name, _shown(of, row, name), of.by_name[name].doc, style=None)
    return table


def _shown(of: Kind, row: Mapping[str, Any], name: str) -> str:
    return shown(row[name], of.by_name[name].type)
