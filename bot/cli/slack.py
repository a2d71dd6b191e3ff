"""``bot slack``: setting the bot up in a workspace of Slack."""

from pathlib import Path

import click

from bot.app import reading_store
from bot.chat.asker import OPERATOR
from bot.chat.verbs.test import queue_test
from bot.cli.output import print_json, say
from bot.clock import system_clock, to_ms
from bot.config import load_config
from bot.config.readers import Unfit
from bot.config.readers import channel as read_channel
from bot.errors import QueryError


@click.group()
def slack() -> None:
    """Set the bot up in Slack."""


@slack.command("manifest")
@click.option("--json", "as_json", is_flag=True, help="The manifest as JSON.")
@click.option("--link", is_flag=True, help="Only the link that makes the app.")
@click.pass_obj
def manifest_command(config_path: Path | None, as_json: bool, link: bool) -> int:
    """The app as Slack is to make it; the same as a link that makes it with one click."""
    from bot.chat.slack_manifest import as_link, as_yaml, manifest
    from bot.slack_doctor import names_groups

    app = manifest(groups=names_groups(load_config(config_path)))
    if as_json:
        print_json(app)
    elif link:
        say(as_link(app))
    else:
        say(as_yaml(app))
        say(f"# One click: {as_link(app)}")
    return 0


@slack.command("test")
@click.argument("channel")
@click.pass_obj
def test_command(config_path: Path | None, channel: str) -> int:
    """Put a card that says it is a test into the outbox: `bot run` delivers it like an alert.

    CHANNEL is #name, or the id of a channel or a person (U…).
    """
    try:
        place = read_channel(channel)
    except Unfit as error:
        raise QueryError(error.what, where="CHANNEL", mend=error.mend) from error
    with reading_store(load_config(config_path)) as store:
        queue_test(store, place, by=OPERATOR.name, at=to_ms(system_clock()))
    say(f"A test waits for its turn in {place}; `bot outbox` tells what became of it")
    return 0
