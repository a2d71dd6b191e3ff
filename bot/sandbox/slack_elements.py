"""What people click, choose and write in, as Slack accepts it inside of blocks.

Source: docs.slack.dev, Block Kit, block elements and composition objects.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack_shapes import PLAIN, TEXTS, Checks, each, keys, one_of, string, strings, told
from bot.sandbox.slack_shapes import text as text_object

_STYLES = "primary danger"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def element(value: object, at: str) -> Checks:
    """Anything that an actions block or the side of a section holds."""
    yield from _element(value, at, _CLICKED)


def accessory(value: object, at: str) -> Checks:
    yield from _element(value, at, _CLICKED | {"image": image})


def field(value: object, at: str) -> Checks:
    """What an input block holds."""
    yield from _element(value, at, _FILLED_IN)


def image(value: dict[str, Any], at: str) -> Checks:
    """An image, as a block or beside a text."""
    yield from keys(value, "image_url slack_file alt_text title", at)
    if ("image_url" in value) == ("slack_file" in value):
        yield told("exactly one of image_url and slack_file is required", at)
    yield from strings(value, {"image_url": 3_000, "alt_text*": 2_000}, at)
    if "slack_file" in value:
        yield from _slack_file(value["slack_file"], f"{at}/slack_file")
    if "title" in value:
        yield from text_object(value["title"], 2_000, PLAIN, f"{at}/title")


def _element(value: object, at: str, kinds: dict[str, Callable[..., Checks]]) -> Checks:
    kind = value.get("type") if isinstance(value, dict) else None
    check = kinds.get(kind) if isinstance(kind, str) else None
    if not isinstance(value, dict) or check is None:
        yield told(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind != "image":
        yield from strings(value, {"action_id": 255}, at)
    yield from check(value, at)


def _button(value: dict[str, Any], at: str) -> Checks:
    yield from keys(value, "text action_id value url style confirm accessibility_label", at)
    yield from text_object(value.get("text"), 75, PLAIN, f"{at}/text")
    yield from strings(value, {"value": 2_000, "url": 3_000, "accessibility_label": 75}, at)
    if "style" in value:
        yield from one_of(value["style"], _STYLES, f"{at}/style")
    yield from _confirm(value, at)


def _overflow(value: dict[str, Any], at: str) -> Checks:
    yield from keys(value, "action_id options confirm", at)
    yield from each(value.get("options"), 5, f"{at}/options", _option)
    yield from _confirm(value, at)


def _select(value: dict[str, Any], at: str) -> Checks:
    yield from keys(value, "action_id placeholder options initial_option confirm", at)
    if "placeholder" in value:
        yield from text_object(value["placeholder"], 150, PLAIN, f"{at}/placeholder")
    yield from each(value.get("options"), 100, f"{at}/options", _option)
    if "initial_option" in value and value["initial_option"] not in (value.get("options") or ()):
        yield told("must be one of the options", f"{at}/initial_option")
    yield from _confirm(value, at)


def _written(value: dict[str, Any], at: str) -> Checks:
    yield from keys(value, "action_id placeholder initial_value multiline max_length", at)
    if "placeholder" in value:
        yield from text_object(value["placeholder"], 150, PLAIN, f"{at}/placeholder")
    most = value.get("max_length", 3_000)
    if not isinstance(most, int) or not 1 <= most <= 3_000:
        yield told("must be a number from 1 to 3000", f"{at}/max_length")
        return
    yield from strings(value, {"initial_value": most}, at)


def _day(value: dict[str, Any], at: str) -> Checks:
    yield from keys(value, "action_id placeholder initial_date confirm", at)
    if "initial_date" in value and not _DAY.fullmatch(str(value["initial_date"])):
        yield told("must be a date as 2026-11-27", f"{at}/initial_date")


def _checkboxes(value: dict[str, Any], at: str) -> Checks:
    yield from keys(value, "action_id options initial_options confirm", at)
    yield from each(value.get("options"), 10, f"{at}/options", _option)
    chosen = value.get("initial_options", ())
    if "initial_options" in value and not chosen:
        yield told("must be an array with at least 1 item", f"{at}/initial_options")
    if any(one not in (value.get("options") or ()) for one in chosen):
        yield told("must be some of the options", f"{at}/initial_options")


def _option(value: object, at: str) -> Checks:
    if not isinstance(value, dict):
        yield told("must be an object", at)
        return
    yield from keys(value, "text value description url", at)
    yield from text_object(value.get("text"), 75, PLAIN, f"{at}/text")
    yield from strings(value, {"value*": 150, "url": 3_000}, at)
    if "description" in value:
        yield from text_object(value["description"], 75, PLAIN, f"{at}/description")


def _confirm(of: dict[str, Any], at: str) -> Checks:
    """The question before something is done, where there is one."""
    if "confirm" not in of:
        return
    value, at = of["confirm"], f"{at}/confirm"
    if not isinstance(value, dict):
        yield told("must be an object", at)
        return
    yield from keys(value, "title text confirm deny style", at)
    for key, limit in {"title": 100, "confirm": 30, "deny": 30}.items():
        yield from text_object(value.get(key), limit, PLAIN, f"{at}/{key}")
    yield from text_object(value.get("text"), 300, TEXTS, f"{at}/text")
    if "style" in value:
        yield from one_of(value["style"], _STYLES, f"{at}/style")


def _slack_file(value: object, at: str) -> Checks:
    if not isinstance(value, dict) or ("id" in value) == ("url" in value):
        yield told("exactly one of id and url is required", at)
        return
    for key in value:
        yield from string(value[key], 3_000, f"{at}/{key}")


_FILLED_IN: dict[str, Callable[..., Checks]] = {
    "static_select": _select,
    "plain_text_input": _written,
    "datepicker": _day,
    "checkboxes": _checkboxes,
}

_CLICKED: dict[str, Callable[..., Checks]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
}
