"""A bot in the local Slack, from a card to a button and back."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.composing import composed
from bot.config import Chat, Config, Secret, Slack
from bot.notifiers.slack import SlackNotifier
from bot.outbox import Outgoing
from bot.sandbox.slack import SlackServer
from bot.slack_desk import SlackDesk, slack_desk_of
from tests.chat.desks import AnOffice
from tests.chat.talk import tidy
from tests.processes import until

Json = dict[str, Any]


class Workspace:
    """A bot in the local Slack: what it told, and the buttons that people press.

    Ann is the first person of the workspace.
    """

    def __init__(
        self, slack: SlackServer, folder: Path, *, stories: timedelta | None = None, **chat: Any
    ) -> None:
        self.slack = slack
        self.office = AnOffice(path=folder / "bot.db", stories=stories)
        self.store = self.office.store
        notifier = SlackNotifier(slack.token, api_url=slack.api_url, interactive=True)

        def clock() -> datetime:
            return self.office.now

        compose = partial(composed, self.store)
        self.outgoing = Outgoing(self.store, notifier, clock=clock, compose=compose)
        secrets: dict[str, Any] = {
            "bot_token": Secret(slack.token),
            "app_token": Secret(slack.app_token),
        }
        config = Config(slack=Slack(api_url=slack.api_url, **secrets), chat=Chat(**chat))
        desk = slack_desk_of(
            config, self.store, rules=lambda: (self.office.rule,), refused=tuple, clock=clock
        )
        assert desk is not None
        self.desk: SlackDesk = desk
        self.desk.look()
        until(lambda: slack.socket.connections)

    def tells(self, *tickers: str) -> list[Json]:
        """Alerts that are delivered; gives what stands in the channel."""
        self.office.sells(*tickers)
        self.delivers()
        return self.slack.messages("a")

    def delivers(self) -> None:
        for _ in range(5):
            self.outgoing.deliver()
            self.office.waits(seconds=5)

    def answer(self, ask: Any) -> Json:
        """What Ann alone sees newly of what she does."""
        seen = len(self.slack.answers())
        ask()
        assert self.slack.until(lambda: len(self.slack.answers()) > seen)
        return self.slack.answers()[-1]

    def press(self, message: Json, action: str, value: str | None = None) -> Json:
        channel = message.get("channel", "a")
        return self.answer(lambda: self.slack.click(channel, message["ts"], action, value))

    def close(self) -> None:
        self.desk.hang_up()
        tidy()
        self.store.close()
