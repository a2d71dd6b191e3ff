"""Typed text as people mean it: without what Slack and phones make of quotes, dashes and names."""

import re

_SLACK = re.compile(r"<(?:([@#][^<>|\s]+)(?:\|[^<>]*)?|([^<>|]+)\|([^<>]*)|(https?://[^<>|]+))>")
_NAMED = re.compile(r"<[@#]([A-Z0-9]+)\|([^<>|]*[^<>|\s][^<>|]*)>")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|#39);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("‐‑‒–−", "-"),
        **dict.fromkeys("—―", "--"),
        **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
                        "\u200a\u202f\u205f\u3000", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f", ""),
        "≥": ">=",
        "≤": "<=",
        "…": "..",
    }
)  # fmt: skip


def normalise(text: str) -> str:
    """One line of plain signs.

    Slack writes names and addresses in angle brackets, and ``&``, ``<``, ``>`` as entities, so the
    brackets that are left belong to it; a phone curls quotes and joins dashes and dots.
    """
    named = _SLACK.sub(_label, text)
    return " ".join(_unescaped(named).translate(_SIGNS).split())


def names_in(text: str) -> dict[str, str]:
    """The names that Slack wrote beside ids, by id: ``<#C123|alerts>``, ``<@U123|mira>``."""
    return {number: _unescaped(name) for number, name in _NAMED.findall(text)}


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _label(match: re.Match[str]) -> str:
    name, address, label, bare = match.groups()
    return name or (label or address if address else bare)
