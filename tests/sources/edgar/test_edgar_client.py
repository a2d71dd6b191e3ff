"""The door to EDGAR against a server on the loopback that misbehaves in every known way."""

import gzip
import os
from collections.abc import Callable, Iterator
from datetime import date
from threading import Event

import pytest
from structlog.testing import capture_logs

from bot.errors import ConfigError, SourceUnavailable, SourceUnreadable
from bot.sources.edgar.client import AnotherFiling, EdgarClient, NotThere
from bot.sources.edgar.pace import Stopped
from tests.sources.edgar.local_edgar import (
    CONTACT,
    LocalServer,
    ManualClock,
    Reply,
    serving,
)
from tests.sources.edgar.pages import FILING, LIMIT, NO_OBJECT, THRESHOLD, UNAVAILABLE, UNDECLARED
from tests.sources.edgar.replies import FACTS, PATH, WHOLE, always, in_turn


def test_each_document_is_asked_for_where_edgar_keeps_it(
    server: LocalServer, client: EdgarClient
) -> None:
    client.feed(200, 40, "3")
    client.filing_text(f"https://www.sec.gov{PATH}")
    client.filing_text(PATH)
    client.daily_index(date(2026, 7, 27))
    client.full_index(2021, 1)
    client.submissions("320193")
    client.company_tickers()
    server.respond = always(Reply(body=FACTS))
    client.company_facts("9000001")
    assert server.paths == [
        "/cgi-bin/browse-edgar?action=getcurrent&type=3&owner=only&count=40&start=200&output=atom",
        PATH,
        PATH,
        "/Archives/edgar/daily-index/2026/QTR3/form.20260727.idx",
        "/Archives/edgar/full-index/2021/QTR1/form.idx",
        "/submissions/CIK0000320193.json",
        "/files/company_tickers.json",
        "/api/xbrl/companyfacts/CIK0009000001.json",
    ]


@pytest.mark.parametrize("reply", [Reply(status=404, body=b"<html>"), Reply(403, NO_OBJECT)])
def test_a_company_that_never_reported_has_no_facts(
    server: LocalServer, client: EdgarClient, reply: Reply
) -> None:
    server.respond = always(reply)

    assert client.company_facts("9000001") is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (FACTS[:-3], "no JSON"),
        (b"[]", "without the facts"),
        (b'{"cik":9000001}', "without the facts"),
        (FACTS.replace(b"9000001", b"320193"), "another company, CIK 320193"),
        (FACTS.replace(b"9000001", b"null"), "another company, CIK None"),
        (b"<!DOCTYPE html><html><title>Site Maintenance</title></html>", "Site Maintenance"),
    ],
)
def test_what_is_no_facts_of_the_company_is_not_kept_and_asked_for_again(
    server: LocalServer, client: EdgarClient, body: bytes, told: str
) -> None:
    server.respond = always(Reply(body=body))
    with pytest.raises(SourceUnavailable, match="asked for again") as error:
        client.company_facts("9000001")
    server.respond = always(Reply(body=FACTS))

    assert told in str(error.value)
    assert client.company_facts("9000001") == FACTS


def test_facts_larger_than_any_are_refused(server: LocalServer) -> None:
    server.respond = always(Reply(body=FACTS))
    with (
        server.client(largest_body=10) as client,
        pytest.raises(SourceUnreadable, match="larger than 10 bytes"),
    ):
        client.company_facts("9000001")


def test_the_contact_is_in_every_request(server: LocalServer, client: EdgarClient) -> None:
    client.filing_text(PATH)
    assert server.agents == [CONTACT]


@pytest.mark.parametrize(
    "contact", [None, "", "  ", "Jane Doe", "a@b", "Ján j@x.org", "a\nj@x.org"]
)
def test_without_a_usable_contact_nothing_starts(contact: str | None) -> None:
    with pytest.raises(ConfigError, match="contact = ") as told:
        EdgarClient(contact=contact, clock=ManualClock())
    assert "[edgar] contact" in str(told.value)


@pytest.mark.parametrize("start", [-1, 5001])
def test_pages_that_edgar_does_not_list_are_not_asked_for(client: EdgarClient, start: int) -> None:
    with pytest.raises(ValueError, match="start must be"):
        client.feed(start)


@pytest.mark.parametrize("url", ["http://127.0.0.1/etc/passwd", "/Archives/edgar/data/../../x.txt"])
def test_an_address_that_is_no_filing_is_not_asked_for(
    server: LocalServer, client: EdgarClient, url: str
) -> None:
    with pytest.raises(SourceUnreadable):
        client.filing_text(url)
    assert server.paths == []


@pytest.mark.parametrize("body", [b"", FILING[:-12]], ids=["empty", "cut"])
def test_a_filing_that_is_served_empty_or_cut_is_tried_once_more(
    server: LocalServer, client: EdgarClient, body: bytes
) -> None:
    server.respond = in_turn(Reply(body=body), Reply(body=WHOLE))
    assert client.filing_text(PATH) == WHOLE

    server.respond = always(Reply(body=body))
    with pytest.raises(SourceUnavailable, match="2 attempt"):
        client.filing_text(PATH)
    assert len(server.paths) == 4


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(status=503, body=UNAVAILABLE),
        Reply(status=500),
        Reply(status=429, body=b"slow down"),
        Reply(body=WHOLE, length=len(WHOLE) + 10),
        Reply(body=b"not gzip at all", headers={"Content-Encoding": "gzip"}),
    ],
)
def test_what_may_pass_is_tried_again(
    server: LocalServer, client: EdgarClient, trouble: Reply
) -> None:
    server.respond = in_turn(trouble, trouble, Reply(body=WHOLE))
    with capture_logs() as logs:
        assert client.filing_text(PATH) == WHOLE
    assert len(server.paths) == 3
    assert [log["event"] for log in logs] == ["edgar.retried", "edgar.retried"]


def test_tries_come_to_an_end_and_get_further_apart(
    server: LocalServer, client: EdgarClient
) -> None:
    server.respond = always(Reply(status=503, body=UNAVAILABLE))
    with pytest.raises(SourceUnavailable, match=r"after 4 attempt.*File Unavailable"):
        client.filing_text(PATH)
    assert len(server.paths) == 4
    waits = [wait for wait in server.clock.slept if wait > 0.3]
    assert waits == [0.5, 1.0, 2.0]


def test_no_connection_is_unavailable() -> None:
    with serving(always(Reply())) as gone:
        pass
    with gone.client() as client, pytest.raises(SourceUnavailable, match="ConnectError"):
        client.filing_text(PATH)


def test_a_short_retry_after_is_waited_for(server: LocalServer, client: EdgarClient) -> None:
    server.respond = in_turn(Reply(status=503, headers={"Retry-After": "7"}), Reply(body=WHOLE))
    assert client.filing_text(PATH) == WHOLE
    assert 7 in server.clock.slept


def test_a_long_retry_after_stops_all_requests_until_then(
    server: LocalServer, client: EdgarClient
) -> None:
    server.respond = in_turn(Reply(status=429, headers={"Retry-After": "300"}), Reply(body=WHOLE))
    for _ in range(3):
        with pytest.raises(Stopped):
            client.filing_text(PATH)
    assert len(server.paths) == 1
    server.clock.advance(300)
    assert client.filing_text(PATH) == WHOLE


@pytest.mark.parametrize("page", [THRESHOLD, LIMIT])
def test_a_block_by_rate_stops_all_requests_for_ten_minutes(
    server: LocalServer, client: EdgarClient, page: bytes
) -> None:
    server.respond = in_turn(Reply(status=403, body=page), Reply(body=WHOLE))
    with capture_logs() as logs, pytest.raises(Stopped, match="no request to the SEC until 18:14"):
        client.filing_text(PATH)
    assert logs[0]["event"] == "edgar.throttled"
    server.clock.advance(599)
    with pytest.raises(SourceUnavailable, match="until 18:14 ET"):
        client.submissions("1")
    assert len(server.paths) == 1
    server.clock.advance(1)
    assert client.filing_text(PATH) == WHOLE
    assert client.pace.stopped_until is None


def test_an_undeclared_tool_is_a_matter_of_configuration_and_not_retried(
    server: LocalServer, client: EdgarClient
) -> None:
    server.respond = always(Reply(status=403, body=UNDECLARED))
    with capture_logs() as logs, pytest.raises(ConfigError, match="undeclared automated tool"):
        client.feed(0)
    assert len(server.paths) == 1
    assert logs[0]["event"] == "edgar.blocked"
    assert CONTACT not in str(logs)
    server.clock.advance(3600)
    for _ in range(3):
        with pytest.raises(ConfigError, match="undeclared automated tool"):
            client.submissions("1")
    assert len(server.paths) == 1


@pytest.mark.parametrize("reply", [Reply(status=403, body=NO_OBJECT), Reply(status=404)])
def test_an_index_that_is_not_there_is_none(
    server: LocalServer, client: EdgarClient, reply: Reply
) -> None:
    server.respond = always(reply)
    assert client.daily_index(date(2026, 1, 1)) is None
    assert client.full_index(2040, 4) is None
    assert len(server.paths) == 2


def test_a_filing_that_is_not_there_is_asked_for_once(
    server: LocalServer, client: EdgarClient
) -> None:
    server.respond = always(Reply(status=404))
    with pytest.raises(NotThere):
        client.filing_text(PATH)
    assert len(server.paths) == 1


def test_a_web_page_instead_of_a_filing_is_unavailable(
    server: LocalServer, client: EdgarClient
) -> None:
    server.respond = always(Reply(body=b"<html><title>Maintenance</title></html>"))
    with pytest.raises(SourceUnavailable, match="Maintenance"):
        client.filing_text(PATH)
    assert client.pace.stopped_until is None


def test_what_is_no_submission_is_no_filing(server: LocalServer, client: EdgarClient) -> None:
    server.respond = always(Reply(body=b'{"error": "busy"}'))
    with pytest.raises(
        SourceUnavailable, match=r"something else stands where a filing was due .*busy"
    ):
        client.filing_text(PATH)
    assert len(server.paths) == 1


@pytest.mark.parametrize("line", ["ACCESSION NUMBER:\t\t", "<ACCESSION-NUMBER>"])
def test_a_submission_whose_header_names_another_filing_is_refused(
    server: LocalServer, client: EdgarClient, line: str
) -> None:
    head = f"<SEC-DOCUMENT>x\n{line}0009000001-25-000777\n<DOCUMENT>\n</DOCUMENT>\n</SEC-DOCUMENT>"
    server.respond = always(Reply(body=head.encode()))
    with pytest.raises(AnotherFiling, match="0009000001-25-000777"):
        client.filing_text(PATH)
    server.respond = always(Reply(body=head.replace("000777", "000001").encode()))
    assert client.filing_text(PATH) == server.respond(PATH).body


def test_a_packed_answer_is_unpacked(server: LocalServer, client: EdgarClient) -> None:
    packed = gzip.compress(WHOLE)
    server.respond = always(Reply(body=packed, headers={"Content-Encoding": "gzip"}))
    assert client.filing_text(PATH) == WHOLE


def test_an_answer_that_unpacks_to_more_than_the_cap_is_refused(server: LocalServer) -> None:
    packed = gzip.compress(bytes(1_000_000))
    server.respond = always(Reply(body=packed, headers={"Content-Encoding": "gzip"}))
    with (
        server.client(largest_body=100_000) as client,
        pytest.raises(SourceUnreadable, match="larger than 100000 bytes"),
    ):
        client.company_tickers()
    assert len(server.paths) == 1


def test_a_redirect_on_the_same_host_is_followed(server: LocalServer, client: EdgarClient) -> None:
    server.respond = in_turn(Reply(status=301, headers={"Location": "/moved"}), Reply(body=WHOLE))
    assert client.filing_text(PATH) == WHOLE
    assert server.paths == [PATH, "/moved"]


@pytest.mark.parametrize("location", ["https://example.org/x", "//example.org/x", "", "file:///x"])
def test_a_redirect_to_another_host_is_not_followed(
    server: LocalServer, client: EdgarClient, location: str
) -> None:
    server.respond = always(Reply(status=302, headers={"Location": location}))
    with pytest.raises(SourceUnavailable, match=r"another host|circle"):
        client.filing_text(PATH)


def test_redirects_in_a_circle_come_to_an_end(server: LocalServer, client: EdgarClient) -> None:
    server.respond = always(Reply(status=302, headers={"Location": PATH}))
    with pytest.raises(SourceUnavailable, match="circle"):
        client.filing_text(PATH)
    assert len(server.paths) == 4


def dripping(clock: ManualClock) -> Callable[[str], Reply]:
    def drops() -> Iterator[bytes]:
        for _ in range(50):
            clock.advance(10)
            yield b"x" * 1000

    return lambda _: Reply(parts=drops(), length=50_000)


def test_a_body_that_only_drips_is_cut_off(server: LocalServer, client: EdgarClient) -> None:
    server.respond = dripping(server.clock)
    with pytest.raises(SourceUnavailable, match="came too slowly"):
        client.filing_text(PATH)


def test_a_server_that_falls_silent_is_given_up(server: LocalServer) -> None:
    over = Event()

    def silence() -> Iterator[bytes]:
        yield b"<SEC-DOCUMENT>"
        over.wait(60)

    server.respond = lambda _: Reply(parts=silence(), length=1000)
    with (
        server.client(timeout_s=0.02) as client,
        pytest.raises(SourceUnavailable, match="ReadTimeout"),
    ):
        client.filing_text(PATH)
    over.set()


@pytest.mark.skipif(os.name != "posix", reason="the names of the variables differ")
def test_a_proxy_of_the_environment_is_not_asked_for_the_loopback(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with server.client() as client:
        assert client.filing_text(PATH) == WHOLE
