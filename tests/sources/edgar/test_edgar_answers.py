"""What an answer means, page by page and status by status."""

from datetime import timedelta

import pytest

from bot.sources.edgar.answers import Due, Meaning, read_answer, retry_after
from tests.sources.edgar.pages import (
    FILING,
    LIMIT,
    NO_OBJECT,
    NOW,
    THRESHOLD,
    UNAVAILABLE,
    UNDECLARED,
)
from tests.sources.edgar.recorded import needs_recorded, recorded


def meaning(status: int, body: bytes = b"", due: Due = Due.FILING) -> Meaning:
    return read_answer(status, {}, body, due=due, now=NOW).meaning


@pytest.mark.parametrize(
    ("status", "body", "due", "means"),
    [
        (200, b"<feed/>", Due.FEED, Meaning.OK),
        (200, b'{"cik": 1}', Due.JSON, Meaning.OK),
        (200, FILING + b"</SEC-DOCUMENT>\n", Due.FILING, Meaning.OK),
        (200, FILING, Due.FILING, Meaning.OK),
        (200, FILING[:-12], Due.FILING, Meaning.OVERLOADED),
        (200, b"", Due.INDEX, Meaning.OVERLOADED),
        (200, b'{"error": "busy"}', Due.FILING, Meaning.FOREIGN),
        (200, b"<?xml version='1.0'?><ownershipDocument/>", Due.FILING, Meaning.FOREIGN),
        (200, b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----\n" + FILING, Due.FILING, Meaning.OK),
        (200, b"<html></html>", Due.FEED, Meaning.FOREIGN),
        (200, b"\n<!-- a --><!doctype HTML><p>", Due.INDEX, Meaning.FOREIGN),
        (200, UNAVAILABLE, Due.FEED, Meaning.OVERLOADED),
        (503, UNAVAILABLE, Due.FEED, Meaning.OVERLOADED),
        (500, b"", Due.JSON, Meaning.OVERLOADED),
        (429, b"slow down", Due.FILING, Meaning.OVERLOADED),
        (403, UNDECLARED, Due.FEED, Meaning.UNDECLARED),
        (200, UNDECLARED, Due.FEED, Meaning.UNDECLARED),
        (403, THRESHOLD, Due.FEED, Meaning.THROTTLED),
        (429, THRESHOLD, Due.FEED, Meaning.THROTTLED),
        (200, LIMIT, Due.FILING, Meaning.THROTTLED),
        (403, b"<html>no</html>", Due.FEED, Meaning.THROTTLED),
        (403, NO_OBJECT, Due.INDEX, Meaning.ABSENT),
        (403, NO_OBJECT, Due.FILING, Meaning.ABSENT),
        (404, b"<html>not found</html>", Due.FILING, Meaning.ABSENT),
        (410, b"", Due.FILING, Meaning.ABSENT),
        (302, b"", Due.FILING, Meaning.REDIRECTED),
        (400, b"", Due.FEED, Meaning.REFUSED),
    ],
)
def test_status_and_body_together_decide(
    status: int, body: bytes, due: Due, means: Meaning
) -> None:
    assert meaning(status, body, due) is means


def test_a_filing_that_quotes_a_block_page_is_a_filing() -> None:
    body = FILING.replace(b"<XML>", THRESHOLD + UNDECLARED) + b"</SEC-DOCUMENT>"
    assert meaning(200, body) is Meaning.OK


@pytest.mark.parametrize(
    "body", [b"<!-- -->" * 2000, b"<!-- " * 4000, b"<html>" + b"<h1>" * 4000, b" " * 16_000]
)
def test_a_body_made_to_be_slow_is_judged_at_once(body: bytes) -> None:
    assert meaning(403, body) is Meaning.THROTTLED  # it took for ever once


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("30", timedelta(seconds=30)),
        (" 0 ", timedelta()),
        ("Fri, 12 Dec 2025 15:02:00 GMT", timedelta(minutes=2)),
        ("Fri, 12 Dec 2025 14:00:00 GMT", timedelta()),
        ("999999999999", timedelta(days=1)),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait


def test_the_wait_that_an_answer_asks_for_comes_with_its_meaning() -> None:
    answer = read_answer(503, {"retry-after": "7"}, UNAVAILABLE, due=Due.FEED, now=NOW)
    assert answer.wait == timedelta(seconds=7)
    assert answer.detail == "503 SEC.gov | File Unavailable"


@needs_recorded
@pytest.mark.parametrize(
    ("name", "status", "means"),
    [
        ("403-undeclared-automated-tool.html", 403, Meaning.UNDECLARED),
        ("request-rate-threshold-exceeded.html", 403, Meaning.THROTTLED),
        ("503-file-unavailable-getcurrent-start-5100.html", 503, Meaning.OVERLOADED),
        ("403-s3-access-denied-missing-index.xml", 403, Meaning.ABSENT),
    ],
)
def test_a_recorded_page_means_what_the_sec_meant(name: str, status: int, means: Meaning) -> None:
    assert meaning(status, recorded(f"errors/{name}"), Due.INDEX) is means


@needs_recorded
@pytest.mark.parametrize(
    "name",
    [
        "containers/aapl-adams-4-0000320193-22-000061.txt",
        "containers/air-garascia-4-0001127602-25-001055.txt",
        "containers/lrcx-ahmed-4a-0000707549-25-000004.txt",
    ],
)
def test_a_recorded_filing_is_whole_and_a_cut_one_is_not(name: str) -> None:
    body = recorded(name)
    assert meaning(200, body) is Meaning.OK
    assert meaning(200, body[: len(body) * 3 // 5]) is Meaning.OVERLOADED
