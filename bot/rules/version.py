"""The version of a rule: changes with anything that decides or words an alert."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.rules.reading import Listed, Mapped, Node, Scalar

_SILENT_KEYS = frozenset({"title", "why", "tests", "owner", "runbook"})


def version_of(rule: Mapped, lists: Mapping[str, tuple[str, ...]]) -> str:
    """Twelve hex digits; comments, order of keys, indentation and tests leave them unchanged."""
    judged = {
        name: _plain(value) for name, (_, value) in rule.entries.items() if name not in _SILENT_KEYS
    }
    written = json.dumps(judged, sort_keys=True, ensure_ascii=False)
    words = set(re.findall(r"\w+", written))
    used = {name: values for name, values in lists.items() if name in words}
    text = json.dumps([written, used], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return node.value.strip()
        case Listed():
            return [_plain(item) for item in node.items]
        case Mapped():
            return {name: _plain(value) for name, (_, value) in node.entries.items()}
