"""Requests that end: within a time in all, and with an answer of a size that Slack may send."""

import http.client
import io
import socket
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPHandler, HTTPSHandler, Request

from bot.clock import monotonic

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_UNSAID_S = 30.0
"""The time-out of a request that names none."""

IN_ALL = 3
"""A whole request may take so many times what one step of it may."""

LONGEST_ANSWER = 32 * 1024**2
"""Bytes; a page of a thousand channels has about two million."""


class AnswerTooLong(http.client.HTTPException):
    """More bytes than any answer of Slack has."""


class _Incoming(io.RawIOBase):
    """The bytes of an answer until a request has taken too long in all.

    The time-out of a socket counts anew with each byte: one that comes now and then would hold a
    channel for ever.
    """

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until, self._left = sock, until, LONGEST_ANSWER
        self._step_s = sock.gettimeout()
        self._bytes = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left if self._step_s is None else min(left, self._step_s))
        count = self._bytes.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise AnswerTooLong
        return count

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _Connection(http.client.HTTPConnection):
    """One request, over with its answer or when it has taken too long."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        step = self.timeout if isinstance(self.timeout, (int, float)) else _UNSAID_S
        self._until = monotonic() + IN_ALL * step
        self._answer: http.client.HTTPResponse | None = None

    def connect(self) -> None:
        try:
            super().connect()
        except BaseException:
            if self._answer is not None:  # of a proxy that opens no tunnel
                self._answer.close()
            raise

    def response_class(  # type: ignore[override]
        self, sock: socket.socket, *given: Any, **named: Any
    ) -> http.client.HTTPResponse:
        answer = http.client.HTTPResponse(sock, *given, **named)
        answer.fp.close()
        answer.fp = io.BufferedReader(_Incoming(sock, self._until))
        self._answer = answer
        return answer


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    pass


class PlainWithin(HTTPHandler):
    """Of http."""

    def http_open(self, request: Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, request)


class SecureWithin(HTTPSHandler):
    """Of https."""

    def https_open(self, request: Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, request)
