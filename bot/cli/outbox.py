"""``bot outbox``: what waits, why, and when it is tried next."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from rich.table import Table

from bot.app import reading_store
from bot.cli.output import console, counted, print_json, say
from bot.cli.ranges import ID
from bot.clock import NEW_YORK, from_ms, system_clock, to_ms, to_text
from bot.config import load_config
from bot.outbox import EVERYWHERE, Holds
from bot.store import Delivery, Message, Outbox, Store, WaitingDigest

_WHAT_NOW = {
    Delivery.PENDING: "is sent when its turn comes",
    Delivery.SENDING: "an attempt is under way",
    Delivery.PARKED: "its channel takes nothing: see below",
    Delivery.UNCERTAIN: "may have arrived, is looked for",
    Delivery.DEAD: "refused; after mending: bot outbox retry ID",
}


class _Waiting(NamedTuple):
    """A message that is not delivered, when it is tried next, and why it waits."""

    message: Message
    next_try_at: int | None
    why: str | None


class _Answer(NamedTuple):
    """What became of one number that was asked for.

    why: where nothing was changed.  until: of a message that waits for a pause of its channel.
    """

    id: int
    changed: bool
    status: str | None
    why: str | None
    until: str = ""

    def json(self) -> dict[str, object]:
        return {"id": self.id, "changed": self.changed, "status": self.status, "why": self.why}


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
@click.pass_context
def outbox(ctx: click.Context, as_json: bool) -> int:
    """Messages that are not delivered yet, or never will be."""
    if ctx.invoked_subcommand is not None:
        return 0
    with reading_store(load_config(ctx.obj)) as store:
        waiting = _waiting(store)
        if as_json:
            for each in waiting:
                print_json(_json(each))
            return 0
        if waiting:
            console().print(_table(waiting))
        for message, *_ in waiting:
            if message.state is Delivery.UNCERTAIN:
                say(f"{message.id}: {_why_not(message)}")
        for names, mend in Holds(store).parked():
            say(f"held: {'all channels' if EVERYWHERE in names else ' = '.join(names)}: {mend}")
        for digest in store.outbox.waiting_digests():
            say(_digest_told(digest))
        counts = store.outbox.count_by_state()
        say(", ".join(f"{n} {state}" for state, n in counts.items()) or "nothing yet")
    return 0


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=ID)
@click.option("--anyway", is_flag=True, help="Post uncertain ones again too: they may come twice.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
@click.pass_obj
def retry(config_path: Path | None, ids: Sequence[int], anyway: bool, as_json: bool) -> int:
    """Let dead, parked or waiting messages try again at once.

    A pause that Slack asked for stays: what waits for it is tried when it ends.
    """
    answers = _changed(config_path, ids, lambda box, asked: box.retry(asked, anyway=anyway))
    return _tell(answers, "waits for its turn again", "wait for their turn again", as_json)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, type=ID)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a message.")
@click.pass_obj
def settle(config_path: Path | None, ids: Sequence[int], as_json: bool) -> int:
    """Note that uncertain messages have arrived, after a look into the channel."""
    answers = _changed(config_path, ids, lambda box, asked: box.found_sent(asked))
    return _tell(answers, "counts as sent", "count as sent now", as_json)


def _changed(
    config_path: Path | None,
    ids: Sequence[int],
    change: Callable[[Outbox, Sequence[int]], set[int]],
) -> list[_Answer]:
    asked = list(dict.fromkeys(ids))
    with reading_store(load_config(config_path)) as store, store.writing():
        changed = change(store.outbox, asked)
        found = {number: store.outbox.of(number) for number in asked}
        paused = {each.message.id: _paused(each) for each in _waiting(store)}
    return [
        _Answer(
            id=number,
            changed=number in changed,
            status=message.state.value if message else None,
            why=None if number in changed else _why_not(message),
            until=paused.get(number, "") if number in changed else "",
        )
        for number, message in found.items()
    ]


def _tell(answers: Sequence[_Answer], done: str, all_done: str, as_json: bool) -> int:
    """Status 1 where one was not changed."""
    changed = sum(answer.changed for answer in answers)
    for answer in answers:
        if as_json:
            print_json(answer.json())
        else:
            say(f"{answer.id}: {answer.why or done + answer.until}")
    if not as_json:
        say(f"{changed} of {len(answers)} messages {all_done}")
    return 0 if changed == len(answers) else 1


def _waiting(store: Store) -> list[_Waiting]:
    """Everything that is not delivered, oldest first."""
    holds, now = Holds(store), to_ms(system_clock())
    return [
        _Waiting(each, holds.next_try(each), holds.why(each, now))
        for each in store.outbox.unfinished()
    ]


def _paused(waiting: _Waiting) -> str:
    """Until when a message that may try again waits all the same, and why."""
    at = waiting.next_try_at
    if at is None or at <= to_ms(system_clock()):
        return ""
    told = f", not before {from_ms(at).astimezone(NEW_YORK):%H:%M:%S} ET"
    return f"{told}: {waiting.why}" if waiting.why else told


def _why_not(message: Message | None) -> str:
    """Why a message is left as it is, and what can be done about it."""
    if message is None:
        return "there is no such message"
    number, place = message.id, message.channel
    match message.state:
        case Delivery.SENT:
            how = f", {message.reconciled}" if message.reconciled else ""
            return f"sent already{_at(message.sent_at)} to {place}{how}"
        case Delivery.UNCERTAIN:
            known = "it is looked for; " if message.doubted_at else "nobody could look; "
            return (
                f"may have been posted{_at(message.first_tried_at)} in {place}; {known}by hand: "
                f"`bot outbox settle {number}` where it stands there, "
                f"`bot outbox retry --anyway {number}` posts it again"
            )
        case Delivery.SENDING:
            return "an attempt is under way; a bot that was killed meanwhile doubts it at its start"
        case Delivery.DIGEST if message.digest_id is None:
            return f"waits to be told in a digest in {place}"
        case Delivery.DIGEST:
            return f"told in a digest, message {message.digest_id}"
        case state:
            return f"{state.value}, so it did not arrive; `bot outbox retry {number}` sends it"


def _digest_told(digest: WaitingDigest) -> str:
    """What waits for a digest, until when and why."""
    when, why = "when the bot has caught up", "too old to be told one by one"
    if digest.due is not None:
        when = f"{from_ms(digest.due).astimezone(NEW_YORK):%a %Y-%m-%d %H:%M} ET"
        why = digest.why or "over the daily cap of a rule"
    return f"{counted(digest.alerts, 'alert')} for {digest.channel} {when}: {why}"


def _at(instant: int | None) -> str:
    if instant is None:
        return ""
    return f" at {from_ms(instant).astimezone(NEW_YORK):%Y-%m-%d %H:%M} ET"


def _json(waiting: _Waiting) -> dict[str, object]:
    message, next_try_at, why = waiting
    return {
        "id": message.id,
        "alert": message.message_id if message.message_id > 0 else None,
        "channel": message.channel,
        "status": message.state.value,
        "attempts": message.attempts,
        "error": why,
        "created_at": to_text(from_ms(message.created_at)),
        "next_try_at": to_text(from_ms(next_try_at)) if next_try_at else None,
        "text": message.text,
    }


def _table(waiting: Sequence[_Waiting]) -> Table:
    table = Table(box=None, padding=(0, 1))
    for column in ("id", "channel", "state", "tries", "next try or look (ET)", "why", "alert"):
        table.add_column(column, overflow="fold")
    for message, next_try_at, error in waiting:
        at = from_ms(next_try_at).astimezone(NEW_YORK) if next_try_at else None
        when = f"{at:%m-%d %H:%M:%S}" if at else "–"
        why = error or _WHAT_NOW[message.state]
        tries = str(message.attempts)
        told = message.text if len(message.text) <= 80 else message.text[:79] + "…"
        row = (str(message.id), message.channel, message.state.value, tries, when, why, told)
        table.add_row(*row)
    return table
