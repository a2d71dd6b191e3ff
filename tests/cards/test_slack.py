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
from bot.cards.card import Moment, Picture
from bot.cards.slack import BLOCKS_LIMIT, TEXT_LIMIT, Detail, slack_ladder, slack_message
from bot.cards.slack_text import fitted
from bot.sandbox.slack_blocks import breaches
from tests.cards.samples import ACCEPTED, FACT, FILING, HOSTILE, OKLO, URL, a_card, cards, texts


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


@given(cards, st.sampled_from(Detail), st.booleans())
def test_every_card_is_a_message_within_all_budgets(
    card: Card, detail: Detail, interactive: bool
) -> None:
    message = slack_message(card, detail=detail, interactive=interactive)

    blocks = message["blocks"]
    assert breaches(blocks) == []
    assert units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) <= BLOCKS_LIMIT
    assert 0 < units(message["text"]) <= TEXT_LIMIT


DATE = re.compile(r"<!date\^\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d ET>")
LINK = re.compile(r"<https?://[^<>|\s]+\|[^<>|*_~`]+>")
BOLD = re.compile(r"(?<![^\s(])\*([^*\n]+)\*(?!\w)")


@given(cards, st.sampled_from(Detail), st.booleans())
def test_nothing_from_outside_is_markup(card: Card, detail: Detail, interactive: bool) -> None:
    message = slack_message(card, detail=detail, interactive=interactive)

    told = [("plain_text", message["text"]), *strings(message["blocks"])]
    for kind, text in told:
        if kind == "mrkdwn":
            text = BOLD.sub(r"\1", LINK.sub("", DATE.sub("", text)))
            assert not set(text) & set("*_~`")
            assert re.search(r":[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:", text) is None
            assert re.search(r"^&gt;", text, re.MULTILINE) is None
        assert "<" not in text
        assert ">" not in text
        assert re.search(r"&(?!amp;|lt;|gt;)", text) is None


@given(st.lists(texts, max_size=13), st.sampled_from(Detail))
def test_what_is_to_be_copied_is_a_block_of_code_that_nothing_in_it_ends(
    told: list[str], detail: Detail
) -> None:
    lines = tuple(Line(label="Mistake", text=text, as_written=True) for text in told)

    message = slack_message(a_card(lines=lines), detail=detail)

    assert breaches(message["blocks"]) == []
    codes = [text for _, text in strings(message["blocks"]) if "```" in text]
    assert len(codes) == len(told) * (detail not in (Detail.TEXT_ONLY, Detail.NO_BLOCKS))
    for text in codes:
        assert text.startswith("*Mistake*\n```\n")
        assert text.endswith("\n```")
        assert text.count("```") == 2
        assert not set(text) & set("<>")


def test_a_rule_mistake_keeps_its_lines_and_its_letters() -> None:
    told = "a_b.yaml:3:9: unknown `sael`\n    where: side == sael\n                   ^\n  mend: x"

    message = slack_message(a_card(lines=(Line(label="Mistake", text=told, as_written=True),)))

    assert f"*Mistake*\n```\n{told}\n```" in [text for _, text in strings(message["blocks"])]


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
    told = "AT&T <script> &amp; <!channel>"

    message = slack_message(a_card(headlines=(told,), facts=(told,)))

    once = "AT&amp;T &lt;script&gt; &amp;amp; &lt;!channel&gt;"
    assert message["text"].startswith(once)
    assert message["blocks"][0]["text"]["text"] == once
    assert message["blocks"][1]["text"]["text"] == once


def test_a_cut_never_falls_into_an_entity_or_a_character() -> None:
    assert fitted("&&&&", 12) == "&amp;&amp;…"
    assert fitted("🔔🔔🔔", 4) == "🔔…"


def test_the_card_tells_what_happened_why_and_where_it_stands() -> None:
    header, fact, fields, why, context = slack_message(a_card())["blocks"]

    assert header["text"] == {"type": "plain_text", "text": OKLO, "emoji": False}
    assert fact["text"] == {
        "type": "mrkdwn",
        "text": "Bealmear R. Craig (CFO) sold *67,000 sh* @ *$140.25* for *$9.4M*, "
        "of Oklo Inc. (OKLO)",
        "verbatim": True,
    }
    assert [each["text"] for each in fields["fields"]] == [
        "*Plan*\nnot under a Rule 10b5-1 plan",
        "*When*\ntraded 2025-09-22 · filed 1 business day later",
    ]
    assert why["text"]["text"] == ("Why: sold &gt;= $5M (sold $16.1M) · run &gt;= 50% (run 107%)")
    assert [each["text"] for each in context["elements"]] == [
        "#12 · insiders-sell-into-a-run · high · accepted "
        "<!date^1758664920^{date_short_pretty} {time}|2025-09-23 18:02 ET>",
        f"<{URL}|Form 4 0009999999-25-000001>",
    ]


def test_where_no_click_reaches_the_bot_there_is_no_button() -> None:
    kinds = [block["type"] for block in slack_message(a_card())["blocks"]]

    assert "actions" not in kinds


def test_the_buttons_carry_the_alert_and_the_menu_its_choices() -> None:
    blocks = slack_message(a_card(), interactive=True)["blocks"]

    ack, mute, source, history, up, down = blocks[-1]["elements"]
    assert [each["action_id"] for each in (ack, history, up, down)] == [
        "ack", "history", "vote_up", "vote_down",
    ]  # fmt: skip
    assert {each["value"] for each in (ack, history, up, down)} == {"12"}
    assert source["url"] == URL
    assert [(each["text"]["text"], each["value"]) for each in mute["options"]] == [
        ("This ticker for 1 hour", "12 ticker 1h"),
        ("This ticker for 1 day", "12 ticker 1d"),
        ("This ticker for 7 days", "12 ticker 7d"),
        ("This rule for 7 days", "12 rule 7d"),
    ]


def test_an_address_with_an_ampersand_stands_as_it_is_on_a_button_and_escaped_in_a_link() -> None:
    blocks = slack_message(a_card(url="https://x/?a=1&b=2"), interactive=True)["blocks"]

    assert blocks[-1]["elements"][2]["url"] == "https://x/?a=1&b=2"
    assert blocks[-2]["elements"][-1]["text"].startswith("<https://x/?a=1&amp;b=2|")


def test_what_is_no_alert_can_only_be_opened() -> None:
    digest = a_card(alert_id=-12)

    (source,) = slack_message(digest, interactive=True)["blocks"][-1]["elements"]
    assert source["action_id"] == "source"
    unknown = slack_message(a_card(alert_id=-1, url=None), interactive=True)
    assert "actions" not in [block["type"] for block in unknown["blocks"]]


def test_what_became_of_an_alert_stands_beside_its_number_in_the_reader_s_zone() -> None:
    words = ("accepted", "acknowledged by A*n")
    moments = tuple(Moment(words=each, at=ACCEPTED) for each in words)

    *_, context = slack_message(a_card(moments=moments))["blocks"]

    assert context["elements"][1]["text"].startswith("acknowledged by A∗n <!date^1758664920^")


def test_a_picture_stands_above_the_number_and_goes_with_the_first_step_down() -> None:
    card = a_card(picture=Picture(file_id="F012", shows="Closes of OKLO"))

    picture = slack_message(card)["blocks"][-2]
    assert picture == {"type": "image", "slack_file": {"id": "F012"}, "alt_text": "Closes of OKLO"}
    less = slack_message(card, detail=Detail.WITHOUT_PICTURES)
    assert less == slack_message(a_card())


def test_a_step_of_the_ladder_that_says_the_same_is_left_out() -> None:
    steps = [detail for detail, _ in slack_ladder(a_card())]

    assert steps == [Detail.FULL, Detail.FEWER_FIELDS, Detail.TEXT_ONLY, Detail.NO_BLOCKS]


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


def test_the_text_alone_tells_every_headline_mark_and_fact_its_time_and_its_source() -> None:
    message = slack_message(a_card(headlines=("first", "second"), marks=("late",)))

    assert message["text"] == (
        f"first; second (late) · {FACT} · accepted 2025-09-23 18:02 ET"
        " · Form 4 0009999999-25-000001"
    )


def test_what_the_header_cuts_stands_whole_below_it() -> None:
    long = "insider " * 30 + "the end"

    message = slack_message(a_card(headlines=(long,), marks=("amended",)))

    header, section = message["blocks"][:2]
    assert header["text"]["text"].endswith("…")
    assert section["text"]["text"].startswith(f"{long} (amended)\n")


def test_more_lines_than_fields_are_listed_and_those_left_out_are_counted() -> None:
    lines = tuple(Line(label=f"L{n}", text="x" * 200) for n in range(30))

    fields, listed = slack_message(a_card(lines=lines))["blocks"][2:4]

    told = listed["text"]["text"].splitlines()
    assert len(fields["fields"]) == 6
    assert told[0] == "*L6*: " + "x" * 200
    assert told[-1] == f"… and {24 - len(told) + 1} more lines"


def test_a_long_line_is_no_field() -> None:
    lines = (Line(label="Says", text="“" + "word " * 60), Line(label="Vote", text="11–1"))

    fields, listed = slack_message(a_card(lines=lines))["blocks"][2:4]

    assert [each["text"] for each in fields["fields"]] == ["*Vote*\n11–1"]
    assert listed["text"]["text"].startswith("*Says*: “word word")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("$9.4M, −31% and 4.00–4.25 %", "*$9.4M*, *−31%* and *4.00–4.25 %*"),
        ("@ $145.06 (143.90–146.20)", "@ *$145.06* (*143.90–146.20*)"),
        ("by 25 bp, vote 11–1", "by *25 bp*, vote *11–1*"),
        ("January 27–28, 2026", "January 27–28, 2026"),
        ("Form 4 of 2025-09-23, Rule 10b5-1", "Form 4 of 2025-09-23, Rule 10b5-1"),
        ("65,122 sh at 18:02", "*65,122 sh* at 18:02"),
        ("x$5 a5% $5x", "x$5 a5% $5x"),
    ],
)
def test_amounts_are_bold_and_numbers_of_forms_and_days_are_not(told: str, shown: str) -> None:
    section = slack_message(a_card(facts=(told,)))["blocks"][1]

    assert section["text"]["text"] == shown


def test_eight_kilobytes_of_a_filing_are_cut_and_keep_their_beginning() -> None:
    card = a_card(headlines=(FILING,), lines=(Line(label="Note", text=FILING),))

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

    first = message["blocks"][0]["text"]["text"] if message["blocks"] else message["text"]
    assert html_unescaped(first).startswith("AT&T &lt;b&gt; <i>")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x/|evil", "https://x/>", "https://x/" + "y" * 900, ""]
)
def test_an_address_that_is_no_plain_link_is_left_out(url: str) -> None:
    blocks = slack_message(a_card(url=url), interactive=True)["blocks"]

    assert blocks[-2]["elements"][-1]["type"] == "plain_text"
    assert "url" not in json.dumps(blocks[-1])


def test_a_card_without_any_words_still_names_its_rule() -> None:
    nothing = {"lines": (), "facts": (), "moments": (), "source": None, "url": None}
    message = slack_message(a_card(headlines=(" \x00 ",), **nothing))

    assert message["blocks"][0]["text"]["text"] == "insiders-sell-into-a-run"
    assert message["text"] == "insiders-sell-into-a-run has fired"
