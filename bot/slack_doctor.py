"""What `bot doctor` looks at in Slack, by what the configuration holds of it."""

import re
from collections.abc import Iterator
from contextlib import suppress

from bot.app import active_rules
from bot.cards import Card, Match, build_card
from bot.chat.slack_trial import ask_for_socket, try_socket
from bot.clock import sleep, system_clock
from bot.config import Config
from bot.config.settings import Slack
from bot.errors import BotError, ConfigError
from bot.facts import Kind
from bot.finding import Finding, Health, bad, warning
from bot.notifiers.slack_check import check_slack, check_token, client_of
from bot.notifiers.slack_probe import probe
from bot.notifiers.slack_validate import check_cards
from bot.rehearsal import rehearse
from bot.rules.fire import Fate
from bot.rules.model import Rule
from bot.rules.proof import read_proof
from bot.store.lock import lock_of, only_one

_PERSON = re.compile(r"[UW][A-Z0-9]{5,}")
"""The id of one, whose direct messages the bot opens."""


def slack_findings(config: Config, *, probe_in: str | None) -> Iterator[Finding]:
    """By level: terminal, webhook, bot token, Socket Mode.

    probe_in: the channel into which a message is posted and taken away again; None: the ops
    channel, and without one nothing is posted.
    """
    slack = config.slack
    wrong = _wrong_tokens(slack)
    yield from wrong
    if wrong:
        return
    if slack.bot_token is not None:
        where = probe_in or config.alerts.ops_channel
        yield from _by_token(config, slack.bot_token.reveal(), where)
    elif slack.webhook_url is not None:
        told = "an incoming webhook: a message whose answer is lost may repeat"
        mend = "with SLACK_BOT_TOKEN instead the channel can be looked into"
        yield warning("Slack", told, mend)
    else:
        mend = "set SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL in the environment"
        yield warning("Slack", "no token: alerts go to the terminal and the store", mend)


def _wrong_tokens(slack: Slack) -> list[Finding]:
    """Tokens that stand in the wrong variable, or alone."""
    found = [
        check_token(token.reveal(), variable=variable, begins=begins)
        for token, variable, begins in (
            (slack.bot_token, "SLACK_BOT_TOKEN", "xoxb-"),
            (slack.app_token, "SLACK_APP_TOKEN", "xapp-"),
        )
        if token is not None
    ]
    if slack.app_token is not None and slack.bot_token is None:
        mend = "set SLACK_BOT_TOKEN too: answers are posted with it"
        found.append(bad("Slack", "SLACK_APP_TOKEN without SLACK_BOT_TOKEN", mend))
    return [each for each in found if each is not None]


def _by_token(config: Config, token: str, probe_in: str | None) -> Iterator[Finding]:
    client = client_of(token, api_url=config.slack.api_url)
    chat = config.slack.app_token is not None
    first, *others = check_slack(
        client, channels=channels_of(config), chat=chat, groups=names_groups(config)
    )
    yield first
    yield from others
    if first.health is Health.BAD:
        return
    if probe_in is not None:
        yield from probe(client, probe_in, clock=system_clock, sleep=sleep)
    yield check_cards(client, _cards(config))
    if config.slack.app_token is not None:
        yield _socket(config, config.slack.app_token.reveal())


def names_groups(config: Config) -> bool:
    """Whether user groups of Slack are given permissions."""
    chat = config.chat
    named = (*chat.mute, *chat.acknowledge, *chat.subscribe)
    return any(each.startswith("S") for each in named)


def channels_of(config: Config) -> dict[str, str]:
    """Every channel that is posted to, and where it is named; a person is none."""
    named = {config.alerts.channel: "[alerts] channel"}
    if config.alerts.ops_channel:
        named.setdefault(config.alerts.ops_channel, "[alerts] ops_channel")
    for number, route in enumerate(config.routes, start=1):
        for channel in route.to or ():
            named.setdefault(channel, f"'to' of route {number}")
    with suppress(BotError):  # told by another check
        for rule in active_rules(config):
            if rule.to:
                named.setdefault(rule.to, f"'to' of rule {rule.id}")
    for number, route in enumerate(config.routes, start=1):
        for channel in route.to or ():
            named.setdefault(channel, f"'to' of route {number}")
    return {channel: where for channel, where in named.items() if not _PERSON.fullmatch(channel)}


def _cards(config: Config) -> list[Card]:
    """A card of each kind of alert, from the tests that the rules in force carry."""
    cards: dict[tuple[Kind, ...], Card] = {}
    with suppress(BotError):  # told by another check
        for rule in active_rules(config):
            if rule.on not in cards and (card := _first_card(rule)):
                cards[rule.on] = card
    return list(cards.values())


def _first_card(rule: Rule) -> Card | None:
    """Of the first test in which a rule fires; None where its alerts are of silence."""
    if rule.absent is not None:
        return None
    for test in rule.tests:
        for outcome in rehearse([rule], test):
            if outcome.fate is Fate.FIRED:
                match = Match(
                    row=outcome.row,
                    values=outcome.values,
                    proof=read_proof(outcome.proof),
                    message=outcome.message or "",
                )
                return build_card(rule, [match], alert_id=1)
    return None


def _socket(config: Config, token: str) -> Finding:
    """Connected where no bot runs on this store, which would miss what comes meanwhile."""
    path, api_url = config.store.path, config.slack.api_url
    if not lock_of(path).exists():
        return try_socket(token, api_url=api_url, sleep=sleep)
    try:
        with only_one(path):
            return try_socket(token, api_url=api_url, sleep=sleep)
    except ConfigError:
        return ask_for_socket(token, api_url=api_url)
