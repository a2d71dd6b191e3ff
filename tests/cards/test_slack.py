"""Messages for Slack: within its budgets, escaped once, and never lost for length."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Card, Line
from bot.cards.slack import BLOCKS_LIMIT, TEXT_LIMIT, Detail, slack_message
from bot.cards.slack_text import fitted
from bot.sandbox.slack_blocks import breaches
from tests.cards.samples import FILING, HOSTILE, OKLO, URL, a_card, cards, texts


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def strings(block: Any) -> Iterator[tuple[str, str]]:
    """Type and text of every text object."""
    if isinstance(block, list):
        for each in block:
            yield from strings(each)
    elif isinstance(block, dict):
        if isinstance(block.get("text"), str):
            yield block["type"], block["text"]
        for each in block.values():
            yield from strings(each)


def shown(message: dict[str, Any]) -> str:
    """All that a reader sees in the blocks."""
    return "\n".join(html.unescape(text) for _, text in strings(message["blocks"]))


@given(cards, st.sampled_from(Detail))
def test_every_card_is_a_message_within_all_budgets(card: Card, detail: Detail) -> None:
    message = slack_message(card, detail=detail)

    blocks = message.get("blocks", [])
    assert breaches(blocks) == []
    assert units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) <= BLOCKS_LIMIT
    assert 0 < units(message["text"]) <= TEXT_LIMIT


@given(cards, st.sampled_from(Detail))
def test_nothing_from_outside_is_markup(card: Card, detail: Detail) -> None:
    message = slack_message(card, detail=detail)

    told = [("plain_text", message["text"]), *strings(message.get("blocks", []))]
    for kind, text in told:
        if kind == "mrkdwn":  # only the link to the source
            assert re.fullmatch(r"<https?://[^<>|\s]+\|[^<>|*_~`]+>", text)
        else:
            assert "<" not in text
            assert ">" not in text
        assert re.search(r"&(?!amp;|lt;|gt;)", text) is None


@given(texts, st.integers(2, 400))
def test_a_text_that_fits_comes_back_whole_and_another_is_cut_at_its_end(
    text: str, limit: int
) -> None:
    kept = html_unescaped(fitted(text, limit))

    assert units(fitted(text, limit)) <= limit
    if kept != text:
        assert kept.endswith("…")
        assert text.startswith(kept[:-1])


def html_unescaped(text: str) -> str:
    """As Slack does it: these three and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_an_issuer_with_an_ampersand_is_escaped_exactly_once() -> None:
    message = slack_message(a_card(headlines=("AT&T <script> &amp; <!channel>",)))

    once = "AT&amp;T &lt;script&gt; &amp;amp; &lt;!channel&gt;"
    assert message["text"] == once
    assert message["blocks"][0]["text"]["text"] == once


def test_a_cut_never_falls_into_an_entity_or_a_character() -> None:
    assert fitted("&&&&", 12) == "&amp;&amp;…"
    assert fitted("🔔🔔🔔", 4) == "🔔…"


def test_the_card_tells_what_who_why_and_where_it_stands() -> None:
    message = slack_message(a_card())

    kinds = [block["type"] for block in message["blocks"]]
    assert kinds == ["header", "section", "section", "context"]
    assert message["blocks"][0]["text"] == {"type": "plain_text", "text": OKLO, "emoji": False}
    assert [f["text"].split("\n")[0] for f in message["blocks"][1]["fields"]] == [
        "Who",
        "What",
        "Plan",
    ]
    assert message["blocks"][3]["elements"] == [
        {
            "type": "plain_text",
            "text": "#12 · insiders-sell-into-a-run · high",
            "emoji": False,
        },
        {
            "type": "plain_text",
            "text": "traded 2025-09-22 · accepted 2025-09-23 18:02 ET",
            "emoji": False,
        },
        {
            "type": "mrkdwn",
            "text": f"<{URL}|Form 4 0009999999-25-000001>",
            "verbatim": True,
        },
    ]


def test_the_first_block_and_the_metadata_carry_the_key_of_the_alert() -> None:
    message = slack_message(a_card(alert_id=10482))

    assert message["blocks"][0]["block_id"] == "al:10482:1"
    assert message["metadata"] == {
        "event_type": "bot_alert",
        "event_payload": {"alert_id": 10482},
    }
    assert slack_message(a_card(), revision=2)["blocks"][0]["block_id"] == "al:12:2"


def test_links_do_not_unfold_and_the_text_is_no_markup() -> None:
    message = slack_message(a_card())

    assert message["unfurl_links"] is False
    assert message["unfurl_media"] is False
    assert message["mrkdwn"] is False


def test_the_text_alone_tells_every_headline_and_mark() -> None:
    message = slack_message(a_card(headlines=("first fact", "second fact"), marks=("late",)))

    assert message["text"] == "first fact; second fact (late)"


def test_what_the_header_cuts_stands_whole_below_it() -> None:
    long = "insider " * 30 + "the end"

    message = slack_message(a_card(headlines=(long,), marks=("amended",)))

    header, section = message["blocks"][:2]
    assert header["text"]["text"].endswith("…")
    assert section["text"]["text"] == f"{long} (amended)"


def test_more_lines_than_fields_are_listed_and_those_left_out_are_counted() -> None:
    lines = tuple(Line(label=f"L{n}", text="x" * 200) for n in range(20))

    assert len(slack_message(a_card(lines=lines[:6]))["blocks"][1]["fields"]) == 6
    listed = slack_message(a_card(lines=lines))["blocks"][1]["text"]["text"].splitlines()

    assert listed[0] == "L0: " + "x" * 200
    assert listed[-1] == f"… and {20 - len(listed) + 1} more lines"


def test_eight_kilobytes_of_a_filing_are_cut_and_keep_their_beginning() -> None:
    card = a_card(headlines=(FILING,), lines=(Line(label="What", text=FILING),))

    message = slack_message(card)

    assert HOSTILE.strip() in shown(message)
    assert "\x1b" not in json.dumps(message, ensure_ascii=False)


def test_each_step_down_holds_less() -> None:
    sizes = [len(json.dumps(slack_message(a_card(), detail=detail))) for detail in Detail]

    assert sizes == sorted(sizes, reverse=True)


def test_the_last_step_is_one_block_of_plain_text_that_carries_the_key() -> None:
    message = slack_message(a_card(), detail=Detail.TEXT_ONLY)

    (block,) = message["blocks"]
    assert block["block_id"] == "al:12:1"
    assert (block["type"], block["text"]["type"]) == ("section", "plain_text")
    assert block["text"]["text"] == message["text"]


def test_the_last_step_says_where_the_rest_is() -> None:
    message = slack_message(a_card(headlines=("x" * 9_000,)), detail=Detail.TEXT_ONLY)

    assert message["text"].endswith("…\ndetails: /alerts show 12")
    assert message["blocks"][0]["text"]["text"].endswith("…\ndetails: /alerts show 12")


@pytest.mark.parametrize("detail", Detail)
def test_a_message_that_is_no_alert_shows_nobody_its_number(detail: Detail) -> None:
    message = slack_message(a_card(alert_id=-(10**15) - 7), detail=detail)

    assert "1000000000000007" not in message["text"] + shown(message)
    assert "/alerts show" not in message["text"] + shown(message)


@pytest.mark.parametrize("detail", Detail)
def test_a_reader_sees_an_entity_of_a_filer_as_it_was_filed(detail: Detail) -> None:
    message = slack_message(a_card(headlines=("AT&T &lt;b&gt; <i>",)), detail=detail)

    first = message["blocks"][0]["text"]["text"]
    assert html_unescaped(first).startswith("AT&T &lt;b&gt; <i>")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x/|evil", "https://x/>", "https://x/" + "y" * 900, ""]
)
def test_an_address_that_is_no_plain_link_is_left_out(url: str) -> None:
    context = slack_message(a_card(url=url))["blocks"][-1]

    assert [each["type"] for each in context["elements"]] == ["plain_text"] * 3


def test_a_card_without_any_words_still_names_its_rule() -> None:
    message = slack_message(a_card(headlines=(" \x00 ",), lines=(), source=None, url=None))

    assert message["blocks"][0]["text"]["text"] == "insiders-sell-into-a-run"
    assert message["text"] == "insiders-sell-into-a-run has fired"
