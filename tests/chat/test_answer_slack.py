"""Answers as Slack takes them: within every limit, escaped once, broadcasting to nobody."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Card, Line
from bot.cards.actions import Action, Page
from bot.cards.slack import BLOCKS_LIMIT
from bot.cards.slack_text import length, written
from bot.chat.answer import Answer, Button, Row
from bot.chat.answer_slack import button_value, in_plain_text, slack_answer
from bot.sandbox.slack_blocks import breaches

TEXTS = st.text(max_size=400) | st.sampled_from(
    ['AT&T <script> <!channel> & *_~`|"\\' * 90, "𝔘🔔" * 900, "", "\n\x00‮", "中文" * 2000]
)
BUTTONS = st.builds(
    Button,
    label=TEXTS,
    command=st.text(max_size=300) | st.sampled_from(['"' * 1_900, "sort:new " * 150]),
    action=st.sampled_from([Action.RUN, Action.PAGE, Action.SHARE, Action.CONFIRM, Action.CANCEL]),
    cursor=st.none() | st.just("1700000000000:10482"),
    danger=st.booleans(),
)
CARDS = st.builds(
    Card,
    alert_id=st.integers(1, 10**6),
    rule=st.just("large-sale"),
    severity=st.just("high"),
    headlines=st.tuples(TEXTS),
    lines=st.lists(st.builds(Line, label=st.just("Who"), text=TEXTS), max_size=9).map(tuple),
)
ANSWERS = st.builds(
    Answer,
    headline=TEXTS,
    card=st.none() | CARDS,
    rows=st.lists(
        st.builds(
            Row,
            text=TEXTS,
            link=st.none()
            | st.sampled_from(["https://a.slack.com/archives/C1/p1", "https://x/|y"]),
            buttons=st.lists(BUTTONS, max_size=2).map(tuple),
        ),
        max_size=10,
    ).flatmap(lambda rows: st.integers(1, 12).map(lambda times: tuple(rows * times))),
    lines=st.lists(TEXTS, max_size=60).map(tuple),
    hints=st.lists(TEXTS, max_size=12).map(tuple),
    foot=st.none() | TEXTS,
    buttons=st.lists(BUTTONS, max_size=26).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_slack_takes_whatever_an_answer_holds(answer: Answer) -> None:
    told = slack_answer(answer)

    assert breaches(told["blocks"]) == []
    assert written(told["blocks"]) <= BLOCKS_LIMIT
    assert 0 < length(told["text"]) <= 4_000
    assert "<!" not in json.dumps(shown(told))


def shown(told: Any) -> list[str]:
    """Every text that is shown; the value of a button is not."""
    if isinstance(told, dict):
        texts = [each for key, each in told.items() if key != "value"]
        return [text for each in texts for text in shown(each)]
    if isinstance(told, list):
        return [text for each in told for text in shown(each)]
    return [told] if isinstance(told, str) else []


def test_a_row_leads_to_its_message_by_its_number() -> None:
    row = Row(text="#7 · 14:32 · T · AT&T sells *all*", link="https://a.slack.com/archives/C1/p1")

    (_, section) = slack_answer(Answer(headline="1 alert", rows=(row,)))["blocks"]

    assert section["text"]["text"] == (
        "<https://a.slack.com/archives/C1/p1|#7> · 14:32 · T · AT&amp;T sells ∗all∗"
    )


def test_what_stands_between_backticks_is_code_and_outside_text_marks_nothing() -> None:
    answer = Answer(
        headline="I don't know `vlaue:`", lines=("`/alerts a_b` & *more*", "value_usd >= $1M `", "")
    )

    head, first, second = (
        block["text"] for block in slack_answer(answer)["blocks"] if block["type"] == "section"
    )
    assert head["text"] == "*I don't know `vlaue:`*"
    assert first["text"] == "`/alerts a_b` &amp; ∗more∗\nvalueˍusd &gt;= $1M ˋ"
    assert second == {"type": "plain_text", "text": "–", "emoji": False}


def test_rows_that_do_not_fit_are_counted_and_lines_are_told_beside_them() -> None:
    rows = tuple(Row(text=f"row {n} " + "x" * 290) for n in range(153))
    why = ("it fired", "value_usd >= $1M")

    told = json.dumps(slack_answer(Answer(headline="#1", rows=rows, lines=why))["blocks"])

    kept = sum(f"row {n} xx" in told for n in range(153))
    assert 20 <= kept < 153
    assert f"and {153 - kept} more" in told
    assert "it fired" in told


def test_what_slack_refused_is_told_in_words_with_what_to_do() -> None:
    told = in_plain_text(slack_answer(Answer(headline="3 alerts", lines=("AT&T",))))

    assert "blocks" not in told
    assert told["text"].startswith("3 alerts\nAT&amp;T\n")
    assert "Ask for less" in told["text"]
    assert length(told["text"]) <= 4_000


def test_lines_that_do_not_fit_are_counted() -> None:
    told = slack_answer(
        Answer(headline="stats", lines=tuple(f"{n} " + "x" * 690 for n in range(60)))
    )

    told_blocks = json.dumps(told["blocks"])
    kept = sum(f"{n} xx" in told_blocks for n in range(60))
    assert 10 <= kept < 60
    assert f"and {60 - kept} more lines" in told_blocks


def test_a_card_in_an_answer_is_not_taken_for_the_message_of_its_alert() -> None:
    card = Card(alert_id=7, rule="r", severity="high", headlines=("OKLO",), lines=())

    told = slack_answer(Answer(headline="#7", card=card))

    assert "al:7" not in json.dumps(told)
    assert "metadata" not in told


def test_a_button_brings_back_its_command_or_its_page() -> None:
    more = Button(label="Next", command="ticker:OKLO", action=Action.PAGE, cursor="9:7")
    again = Button(label="Help", command="help dates")

    told = slack_answer(Answer(headline="x", buttons=(more, again)))

    first, second = told["blocks"][-1]["elements"]
    assert Page.read(first["value"]) == Page(command="ticker:OKLO", cursor="9:7")
    assert (second["action_id"], second["value"]) == ("run:1", "help dates")


def test_a_value_that_slack_would_refuse_is_never_sent() -> None:
    button = Button(label="Next", command="x" * 2_001)

    assert len(button_value(button)) == 2_001
    with pytest.raises(ValueError, match="2001 characters"):
        slack_answer(Answer(headline="x", buttons=(button,)))
