"""One connection of Socket Mode: acknowledges in the thread that receives, and reconnects itself.

Loaded only where the bot is asked in Slack: slack_sdk takes its time to import.
Source: docs.slack.dev, "Using Socket Mode"; slack_sdk's own client, whose quirks are named below.
"""

import json
import logging
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection as Session

from bot.chat.slack_form import is_refusal
from bot.chat.slack_gate import Gate
from bot.notifiers.slack_addresses import is_slacks
from bot.notifiers.slack_answers import read_retry_after, why_of
from bot.notifiers.slack_client import WriteClient
from bot.notifiers.transport import is_loopback

Envelope = dict[str, Any]
"""One thing that Slack sends: its type, its envelope_id and its payload."""

PING_EVERY = timedelta(seconds=3)
"""A connection without an answer to its pings for four times as long is given up by the client."""

_A_MOMENT_S = 0.05

_SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|wss?://\S+|https?://\S+")


class Connection(SocketModeClient):
    """slack_sdk's client, which needs no further library, with these changes:

    - each envelope is acknowledged at once and given to ``heard``: the client's own queue waits
      while it reconnects.  What is ``said`` with the acknowledgement is nothing but for a form, as
      the client can not send more than 65,535 bytes; a form that is refused is done with;
    - ``lost`` is called when it breaks: the client looks for that only every few seconds;
    - ``disabled`` is called where Slack says ``link_disabled``; the client would never give up;
    - asking for an address waits out what failed before, without sleeping in a thread;
    - an address is used only where it is Slack's: by port the client decides whether to encrypt.
    """

    def __init__(
        self,
        *,
        app_token: str,
        api_url: str,
        heard: Callable[[Envelope], None],
        said: Callable[[Envelope], Envelope | None],
        lost: Callable[[], None],
        disabled: Callable[[], None],
        ping_every: timedelta = PING_EVERY,
        timeout_s: float = 10,
    ) -> None:
        self._heard, self._said, self._disabled = heard, said, disabled
        self._api_url = api_url
        self.gate = Gate()
        self.greeted = False
        super().__init__(
            app_token=app_token,
            logger=_logger(),
            web_client=WriteClient(token=app_token, api_url=api_url, timeout_s=timeout_s),
            ping_interval=ping_every.total_seconds(),
            concurrency=1,  # of a pool that stays unused
            on_error_listeners=[lambda _: lost()],
        )
        if is_loopback(urlsplit(api_url).hostname):
            self.proxy = None  # taken from the environment, without regard to NO_PROXY

    def enqueue_message(self, message: str) -> None:
        """One text as it came, in the thread that receives."""
        envelope = _read(message)
        match envelope.get("type"):
            case "disconnect" if envelope.get("reason") == "link_disabled":
                self._disabled()
            case "disconnect":
                super().enqueue_message(message)
            case "hello":
                self.greeted = True
            case _ if envelope.get("envelope_id"):
                said = self._said(envelope)
                self._acknowledge(str(envelope["envelope_id"]), said)
                if not is_refusal(said):
                    self._heard(envelope)

    def connect(self) -> None:
        """Take up a new session and let the old one go at once.

        The client waits up to three seconds for the one who reads from the old one, and hears
        nothing meanwhile.
        """
        if self.current_session is not None:
            old = self.current_session
            self.current_session.close = lambda: _let_go(old)  # type: ignore[method-assign]
        super().connect()
        if self.closed and self.current_session is not None:
            _let_go(self.current_session)  # ended while this was under way

    def issue_new_wss_url(self) -> str:
        """Where to connect to; raises where Slack does not say, and while the gate is closed."""
        self.gate.check()
        self.greeted = False
        try:
            url = str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        except Exception as error:
            self.gate.close(*_refusal(error))
            raise
        if not is_slacks(url, api_url=self._api_url, scheme="wss"):
            self.gate.close("an address that is not Slack's")
            raise ValueError("apps.connections.open gave an address that is not Slack's")
        self.gate.open()
        return url

    def pulse(self) -> tuple[object, ...]:
        """Changes with every pong, and with every new session."""
        session = self.current_session
        return (session and session.session_id, session and session.last_ping_pong_time)

    def hang_up(self) -> None:
        """End for good, without waiting for what the other side may still say."""
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled = False
        self.closed = self.current_session_state.terminated = True
        self.gate.shut()
        self.message_queue.put(None)  # wakes who waits for one
        if self.current_session is not None:
            _wake_reader(self.current_session)

    def close(self) -> None:
        """Wait for the end of its threads.

        The client's reader, where it begins just now, takes back that it is to end, and the client
        would wait for it for ever.
        """
        reader = self.current_session_runner
        reader.event.set()
        while reader.is_alive():
            self.current_session_state.terminated = True
            reader.thread.join(_A_MOMENT_S)
        super().close()

    def _acknowledge(self, envelope_id: str, said: Envelope | None) -> None:
        payload = {"payload": said} if said else {}
        try:
            self.send_message(json.dumps({"envelope_id": envelope_id, **payload}))
        except (SlackClientNotConnectedError, OSError):
            structlog.get_logger().warning("chat.not_acknowledged", envelope_id=envelope_id)


def _let_go(session: Session) -> None:
    _wake_reader(session)
    session.disconnect()


def _wake_reader(session: Session) -> None:
    """Whoever reads from it reads its end now, and gives its lock free."""
    if session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)


def _read(message: str) -> Envelope:
    """The object of a text; empty where it is none, as Slack's notices that are no JSON."""
    try:
        held = json.loads(message)
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def _refusal(error: Exception) -> tuple[str, timedelta | None]:
    """Why Slack gave no address, and how long it wants to be left alone."""
    code = why_of(error)
    if not isinstance(error, SlackApiError) or error.response.status_code != 429:
        return code, None
    headers = error.response.headers.items()
    told = next((str(v) for k, v in headers if k.lower() == "retry-after"), None)
    return code, read_retry_after(told)


class _Told(logging.Handler):
    """What slack_sdk logs, as events of ours, without tokens, addresses and what people wrote."""

    def emit(self, record: logging.LogRecord) -> None:
        told, log = record.getMessage(), structlog.get_logger()
        if "unsupported data frame" in told:
            log.warning("chat.unsupported_frame", told=told.split(", payload:")[0])
        elif record.levelno >= logging.WARNING:
            log.info("chat.sdk", told=_SECRET.sub("***", told)[:300])


def _logger() -> logging.Logger:
    logger = logging.Logger("bot.chat.slack", logging.WARNING)
    logger.addHandler(_Told())
    return logger
