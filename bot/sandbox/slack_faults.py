"""What can go wrong with a request to the local Slack, before or after it was carried out."""

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_POSTS = ("chat.postMessage", "webhook")
_HTML = b"<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"


class FaultKind(StrEnum):
    """What can go wrong with a request, before or after it has been carried out."""

    STATUS = "an HTTP status"
    RATE_LIMIT = "429 with Retry-After"
    DELAY = "an answer that comes late"
    SILENCE = "no answer at all"
    DROP = "closed without an answer"
    RESET = "reset without an answer"
    CUT = "half an answer"
    HTML = "a web page instead of JSON"
    ERROR = "an error code although it may be done"


@dataclass(frozen=True, slots=True)
class Fault:
    """Befalls the next post, or the next call of ``method``.

    accepted: whether the request is carried out first.
    status: of STATUS.  seconds: of DELAY and RATE_LIMIT.  code: of ERROR.
    """

    kind: FaultKind
    accepted: bool = False
    status: int = 503
    seconds: float = 1
    code: str = "internal_error"
    method: str | None = None

    def befalls(self, method: str) -> bool:
        return method == self.method or (self.method is None and method in _POSTS)

    @property
    def is_mute(self) -> bool:
        """Whether nothing is answered."""
        return self.kind in (FaultKind.SILENCE, FaultKind.DROP, FaultKind.RESET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over the line."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    retry_after: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


Headers = tuple[tuple[str, str], ...]


def json_answer(answer: Any, status: int = 200, headers: Headers = ()) -> Answer:
    return Answer(status=status, body=json.dumps(answer).encode(), headers=headers)


def word(text: str, status: int = 200, retry_after: int | None = None) -> Answer:
    """One word of text, as Slack's webhooks answer."""
    kind = "text/html; charset=utf-8"
    return Answer(status=status, body=text.encode(), kind=kind, retry_after=retry_after)


def rate_limited(seconds: float) -> Answer:
    body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
    return Answer(status=429, body=body, retry_after=math.ceil(seconds))


def spoilt(fault: Fault, answer: Answer, method: str) -> Answer:
    """The answer that a fault puts in the place of the true one."""
    match fault.kind:
        case FaultKind.STATUS:
            return Answer(status=fault.status, body=b"upstream connect error", kind="text/plain")
        case FaultKind.RATE_LIMIT:
            return rate_limited(fault.seconds)
        case FaultKind.HTML:
            return Answer(body=_HTML, kind="text/html; charset=utf-8")
        case FaultKind.ERROR if method == "webhook":
            return word(fault.code, 500 if fault.code == "internal_error" else 400)
        case FaultKind.ERROR:
            return json_answer({"ok": False, "error": fault.code})
        case _:
            return answer
