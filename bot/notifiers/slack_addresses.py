"""Which addresses that come from outside are Slack's own."""

from urllib.parse import urlsplit

from bot.notifiers.transport import is_loopback

_HOSTS = ("slack.com", "slack-gov.com")
_PLAIN = {"https": "http", "wss": "ws"}


def is_slacks(url: str, *, api_url: str, scheme: str = "https") -> bool:
    """Whether an address leads to Slack, encrypted; where Slack is on this machine, to it.

    scheme: https or wss.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if is_loopback(urlsplit(api_url).hostname):
        return parts.scheme in (scheme, _PLAIN[scheme]) and is_loopback(host)
    known = any(host == each or host.endswith(f".{each}") for each in _HOSTS)
    return parts.scheme == scheme and known and port in (None, 443) and parts.username is None
