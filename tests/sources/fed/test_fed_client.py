"""The door to the Federal Reserve against a server on the loopback that misbehaves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.errors import SourceUnavailable, SourceUnreadable
from bot.sources.edgar.client import Ended
from bot.sources.fed.client import FedClient, NotThere
from tests.sources.edgar.local_edgar import ManualClock, Reply, serving

PAGE = b'<!DOCTYPE html><html><body><div id="article"><p>Text</p></div></body></html>'
FEED = b'\xef\xbb\xbf<?xml version="1.0"?><rss version="2.0"><channel/></rss>'
Ask = Callable[[FedClient], bytes]


def press(client: FedClient) -> bytes:
    return client.feed("press_all")


def archive(client: FedClient) -> bytes:
    return client.archive("ne-press")


def release(client: FedClient) -> bytes:
    return client.release("https://www.federalreserve.gov/newsevents/x.htm")


@contextmanager
def a_client(url: str, clock: ManualClock, contact: str | None = None) -> Iterator[FedClient]:
    with FedClient(
        clock=clock,
        contact=contact,
        url=url,
        sleep=clock.sleep,
        jitter=lambda: 0.5,
        pace=lambda: None,
    ) as client:
        yield client


def asked(
    ask: Ask, *replies: Reply, contact: str | None = None
) -> tuple[bytes, list[str], list[str]]:
    """What a client gets of a server that answers one after another; paths and agents."""
    left = list(replies)
    with (
        serving(lambda _: left.pop(0) if len(left) > 1 else left[0]) as server,
        a_client(server.url, ManualClock(), contact) as client,
    ):
        return ask(client), server.paths, server.agents


def test_feeds_archives_and_pages_stand_under_the_configured_address() -> None:
    assert asked(press, Reply(body=FEED))[:2] == (FEED, ["/feeds/press_all.xml"])
    assert asked(archive, Reply(body=b"[]"))[:2] == (b"[]", ["/json/ne-press.json"])
    assert asked(release, Reply(body=PAGE))[:2] == (PAGE, ["/newsevents/x.htm"])


def test_the_bot_says_what_it_is_and_who_runs_it() -> None:
    _, _, (agent,) = asked(press, Reply(body=FEED), contact="Jane Doe jane@example.org")

    assert agent.startswith("bot/")
    assert "jane@example.org" in agent


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_an_overloaded_host_is_asked_again(status: int) -> None:
    body, paths, _ = asked(press, Reply(status=status), Reply(body=FEED))

    assert body == FEED
    assert len(paths) == 2


@pytest.mark.parametrize(
    ("ask", "reply", "told"),
    [
        (press, Reply(body=PAGE), "a web page"),
        (archive, Reply(body=PAGE), "a web page"),
        (release, Reply(body=FEED), "no web page"),
        (release, Reply(body=PAGE.replace(b"article", b"nothing")), "without an article"),
        (release, Reply(body=b"<html><title>Page not found</title></html>"), "an error page"),
        (press, Reply(status=403), "refuses the bot"),
    ],
)
def test_something_else_with_status_200_is_refused_at_once(
    ask: Ask, reply: Reply, told: str
) -> None:
    with pytest.raises(SourceUnavailable, match=told):
        asked(ask, reply)


@pytest.mark.parametrize(
    ("ask", "bad", "good"),
    [
        (press, Reply(body=b""), FEED),
        (release, Reply(body=PAGE[:-10]), PAGE),
        (release, Reply(body=PAGE, length=len(PAGE) + 50), PAGE),
    ],
)
def test_an_empty_or_cut_answer_is_asked_for_again(ask: Ask, bad: Reply, good: bytes) -> None:
    assert asked(ask, bad, Reply(body=good))[0] == good


def test_a_page_that_is_not_there_is_asked_for_once() -> None:
    with serving(lambda _: Reply(status=404, body=b"no")) as server:
        with a_client(server.url, ManualClock()) as client, pytest.raises(NotThere):
            client.release("/newsevents/x.htm")

        assert len(server.paths) == 1


def test_a_long_silence_that_the_host_asks_for_is_kept() -> None:
    replies = [Reply(status=503, headers={"Retry-After": "120"}), Reply(body=FEED)]
    clock = ManualClock()
    with serving(lambda _: replies.pop(0)) as server, a_client(server.url, clock) as client:
        for _ in range(2):
            with pytest.raises(SourceUnavailable):
                press(client)
        clock.advance(121)

        assert press(client) == FEED
        assert len(server.paths) == 2


def test_a_request_that_the_host_refuses_is_unreadable() -> None:
    with pytest.raises(SourceUnreadable, match="400"):
        asked(press, Reply(status=400, body=b"bad"))


def test_a_redirect_to_another_host_is_refused() -> None:
    with serving(lambda _: Reply(body=FEED)) as other:
        target = other.url.replace("127.0.0.1", "localhost")
        with pytest.raises(SourceUnavailable, match="another host"):
            asked(press, Reply(status=302, headers={"Location": f"{target}/x"}))


def test_after_hanging_up_nothing_is_asked() -> None:
    with (
        serving(lambda _: Reply(body=FEED)) as server,
        a_client(server.url, ManualClock()) as client,
    ):
        client.hang_up()
        with pytest.raises(Ended):
            press(client)

        assert server.paths == []


def test_another_banks_page_is_asked_for_at_its_own_address() -> None:
    page = b"<html><body>Remarks</body></html>"
    with serving(lambda _: Reply(body=page)) as bank:
        link = f"{bank.url}/news/speeches/logan"

        body, paths, _ = asked(lambda client: client.release(link), Reply(body=PAGE))

    assert (body, paths, bank.paths) == (page, [], ["/news/speeches/logan"])
