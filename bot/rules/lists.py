"""The named lists of a rule file."""

import re
from collections.abc import Mapping

from bot.rules.options import NAME, RESERVED, Notes
from bot.rules.reading import Mapped, Node, Scalar

Lists = Mapping[str, tuple[str, ...]]
_Items = Mapping[str, tuple[Scalar, ...]]


def read_lists(node: Node, notes: Notes) -> Lists:
    """The lists by name; an item that names another list stands for that list's values."""
    mapped = notes.mapping(node, "'lists'")
    if mapped is None:
        return {}
    items: dict[str, tuple[Scalar, ...]] = {}
    for name, (key, value) in mapped.entries.items():
        if not NAME.fullmatch(name) or name in RESERVED:
            notes.add(key, f"'{name}' is no name for a list", "use small letters, digits and _")
            continue
        read = [n for n in notes.items(value, f"list '{name}'") if notes.text(n, "an item")]
        items[name] = tuple(item for item in read if isinstance(item, Scalar))
    told: set[frozenset[str]] = set()
    lists = {name: _flat((name,), items, notes, told) for name in items}
    _warn_unused(mapped, items, notes)
    return lists


def _flat(
    path: tuple[str, ...], items: _Items, notes: Notes, told: set[frozenset[str]]
) -> tuple[str, ...]:
    texts: list[str] = []
    for item in items[path[-1]]:
        if item.value not in items:
            texts.append(item.value)
        elif item.value in path:
            circle = path[path.index(item.value) :]
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                shown = " → ".join((*circle, item.value))
                notes.add(item, f"lists in a circle: {shown}", "take one of them out")
        else:
            texts += _flat((*path, item.value), items, notes, told)
    return tuple(dict.fromkeys(texts))


def _warn_unused(mapped: Mapped, items: _Items, notes: Notes) -> None:
    """A list is used behind an ``in``, or by another list."""
    named = {item.value for values in items.values() for item in values}
    for name in items.keys() - named:
        if not re.search(rf"\bin\s+{re.escape(name)}\b", mapped.source.text):
            key = mapped.entries[name][0]
            notes.warn(key, f"list '{name}' is never used", "delete it, or use it in a condition")
