"""Digests name every alert, within the limits of Slack, whatever the alerts say."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Card, Told, digest_cards
from bot.cards.slack import BLOCKS_LIMIT, TEXT_LIMIT, Detail, slack_ladder, slack_message
from bot.cards.slack_text import written
from bot.clock import from_ms

KNOWN_AT = from_ms(1_759_334_400_000)


def alerts(*headlines: str, severity: str = "notice", repeat: bool = False) -> list[Told]:
    return [
        Told(card=Card(alert_id=number, rule="r", severity=severity, headlines=(headline,),
                       lines=()), at=KNOWN_AT, repeat=repeat)
        for number, headline in enumerate(headlines, start=1)
    ]  # fmt: skip


def sections(message: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]


def named(message: dict[str, Any]) -> list[int]:
    return [int(n) for n in re.findall(r"^\**#(\d+)", "\n".join(sections(message)), re.MULTILINE)]


LINE = "Zebra Alpha Holdings Inc (ZAA): A. Person (director) sold $1,234,567 of common stock, {}"


def test_one_message_names_thirty_alerts_with_their_whole_lines() -> None:
    told = [LINE.format(f"trade {number}") for number in range(1, 31)]

    (card,) = digest_cards(alerts(*told), "30 alerts in 20 s")

    message = slack_message(card)
    assert named(message) == list(range(1, 31))
    shown = "\n".join(sections(message)).replace("*", "")
    assert all(line in shown for line in told)
    assert "more lines" not in json.dumps(message)


def test_what_one_message_can_not_hold_goes_into_further_ones() -> None:
    cards = digest_cards(alerts(*[LINE.format(n) for n in range(300)]), "300 alerts in 20 s")

    assert len(cards) > 1
    assert [card.headlines[0] for card in cards] == [
        f"300 alerts in 20 s, {n} of {len(cards)}" for n in range(1, len(cards) + 1)
    ]
    assert [n for card in cards for n in named(slack_message(card))] == list(range(1, 301))
    assert [card.alert_id for card in cards] == [-named(slack_message(card))[0] for card in cards]


@given(
    st.lists(st.text(max_size=40).map(lambda text: f"{text}" * 20), min_size=2, max_size=80),
    st.text(min_size=1, max_size=400),
    st.booleans(),
)
def test_every_form_of_a_digest_names_each_alert_within_the_limits(
    headlines: list[str], headline: str, repeat: bool
) -> None:
    cards = digest_cards(alerts(*headlines, repeat=repeat), headline)

    assert sum(len(card.lines) for card in cards) == len(headlines)
    for card in cards:
        for detail, message in slack_ladder(card):
            numbers = {line.label.split()[0].removeprefix("#") for line in card.lines}
            there = named(message) or re.findall(r"#(\d+)", message["text"])
            assert numbers <= {str(n) for n in there}, detail
            assert all(0 < len(text.encode("utf-16-le")) // 2 <= 3000 for text in sections(message))
            assert written(message["blocks"]) <= BLOCKS_LIMIT or detail is Detail.TEXT_ONLY
            assert len(message["text"].encode("utf-16-le")) // 2 <= TEXT_LIMIT


def test_the_text_of_a_digest_tells_the_first_alerts_and_how_many_more_there_are() -> None:
    few, *_ = digest_cards(alerts("first", "second"), "2 alerts in 1 s")
    many, *_ = digest_cards(alerts(*[LINE.format(n) for n in range(50)]), "50 alerts in 1 s")

    assert slack_message(few)["text"] == (
        "2 alerts in 1 s · #1 · Oct 01 12:00 ET: first · #2 · Oct 01 12:00 ET: second"
    )
    text = slack_message(many)["text"]
    assert text.startswith("50 alerts in 1 s")
    left = re.search(r" · and (\d+) more$", text)
    assert left is not None
    assert text.count("#") + int(left[1]) == len(many.lines)


def test_graver_alerts_bear_their_severity_where_others_do_not_share_it() -> None:
    mixed = [*alerts("plain"), *alerts("grave", severity="high")]

    (card,) = digest_cards(mixed, "2 alerts")

    assert [line.label for line in card.lines] == [
        "#1 · Oct 01 12:00 ET", "#1 · high · Oct 01 12:00 ET",
    ]  # fmt: skip
    assert card.severity == "high"


def test_an_alert_that_may_be_a_repeat_says_so_however_long_it_is() -> None:
    (card,) = digest_cards([*alerts("x" * 5000, repeat=True), *alerts("y")], "2 alerts")

    assert sections(slack_message(card))[0].count("(may be a repeat)") == 1
    assert card.lines[0].text.endswith("… (may be a repeat)")


def test_the_time_at_which_an_alert_became_known_stands_beside_its_number() -> None:
    (told, other) = alerts("a", "b")
    later = replace(other, at=KNOWN_AT + timedelta(hours=13))

    (card,) = digest_cards([told, later], "2 alerts")

    assert [line.label for line in card.lines] == ["#1 · Oct 01 12:00 ET", "#2 · Oct 02 01:00 ET"]
