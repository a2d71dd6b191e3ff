"""Pages: bytes of every layout made into the article that they hold."""

from datetime import date

import pytest

from bot.errors import SourceUnreadable
from bot.fed.reading import read_document
from bot.sources.fed.pages import read_page

PAGE = """\ufeff<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>X</title></head><body><nav><p>News &amp; Events</p></nav>
<div id="article"><div class="heading"><p class="article__time">September 16, 2026</p>
<h3 class="title">Federal Reserve issues FOMC statement</h3>
<p class="releaseTime">For release at 2:00 p.m. EDT
<ul class="list-unstyled"><li class="share"><a href="#">Share</a>
<a href="/cdn-cgi/l/email-protection#{token}">mail</a></li></ul></div><div>
<p><a href="/live">Watch live</a></p>
<p>The Committee decided to raise it to 3-3/4<strong> </strong>to 4 percent.</p>
<p>Holdings grow.<a href="#fn1"><sup>1</sup></a> A rate of 2<sup>1</sup>/<sub>2</sub> percent.</p>
<p>For media inquiries, please email <a href="/cdn-cgi/l/email-protection#{token}">
<span class="__cf_email__" data-cfemail="{token}">[email&#160;protected]</span></a>.</p>
<p><a href="/newsevents/pressreleases/monetary20260916a1.htm">Implementation Note issued
September 16, 2026</a></p>
<p><a name="fn1"></a>1. A note. <a href="#f1">Return to text</a></p>
</div></div><div id="lastUpdate">Last Update: September 17, 2026</div></body></html>"""


def _page(token: str = "1f") -> bytes:
    return PAGE.replace("{token}", token).encode()


def test_an_article_is_its_text_without_what_stands_around_it() -> None:
    article = read_page(_page())

    assert article.paragraphs == (
        "The Committee decided to raise it to 3-3/4 to 4 percent.",
        "Holdings grow. A rate of 2 1/2 percent.",
    )
    assert article.title == "Federal Reserve issues FOMC statement"
    assert article.release_line == "For release at 2:00 p.m. EDT"
    assert article.published_on == date(2026, 9, 16)
    assert article.last_update_on == date(2026, 9, 17)
    assert article.footnotes == ("1. A note.",)


def test_tokens_that_differ_at_every_request_change_no_hash_and_words_do() -> None:
    one, other = read_page(_page("aa")), read_page(_page("bb"))
    changed = read_page(_page().replace(b"to raise", b"to lower"))

    assert one.text_sha256 == other.text_sha256
    assert one.text_sha256 != changed.text_sha256


SPEECH = """<!doctype html><html><head><meta charset="utf-8"></head><body><div id="article">
<div class="heading"><p class="article__time">May 5, 2021</p>
<h3 class="title"><em>On Banks</em></h3><p class="speaker">Governor Ann A. Able</p>
<p class="location">At the Club, Washington, D.C.</p></div><div><p>Thank you.</p></div></div>
</body></html>"""


def test_a_speech_tells_speaker_and_venue() -> None:
    article = read_page(SPEECH.encode())

    assert article.speaker_line == "Governor Ann A. Able"
    assert (article.title, article.venue) == ("On Banks", "At the Club, Washington, D.C.")
    assert article.paragraphs == ("Thank you.",)


OLD = """<html><head><TITLE>FRB: Speech, Able\u2014On Banks\u2014May 5, 2004</TITLE></head><body>
<A HREF="/"><img src="x.gif" alt="eagle"></A><TABLE><TR><TD>
<B><FONT SIZE="+2">Remarks by Governor Ann A. Able, Jr.</FONT></B><br>
<b>At the Club, Chester, Pennsylvania<br>May 5, 2004</b><p><b>On Banks</b></TD></TR></TABLE>
<TABLE><TR><TD><p>It\u2019s a pleasure.<p>Banks lend.</TD></TR></TABLE>
<a href="/2004speech.htm">2004 Speeches</a></body></html>"""


@pytest.mark.parametrize("charset", ["cp1252", "utf-8"])
def test_an_old_page_is_read_in_either_charset_without_a_declaration(charset: str) -> None:
    article = read_page(OLD.encode(charset))

    assert article.title == "On Banks"
    assert article.published_on == date(2004, 5, 5)
    assert article.speaker_line == "Governor Ann A. Able, Jr."
    assert article.venue == "At the Club, Chester, Pennsylvania"
    assert article.paragraphs == ("It\u2019s a pleasure.", "Banks lend.")


OLD_RELEASE = """<html><head>
<title>FRB: Press Release--FOMC statement--March 19, 2002</title></head>
<body><a href="/"><img src="x"></a>
<table><tr><td><b>Federal Reserve Release</b></td></tr>
<tr><td><b><i>Press Release</i></b></td></tr></table>
<p>Release Date: March 19, 2002</p><hr><p><b>For immediate release</b></p>
<p>The Committee decided.</p><p>Voting for it were many.</p><hr>
<p><a href="/2002/">2002 Monetary policy</a><br>
<a href="/">Home</a> | <a href="/n">News and events</a><br>
<b>Last update: March 20, 2002, 2:15 PM</b></p></body></html>"""


def test_an_old_press_release_is_its_text_under_the_title_of_its_page() -> None:
    article = read_page(OLD_RELEASE.encode())

    assert (article.title, article.published_on) == ("FOMC statement", date(2002, 3, 19))
    assert article.release_line == "For immediate release"
    assert article.paragraphs == ("The Committee decided.", "Voting for it were many.")


def test_old_minutes_are_known_by_their_title() -> None:
    page = b"""<html><head><title>FRB: FOMC Minutes -- January 29-30, 2002</title></head><body>
        <p>A meeting was held on Tuesday, January 29, 2002, at 2:30 p.m.</p></body></html>"""

    document = read_document(read_page(page))

    assert document.kind == "minutes"
    assert document.meeting_on == date(2002, 1, 30)


COPY = """FOMC statement

October 08, 2008

For release at 7:00 a.m. EDT

The Committee decided today to keep its target for

        the federal funds rate at 1 percent. The evidence

        accumulated.

Voting for it were many.

Statement from Federal Reserve Bank of New York
"""


def test_a_plain_copy_gives_its_header_and_whole_sentences() -> None:
    article = read_page(COPY.encode())

    assert (article.title, article.published_on) == ("FOMC statement", date(2008, 10, 8))
    assert article.release_line == "For release at 7:00 a.m. EDT"
    assert article.paragraphs == (
        "The Committee decided today to keep its target for the federal funds rate at 1 percent. "
        "The evidence accumulated.",
        "Voting for it were many.",
    )


def test_a_roll_call_wrapped_at_a_column_is_one_paragraph() -> None:
    wrapped = (
        b"FOMC statement\nRelease Date: March 19, 2002\nFor immediate release\n\n"
        b"Voting for the FOMC monetary policy action were: Ann A. Able, Chairman;\n"
        b"Bo B. Bell, Vice Chairman; and Carl Cole.\n"
    )

    article = read_page(wrapped)

    assert (article.title, article.published_on) == ("FOMC statement", date(2002, 3, 19))
    assert article.paragraphs == (
        "Voting for the FOMC monetary policy action were: Ann A. Able, Chairman; Bo B. Bell, Vice "
        "Chairman; and Carl Cole.",
    )


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Press Release\n\nRelease Date: August 9, 2011\n\nFor immediate release\n\n", None),
        ("Federal Reserve Press Release\nRelease Date: August 9, 2011\n\n", None),
        (
            "Board of Governors of the Federal Reserve System\nPress Release\nFOMC statement\n"
            "Release Date:\nAugust 9, 2011\nFor immediate release\n",
            "FOMC statement",
        ),
        ("FOMC statement\nRelease Date: Tuesday, August 9, 2011\n", "FOMC statement"),
        ("Release Date August 9, 2011\n\n", None),
        ("Date: August 9, 2011\n\n", None),
    ],
)
def test_old_texts_tell_their_day_below_the_name_of_the_house(head: str, title: str | None) -> None:
    told = "The Committee decided today to keep the target range unchanged."

    article = read_page(f"{head}{told}\n".encode())

    assert (article.title, article.published_on) == (title, date(2011, 8, 9))
    assert article.paragraphs == (told,)


def test_a_copy_of_the_body_alone_has_neither_title_nor_date() -> None:
    article = read_page(b"The Committee decided.\nInflation is low.\n")

    assert (article.title, article.published_on) == (None, None)
    assert article.paragraphs == ("The Committee decided.", "Inflation is low.")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "binary"),
        (b"a\0b", "binary"),
        (b'<?xml version="1.0"?><rss></rss>', "a feed"),
        (b'[{"t": "x"}]', "a feed"),
        (
            b'<html><body><div id="article"><h3>Page not found</h3><p>Gone.</p></div></body>',
            "error",
        ),
        (b'<html><body><div id="article"></div></body></html>', "no text"),
        (b'<html><body><div id="article">' + b"<div>" * 5000 + b"Deep.", "nested"),
    ],
)
def test_bytes_that_hold_no_article_are_refused_with_the_reason(body: bytes, why: str) -> None:
    with pytest.raises(SourceUnreadable, match=why):
        read_page(body, name="x.htm")
