"""The blocks of a card: header, what happened, fields, reason, picture, where it stands, buttons.

Limits: docs.slack.dev, Block Kit.  All blocks together are measured when they are made, and made
again with less room for words where they are too long.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain

from bot.cards.card import WHY, Card, Line, Moment
from bot.cards.redline_slack import redline_blocks
from bot.cards.slack_buttons import buttons
from bot.cards.slack_text import (
    Block,
    code,
    cut,
    escaped,
    fitted,
    joined,
    length,
    marked,
    mrkdwn,
    one_line,
    outside,
    plain,
    time_mark,
    written,
)
from bot.fed.redline_json import redline_of

BLOCKS_LIMIT = 12_000
"""Of all blocks together, written as JSON.  Undocumented is that Slack refuses at about 13,200."""

_BUDGET = BLOCKS_LIMIT - 300  # the rest is for the block_id
_HEADER = 150
_SECTION = 2_900
_FIELDS, _SHORT = 6, 220  # how many lines stand as fields, and how long these may be
_LABEL, _LONG, _WHY, _CODE = 40, 600, 900, 1_200
_CONTEXT = 300  # each of its elements
_MOMENTS = 6
_ALT = 1_000
_URL = 400
_ROOM = (1.0, 0.7, 0.4, 0.2, 0.1)
"""Parts of the room for words that are tried: JSON needs two characters for some."""

_TOLD = ("Who", "What", "Target")
"""Lines that a sentence of what happened tells in other words."""

_ORIGIN = "From"
"""Lines that tell where figures stand: they stay together."""

_ALERT = ("#", "…")
"""How the label of a line begins that tells another alert, as in stories and digests."""

_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-[\]-{}~]+")
_LINK_MARKUP = re.compile(r"[*_~`|]")


class Detail(StrEnum):
    """How much of a card a message holds; what Slack refuses is sent again with less."""

    FULL = "full"
    WITHOUT_PICTURES = "without chart and redline"
    FEWER_FIELDS = "fewer fields"
    TEXT_ONLY = "text only"
    NO_BLOCKS = "no blocks"


def card_blocks(card: Card, detail: Detail, *, interactive: bool) -> list[Block]:
    """Blocks of a card at any step but the last, within all limits whatever it holds."""
    for part in _ROOM:
        blocks = _blocks(card, detail, part, interactive)
        if written(blocks) <= _BUDGET:
            break
    if card.redline is not None and detail is Detail.FULL:
        place = next(n for n, block in enumerate(blocks) if block["type"] == "context")
        blocks[place:place] = _redline(card, _BUDGET - written(blocks))
    return blocks


def _blocks(card: Card, detail: Detail, part: float, interactive: bool) -> list[Block]:
    told = [_happened(card, int(_SECTION * part)), _others(card, part)]
    if card.tells:  # of a story: what happened leads to the figures of the alert that began it
        told.reverse()
    return [
        _header(card),
        *chain(*told),
        *_body(card, detail, part),
        *(_picture(card) if detail is Detail.FULL else []),
        _context(card),
        *(buttons(card, _address(card)) if interactive else []),
    ]


def _header(card: Card) -> Block:
    return {"type": "header", "text": plain(_at_a_pause(_titles(card)[0]), _HEADER)}


def _at_a_pause(title: str) -> str:
    """A headline that is too long, up to where a reader would pause; the whole stands below."""
    if length(escaped(title)) <= _HEADER:
        return title
    head = cut(title, _HEADER)
    pause = max(head.rfind(sign) for sign in (", ", ": ", " ("))
    return f"{head[:pause]}…" if pause > _HEADER // 2 else head


def _titles(card: Card) -> list[str]:
    """One line for each headline that says anything, the marks beside the first."""
    titles = [line for headline in card.headlines if (line := one_line(headline))]
    titles = titles or [one_line(card.rule) or "alert"]
    if card.marks:
        titles[0] = one_line(f"{titles[0]} ({', '.join(card.marks)})")
    return titles


def _happened(card: Card, limit: int) -> list[Block]:
    """The sentences of what happened, below what the header could not say: its whole line where
    that was cut, and all further ones."""
    titles = _titles(card)
    if len(titles) == 1 and (
        length(escaped(titles[0])) <= _HEADER or _is_news_of_an_alert_below(titles[0], card)
    ):
        titles = []
    facts = [line for fact in card.facts if (line := one_line(fact))]
    told = "\n".join([*titles, *dict.fromkeys(facts)])
    return [{"type": "section", "text": mrkdwn(marked(told, limit))}] if told else []


def _is_news_of_an_alert_below(title: str, card: Card) -> bool:
    """Whether it is the headline of a story, whose news one of its alerts tells again."""
    news = title.partition(": ")[2]
    alerts = (line for line in card.lines if line.label.startswith(_ALERT))
    return bool(news) and any(line.text.endswith(news) for line in alerts)


def _others(card: Card, part: float) -> list[Block]:
    return _alerts([line for line in card.lines if line.label.startswith(_ALERT)], part)


def _body(card: Card, detail: Detail, part: float) -> list[Block]:
    codes = [line for line in card.lines if line.as_written]
    others = [line for line in card.lines if _is_other(line, card)]
    if detail is Detail.FEWER_FIELDS:
        return [*_codes(codes, part), *_fields(others[:2], part)]
    short = [line for line in others if length(line.text) <= _SHORT and line.label != _ORIGIN][
        :_FIELDS
    ]
    rest = [line for line in others if not any(line is each for each in short)]
    why = [line for line in card.lines if line.label.startswith(WHY)]
    return [
        *_codes(codes, part),
        *_fields(short, part),
        *_listed(rest, part),
        *_why(why, part),
    ]


def _is_other(line: Line, card: Card) -> bool:
    """Whether it stands in no place of its own."""
    placed = line.as_written or line.label.startswith((WHY, *_ALERT))
    return not placed and not _is_told(line, card)


def _is_told(line: Line, card: Card) -> bool:
    """Whether a sentence of what happened says it already."""
    return any(line.label in _TOLD or line.text in fact for fact in card.facts)


def _codes(lines: Sequence[Line], part: float) -> list[Block]:
    """Lines to be copied, a block of code each."""
    room = int(_CODE * part)
    told = (f"*{outside(line.label, _LABEL)}*\n{code(line.text, room)}" for line in lines)
    return [{"type": "section", "text": mrkdwn(each)} for each in told]


def _fields(lines: Sequence[Line], part: float) -> list[Block]:
    room = int(_SHORT * max(part, 0.4))
    fields = [mrkdwn(_labelled(line, "\n", room)) for line in lines]
    return [{"type": "section", "fields": fields}] if fields else []


def _alerts(lines: Sequence[Line], part: float) -> list[Block]:
    """Lines that tell other alerts: each of them, in as many sections as they need."""
    told = (_labelled(line, ": ", int(_LONG * part)) for line in lines)
    return [{"type": "section", "text": mrkdwn(each)} for each in joined(told, _SECTION)]


def _listed(lines: Sequence[Line], part: float) -> list[Block]:
    """Lines that are too long for fields, or too many: those that fit, and how many did not."""
    told: list[str] = []
    for place, line in enumerate(lines):
        more = f"… and {len(lines) - place} more lines"
        longer = [*told, _labelled(line, ": ", int(_LONG * part))]
        if length("\n".join([*longer, more])) > _SECTION * part:
            told.append(more)
            break
        told = longer
    return [{"type": "section", "text": mrkdwn("\n".join(told))}] if told else []


def _labelled(line: Line, between: str, limit: int) -> str:
    """Its label in bold, then what it says."""
    label = outside(line.label, _LABEL)
    text = outside(line.text, limit)
    return f"*{label}*{between}{text or '–'}" if label else text or "–"


def _why(lines: Sequence[Line], part: float) -> list[Block]:
    """Clauses as the rule has them, with their ``*`` and ``_``: in plain text."""
    told = (f"{line.label}: {one_line(line.text)}" for line in lines)
    return [{"type": "section", "text": plain(each, int(_WHY * part))} for each in told]


def _redline(card: Card, room: int) -> list[Block]:
    """What changed in a text, in as many of so many units as JSON leaves it; else nothing."""
    redline = redline_of(dict(card.redline or {}))
    for part in (0.85, 0.65, 0.4):
        blocks = redline_blocks(redline, units=int(room * part))
        if written(blocks) < room:
            return blocks
    return []


def _picture(card: Card) -> list[Block]:
    if card.picture is None:
        return []
    shows = cut(one_line(card.picture.shows) or "a chart", _ALT)
    return [{"type": "image", "slack_file": {"id": card.picture.file_id}, "alt_text": shows}]


def _context(card: Card) -> Block:
    """``#id · rule · severity · accepted 18:02``, what became of it since, and its source."""
    number = f"#{card.alert_id} · " if card.is_alert else ""
    named = outside(f"{number}{card.rule} · {card.severity}", _CONTEXT)
    moments = [told for each in card.moments[:_MOMENTS] if (told := _moment(each))]
    caveat = [outside(card.caveat, _LABEL)] if card.caveat else []
    known = " · ".join([named, *moments[:1], *caveat])
    since = [" · ".join(moments[1:])] if moments[1:] else []
    return {"type": "context", "elements": [*map(mrkdwn, [known, *since]), *_sources(card)]}


def _moment(moment: Moment) -> str:
    words = outside(moment.words, _CONTEXT)
    return words if moment.at is None else f"{words} {time_mark(moment.at)}".lstrip()


def _sources(card: Card) -> list[Block]:
    """The document behind the card, and the one that it amends."""
    amends, address = card.amends or (None, None)
    before = _source(f"amends {amends}", address) if amends else []
    return [*_source(card.source, card.url), *before]


def _source(name: str | None, url: str | None) -> list[Block]:
    name = one_line(name or "")
    if address := escaped(_web(url) or ""):
        label = fitted(_LINK_MARKUP.sub(" ", name).strip() or "source", _CONTEXT)
        return [mrkdwn(f"<{address}|{label}>")]
    return [plain(name, _CONTEXT)] if name else []


def _address(card: Card) -> str | None:
    return _web(card.url)


def _web(url: str | None) -> str | None:
    """An address, where it is one that Slack makes a link of."""
    address = url or ""
    told = _WEB_ADDRESS.fullmatch(address) and length(escaped(address)) <= _URL
    return address if told else None
