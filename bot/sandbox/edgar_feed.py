"""Writes EDGAR's list of latest filings (getcurrent, Atom) byte for byte as it is served."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from bot.clock import NEW_YORK
from bot.company_filings import ITEMS
from bot.sandbox.edgar_publication import Party, Publication

PAGE_SIZES = (10, 20, 40, 80, 100)
LAST_START = 5000
"""EDGAR lists no further back; a later start is answered by an error page."""

_USUAL_SIZE = 40


def page_size(asked: str) -> int:
    """Entries of a page; any size that EDGAR does not offer gives the usual one."""
    return int(asked) if asked.isdecimal() and int(asked) in PAGE_SIZES else _USUAL_SIZE


def feed_page(now: datetime, entries: Iterable[bytes]) -> bytes:
    """A page of these entries, made now."""
    local = now.astimezone(NEW_YORK)
    url = "/cgi-bin/browse-edgar?action=getcurrent"
    head = (
        '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>Latest Filings - {local:%a, %d %b %Y %H:%M:%S %Z}</title>\n"
        f'<link rel="alternate" href="{url}"/>\n<link rel="self" href="{url}"/>\n'
        f"<id>https://www.sec.gov{url}</id>\n"
        "<author><name>Webmaster</name><email>webmaster@sec.gov</email></author>\n"
        f"<updated>{local.isoformat(timespec='seconds')}</updated>\n"
    )
    return b"".join((head.encode(), *entries, b"</feed>\n"))


def entry(publication: Publication, party: Party) -> bytes:
    """The entry of one party of a filing; what Latin-1 lacks is written as a number."""
    accession, form = publication.accession_number, publication.form
    folder = f"/Archives/edgar/data/{int(party.cik)}/{publication.folder}"
    at = publication.accepted_at.astimezone(NEW_YORK)
    name = escape(party.name, quote=False).replace("'", "&#39;")
    text = (
        f"<entry>\n<title>{form} - {name} ({party.cik}) ({party.role})</title>\n"
        '<link rel="alternate" type="text/html" '
        f'href="https://www.sec.gov{folder}/{accession}-index.htm"/>\n'
        f'<summary type="html">\n &lt;b&gt;Filed:&lt;/b&gt; {publication.filed_on} '
        f"&lt;b&gt;AccNo:&lt;/b&gt; {accession} &lt;b&gt;Size:&lt;/b&gt; "
        f"{size_text(len(publication.body))}\n{_items(publication)}</summary>\n"
        f"<updated>{at.isoformat(timespec='seconds')}</updated>\n"
        f'<category scheme="https://www.sec.gov/" label="form type" term="{form}"/>\n'
        f"<id>urn:tag:sec.gov,2008:accession-number={accession}</id>\n</entry>\n"
    )
    return text.encode("iso-8859-1", "xmlcharrefreplace")


def _items(publication: Publication) -> str:
    """The items of an 8-K, a line each."""
    told = [(item, ITEMS.get(item, "")) for item in publication.items.split(",") if item]
    return "".join(f"&lt;br&gt;Item {item}: {title}\n" for item, title in told)


def size_text(size: int) -> str:
    """A number of bytes as EDGAR shows it."""
    return f"{size // 1_048_576} MB" if size >= 1_048_576 else f"{max(size // 1024, 1)} KB"
