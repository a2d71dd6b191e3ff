"""Blocks: their limits, and the place of what is wrong."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk import WebClient

from bot.cards import Card
from bot.cards.slack import Detail, slack_message
from bot.sandbox.slack_blocks import breaches, too_long
from bot.sandbox.slack_workspace import Workspace
from tests.builders import NOW
from tests.cards.samples import cards
from tests.sandbox.workspace.calls import refused, section


def test_wrong_blocks_are_told_with_their_place(client: WebClient) -> None:
    answer = refused(
        client.chat_postMessage,
        channel="#alerts",
        text="x",
        blocks=[section("a"), section("b" * 3_001)],
    )

    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


PLAIN = {"type": "plain_text", "text": "x"}


MARKDOWN = {"type": "mrkdwn", "text": "x"}


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "header", "text": MARKDOWN}, "/blocks/0/text"),
        ({"type": "header", "text": {**PLAIN, "text": "x" * 151}}, "/blocks/0/text/text"),
        ({"type": "header", "text": {**PLAIN, "text": "🔔" * 76}}, "/blocks/0/text/text"),
        ({"type": "header", "text": {**PLAIN, "text": ""}}, "/blocks/0/text/text"),
        ({"type": "section"}, "/blocks/0"),
        ({"type": "section", "text": {**PLAIN, "verbatim": True}}, "/blocks/0/text"),
        ({"type": "section", "text": "x"}, "/blocks/0/text"),
        ({"type": "section", "fields": [PLAIN] * 11}, "/blocks/0/fields"),
        ({"type": "section", "fields": []}, "/blocks/0/fields"),
        (
            {"type": "section", "fields": [PLAIN, {**PLAIN, "text": "x" * 2_001}]},
            "/blocks/0/fields/1/text",
        ),
        ({"type": "section", "text": PLAIN, "colour": "red"}, "/blocks/0"),
        ({"type": "section", "text": PLAIN, "block_id": "x" * 256}, "/blocks/0/block_id"),
        ({"type": "context", "elements": [PLAIN] * 11}, "/blocks/0/elements"),
        ({"type": "context"}, "/blocks/0/elements"),
        ({"type": "actions", "elements": [{"type": "button"}]}, "/blocks/0/elements/0/text"),
        ({"type": "image", "alt_text": "x"}, "/blocks/0"),
        ({"type": "headr", "text": PLAIN}, "/blocks/0/type"),
        ("header", "/blocks/0/type"),
    ],
)
def test_a_block_beyond_a_limit_is_found_at_its_place(block: object, pointer: str) -> None:
    (told,) = breaches([block])

    assert told.startswith("[ERROR] ")
    assert told.endswith(f"[json-pointer:{pointer}]")


def test_blocks_at_their_limits_are_accepted() -> None:
    button = {"type": "button", "text": PLAIN, "action_id": "ack", "value": "12"}
    blocks = [
        {"type": "header", "text": {**PLAIN, "text": "🔔" * 75}, "block_id": "x" * 255},
        {"type": "section", "text": {**MARKDOWN, "text": "x" * 3_000, "verbatim": True}},
        {"type": "section", "fields": [PLAIN] * 10},
        {"type": "context", "elements": [MARKDOWN] * 10},
        {"type": "actions", "elements": [button, {**button, "action_id": "mute"}]},
        {"type": "divider"},
        {"type": "image", "image_url": "https://x/y.png", "alt_text": "x"},
    ]

    assert breaches(blocks) == []


def test_names_may_not_be_given_twice_and_blocks_not_be_too_many() -> None:
    assert len(breaches([section("x", block_id="a"), section("y", block_id="a")])) == 1
    assert len(breaches([{"type": "divider"}] * 51)) == 1
    assert len(breaches({})) == 1


def uploaded(workspace: Workspace) -> str:
    """The id of a file that can be shown."""
    told = workspace.call("files.getUploadURLExternal", {"filename": "x.png", "length": 1}, "x")
    workspace.files.upload(told["file_id"], "image/png", b"x")
    done = {"files": [{"id": told["file_id"]}]}
    workspace.call("files.completeUploadExternal", done, "x")
    return str(told["file_id"])


@given(cards, st.sampled_from(Detail))
def test_every_message_that_cards_make_is_accepted(card: Card, detail: Detail) -> None:
    workspace = Workspace(("alerts",), token="x", clock=lambda: NOW)
    if card.picture is not None:
        card = replace(card, picture=replace(card.picture, file_id=uploaded(workspace)))
    message = json.loads(json.dumps(slack_message(card, detail=detail)))

    answer = workspace.call("chat.postMessage", {"channel": "alerts", **message}, "x")

    assert answer["ok"]
    assert not too_long(message.get("blocks", []))
