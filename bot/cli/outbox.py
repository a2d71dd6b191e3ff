"""``bot outbox``: what waits, why, and when it is tried next."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

from bot.app import reading_store
from bot.cli.output import console, print_json
from bot.cli.ranges import ID
from bot.clock import NEW_YORK, from_ms, to_text
from bot.config import load_config
from bot.store import Delivery, Message, Store

_WHAT_NOW = {
    Delivery.PENDING: "is sent when its turn comes",
    Delivery.SENDING: "an attempt is under way",
    Delivery.PARKED: "its channel takes nothing: see below",
    Delivery.UNCERTAIN: "may have arrived; look into the channel, it is not sent again",
    Delivery.DEAD: "refused; after mending: bot outbox retry ID",
}


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
@click.pass_context
def outbox(ctx: click.Context, as_json: bool) -> int:
    """Messages that are not delivered yet, or never will be."""
    if ctx.invoked_subcommand is not None:
        return 0
    with reading_store(load_config(ctx.obj)) as store:
        messages = store.outbox.unfinished()
        if as_json:
            for message in messages:
                print_json(_json(message, store))
            return 0
        if messages:
            console().print(_table(messages, store))
        for lane, mend in store.outbox.parked().items():
            click.echo(f"held: {'all channels' if lane == '*' else lane}: {mend}")
        counts = store.outbox.count_by_state()
        click.echo(", ".join(f"{n} {state}" for state, n in counts.items()) or "nothing yet")
    return 0


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=ID)
@click.option("--json", "as_json", is_flag=True, help="How many, as a JSON object.")
@click.pass_obj
def retry(config_path: Path | None, ids: Sequence[int], as_json: bool) -> int:
    """Let dead, parked or waiting messages try again at once."""
    asked = set(ids)
    with reading_store(load_config(config_path)) as store:
        changed = store.outbox.retry(sorted(asked))
    if as_json:
        print_json({"asked": len(asked), "waiting": changed})
    else:
        click.echo(f"{changed} of {len(asked)} messages wait for their turn again")
    return 0 if changed == len(asked) else 1


def _next_try(message: Message, store: Store) -> int | None:
    """The earliest instant of the next attempt; None where there is none."""
    if message.state not in (Delivery.PENDING, Delivery.PARKED):
        return None
    pauses = store.outbox.pauses()
    return max(message.not_before or 0, pauses.get(message.channel, 0), pauses.get("*", 0))


def _json(message: Message, store: Store) -> dict[str, object]:
    next_try = _next_try(message, store)
    return {
        "id": message.id,
        "alert": message.message_id,
        "channel": message.channel,
        "status": message.state.value,
        "attempts": message.attempts,
        "error": message.error,
        "created_at": to_text(from_ms(message.created_at)),
        "next_try_at": to_text(from_ms(next_try)) if next_try else None,
        "text": message.text,
    }


def _table(messages: Sequence[Message], store: Store) -> Table:
    table = Table(box=None, padding=(0, 1))
    for column in ("id", "channel", "state", "tries", "next try (ET)", "why", "alert"):
        table.add_column(column, overflow="fold")
    for message in messages:
        next_try = _next_try(message, store)
        when = f"{from_ms(next_try).astimezone(NEW_YORK):%m-%d %H:%M:%S}" if next_try else "–"
        why = message.error or _WHAT_NOW[message.state]
        tries = str(message.attempts)
        told = message.text if len(message.text) <= 80 else message.text[:79] + "…"
        row = (str(message.id), message.channel, message.state.value, tries, when, why, told)
        table.add_row(*row)
    return table
