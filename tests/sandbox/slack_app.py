"""A small app in the local Slack, for tests of what people see there."""

import json
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bot.cards.slack import slack_message
from bot.sandbox.slack import SlackServer
from tests.cards.samples import a_card


class App:
    """A small app: it acknowledges at once and answers as it is told to."""

    def __init__(self, slack: SlackServer) -> None:
        self.web = WebClient(slack.token, base_url=slack.api_url, retry_handlers=[])
        self.payloads: list[dict[str, Any]] = []
        self.answers: Callable[[dict[str, Any]], object] = lambda _payload: None
        opened = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)
        self._address = str(opened["url"])

    def run(self) -> None:
        with connect(self._address) as line:
            try:
                for raw in line:
                    told = json.loads(raw)
                    if "envelope_id" in told:
                        line.send(json.dumps({"envelope_id": told["envelope_id"]}))
                        self.payloads.append(told["payload"])
                        self.answers(told["payload"])
            except ConnectionClosed:
                return


def post(app: App, **card: Any) -> str:
    """Post a card; its ts."""
    return str(app.web.chat_postMessage(channel="#alerts", **shown(**card))["ts"])


def shown(**card: Any) -> dict[str, Any]:
    return slack_message(a_card(**card), interactive=True)
