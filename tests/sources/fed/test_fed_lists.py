"""Lists of speeches of the regional banks: feeds, and a page of links without dates."""

import pytest

from bot.errors import SourceUnavailable
from bot.sources.fed.lists import bank_of, read_list

PAGE = "https://www.kansascityfed.org/speeches/"
FEED = "https://www.dallasfed.org/rss/speeches.xml"


def a_page(*links: tuple[str, str]) -> bytes:
    anchors = "".join(f'<li><a href="{href}"> {title} </a></li>' for href, title in links)
    return f"<!DOCTYPE html><html><body><ul>{anchors}</ul></body></html>".encode()


def test_a_page_gives_links_below_itself_with_a_title_and_no_dates() -> None:
    body = a_page(
        ("/speeches/the-outlook-for-policy/", "The Outlook\n for Policy"),
        ("/speeches/the-outlook-for-policy/", "Read more of this speech"),
        ("/speeches/", "All speeches of the bank"),
        ("/about/people-of-the-bank/", "People of the bank"),
        ("https://elsewhere.example/speeches/x/", "A speech at another host"),
        ("/speeches/short/", "Short"),
    )

    (item,) = read_list(body, address=PAGE)

    assert item.link == "https://www.kansascityfed.org/speeches/the-outlook-for-policy/"
    assert (item.title, item.published_at, item.published_on) == (
        "The Outlook for Policy", None, None,
    )  # fmt: skip
    assert item.key == "kansascityfed.org/speeches/the-outlook-for-policy"


def test_titles_of_a_feed_lose_their_markup() -> None:
    body = (
        b'<rss version="2.0"><channel><item><title>Remarks at &lt;cite&gt;Farm Journal&lt;/cite&gt;'
        b"</title><link>https://www.dallasfed.org/news/speeches/logan/2025/lkl250529</link>"
        b"<pubDate>Thu, 29 May 2025 12:00:00 GMT</pubDate></item></channel></rss>"
    )

    (item,) = read_list(body, address=FEED)

    assert item.title == "Remarks at Farm Journal"
    assert item.published_at is not None


@pytest.mark.parametrize("body", [a_page(), a_page(("/elsewhere/", "A page somewhere else"))])
def test_a_page_without_speeches_is_no_page_of_speeches(body: bytes) -> None:
    with pytest.raises(SourceUnavailable, match="no speeches"):
        read_list(body, address=PAGE)


@pytest.mark.parametrize(
    ("address", "bank"),
    [
        (FEED, "Dallas"),
        (PAGE, "Kansas City"),
        ("https://www.frbsf.org/rss", "San Francisco"),
        ("http://127.0.0.1:8080/speeches", None),
        ("https://notdallasfed.example/", None),
    ],
)
def test_the_bank_is_known_by_the_host_of_its_list(address: str, bank: str | None) -> None:
    assert bank_of(address) == bank
