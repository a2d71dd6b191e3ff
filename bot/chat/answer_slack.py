"""Answers for Slack: blocks within every limit, whatever the answer holds.

Limits: docs.slack.dev, Block Kit; characters are counted as UTF-16 units.  Text from outside stands
in plain_text where nothing is markup; where a link must stand beside it, what Slack would take for
marks is put as characters that look the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.cards import Card
from bot.cards.actions import BUTTON_VALUE, Action, Page, action_id
from bot.cards.slack import BLOCKS_LIMIT, TEXT_LIMIT, Detail, slack_message
from bot.cards.slack_text import (
    Block,
    cut,
    escaped,
    fitted,
    length,
    mrkdwn,
    neutral,
    one_line,
    plain,
    written,
)
from bot.chat.answer import Answer, Button, Row
from bot.readable import readable

BLOCKS = 50
_SECTION = 3_000
_HEADLINE = 1_000
_ROW = 300
_LINE = 700
_FIRST_LINES = 4  # for which a card or rows give way
_LINK = 500
_HINT = 400
_REFUSED = (
    "Slack refused this answer as it was laid out, so these are its words alone.  Ask for less, as "
    "with `last 5` or one number, or ask at the terminal: bot history"
)
_EVERYTHING = "sort:new"  # a button without a value is never heard of: the same in a word
_CONTEXT = 10  # elements of one context block
_LABEL = 75
_WITH_BLOCKS = [each for each in Detail if each is not Detail.NO_BLOCKS]
_BUTTONS = 25  # of one block of actions


def slack_answer(answer: Answer) -> Block:
    """The ``text`` and ``blocks`` of a reply, which Slack takes whatever it holds.

    Where all of it does not fit, the card gives way first, then lines and rows from their end,
    which is said, then hints and buttons.
    """
    blocks = next(filter(_fits, _ever_shorter(answer)))
    return {"text": fitted(_text(answer), TEXT_LIMIT), "blocks": blocks}


def in_plain_text(message: Block) -> Block:
    """The words of a reply whose blocks Slack refused, and how to get at the rest of it."""
    return {"text": f"{message['text']}\n{_REFUSED}", "mrkdwn": False}


def words_block(message: Block) -> Block:
    """The same as a block that holds nothing but words, where there must be one."""
    words = cut(message["text"], _SECTION - length(f"\n{_REFUSED}"))
    text = {"type": "plain_text", "text": f"{words}\n{_REFUSED}", "emoji": False}
    return {"type": "section", "text": text}


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= BLOCKS and written(blocks) <= BLOCKS_LIMIT


def _ever_shorter(answer: Answer) -> Iterator[list[Block]]:
    """Its blocks with ever less in them; the last always fit."""
    for detail in _WITH_BLOCKS:
        yield _blocks(answer, detail)
    rows, short = answer.rows, answer
    for count in _ever_fewer(len(rows)):
        more = Row(text=f"… and {len(rows) - count} more")
        short = replace(answer, rows=(*rows[:count], more))
        yield _blocks(short, Detail.TEXT_ONLY)
    for count in _ever_fewer(len(answer.buttons) + 1):
        short = replace(short, hints=(), buttons=answer.buttons[:count])
        yield _blocks(short, Detail.TEXT_ONLY)
    yield [_section(_text(answer), _SECTION)]


def _ever_fewer(count: int) -> Iterator[int]:
    while count:
        count = count * 3 // 4
        yield count


def _blocks(answer: Answer, detail: Detail) -> list[Block]:
    card = _card(answer.card, detail, with_buttons=not answer.public)
    before = [_headline(answer.headline), *card, *_rows(answer.rows)]
    after = [*_hints(answer.hints), *_foot(answer.foot), *slack_buttons(answer.buttons)]
    return [*before, *_lines(answer.lines, [*before, *after]), *after]


def button_value(button: Button) -> str:
    """What a click on it brings back; at most ``actions.BUTTON_VALUE`` or Slack refuses it."""
    if button.action in (Action.PAGE, Action.SHARE):
        return Page(command=button.command, cursor=button.cursor).value
    return button.command or _EVERYTHING


def _text(answer: Answer) -> str:
    """The whole answer in one text, for notifications and screen readers."""
    card = [answer.card.text] if answer.card else []
    rows = [row.text for row in answer.rows]
    told = [answer.headline, *card, *rows, *answer.lines, *answer.hints, answer.foot or ""]
    return "\n".join(filter(None, map(readable, told))) or "–"


def _headline(text: str) -> Block:
    told = _coded(cut(one_line(readable(text)), _HEADLINE))
    return _marked(f"*{told}*" if told else "–")


def _coded(text: str) -> str:
    """What stands between two backticks as code, to be copied; all else marks nothing."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(neutral(text))
    between = [
        f"`{escaped(part)}`" if place % 2 and part.strip() else escaped(neutral(part))
        for place, part in enumerate(parts)
    ]
    return "".join(between)


def _card(card: Card | None, detail: Detail, *, with_buttons: bool) -> list[Block]:
    """The blocks of a card, without the key by which its own message is found in a channel.

    Its buttons are only for the asker: a press on them in a channel would say where it stands.
    """
    if card is None:
        return []
    blocks: list[Block] = slack_message(card, detail=detail, interactive=with_buttons)["blocks"]
    return [{key: value for key, value in each.items() if key != "block_id"} for each in blocks]


def _rows(rows: Sequence[Row]) -> Iterator[Block]:
    """Rows in as few sections as they fit into; one with buttons has its own."""
    together: list[str] = []
    for row in rows:
        told = _row(row)
        if together and (row.buttons or length("\n".join([*together, told])) > _SECTION):
            yield _marked("\n".join(together))
            together = []
        if row.buttons:
            yield _marked(told) | {"accessory": _button(row.buttons[0], 0)}
            yield from slack_buttons(row.buttons[1:])
        else:
            together.append(told)
    if together:
        yield _marked("\n".join(together))


def _row(row: Row) -> str:
    """A line whose first word leads to its message."""
    text = neutral(one_line(readable(row.text))).replace("|", "¦")
    link = escaped(row.link or "")
    if not link or length(link) > _LINK or "|" in link:
        return fitted(text, _ROW) or "–"
    word, blank, rest = cut(text, _ROW).partition(" ")
    return f"<{link}|{escaped(word) or 'open'}>{blank}{escaped(rest)}"


def _lines(lines: Sequence[str], others: Sequence[Block]) -> list[Block]:
    """As many lines as fit beside the other blocks, and how many did not; the first in any case."""
    kept = [cut(readable(each), _LINE) or " " for each in lines]
    least = min(len(kept), _FIRST_LINES)
    while True:
        left = len(lines) - len(kept)
        told = [*kept, *([f"… and {left} more lines"] if left else [])]
        blocks = [
            _marked("\n".join(map(_coded, text.split("\n")))) if code else _section(text, _SECTION)
            for code, group in groupby(told, key=lambda line: "`" in line)
            for text in _joined(group)
        ]
        if len(kept) <= least or _fits([*others, *blocks]):
            return blocks
        del kept[max(least, len(kept) * 9 // 10) :]


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Lines in as few texts of one section as they fit into."""
    together = ""
    for line in lines:
        longer = f"{together}\n{line}" if together else line
        if together and length(escaped(longer)) > _SECTION:
            yield together
            longer = line
        together = longer
    if together:
        yield together


def _hints(hints: Sequence[str]) -> list[Block]:
    told = [cut(one_line(readable(each)), _HINT) for each in hints]
    elements = [mrkdwn(_coded(each)) for each in told if each][:_CONTEXT]
    return [{"type": "context", "elements": elements}] if elements else []


def _foot(foot: str | None) -> list[Block]:
    return [{"type": "context", "elements": [_told(foot, _HINT)]}] if foot else []


def slack_buttons(buttons: Sequence[Button]) -> list[Block]:
    """Buttons in a row; no block where there are none."""
    elements = [_button(each, place) for place, each in enumerate(buttons[:_BUTTONS])]
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(button: Button, place: int) -> Block:
    """ValueError where its value is too long: the desk keeps such commands by a number."""
    value = button_value(button)
    if length(value) > BUTTON_VALUE:
        raise ValueError(f"the value of the button '{button.label}' has {length(value)} characters")
    told: Block = {
        "type": "button",
        "text": _told(button.label, _LABEL),
        "action_id": action_id(button.action, place),
        "value": value,
    }
    if button.danger:
        told["style"] = "danger"
    return told


def _section(text: str, limit: int) -> Block:
    return {"type": "section", "text": _told(text, limit)}


def _told(text: str, limit: int) -> Block:
    return plain(readable(text).strip() or "–", limit)


def _marked(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}
