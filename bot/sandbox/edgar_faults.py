"""What goes wrong at the sandbox EDGAR: on request, always on some paths, or at random."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from bot.sandbox.edgar_replies import (
    Reply,
    over_the_rate,
    too_many,
    unavailable,
    undeclared,
    web_page,
)


class FaultKind(StrEnum):
    """What happens to an answer."""

    TOO_MANY = "429"
    BLOCKED = "403, the rate is exceeded"
    UNDECLARED = "403, an undeclared automated tool"
    UNAVAILABLE = "503"
    WEB_PAGE = "a web page with status 200"
    EMPTY = "an empty body with status 200"
    CUT = "the connection ends inside the body"
    TRUNCATED = "a shorter body, and its length agrees"
    RESET = "the connection is reset"
    SLOW = "a slow answer"
    EMPTY_FEED = "a page of the feed without entries"
    OTHER_ROOT = "XML with another root than the feed's"
    FORMLESS = "a page of the feed on which the newest filing does not say its form"
    STALE = "an answer made some seconds ago"


_OF_FEED = (FaultKind.EMPTY_FEED, FaultKind.OTHER_ROOT, FaultKind.FORMLESS)
_RSS = b'<?xml version="1.0" encoding="ISO-8859-1" ?>\n<rss version="2.0"><channel/></rss>\n'
_FORM = re.compile(rb"<category[^>]*>")
_ACCESSION = re.compile(rb"accession-number=[\d-]+")
_WHOLE = 0.6  # how much of a body that is cut still comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    retry_after: of TOO_MANY and UNAVAILABLE, seconds or an HTTP date; None sends none.
    seconds: real ones that SLOW waits, market ones by which STALE lies back.
    """

    kind: FaultKind
    retry_after: str | None = None
    seconds: float = 1.0

    def befall(self, reply: Reply) -> Reply:
        """The answer as it comes after this."""
        match self.kind:
            case FaultKind.TOO_MANY:
                return self._later(too_many())
            case FaultKind.BLOCKED:
                return over_the_rate()
            case FaultKind.UNDECLARED:
                return undeclared()
            case FaultKind.UNAVAILABLE:
                return self._later(unavailable())
            case FaultKind.WEB_PAGE:
                return web_page()
            case FaultKind.EMPTY_FEED:
                return replace(reply, body=_without_entries(reply.body))
            case FaultKind.OTHER_ROOT:
                return replace(reply, body=_RSS)
            case FaultKind.FORMLESS:
                return replace(reply, body=_without_form(reply.body))
            case _:
                return self.on_the_way(reply)

    def on_the_way(self, reply: Reply) -> Reply:
        """An answer of any host after what befalls it between there and here; after all else as it
        was."""
        match self.kind:
            case FaultKind.EMPTY:
                return replace(reply, body=b"")
            case FaultKind.CUT:
                return replace(reply, cut=True)
            case FaultKind.TRUNCATED:
                return replace(reply, body=shorter(reply.body))
            case FaultKind.RESET:
                return replace(reply, reset=True)
            case FaultKind.SLOW:
                return replace(reply, delay_s=self.seconds)
            case _:
                return reply

    def _later(self, reply: Reply) -> Reply:
        headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        return replace(reply, headers=headers)


@dataclass(slots=True, kw_only=True)
class _Armed:
    fault: Fault
    path: str
    left: int | None


class Faults:
    """The faults that wait for a request; those armed first come first, random ones last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._armed: list[_Armed] = []
        self._chance = random.Random()
        self._rate, self._kinds, self._path = 0.0, tuple[FaultKind, ...](), ""

    def add(
        self,
        kind: FaultKind,
        *,
        path: str = "",
        times: int | None = 1,
        after: int = 0,
        retry_after: str | None = None,
        seconds: float = 1.0,
    ) -> None:
        """Let the next requests fail whose path with its query contains a text.

        times: how many, None for all that come.  after: how many to let pass before.
        """
        fault = Fault(kind=kind, retry_after=retry_after, seconds=seconds)
        with self._lock:
            if after:
                self._armed.append(_Armed(fault=_NONE, path=path, left=after))
            self._armed.append(_Armed(fault=fault, path=path, left=times))

    def at_random(
        self, rate: float, *, seed: int, kinds: Sequence[FaultKind] = (), path: str = ""
    ) -> None:
        """Let a share of all requests fail; the same in the same order of requests.

        kinds: those to choose from; by default all that a careful reader gets over at once.
        """
        with self._lock:
            self._chance = random.Random(seed)
            self._rate, self._path = rate, path
            self._kinds = tuple(kinds) or PASSING

    def clear(self) -> None:
        """Let nothing go wrong from now on."""
        with self._lock:
            self._armed.clear()
            self._rate = 0.0

    def draw(self, path: str) -> Fault | None:
        """What befalls the answer to a request; None where nothing does."""
        feed = "action=getcurrent" in path
        with self._lock:
            fault = self._next(path) or self._random(path, feed)
        if fault is None or fault is _NONE or (fault.kind in _OF_FEED and not feed):
            return None
        return fault

    def _next(self, path: str) -> Fault | None:
        armed = next((a for a in self._armed if a.path in path), None)
        if armed is None:
            return None
        if armed.left is not None:
            armed.left -= 1
            if armed.left <= 0:
                self._armed.remove(armed)
        return armed.fault

    def _random(self, path: str, feed: bool) -> Fault | None:
        if not self._rate or self._path not in path or self._chance.random() >= self._rate:
            return None
        kinds = [kind for kind in self._kinds if feed or kind not in _OF_FEED]
        return Fault(kind=self._chance.choice(kinds), seconds=0.05) if kinds else None


PASSING = (
    FaultKind.UNAVAILABLE,
    FaultKind.WEB_PAGE,
    FaultKind.CUT,
    FaultKind.RESET,
    FaultKind.SLOW,
    FaultKind.EMPTY_FEED,
)
"""Faults that pass with the next request."""

_NONE = Fault(kind=FaultKind.STALE, seconds=0)  # stands for an answer that is let pass


def shorter(body: bytes) -> bytes:
    """A body that breaks off."""
    return body[: int(len(body) * _WHOLE)]


def _without_form(feed: bytes) -> bytes:
    """The feed, without the form in any entry of the filing that it names first."""
    head, *entries = feed.split(b"<entry>")
    named = _ACCESSION.search(feed)
    told = [_FORM.sub(b"", e) if named and named[0] in e else e for e in entries]
    return b"<entry>".join([head, *told])


def _without_entries(feed: bytes) -> bytes:
    first = feed.find(b"<entry>")
    return feed if first < 0 else feed[:first] + b"</feed>\n"
