"""A bot that is asked in the local Slack: its socket, its conversation, and a desk that repeats."""

import gc
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bot.chat.answer import Answer, File
from bot.chat.answer_slack import slack_answer
from bot.chat.asker import Asker
from bot.chat.slack_conversation import Conversation
from bot.chat.slack_form import said_at_once
from bot.chat.slack_home import Home
from bot.chat.slack_modals import Modals
from bot.chat.slack_payloads import opens_form
from bot.chat.slack_people import People
from bot.chat.slack_replies import Replies
from bot.chat.slack_socket import CLOSING, CONNECTIONS, SlackSocket
from bot.clock import Clock, to_ms
from bot.notifiers.slack_client import WriteClient
from bot.notifiers.slack_files import send_to
from bot.sandbox.slack import SlackServer
from bot.store import Store
from tests.builders import NOW
from tests.processes import IN_TIME, LONG


class Talk:
    """What a bot heard by chat, and how it answers: with ``says``, else with what it was told."""

    def __init__(self, slack: SlackServer, *, clock: Clock = lambda: NOW) -> None:
        self.slack, self.store = slack, Store(None)
        self.asked: list[tuple[str, Asker]] = []
        self.clicked: list[tuple[str, str, Asker, str | None]] = []
        self.written = slack_answer
        self.rules: list[str] = ["cluster-buy", "large-purchase"]
        self.says: Callable[[str], Answer] = lambda text: Answer(headline=f"You said: {text}")
        client = WriteClient(token=slack.token, api_url=slack.api_url, timeout_s=LONG)
        self.people = People(lambda: client)
        self.conversation = Conversation(
            self.people,
            Replies(lambda: client, clock=clock),
            Home(lambda: client, answer=self._answer, written=slack_answer),
            Modals(lambda: client, rules=lambda: self.rules),
            answer=self._answer,
            click=self._click,
            written=lambda answer: self.written(answer),
            knows_ticker=self.store.history.knows_ticker,
            once=lambda event: self.store.chat.once(event, at=to_ms(clock())),
            send=lambda user, file: _send(client, user, file),
            api_url=slack.api_url,
            clock=clock,
        )

    def _answer(self, text: str, asker: Asker) -> Answer:
        self.asked.append((text, asker))
        return self.says(text)

    def _click(self, action: str, value: str, asker: Asker, message: str | None) -> Answer:
        self.clicked.append((action, value, asker, message))
        return self.says(value)

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.asked]


def _send(client: WriteClient, user: str, file: File) -> None:
    send_to(client, user, name=file.name, body=file.body, title=file.title)


@contextmanager
def listening(
    slack: SlackServer,
    handle: Callable[[Mapping[str, Any]], object],
    *,
    tell: Callable[[str, str], object] = lambda *_: None,
    app_token: str | None = None,
    ping_every: timedelta = timedelta(seconds=1),
    deaf_after: timedelta = timedelta(minutes=10),
    connected: bool = True,
) -> Iterator[SlackSocket]:
    """A socket that is closed when the block ends.

    ping_every: a connection is given up after four times as long, or after five pings that failed.
    connected: it begins once both connections stand.
    """
    socket = SlackSocket(
        app_token=app_token or slack.app_token,
        api_url=slack.api_url,
        handle=handle,
        tell=tell,
        said=lambda envelope: said_at_once(envelope, now=NOW),
        urgent=opens_form,
        ping_every=ping_every,
        deaf_after=deaf_after,
        look_every=timedelta(seconds=0.05),
    )
    socket.start()
    try:
        if connected:
            assert slack.until(lambda: slack.socket.connections == CONNECTIONS)
        yield socket
    finally:
        socket.close()
        tidy()


def tidy() -> None:
    """Wait a little for the end of the threads that connect and close, of sockets that are closed.

    slack_sdk drops the socket of a handshake that failed, as at the end of a test, without closing
    it; it is collected here, not in the middle of another test.
    """
    for thread in threading.enumerate():
        if thread.name in ("chat-watch", CLOSING):
            thread.join(IN_TIME)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
