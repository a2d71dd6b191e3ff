"""One published item, whichever list of the Federal Reserve named it; its link is its identity.

Times alone tell items apart badly: a quarter of them share theirs with another.
"""

import html
import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

BASE = "https://www.federalreserve.gov"

_PATH = re.compile(r"/?(.+?)(?:\.html?)?/?")
_BREAK = re.compile(r"[ \t]*[\t\r\n]\s*")
_NEWS = "newsevents/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One press release, speech or testimony as a feed or an archive lists it.

    link: its page, in full.
    published_at: None where the list tells only a day, or nothing.
    published_on: the day in New York; None where the list tells nothing.
    description: of a speech its kind and venue, of a press release its title once more.
    speaker: with the title of the office, as archives tell it; feeds have a surname in the title.
    """

    link: str
    title: str
    published_at: datetime | None
    published_on: date | None
    category: str | None = None
    description: str | None = None
    speaker: str | None = None
    venue: str | None = None

    @property
    def key(self) -> str:
        """What it is known by: its path under the Board's host, its host and path elsewhere."""
        return key_of(self.link)

    @property
    def slug(self) -> str:
        """The last part of its address without ending: ``monetary20250917a``.  Only a name: its
        day is not always the day of the release."""
        return self.key.rsplit("/", 1)[-1]


def key_of(link: str) -> str:
    """The identity of a link: ``pressreleases/monetary20250917a``.

    Under whatever host the Board is asked (a sandbox, a mirror) it is the same.
    """
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    match = _PATH.fullmatch(parts.path)
    path = match[1] if match else ""
    if path.startswith((_NEWS, "monetarypolicy/")):
        return path.removeprefix(_NEWS)
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}/{path}{query}"


def full_link(link: str, base: str = BASE) -> str | None:
    """The address that a list gives, relative or in full; None where it is none of the web."""
    full = urljoin(f"{base}/", link.strip())
    parts = urlsplit(full)
    return full if parts.scheme in ("http", "https") and parts.netloc and parts.path else None


def plain(text: str | None) -> str | None:
    """A text with its characters unescaped, on one line; None where nothing is left.

    Descriptions are escaped twice: what a reader of XML or JSON gives still holds ``&quot;``.
    """
    return _BREAK.sub(" ", html.unescape(text or "")).strip() or None
