"""What an HTTP answer of EDGAR means.  Its status alone does not say: 403 is four different things.

Source: SEC, Accessing EDGAR Data and Webmaster FAQ (Developers), and the pages it answers with.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from bot.sources.edgar.container import is_submission

_WEB_PAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)  # possessive: a body of many comments must not make it slow
_HEADINGS = re.compile(rb"<(title|h1)\b[^>]{0,200}>(.{0,300}?)</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
BLOCK = timedelta(minutes=10)
"""After how long without requests a block by rate is lifted."""

_READ_BYTES = 16 * 1024  # of a page, to find what it calls itself
_SUBMISSION_END = re.compile(
    rb"(</(?:SEC-DOCUMENT|IMS-DOCUMENT|SUBMISSION|DOCUMENT)>"
    rb"|-----END PRIVACY-ENHANCED MESSAGE-----)\s*\Z",
    re.IGNORECASE,
)


class Due(StrEnum):
    """What was asked for."""

    FEED = "the list of latest filings"
    FILING = "a filing"
    INDEX = "an index"
    JSON = "a JSON document"


class Meaning(StrEnum):
    """What came instead, or that it came."""

    OK = "ok"
    ABSENT = "not there"  # not yet, or never: a holiday's index, a withdrawn filing
    OVERLOADED = "overloaded"  # an outage or a cut body: worth another try soon
    THROTTLED = "rate threshold exceeded"  # every request before its end makes it longer
    UNDECLARED = "undeclared automated tool"  # the User-Agent carries no contact
    FOREIGN = "something else"  # 200, but a web page, or where a filing was due no submission
    REDIRECTED = "redirected"
    REFUSED = "refused"  # the request itself is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer means.

    status: of HTTP.  detail: the status, and what the page calls itself.
    wait: how long the answer asks to wait before the next try; None where it does not.
    """

    meaning: Meaning
    status: int
    detail: str
    wait: timedelta | None = None


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, due: Due, now: datetime
) -> Answer:
    """The meaning of an answer; headers must be looked up without regard to case, as httpx does.

    now: dates a Retry-After that is given as an instant.
    """
    page = is_web_page(body)
    headings = _headings(body) if page else ""
    detail = f"{status} {headings}".strip()
    meaning = _meaning(status, body, due, page, headings.lower())
    if meaning is Meaning.OVERLOADED and status == 200 and not page:
        detail = f"{status}, but the body is empty or cut short"
    if meaning is Meaning.FOREIGN and not page:
        detail = f"{status}, and the body begins {body[:40]!r}"
    wait = None
    if meaning in (Meaning.OVERLOADED, Meaning.THROTTLED):
        wait = retry_after(headers.get("retry-after"), now)
    return Answer(meaning=meaning, status=status, detail=detail, wait=wait)


def _meaning(status: int, body: bytes, due: Due, page: bool, headings: str) -> Meaning:
    if "undeclared automated tool" in headings:
        return Meaning.UNDECLARED
    if "rate threshold exceeded" in headings or "traffic limit" in headings:
        return Meaning.THROTTLED
    if status == 429 or status == 408 or status >= 500 or "file unavailable" in headings:
        return Meaning.OVERLOADED
    if status in (404, 410) or (status == 403 and _is_no_such_object(body)):
        return Meaning.ABSENT
    if status == 403:
        return Meaning.THROTTLED  # far oftener a block by rate than anything else
    if 300 <= status < 400:
        return Meaning.REDIRECTED
    if status != 200:
        return Meaning.REFUSED
    if page:
        return Meaning.FOREIGN
    if _is_cut(body, due):
        return Meaning.OVERLOADED
    return Meaning.FOREIGN if due is Due.FILING and not is_submission(body) else Meaning.OK


def silence_of(answer: Answer) -> timedelta | None:
    """How long the SEC wants no request at all; None where it does not say so."""
    if answer.meaning is Meaning.THROTTLED:
        return max(BLOCK, answer.wait or BLOCK)
    return answer.wait


def asks_for_silence(status: int, body: bytes) -> bool:
    """Whether an answer is a refusal that further requests make longer."""
    headings = _headings(body).lower() if is_web_page(body) else ""
    meaning = _meaning(status, body, Due.JSON, False, headings)
    return status == 429 or meaning in (Meaning.THROTTLED, Meaning.UNDECLARED)


def is_whole_filing(body: bytes) -> bool:
    """Whether a body can be kept as a filing: a submission, and not cut short."""
    return is_submission(body) and not _is_cut(body, Due.FILING)


def is_web_page(body: bytes) -> bool:
    """Whether a body is HTML, whatever its headers say; a filing that holds HTML is not."""
    return _WEB_PAGE.match(body[:_READ_BYTES]) is not None


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """The span of a Retry-After header, seconds or an HTTP date; None without a readable one.

    Source: RFC 9110, section 10.2.3.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:10]), 86_400))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), timedelta(days=1))


def _headings(body: bytes) -> str:
    """Title and main heading, as one line; one that the other holds is said once."""
    found = [_TAG.sub(b" ", match[1]) for match in _HEADINGS.findall(body[:_READ_BYTES])]
    texts = (" ".join(text.decode("utf-8", "replace").split()) for text in found)
    told = list(dict.fromkeys(text for text in texts if text))
    parts = [each for each in told if not any(each in other for other in told if other != each)]
    return " / ".join(parts)[:200]


def _is_no_such_object(body: bytes) -> bool:
    """The storage behind the archive denies access to what does not exist."""
    start = body[:_READ_BYTES]
    return b"<Error>" in start and b"<Code>AccessDenied</Code>" in start


def _is_cut(body: bytes, due: Due) -> bool:
    """Empty, or a full submission without its end; what else was cut shows when it is read."""
    if not body.strip():
        return True
    if due is not Due.FILING or not is_submission(body):
        return False
    return _SUBMISSION_END.search(body[-_READ_BYTES:]) is None
