"""The end of a connection of Socket Mode."""

import logging
import socket
from threading import Event, Thread

from slack_sdk.socket_mode.builtin.connection import Connection as Session

from bot.chat.slack_connection import Connection
from tests.processes import LONG, until


class LateSession(Session):
    """One of slack_sdk that is told by its reader to be active just before it is closed."""

    def __init__(self) -> None:
        quiet = logging.Logger("quiet", logging.CRITICAL)
        super().__init__(url="ws://127.0.0.1", logger=quiet)
        self.sock, self.other_side = socket.socketpair()  # type: ignore[assignment]
        self.asked, self.closed = Event(), Event()

    def is_active(self) -> bool:
        active = super().is_active()
        if active and not self.asked.is_set():
            self.asked.set()
            self.closed.wait(LONG)
        return active


def test_it_ends_though_its_reader_begins_at_that_moment() -> None:
    connection = Connection(
        app_token="xapp-test",
        api_url="http://127.0.0.1:9/api/",
        heard=lambda _envelope: None,
        said=lambda _envelope: None,
        lost=lambda: None,
        disabled=lambda: None,
    )
    session = connection.current_session = LateSession()
    assert session.asked.wait(LONG)  # the reader is about to take back that it is to end

    connection.hang_up()
    closing = Thread(target=connection.close, daemon=True)
    closing.start()
    until(lambda: connection.current_session_runner.event.is_set() or session.sock is None)
    session.disconnect()
    session.closed.set()
    closing.join(LONG)
    session.other_side.close()

    assert not closing.is_alive()
