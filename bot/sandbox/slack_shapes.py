"""What all parts of Slack's blocks are checked for: texts, lengths, numbers of items, keys.

Characters are counted as UTF-16 units, the stricter reading.
"""

from collections.abc import Callable, Iterator
from typing import Any

Checks = Iterator[str]

PLAIN = ("plain_text",)
TEXTS = ("plain_text", "mrkdwn")


def text(value: object, limit: int, kinds: tuple[str, ...], at: str) -> Checks:
    """A text object of one of these kinds."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in kinds:
        yield told(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    yield from keys(value, "text emoji" if kind == "plain_text" else "text verbatim", at)
    yield from string(value.get("text"), limit, f"{at}/text")


def string(value: object, limit: int, at: str) -> Checks:
    if not isinstance(value, str):
        yield told("must be a string", at)
    elif not value:
        yield told("must be more than 0 characters", at)
    elif units(value) > limit:
        yield told(f"must be less than {limit + 1} characters", at)


def strings(thing: dict[str, Any], limits: dict[str, int], at: str) -> Checks:
    """Those of these strings that are there; a key with a star must be."""
    for name, limit in limits.items():
        key = name.rstrip("*")
        if key in thing or name != key:
            yield from string(thing.get(key), limit, f"{at}/{key}")


def each(items: object, most: int, at: str, check: Callable[[object, str], Checks]) -> Checks:
    if not isinstance(items, list) or not items:
        yield told("must be an array with at least 1 item", at)
    elif len(items) > most:
        yield told(f"no more than {most} items allowed", at)
    else:
        for n, item in enumerate(items):
            yield from check(item, f"{at}/{n}")


def keys(thing: dict[str, Any], known: str, at: str) -> Checks:
    for key in thing.keys() - {"type", "block_id", *known.split()}:
        yield told(f"invalid additional property: {key}", at)


def one_of(value: object, allowed: str, at: str) -> Checks:
    if value not in allowed.split():
        yield told(f"must be one of {allowed}", at)


def repeated(items: list[Any], key: str, at: str) -> Checks:
    seen: set[str] = set()
    for n, item in enumerate(items):
        value = item.get(key) if isinstance(item, dict) else None
        if isinstance(value, str):
            if value in seen:
                yield told(f"{key} must be unique: {value}", f"{at}/{n}/{key}")
            seen.add(value)


def told(what: str, at: str) -> str:
    """A breach in the words of response_metadata.messages."""
    return f"[ERROR] {what} [json-pointer:{at}]"


def units(value: str) -> int:
    return len(value.encode("utf-16-le", "surrogatepass")) // 2
