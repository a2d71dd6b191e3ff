"""Cards for Slack: within every limit of its blocks, whatever the card holds.

Limits: docs.slack.dev, Block Kit; characters are counted as UTF-16 units, the stricter reading.
Text from outside stands in plain_text only, where nothing is markup, and is escaped once, after it
has been cut.  That holds for plain_text too: Slack asks for ``&amp; &lt; &gt;`` in text objects of
both types ("formatting message text", escaping), decodes these three and no others for display,
and gives plain_text back with them (slackapi/bolt-python issue 513).  Unescaped, a filer's
``&lt;`` would be shown as ``<``.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from bot.cards.card import Card, Line
from bot.cards.redline_slack import redline_blocks
from bot.cards.slack_text import Block, cut, escaped, fitted, length, written
from bot.fed.redline_json import redline_of

TEXT_LIMIT = 3_500
"""Of the text beside the blocks, which notifications and screen readers give instead of them."""

BLOCKS_LIMIT = 12_000
"""Of all blocks together, written as JSON.  The limits below add up to less than half of it, so
that it holds even if every character needs a backslash; a redline takes what is left."""

_HEADER = 150
_HEADLINES = 1_800
_LINES = 1_800  # together
_FIELDS = 6
_FIELD = _LINES // _FIELDS
_WHY = 900
_CONTEXT = 200  # each of its three elements
_TEXT_BLOCK = 3_000  # the one block that carries the text alone
_URL = 400

_WEB_ADDRESS = re.compile(r"https?://[^\s<>|\"\\]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MARKUP = re.compile(r"[*_~`|]")


class Detail(StrEnum):
    """How much of a card a message holds; what Slack refuses is sent again with less."""

    FULL = "full"
    FEWER_FIELDS = "fewer fields"
    TEXT_ONLY = "text only"


def slack_message(card: Card, *, detail: Detail = Detail.FULL, revision: int = 1) -> Block:
    """The arguments of chat.postMessage that say what is posted.

    Its first block_id, and its metadata too, is the key by which a sent message is found again;
    revision: 1 and up, since Slack wants another block_id on a changed message.
    """
    blocks = _blocks(card, detail)
    blocks[0]["block_id"] = block_key(card.alert_id, revision)
    return {
        "text": _whole_fact(card, detail, TEXT_LIMIT),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "bot_alert", "event_payload": {"alert_id": card.alert_id}},
        "blocks": blocks,
    }


def block_key(alert_id: int, revision: int = 1) -> str:
    """The block_id of an alert's first block."""
    return f"al:{alert_id}:{revision}"


def _blocks(card: Card, detail: Detail) -> list[Block]:
    if detail is Detail.TEXT_ONLY:
        told = _whole_fact(card, detail, _TEXT_BLOCK)
        return [{"type": "section", "text": {"type": "plain_text", "text": told, "emoji": False}}]
    blocks = [_header(card), *_headlines(card), *_body(card, detail), _context(card)]
    if card.redline is not None and detail is Detail.FULL:
        blocks[-1:-1] = _redline(card.redline, BLOCKS_LIMIT - written(blocks))
    return blocks


def _redline(told: Mapping[str, Any], room: int) -> list[Block]:
    """What changed in a text, in as many of so many units as JSON leaves it; else nothing."""
    redline = redline_of(dict(told))
    for part in (0.85, 0.65, 0.4):
        blocks = redline_blocks(redline, units=int(room * part))
        if written(blocks) < room:
            return blocks
    return []


def _whole_fact(card: Card, detail: Detail, limit: int) -> str:
    told = _one_line(card.text) or f"{card.rule} has fired"
    if detail is not Detail.TEXT_ONLY or not card.is_alert:
        return fitted(told, limit)
    more = f"\ndetails: /alerts show {card.alert_id}"
    return fitted(told, limit - len(more)) + more


def _titles(card: Card) -> list[str]:
    """One line for each headline that says anything, the marks beside the first."""
    titles = [line for headline in card.headlines if (line := _one_line(headline))]
    titles = titles or [_one_line(card.rule) or "alert"]
    if card.marks:
        titles[0] = f"{titles[0]} ({', '.join(card.marks)})"
    return titles


def _header(card: Card) -> Block:
    return {"type": "header", "text": _plain(_titles(card)[0], _HEADER)}


def _headlines(card: Card) -> list[Block]:
    """What the header could not say: its whole sentence where it was cut, and all further ones."""
    titles = _titles(card)
    if len(titles) == 1 and length(escaped(titles[0])) <= _HEADER:
        return []
    return [{"type": "section", "text": _plain("\n".join(titles), _HEADLINES)}]


def _body(card: Card, detail: Detail) -> list[Block]:
    lines = [line for line in card.lines if line.label not in ("When", "Why")]
    why = next((line for line in card.lines if line.label == "Why"), None)
    if detail is Detail.FEWER_FIELDS:
        return _fields(lines[:2])
    told = _fields(lines) if len(lines) <= _FIELDS else _listed(lines)
    if why is not None:
        told.append({"type": "section", "text": _plain(_labelled(why, ": "), _WHY)})
    return told


def _fields(lines: Sequence[Line]) -> list[Block]:
    fields = [_plain(_labelled(line, "\n"), _FIELD) for line in lines]
    return [{"type": "section", "fields": fields}] if fields else []


def _listed(lines: Sequence[Line]) -> list[Block]:
    """Too many lines for fields: those that fit, and how many did not."""
    told: list[str] = []
    for place, line in enumerate(lines):
        more = f"… and {len(lines) - place} more lines"
        longer = [*told, cut(_labelled(line, ": "), _FIELD)]
        if length(escaped("\n".join([*longer, more]))) > _LINES:
            told.append(more)
            break
        told = longer
    return [{"type": "section", "text": _plain("\n".join(told), _LINES)}]


def _labelled(line: Line, between: str) -> str:
    return f"{_one_line(line.label)}{between}{_one_line(line.text)}".strip() or "–"


def _context(card: Card) -> Block:
    """``#id · rule · severity``, the times of the source, and its link."""
    number = f"#{card.alert_id} · " if card.is_alert else ""
    elements = [_plain(f"{number}{card.rule} · {card.severity}", _CONTEXT)]
    when = next((text for x in card.lines if x.label == "When" and (text := _one_line(x.text))), "")
    elements += [_plain(when, _CONTEXT)] if when else []
    return {"type": "context", "elements": [*elements, *_source(card)]}


def _source(card: Card) -> list[Block]:
    source = _one_line(card.source or "")
    url = escaped(card.url or "")
    if _WEB_ADDRESS.fullmatch(card.url or "") and length(url) <= _URL:
        label = fitted(_MARKUP.sub(" ", source).strip() or "source", _CONTEXT)
        return [{"type": "mrkdwn", "text": f"<{url}|{label}>", "verbatim": True}]
    return [_plain(source, _CONTEXT)] if source else []


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": fitted(text, limit), "emoji": False}


def _one_line(text: str) -> str:
    """Without control characters, halves of characters, and breaks of lines."""
    return " ".join(_CONTROL.sub(" ", text).split())
