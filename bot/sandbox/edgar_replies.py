"""What the sandbox EDGAR sends back: an answer, and the pages with which EDGAR says no.

The pages carry the titles and headings by which real ones are known; their words are our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

HTML = "text/html"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, and what goes wrong on its way.

    delay_s: real seconds before the first byte.  cut: the connection ends inside the body.
    reset: it is reset before a byte is sent.
    """

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    delay_s: float = 0.0
    cut: bool = False
    reset: bool = False


def undeclared() -> Reply:
    """The User-Agent carries no contact."""
    return _no(
        403,
        "Your Request Originates from an Undeclared Automated Tool",
        "Declare your traffic: put the name of your company and an address into the user agent.",
    )


def over_the_rate() -> Reply:
    """More than ten requests came in a second, not long enough ago."""
    return _no(
        403,
        "Request Rate Threshold Exceeded",
        "At most 10 requests a second are let in. The block is lifted after 10 minutes below "
        "that rate; going on above it makes it longer.",
        heading="You’ve Exceeded the SEC’s Traffic Limit",
    )


def unavailable() -> Reply:
    """An outage, or a page of the feed too far back."""
    return _no(503, "File Unavailable", "This file is temporarily unavailable.")


def too_many() -> Reply:
    """The rarer answer to many requests."""
    return _no(429, "Too Many Requests", "Please slow down.")


def web_page() -> Reply:
    """A page where a document was due, with status 200."""
    return _no(200, "Site Maintenance", "This page stands in for what you asked for.")


def not_found() -> Reply:
    """No such filing, company or page."""
    return _no(404, "File Not Found Error Alert (404)", "There is no such file.")


def access_denied() -> Reply:
    """How the storage behind the archive says that it holds no such index."""
    body = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>'
        b"<Message>Access Denied</Message><RequestId>SANDBOX000000000</RequestId>"
        b"<HostId>c2FuZGJveA==</HostId></Error>"
    )
    return Reply(status=403, body=body, kind="application/xml")


def _no(status: int, title: str, words: str, *, heading: str = "") -> Reply:
    body = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />\n'
        f"<title>SEC.gov | {title}</title>\n</head>\n<body>\n<h1>{heading or title}</h1>\n"
        f"<p>{words}</p>\n<p>Sandbox: no page of the SEC.</p>\n</body>\n</html>\n"
    )
    return Reply(status=status, body=body.encode())
