"""One WebSocket of the local Slack: the server's side, with what a network does to it.

The protocol is that of ``websockets``, without its input and output, so that a connection can be
left half open, be reset, and have its messages cut into fragments.
"""

import select
import socket
import struct
from contextlib import suppress
from threading import Lock

from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

_CHUNK = 65_536


class Connection:
    """Over a socket on which a request to upgrade has been read.

    request: its head, as it came.
    fragment_bytes: messages are sent in fragments of so many bytes; None sends them whole.
    """

    def __init__(self, line: socket.socket, request: bytes, fragment_bytes: int | None) -> None:
        self._line, self._request, self._fragment = line, request, fragment_bytes
        self._protocol = ServerProtocol(max_size=None)
        self._lock = Lock()
        self._held = b""
        self.is_silent = False
        self.is_leaving = False

    def accepted(self) -> bool:
        """Answer the request; whether a connection came of it."""
        self._protocol.receive_data(self._request)
        request = next(iter(self._protocol.events_received()))
        assert isinstance(request, Request)
        self._protocol.send_response(self._protocol.accept(request))
        self._flush()
        return self._protocol.state is OPEN

    def send(self, text: str) -> bool:
        """Whether it has left; one that is silent swallows it."""
        if self.is_silent:
            return True
        with self._lock:
            if self._protocol.state is not OPEN:
                return False
            data = text.encode()
            size = self._fragment or len(data)
            parts = [data[at : at + size] for at in range(0, len(data), size)]
            self._protocol.send_text(parts[0], fin=len(parts) == 1)
            for place, part in enumerate(parts[1:], start=2):
                self._protocol.send_continuation(part, fin=place == len(parts))
            return self._flush()

    def ping(self) -> None:
        with self._lock:
            if self._protocol.state is OPEN and not self.is_silent:
                self._protocol.send_ping(b"sandbox")
                self._flush()

    def received(self, within_s: float) -> list[str] | None:
        """The messages that came in that time; None once the other side has gone."""
        if self._protocol.state is not OPEN:
            return None
        try:
            if not select.select([self._line], [], [], within_s)[0]:
                return []
            data = self._line.recv(_CHUNK)
        except (OSError, ValueError):  # closed by us meanwhile
            return None
        if self.is_silent:
            return [] if data else None
        with self._lock:
            if data:
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
            frames = self._protocol.events_received()
            self._flush()
        return self._texts([frame for frame in frames if isinstance(frame, Frame)])

    def _texts(self, frames: list[Frame]) -> list[str]:
        """Whole messages; what has only begun is held until its end comes."""
        texts = []
        for frame in frames:
            if frame.opcode in (Opcode.TEXT, Opcode.CONT):
                self._held += bytes(frame.data)
                if frame.fin:
                    texts.append(self._held.decode())
                    self._held = b""
        return texts

    def close(self) -> None:
        """Say farewell, as far as the other side still listens, and close."""
        with self._lock, suppress(ProtocolError):
            if self._protocol.state is OPEN and not self.is_silent:
                self._protocol.send_close(1000)
                self._flush()
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End it so that the other side reads a reset."""
        with suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._line.close()

    def _flush(self) -> bool:
        try:
            for data in self._protocol.data_to_send():
                if data:
                    self._line.sendall(data)
        except OSError:
            return False
        return True
