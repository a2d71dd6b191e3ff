"""``bot slack``: setting the bot up in a workspace of Slack."""

from pathlib import Path

import click

from bot.app import reading_store
from bot.chat.asker import OPERATOR
from bot.chat.verbs.test import queue_test
from bot.cli.output import console, print_json, say
from bot.cli.ranges import Amount
from bot.clock import from_ms, monotonic, sleep, system_clock, to_ms
from bot.config import Config, load_config
from bot.config.readers import Unfit
from bot.config.readers import channel as read_channel
from bot.errors import QueryError
from bot.notifiers import Unseen
from bot.store import Delivery, Message, Store

_LOOK_EVERY_S = 0.2
_ENDS = (Delivery.SENT, Delivery.DEAD, Delivery.PARKED)


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
@click.argument("channel", required=False)
@click.option(
    "--wait",
    type=Amount(min=0, max=600),
    default=20.0,
    show_default=True,
    help="So many seconds for `bot run` to deliver it.",
)
@click.pass_obj
def test_command(config_path: Path | None, channel: str | None, wait: float) -> int:
    """Put a card that says it is a test into the outbox, and look for it where it should stand.

    `bot run` delivers it like an alert.  CHANNEL is #name, or the id of a channel or a person (U…);
    without it: [alerts] channel.  Status 1 where it did not come.
    """
    config = load_config(config_path)
    place = _channel(channel) if channel else config.alerts.channel
    with reading_store(config) as store:
        card = queue_test(store, place, by=OPERATOR.name, at=to_ms(system_clock()))
        say(f"A test is on its way to {place}")
        message = _delivered(store, card.alert_id, wait)
    if message is None or message.state is not Delivery.SENT:
        say(_undelivered(message, wait))
        return 1
    return _look_for(config, message)


def _undelivered(message: Message | None, wait_s: float) -> str:
    told = f" ({message.error})" if message and message.error else ""
    if message and message.state in _ENDS:
        return f"It is not delivered{told}.  `bot outbox` tells"
    return f"It is not delivered after {wait_s:g} s{told}.  Does `bot run` run?  `bot outbox` tells"


def _channel(channel: str) -> str:
    try:
        return read_channel(channel)
    except Unfit as error:
        raise QueryError(error.what, where="CHANNEL", mend=error.mend) from error


def _delivered(store: Store, number: int, wait_s: float) -> Message | None:
    """The message as it is when it has come to an end, or when the time is over."""
    deadline = monotonic() + wait_s
    while True:
        message = next(iter(store.outbox.telling(number)), None)
        done = message is not None and message.state in _ENDS
        if done or monotonic() >= deadline:
            return message
        sleep(_LOOK_EVERY_S)


def _look_for(config: Config, message: Message) -> int:
    """Read the channel back, where the way there allows it and this shell has the token."""
    from bot.running import notifier_of

    if message.ts is None:
        say("Delivered by the running bot, which has no SLACK_BOT_TOKEN: it told its terminal or a "
            "webhook, and nobody can look whether it stands there")  # fmt: skip
        return 0
    if config.slack.bot_token is None:
        say(f"Posted in Slack by the running bot (channel {message.place}, message {message.ts}).  "
            "Not read back: SLACK_BOT_TOKEN is not set in this shell")  # fmt: skip
        return 0
    notifier = notifier_of(config, console(), system_clock)
    seen = notifier.look(message.channel, since=from_ms(message.created_at))
    if isinstance(seen, Unseen):
        say(f"Delivered, but the channel can not be read: {seen.why}", err=True)
        return 1
    found = message.message_id in seen.messages
    say("Delivered, and read back from the channel" if found else "Delivered, but not found there")
    return 0 if found else 1
