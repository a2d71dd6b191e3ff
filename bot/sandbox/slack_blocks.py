"""What Slack accepts as blocks: the documented limits, each breach with its JSON pointer.

Source: docs.slack.dev, Block Kit.  Characters are counted as UTF-16 units, the stricter reading.
Only the blocks that a bot of alerts uses are known here; any other is an unsupported type.
"""

import json
from collections.abc import Callable
from typing import Any

from bot.sandbox.slack_elements import accessory, element, field, image
from bot.sandbox.slack_shapes import (
    PLAIN,
    TEXTS,
    Checks,
    each,
    keys,
    repeated,
    string,
    strings,
    told,
    units,
)
from bot.sandbox.slack_shapes import text as text_object

BLOCKS_TOGETHER = 13_200
"""Characters of all blocks as JSON, above which posts were refused; not documented."""

_BLOCKS, _VIEW_BLOCKS = 50, 100
_MARKDOWN_TOGETHER = 12_000


def breaches(blocks: object, *, most: int = _BLOCKS) -> list[str]:
    """Everything that is wrong, as response_metadata.messages words it; empty where all is well.

    most: how many blocks may be; 50 in a message.
    """
    if not isinstance(blocks, list):
        return [told("must be an array", "/blocks")]
    if len(blocks) > most:
        return [told(f"no more than {most} items allowed", "/blocks")]
    found = [one for n, block in enumerate(blocks) for one in _block(block, f"/blocks/{n}")]
    return [*found, *repeated(blocks, "block_id", "/blocks"), *_together(blocks)]


def view_breaches(view: object) -> list[str]:
    """The same of a modal or a home tab, its blocks included."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return [told("must be a modal or home view", "/view")]
    short = {"private_metadata": 3_000, "callback_id": 255, "external_id": 255}
    found = list(strings({key: view[key] for key in short if view.get(key)}, short, "/view"))
    for key in ("title", "submit", "close"):
        if key in view or (key == "title" and view["type"] == "modal"):
            found += text_object(view.get(key), 24, PLAIN, f"/view/{key}")
    if view["type"] == "modal" and "submit" not in view and _has_inputs(view.get("blocks")):
        found.append(told("missing required field: submit", "/view"))
    return found + breaches(view.get("blocks"), most=_VIEW_BLOCKS)


def _has_inputs(blocks: object) -> bool:
    known = blocks if isinstance(blocks, list) else []
    return any(isinstance(each, dict) and each.get("type") == "input" for each in known)


def too_long(blocks: object) -> bool:
    return units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > BLOCKS_TOGETHER


def _block(block: object, at: str) -> Checks:
    kind = block.get("type") if isinstance(block, dict) else None
    check = _KINDS.get(kind) if isinstance(kind, str) else None
    if not isinstance(block, dict) or check is None:
        yield told(f"unsupported type: {kind}", f"{at}/type")
        return
    yield from strings(block, {"block_id": 255}, at)
    yield from check(block, at)


def _together(blocks: list[Any]) -> Checks:
    """What all blocks may hold together: one table, and so much markdown."""
    known = [(n, block) for n, block in enumerate(blocks) if isinstance(block, dict)]
    tables = [n for n, block in known if block.get("type") == "table"]
    for n in tables[1:]:
        yield told("only one table is allowed", f"/blocks/{n}")
    texts = [block.get("text") for _, block in known if block.get("type") == "markdown"]
    if sum(units(text) for text in texts if isinstance(text, str)) > _MARKDOWN_TOGETHER:
        yield told(f"must be less than {_MARKDOWN_TOGETHER + 1} characters together", "/blocks")


def _header(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "text", at)
    yield from text_object(block.get("text"), 150, PLAIN, f"{at}/text")


def _section(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "text fields accessory expand", at)
    if "text" not in block and "fields" not in block:
        yield told("missing required field: text or fields", at)
    if "text" in block:
        yield from text_object(block["text"], 3_000, TEXTS, f"{at}/text")
    if "fields" in block:
        fields = block["fields"]
        yield from each(fields, 10, f"{at}/fields", lambda f, p: text_object(f, 2_000, TEXTS, p))
    if "accessory" in block:
        yield from accessory(block["accessory"], f"{at}/accessory")


def _context(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "elements", at)
    yield from each(block.get("elements"), 10, f"{at}/elements", _context_element)


def _context_element(value: object, at: str) -> Checks:
    if isinstance(value, dict) and value.get("type") == "image":
        yield from image(value, at)
    else:
        yield from text_object(value, 2_000, TEXTS, at)


def _actions(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "elements", at)
    yield from each(block.get("elements"), 25, f"{at}/elements", element)
    if isinstance(block.get("elements"), list):
        yield from repeated(block["elements"], "action_id", f"{at}/elements")


def _divider(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "", at)


def _input(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "label element hint optional dispatch_action", at)
    yield from text_object(block.get("label"), 2_000, PLAIN, f"{at}/label")
    yield from field(block.get("element"), f"{at}/element")
    if "hint" in block:
        yield from text_object(block["hint"], 2_000, PLAIN, f"{at}/hint")


def _markdown(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "text", at)
    yield from string(block.get("text"), _MARKDOWN_TOGETHER, f"{at}/text")


def _table(block: dict[str, Any], at: str) -> Checks:
    yield from keys(block, "rows column_settings", at)
    yield from each(block.get("rows"), 100, f"{at}/rows", _row)


def _row(row: object, at: str) -> Checks:
    yield from each(row, 20, at, _cell)


def _cell(cell: object, at: str) -> Checks:
    if not isinstance(cell, dict) or cell.get("type") not in ("raw_text", "rich_text"):
        yield told("must be a cell of type raw_text or rich_text", at)


_KINDS: dict[str, Callable[[dict[str, Any], str], Checks]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": image,
    "input": _input,
    "markdown": _markdown,
    "table": _table,
}
