"""Pages of the Federal Reserve, and plain copies of them, made into articles.

The text stands in ``div#article`` since 2006, in tables before.  Share menus, e-mail tokens that
differ at every request, links to side documents and notes are left out.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.errors import SourceUnreadable
from bot.fed.documents import Article
from bot.fed.typography import plain
from bot.sources.fed.layout import flow, header_lines

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|table|h[1-6]|article)\b", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_MONTHS = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
_DATE = re.compile(rf"(?:{'|'.join(_MONTHS)}) \d{{1,2}}, \d{{4}}")
_DATE_LINE = re.compile(rf"(?:(?:release )?date:? ?)?(?:[a-z]+day, )?(?:{_DATE.pattern})", re.I)
_BANNER = re.compile(
    r"(?:federal reserve )?press release|release date:?"
    r"|board of governors of the federal reserve system",
    re.I,
)
"""Lines above a title that name the house, or only what the next line is."""

_RELEASE = re.compile(r"for (?:immediate )?release\b.*", re.I)
_BEHIND_THE_TEXT = re.compile(
    r"for media inquiries|implementation note issued|last update|return to (?:text|top)|"
    r"statement (?:from|regarding)|accessible version|watch |related (?:information|content)|"
    r"board of governors of the federal reserve system$|attachment|\d{4} (?:speeches|testimony|"
    r"monetary policy|press releases)|home( |$)|news and events|accessibility|to comment on this "
    r"site|(?:footnotes?|references?|notes?|endnotes?):?$|_+$|"
    r".*\(\d+ ?[km]b pdf\)|.*\bpdf\)?$|faqs?\b",
    re.I,
)
_NO_PAGE = re.compile(r"access denied|page not found|\b404\b|service unavailable|forbidden", re.I)


def read_page(body: bytes, *, name: str = "page") -> Article:
    """The article in a page's bytes; SourceUnreadable where they hold none.

    name: what the page is called in an error.  Pages without a charset are Windows-1252 if they
    are not UTF-8.
    """
    text = _decoded(body, name)
    if re.match(r"\s*(?:<\?xml|<rss\b|\{|\[\s*\{)", text):
        raise _unreadable(name, "a feed or a list, not a page")
    try:
        article = _of_markup(text) if _MARKUP.search(text[:20_000]) else _of_plain_text(text)
    except RecursionError as error:
        raise _unreadable(name, "markup nested deeper than any page") from error
    if not article.paragraphs:
        raise _unreadable(name, "no text of an article")
    if article.title and _NO_PAGE.search(article.title):
        raise _unreadable(name, f"an error page: {article.title}")
    return article


def _unreadable(name: str, what: str) -> SourceUnreadable:
    return SourceUnreadable(
        what, where=name, mend="give a page of federalreserve.gov, or its text, as it was received"
    )


def _decoded(body: bytes, name: str) -> str:
    if not body.strip():
        raise _unreadable(name, "empty")
    if body[:4] == b"%PDF" or b"\0" in body:
        raise _unreadable(name, "a binary file, not a page")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = _CHARSET.search(body[:4096])
        utf = declared is not None and declared[1].lower().startswith(b"utf")
        return body.decode("utf-8" if utf else "cp1252", errors="replace")


# --- markup


def _of_markup(text: str) -> Article:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    article = soup.find(id="article")
    return _modern(soup, article) if article else _old(soup)


def _modern(soup: "BeautifulSoup", article: "Tag") -> Article:
    """The layout since 2006: header in ``div.heading``, then paragraphs."""
    update = soup.find(id="lastUpdate")
    heading = article.find(["h3", "h2", "h1"], class_="title") or article.find(["h3", "h2", "h1"])
    title = _text(heading)
    shown = {name: _text(article.find("p", class_=name)) for name in _HEADER}
    if heading:
        heading.decompose()
    if header := article.find("div", class_="heading"):
        header.decompose()
    for name in _HEADER:
        for left in article.find_all("p", class_=name):
            left.decompose()
    paragraphs, footnotes = flow(article)
    return Article(
        title=title,
        published_on=_day(shown["article__time"]),
        release_line=shown["releaseTime"],
        speaker_line=shown["speaker"],
        venue=shown["location"],
        last_update_on=_day(_text(update)),
        paragraphs=_without_tail(paragraphs),
        footnotes=tuple(footnotes),
    )


_HEADER = ("article__time", "releaseTime", "speaker", "location")


def _text(tag: "Tag | None") -> str | None:
    if tag is None:
        return None
    return " ".join(tag.get_text().split()) or None


def _old(soup: "BeautifulSoup") -> Article:
    """The layouts before: a table whose first lines are header, and a telling <TITLE>."""
    title, titled_on = _old_title(_text(soup.title))
    paragraphs, footnotes = flow(soup.body or soup, lines=True)
    head, rest = header_lines(paragraphs)
    body = [" ".join(paragraph.split()) for paragraph in rest]
    if body and title and plain(body[0]).casefold() == plain(title).casefold():
        body = body[1:]
    return Article(
        title=title or head.title,
        published_on=_day(head.day) or titled_on,
        release_line=head.release,
        speaker_line=head.speaker,
        venue=head.venue,
        paragraphs=_without_tail(body),
        footnotes=tuple(footnotes),
    )


def _old_title(shown: str | None) -> tuple[str | None, date | None]:
    """'FRB: Speech, Olson--Title--May 5, 2004' as title and date."""
    if shown is None:
        return None, None
    bare = re.sub(r"^\s*(?:FRB|Federal Reserve Board)\s*:\s*", "", shown)
    parts = [part.strip() for part in re.split(r"\s*(?:-{2,}|\u2014|\u2013\u2013)[\s-]*", bare)]
    titled_on = _day(parts[-1])
    if titled_on:
        parts = parts[:-1]
    if len(parts) > 1 and re.match(r"speech|testimony|press release|monetary", parts[0], re.I):
        parts = parts[1:]
    title = " -- ".join(parts).strip()
    return title or None, titled_on


# --- plain text


def _of_plain_text(text: str) -> Article:
    """A copy without markup: perhaps title, date and release line, then paragraphs."""
    paragraphs = list(_plain_paragraphs(text))
    head: dict[str, str] = {}
    while paragraphs and (what := _header_part(paragraphs[0], head)):
        head[what] = paragraphs.pop(0)
    found = _DATE.search(head.get("release", ""))
    return Article(
        title=head.get("title"),
        published_on=_day(head.get("day")) or (_day(found[0]) if found else None),
        release_line=head.get("release"),
        paragraphs=_without_tail(paragraphs),
    )


def _header_part(line: str, head: dict[str, str]) -> str | None:
    spelled = plain(line)
    if _BANNER.fullmatch(spelled):
        return "banner"
    if "day" not in head and _DATE_LINE.fullmatch(spelled):
        return "day"
    if "release" not in head and _RELEASE.match(spelled) and len(spelled) < 120:
        return "release"
    if "title" not in head and len(spelled) < 300 and spelled[-1] not in ".:;,":
        return "title"
    return None


def _plain_paragraphs(text: str) -> Iterator[str]:
    """Lines, with those that were wrapped inside a sentence put together again."""
    paragraph: list[str] = []
    apart = False
    for line in text.splitlines():
        if not line.strip():
            apart = True
            continue
        if paragraph and not _goes_on(paragraph[-1], line, apart=apart):
            yield " ".join(" ".join(paragraph).split())
            paragraph = []
        paragraph.append(line)
        apart = False
    if paragraph:
        yield " ".join(" ".join(paragraph).split())


def _goes_on(before: str, line: str, *, apart: bool) -> bool:
    """Whether a line goes on with the sentence of the one before; apart: a blank one between."""
    if re.search(r"[.!?:\"\u201d]\s*$", before) or _is_header(before) or _is_header(line):
        return False
    if before.endswith((" ", ",", ";")) and line[:1].isspace():
        return True
    if re.match(r"\s*[a-z0-9(]", line):
        return len(before.strip()) > 30
    return not apart and (len(before.strip()) >= 60 or before.rstrip().endswith((",", ";")))


def _is_header(line: str) -> bool:
    return bool(_DATE.fullmatch(plain(line)) or _RELEASE.match(plain(line)))


# --- both


def _day(shown: str | None) -> date | None:
    """The first date in a text: 'September 16, 2026'."""
    found = _DATE.search(plain(shown)) if shown else None
    if found is None:
        return None
    month, day, year = found[0].replace(",", "").split()
    try:
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:  # February 30
        return None


def _without_tail(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """The paragraphs without the last ones that are no text: media line, links, site footer."""
    kept = [paragraph for paragraph in paragraphs if plain(paragraph)]
    while kept and _is_no_text(kept[-1]):
        kept.pop()
    return tuple(kept)


def _is_no_text(paragraph: str) -> bool:
    spelled = plain(paragraph)
    return bool(_BEHIND_THE_TEXT.match(spelled)) and len(spelled) < 250
