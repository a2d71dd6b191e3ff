"""Ends requests that are under way, from another thread: a server may hold one for a minute."""

import socket
import threading
from contextlib import suppress
from typing import Any

_OPENED = ("connect_tcp.complete", "start_tls.complete")


class Hangup:
    """Knows the connections of an HTTP client by what its requests tell, and can end them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.done = False

    def heard(self, event: str, info: Any) -> None:
        """Told of each step of a request, as httpx traces it."""
        if not event.endswith(_OPENED):
            return
        opened = info["return_value"].get_extra_info("socket")
        with self._lock:
            self._sockets = [each for each in self._sockets if each.fileno() >= 0]
            self._sockets.append(opened)
            if self.done:
                _end(opened)

    def hang_up(self) -> None:
        """End all connections; a thread that reads from one finds its end at once.

        ``shutdown``, since closing a socket wakes nobody who reads from it.
        """
        with self._lock:
            self.done = True
            for each in self._sockets:
                _end(each)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # that of TLS would say farewell first
