"""Clients of the Slack on loopback."""

from bot.clock import Clock
from bot.notifiers.slack import SlackNotifier
from bot.sandbox.slack import SlackServer
from tests.processes import LONG


def timed_by(clock: Clock, slack: SlackServer) -> SlackNotifier:
    return SlackNotifier(slack.token, api_url=slack.api_url, timeout_s=LONG, clock=clock)
