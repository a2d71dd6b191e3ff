"""Texts for Slack's blocks: measured as Slack measures them, cut and escaped once.

Limits: docs.slack.dev, Block Kit; characters are counted as UTF-16 units, the stricter reading.
Slack asks for ``&amp; &lt; &gt;`` in text objects of both types ("formatting message text",
escaping), decodes these three and no others for display, and gives plain_text back with them
(slackapi/bolt-python issue 513).  Unescaped, a filer's ``&lt;`` would be shown as ``<``.

In mrkdwn nothing can be escaped but these three, so that what outside text holds of other marks is
put in letters that look the same and mark nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.cards.card import new_york_text

Block = dict[str, Any]

_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]*[a-z][a-z0-9_+'-]*:)", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*>", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_NUMBER = r"[+−-]?\$?\d+(?:,\d{3})*(?:\.\d+)?[KMBT]?"
_UNIT = r" ?%| bp| (?:sh|shares)(?!\w)"
_AMOUNT = re.compile(
    rf"(?<![^\s(])(?:(?P<vote>(?<=vote )\d+–\d+)|(?:{_NUMBER}–)?{_NUMBER}(?:{_UNIT})?)"
    r"(?=[\s.,;:)]|$)(?!\.\d)"
)
_TELLING = re.compile(r"[$%,+−]|\.\d|[KMBT]$|bp|sh")
_MOST_BOLD = 40
_FENCES = "```\n\n```"
_LOOKED_AT = 20_000  # characters of a text of which a few thousand are shown at most


def one_line(text: str) -> str:
    """Without control characters, halves of characters, and breaks of lines."""
    return " ".join(_CONTROL.sub(" ", text[:_LOOKED_AT]).split())


def plain(text: str, limit: int) -> Block:
    """Text in which nothing is markup."""
    return {"type": "plain_text", "text": fitted(text, limit), "emoji": False}


def mrkdwn(text: str) -> Block:
    """Markup of our own; whatever it holds from outside is ``neutral`` and escaped.

    verbatim: else Slack makes links of names and addresses in it.
    """
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def neutral(text: str) -> str:
    """Text from outside that marks nothing in mrkdwn, neither as a word nor at a line's begin."""
    told = _EMOJI.sub("\ua789", text.translate(_LOOKALIKES))
    return _QUOTED.sub("›", told)


def marked(text: str, limit: int) -> str:
    """Text from outside as mrkdwn of so many units, neutral, with its amounts in bold."""
    room = limit - 2 * _MOST_BOLD
    told = cut(neutral(text[: room + 1]), room)
    return _AMOUNT.sub(_Bold(), escaped(told))


def outside(text: str, limit: int) -> str:
    """Text from outside in one line of mrkdwn, neutral, cut and escaped."""
    return fitted(neutral(one_line(text)[: limit + 1]), limit)


def code(text: str, limit: int) -> str:
    """Text from outside as a block of code: its lines as they are, to be copied."""
    told = _CONTROL.sub(" ", text[: limit + 1]).replace("```", "'''")
    return f"```\n{fitted(told, limit - len(_FENCES))}\n```"


class _Bold:
    """Marks the first amounts that say something: $9.4M, −31%, 64,800, 25 bp; not the 4 of a
    Form 4."""

    def __init__(self) -> None:
        self._left = _MOST_BOLD

    def __call__(self, found: re.Match[str]) -> str:
        says = found["vote"] or _TELLING.search(found[0])
        if not says or not self._left:
            return found[0]
        self._left -= 1
        return f"*{found[0]}*"


def time_mark(at: datetime) -> str:
    """An instant in each reader's own zone, in New York's where Slack can not tell it."""
    seconds = int(at.timestamp())
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{new_york_text(at)}>"


def fitted(text: str, limit: int) -> str:
    """The text cut to so many UTF-16 units of its escaped form, then escaped."""
    return escaped(cut(text, limit))


def cut(text: str, limit: int) -> str:
    """As much of a text as fits when it is escaped, with an ellipsis where something is missing."""
    head = text[: limit + 1]  # each character is one unit at least
    if len(head) == len(text) and length(escaped(text)) <= limit:
        return text
    room, end = limit - 1, 0
    for character in head:
        room -= len(_ESCAPED.get(character, character)) + (character > "\uffff")
        if room < 0:
            break
        end += 1
    return text[:end].rstrip(" \n\u200d") + "…"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def weight(text: str) -> int:
    """UTF-16 units of a text as JSON, as it is sent."""
    return length(json.dumps(text, ensure_ascii=False))


def joined(lines: Iterable[str], limit: int) -> Iterator[str]:
    """All lines in as few texts of so many units as hold them; none is cut.

    lines: none longer than the limit.
    """
    told = ""
    for line in lines:
        longer = f"{told}\n{line}" if told else line
        if told and length(longer) > limit:
            yield told
            longer = line
        told = longer
    if told:
        yield told


def written(blocks: Sequence[Block]) -> int:
    """UTF-16 units of blocks as JSON, as they are sent."""
    return length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
