"""The guard of Slack's limits: each is known at its edge, and told at its place."""

from typing import Any

import pytest

from bot.sandbox.slack_blocks import breaches, view_breaches

Json = dict[str, Any]

PLAIN = {"type": "plain_text", "text": "x"}
MARKDOWN = {"type": "mrkdwn", "text": "x"}


def long(units: int, kind: str = "plain_text") -> Json:
    return {"type": kind, "text": "x" * units}


def a_button(**more: Any) -> Json:
    return {"type": "button", "text": PLAIN, "action_id": "ack"} | more


def an_option(**more: Any) -> Json:
    return {"text": PLAIN, "value": "1"} | more


def a_menu(count: int = 1, *, kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "options": [an_option()] * count, "action_id": "mute"} | more


def a_question(**more: Any) -> Json:
    return {"title": PLAIN, "text": MARKDOWN, "confirm": PLAIN, "deny": PLAIN} | more


def an_image(**more: Any) -> Json:
    return {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"} | more


def in_actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def beside(accessory: Json) -> list[Json]:
    return [{"type": "section", "text": PLAIN, "accessory": accessory}]


def a_table(rows: int = 1, columns: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def boxes(count: int = 1, **more: Any) -> Json:
    return a_menu(count, kind="checkboxes", **more)


def an_input(element: Json, **more: Any) -> list[Json]:
    return [{"type": "input", "label": PLAIN, "element": element} | more]


ELEMENT = "/blocks/0/elements/0"

AT_THE_LIMIT = [
    in_actions(*[a_button(action_id=str(n)) for n in range(25)]),
    in_actions(a_button(text=long(75), value="x" * 2_000, url="x" * 3_000, action_id="x" * 255)),
    in_actions(a_button(style="danger", accessibility_label="x" * 75)),
    in_actions(a_button(confirm=a_question(title=long(100), text=long(300, "mrkdwn")))),
    in_actions(a_button(confirm=a_question(confirm=long(30), deny=long(30)))),
    in_actions(a_menu(5, kind="overflow")),
    in_actions(a_menu(100, placeholder=long(150))),
    in_actions(a_menu(options=[an_option(text=long(75), value="x" * 150)])),
    beside(a_button()),
    beside(an_image()),
    [an_image(alt_text="x" * 2_000, title=long(2_000))],
    [{"type": "image", "image_url": "x" * 3_000, "alt_text": "x"}],
    [{"type": "context", "elements": [an_image(), MARKDOWN]}],
    [{"type": "markdown", "text": "x" * 6_000}] * 2,
    [a_table(100, 20)],
    an_input({"type": "plain_text_input", "placeholder": long(150)}, hint=long(2_000)),
    an_input(a_menu(), label=long(2_000)),
    an_input({"type": "plain_text_input", "initial_value": "x" * 9, "max_length": 9}),
    an_input({"type": "datepicker", "initial_date": "2026-11-27"}),
    an_input(boxes(10, initial_options=boxes(10)["options"][:2])),
    [{"type": "divider"}] * 50,
]

BEYOND = [
    (in_actions(*[a_button(action_id=str(n)) for n in range(26)]), "/blocks/0/elements"),
    (in_actions(a_button(), a_button()), "/blocks/0/elements/1/action_id"),
    (in_actions(a_button(text=long(76))), f"{ELEMENT}/text/text"),
    (in_actions(a_button(text=MARKDOWN)), f"{ELEMENT}/text"),
    (in_actions(a_button(value="x" * 2_001)), f"{ELEMENT}/value"),
    (in_actions(a_button(url="x" * 3_001)), f"{ELEMENT}/url"),
    (in_actions(a_button(action_id="x" * 256)), f"{ELEMENT}/action_id"),
    (in_actions(a_button(style="blue")), f"{ELEMENT}/style"),
    (in_actions(a_button(options=[])), ELEMENT),
    (in_actions(a_button(confirm=a_question(title=long(101)))), f"{ELEMENT}/confirm/title/text"),
    (in_actions(a_button(confirm=a_question(text=long(301)))), f"{ELEMENT}/confirm/text/text"),
    (in_actions(a_button(confirm=a_question(deny=long(31)))), f"{ELEMENT}/confirm/deny/text"),
    (in_actions(a_menu(6, kind="overflow")), f"{ELEMENT}/options"),
    (in_actions(a_menu(101)), f"{ELEMENT}/options"),
    (in_actions(a_menu(0)), f"{ELEMENT}/options"),
    (in_actions(a_menu(placeholder=long(151))), f"{ELEMENT}/placeholder/text"),
    (in_actions(a_menu(options=[an_option(text=long(76))])), f"{ELEMENT}/options/0/text/text"),
    (in_actions(a_menu(options=[an_option(value="x" * 151)])), f"{ELEMENT}/options/0/value"),
    (in_actions(a_menu(initial_option=an_option(value="2"))), f"{ELEMENT}/initial_option"),
    (in_actions(an_image()), f"{ELEMENT}/type"),
    (beside({"type": "plain_text_input"}), "/blocks/0/accessory/type"),
    ([an_image(alt_text="x" * 2_001)], "/blocks/0/alt_text"),
    ([an_image(title=long(2_001))], "/blocks/0/title/text"),
    ([an_image(image_url="https://x/y.png")], "/blocks/0"),
    ([an_image(slack_file={})], "/blocks/0/slack_file"),
    ([{"type": "image", "image_url": "x" * 3_001, "alt_text": "x"}], "/blocks/0/image_url"),
    ([{"type": "image", "slack_file": {"id": "F1"}}], "/blocks/0/alt_text"),
    ([{"type": "markdown", "text": "x" * 6_001}] * 2, "/blocks"),
    ([a_table(101)], "/blocks/0/rows"),
    ([a_table(1, 21)], "/blocks/0/rows/0"),
    ([a_table(), a_table()], "/blocks/1"),
    (an_input(a_button()), "/blocks/0/element/type"),
    (an_input(a_menu(), label=MARKDOWN), "/blocks/0/label"),
    (
        an_input({"type": "plain_text_input", "initial_value": "x" * 9, "max_length": 8}),
        "/blocks/0/element/initial_value",
    ),
    (an_input({"type": "plain_text_input", "max_length": 3_001}), "/blocks/0/element/max_length"),
    (an_input({"type": "datepicker", "initial_date": "Nov 27"}), "/blocks/0/element/initial_date"),
    (an_input(boxes(11)), "/blocks/0/element/options"),
    (an_input(boxes(2, initial_options=[])), "/blocks/0/element/initial_options"),
    (
        an_input(boxes(2, initial_options=[{"text": PLAIN, "value": "z"}])),
        "/blocks/0/element/initial_options",
    ),
    ([{"type": "divider", "block_id": "a"}] * 2, "/blocks/1/block_id"),
]


@pytest.mark.parametrize("blocks", AT_THE_LIMIT)
def test_what_is_at_a_limit_is_accepted(blocks: list[Json]) -> None:
    assert breaches(blocks) == []


@pytest.mark.parametrize(("blocks", "pointer"), BEYOND)
def test_what_is_beyond_a_limit_is_told_once_at_its_place(blocks: list[Json], pointer: str) -> None:
    (told,) = breaches(blocks)

    assert told.endswith(f"[json-pointer:{pointer}]")


def test_an_action_id_may_return_in_another_block() -> None:
    assert breaches(in_actions(a_button()) + in_actions(a_button())) == []


def test_a_view_has_short_titles_and_twice_the_blocks_of_a_message() -> None:
    view = {"type": "modal", "title": long(24), "blocks": [{"type": "divider"}] * 100}

    assert view_breaches(view | {"private_metadata": "x" * 3_000}) == []
    assert len(view_breaches(view | {"title": long(25)})) == 1
    assert len(view_breaches(view | {"submit": long(25)})) == 1
    assert len(view_breaches(view | {"private_metadata": "x" * 3_001})) == 1
    assert len(view_breaches(view | {"blocks": [{"type": "divider"}] * 101})) == 1
    assert len(view_breaches(view | {"blocks": an_input(a_menu())})) == 1
    assert view_breaches(view | {"blocks": an_input(a_menu()), "submit": long(24)}) == []
    assert view_breaches({"type": "home", "blocks": [{"type": "divider"}]}) == []
