"""What Slack accepts as blocks: the documented limits, each breach with its JSON pointer.

Source: docs.slack.dev, Block Kit.  Characters are counted as UTF-16 units, the stricter reading.
Only the blocks that a bot of alerts uses are known here; any other is an unsupported type.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

BLOCKS_TOGETHER = 13_200
"""Characters of all blocks as JSON, above which posts were refused; not documented."""

_BLOCKS = 50
_PLAIN = ("plain_text",)
_TEXTS = ("plain_text", "mrkdwn")

Checks = Iterator[str]


def breaches(blocks: object) -> list[str]:
    """Everything that is wrong, as response_metadata.messages words it; empty where all is well."""
    if not isinstance(blocks, list):
        return [_told("must be an array", "/blocks")]
    if len(blocks) > _BLOCKS:
        return [_told(f"no more than {_BLOCKS} items allowed", "/blocks")]
    found = [each for n, block in enumerate(blocks) for each in _block(block, f"/blocks/{n}")]
    return found + list(_repeated(blocks, "block_id", "/blocks"))


def too_long(blocks: object) -> bool:
    return _units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > BLOCKS_TOGETHER


def _block(block: object, at: str) -> Checks:
    kind = block.get("type") if isinstance(block, dict) else None
    check = _KINDS.get(kind) if isinstance(kind, str) else None
    if not isinstance(block, dict) or check is None:
        yield _told(f"unsupported type: {kind}", f"{at}/type")
        return
    if "block_id" in block:
        yield from _string(block["block_id"], 255, f"{at}/block_id")
    yield from check(block, at)


def _header(block: dict[str, Any], at: str) -> Checks:
    yield from _keys(block, "text", at)
    yield from _text(block.get("text"), 150, _PLAIN, f"{at}/text")


def _section(block: dict[str, Any], at: str) -> Checks:
    yield from _keys(block, "text fields accessory expand", at)
    if "text" not in block and "fields" not in block:
        yield _told("missing required field: text or fields", at)
    if "text" in block:
        yield from _text(block["text"], 3_000, _TEXTS, f"{at}/text")
    if "fields" in block:
        yield from _each(
            block["fields"], 10, f"{at}/fields", lambda f, p: _text(f, 2_000, _TEXTS, p)
        )
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _context(block: dict[str, Any], at: str) -> Checks:
    yield from _keys(block, "elements", at)
    yield from _each(block.get("elements"), 10, f"{at}/elements", _context_element)


def _context_element(element: object, at: str) -> Checks:
    if isinstance(element, dict) and element.get("type") == "image":
        yield from _image(element, at)
    else:
        yield from _text(element, 2_000, _TEXTS, at)


def _actions(block: dict[str, Any], at: str) -> Checks:
    yield from _keys(block, "elements", at)
    yield from _each(block.get("elements"), 25, f"{at}/elements", _element)
    if isinstance(block.get("elements"), list):
        yield from _repeated(block["elements"], "action_id", f"{at}/elements")


def _element(element: object, at: str) -> Checks:
    kind = element.get("type") if isinstance(element, dict) else None
    if not isinstance(element, dict) or kind not in ("button", "overflow", "static_select"):
        yield _told(f"unsupported type: {kind}", f"{at}/type")
        return
    for key, limit in {"action_id": 255, "value": 2_000, "url": 3_000}.items():
        if key in element:
            yield from _string(element[key], limit, f"{at}/{key}")
    if kind == "button":
        yield from _text(element.get("text"), 75, _PLAIN, f"{at}/text")
    else:
        most = 5 if kind == "overflow" else 100
        yield from _each(element.get("options"), most, f"{at}/options", _option)


def _option(option: object, at: str) -> Checks:
    if not isinstance(option, dict):
        yield _told("must be an object", at)
        return
    yield from _text(option.get("text"), 75, _TEXTS, f"{at}/text")
    yield from _string(option.get("value"), 150, f"{at}/value")


def _divider(block: dict[str, Any], at: str) -> Checks:
    yield from _keys(block, "", at)


def _image(block: dict[str, Any], at: str) -> Checks:
    yield from _keys(block, "image_url slack_file alt_text title", at)
    if ("image_url" in block) == ("slack_file" in block):
        yield _told("exactly one of image_url and slack_file is required", at)
    if "image_url" in block:
        yield from _string(block["image_url"], 3_000, f"{at}/image_url")
    yield from _string(block.get("alt_text"), 2_000, f"{at}/alt_text")


_KINDS: dict[str, Callable[[dict[str, Any], str], Checks]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
}


def _text(text: object, limit: int, kinds: tuple[str, ...], at: str) -> Checks:
    """A text object of one of these kinds."""
    kind = text.get("type") if isinstance(text, dict) else None
    if not isinstance(text, dict) or kind not in kinds:
        yield _told(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    yield from _keys(text, "text emoji" if kind == "plain_text" else "text verbatim", at)
    yield from _string(text.get("text"), limit, f"{at}/text")


def _string(value: object, limit: int, at: str) -> Checks:
    if not isinstance(value, str):
        yield _told("must be a string", at)
    elif not value:
        yield _told("must be more than 0 characters", at)
    elif _units(value) > limit:
        yield _told(f"must be less than {limit + 1} characters", at)


def _each(items: object, most: int, at: str, check: Callable[[object, str], Checks]) -> Checks:
    if not isinstance(items, list) or not items:
        yield _told("must be an array with at least 1 item", at)
    elif len(items) > most:
        yield _told(f"no more than {most} items allowed", at)
    else:
        for n, item in enumerate(items):
            yield from check(item, f"{at}/{n}")


def _keys(thing: dict[str, Any], known: str, at: str) -> Checks:
    for key in thing.keys() - {"type", "block_id", *known.split()}:
        yield _told(f"invalid additional property: {key}", at)


def _repeated(items: list[Any], key: str, at: str) -> Checks:
    seen: set[str] = set()
    for n, item in enumerate(items):
        value = item.get(key) if isinstance(item, dict) else None
        if isinstance(value, str):
            if value in seen:
                yield _told(f"{key} must be unique: {value}", f"{at}/{n}/{key}")
            seen.add(value)


def _told(what: str, at: str) -> str:
    return f"[ERROR] {what} [json-pointer:{at}]"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
