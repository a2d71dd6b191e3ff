"""The named lists of a rule file."""

import re
from collections.abc import Mapping

from bot.rules.options import NAME, RESERVED, Notes, name_mend
from bot.rules.reading import Mapped, Node, Scalar

Lists = Mapping[str, tuple[str, ...]]
_Items = Mapping[str, tuple[Scalar, ...]]

MAX_NESTING = 32
MOST_VALUES = 20_000
"""More values than stocks are listed in the United States."""


def read_lists(node: Node, notes: Notes) -> Lists:
    """The lists by name; an item that names another list stands for that list's values."""
    mapped = notes.mapping(node, "'lists'")
    if mapped is None:
        return {}
    items: dict[str, tuple[Scalar, ...]] = {}
    for name, (key, value) in mapped.entries.items():
        if not NAME.fullmatch(name) or name in RESERVED:
            notes.add(key, f"'{name}' is no name for a list", name_mend(name))
            continue
        read = [n for n in notes.items(value, f"list '{name}'") if notes.text(n, "an item")]
        items[name] = tuple(item for item in read if isinstance(item, Scalar))
    flat = _Flat(items, notes)
    lists = {name: flat.values(name) for name in items}
    _check_filled(mapped, lists, notes)
    _warn_unused(mapped, items, notes)
    return lists


class _Flat:
    """The values of lists that name each other; each list is worked out once."""

    def __init__(self, items: _Items, notes: Notes) -> None:
        self.items, self.notes = items, notes
        self.done: dict[str, tuple[str, ...]] = {}
        self.in_circle: set[str] = set()

    def values(self, name: str, path: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The values of a list; ``path`` tells through which lists it was reached."""
        if name not in self.done:
            way = (*path, name)
            texts = [text for item in self.items[name] for text in self.item(item, way)]
            self.done[name] = tuple(dict.fromkeys(texts))
        return self.done[name]

    def item(self, item: Scalar, way: tuple[str, ...]) -> tuple[str, ...]:
        named = item.value
        if named not in self.items:
            return (named,)
        if named in way:
            self.tell_circle(item, way[way.index(named) :])
            return ()
        if len(way) >= MAX_NESTING:
            what = f"lists that name each other more than {MAX_NESTING} deep"
            self.notes.add(item, what, "name the values in one list")
            return ()
        return self.values(named, way)

    def tell_circle(self, item: Scalar, circle: tuple[str, ...]) -> None:
        if self.in_circle.isdisjoint(circle):
            shown = " → ".join((*circle, item.value))
            self.notes.add(item, f"lists in a circle: {shown}", "take one of them out")
        self.in_circle.update(circle)


def _check_filled(mapped: Mapped, lists: Lists, notes: Notes) -> None:
    """A list without a value says so aloud, and none is so long that every fact pays for it."""
    for name, values in lists.items():
        key, node = mapped.entries[name]
        if isinstance(node, Scalar) and node.is_empty:
            notes.add(key, f"list '{name}' is empty", "name its values, or write [] for none")
        elif len(values) > MOST_VALUES:
            what = f"list '{name}' has {len(values):,} values, more than {MOST_VALUES:,}"
            notes.add(key, what, "choose by a field instead, or take values out")


def _warn_unused(mapped: Mapped, items: _Items, notes: Notes) -> None:
    """A list is used behind an ``in``, or by another list."""
    named = {item.value for values in items.values() for item in values}
    for name in items.keys() - named:
        if not re.search(rf"\bin\s+{re.escape(name)}\b", mapped.source.text):
            key = mapped.entries[name][0]
            notes.warn(key, f"list '{name}' is never used", "delete it, or use it in a condition")
