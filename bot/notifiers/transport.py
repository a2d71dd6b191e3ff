"""How requests to Slack travel: proxies, redirects, and what a broken one proves."""

import http.client
import socket
import ssl
import traceback
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, build_opener

from bot.errors import ConfigError
from bot.notifiers.deadline import PlainWithin, SecureWithin
from bot.notifiers.outcome import NotSent, Uncertain

_CONNECTING = frozenset(
    {http.client.HTTPConnection.connect.__code__, http.client.HTTPSConnection.connect.__code__}
)
_PREPARING = frozenset(
    {http.client.HTTPConnection.__init__.__code__, http.client.HTTPConnection.request.__code__}
)
_SENDING = http.client.HTTPConnection.endheaders.__code__
"""Before it, everything of a request is only gathered: its head goes out with the last header."""
_NEVER_CONNECTED = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


class _NoRedirects(HTTPRedirectHandler):
    """A redirect of a post would be followed by a GET, token included: it is an answer instead."""

    def redirect_request(self, *_: object) -> None:
        return None


def opener_for(url: str) -> OpenerDirector:
    """Opens requests through the proxies of the environment, but goes to loopback directly.

    The time-out of a request is that of each step of it; the whole may take three times as long.
    """
    proxies: dict[str, str] | None = {} if is_loopback(urlsplit(url).hostname) else None
    return build_opener(ProxyHandler(proxies), _NoRedirects, PlainWithin, SecureWithin)


def is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def check_address(url: str, *, where: str) -> None:
    """ConfigError, without the address in it, unless https, or http to this machine."""
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        mend = "write it whole, as in https://slack.com/api/"
        raise ConfigError("is no address of the web", where=where, mend=mend)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        mend = "use https; plain http is only for servers on this machine"
        raise ConfigError("would send secrets over plain http", where=where, mend=mend)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.port != 0 and parts.username is None and url.isascii()
    except ValueError:
        return None
    return parts if usable and url.isprintable() and " " not in url else None


def read_failure(error: Exception) -> NotSent | Uncertain:
    """What an exception instead of an answer proves about the request.

    A request that failed while it was made, as with a header that can not be one, or while
    connecting, TLS included, has not left; of all others, time-outs and anything unforeseen among
    them, nobody knows what the other side did.
    """
    reasons = list(_reasons(error))
    why = _told(reasons[-1])
    if any(isinstance(each, _NEVER_CONNECTED) or _arose_before_it_left(each) for each in reasons):
        return NotSent(why=why)
    return Uncertain(why=why)


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """The error, and below it what urllib has wrapped."""
    yield error
    if isinstance(error, URLError) and isinstance(error.reason, BaseException):
        yield from _reasons(error.reason)


def _arose_before_it_left(error: BaseException) -> bool:
    ran = {frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)}
    return bool(ran & _CONNECTING or (ran & _PREPARING and _SENDING not in ran))


def _told(error: BaseException) -> str:
    """The kind of an error, and the system's words for it; other words may hold an address."""
    words = error.strerror if isinstance(error, OSError) else None
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
