"""Cards as messages for Slack: within every limit, whatever the card holds.

Text from outside is escaped once, after it has been cut, and marks nothing.  What Slack refuses
all the same is sent again with less in it, down to its bare text.
"""

from collections.abc import Iterator

from bot.cards.card import Card
from bot.cards.digest import digest_text
from bot.cards.slack_layout import BLOCKS_LIMIT, Detail, card_blocks
from bot.cards.slack_text import Block, escaped, fitted, joined, one_line

__all__ = [
    "BLOCKS_LIMIT", "EVENT_TYPE", "TEXT_LIMIT", "Detail", "block_key", "slack_ladder",
    "slack_message",
]  # fmt: skip

TEXT_LIMIT = 3_500
"""Of the text beside the blocks, which notifications and screen readers give instead of them."""

EVENT_TYPE = "bot_alert"
"""Of the metadata of messages: what else holds an ``alert_id`` is another's."""

_TEXT_BLOCK = 3_000  # a block that carries text alone


def slack_message(
    card: Card, *, detail: Detail = Detail.FULL, revision: int = 1, interactive: bool = False
) -> Block:
    """The arguments of chat.postMessage that say what is posted.

    Its first block_id, and its metadata too, is the key by which a sent message is found again:
    that alone where Slack takes no block, and only the text is shown;
    revision: 1 and up, since Slack wants another block_id on a changed message.
    interactive: whether a click reaches the bot, which needs Socket Mode; else there is no button.
    """
    match detail:
        case Detail.NO_BLOCKS:
            blocks = list[Block]()
        case Detail.TEXT_ONLY:
            blocks = _text_blocks(card)
        case _:
            blocks = card_blocks(card, detail, interactive=interactive)
    if blocks:
        blocks[0]["block_id"] = block_key(card.alert_id, revision)
    return {
        "text": _whole_fact(card, detail, TEXT_LIMIT),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"alert_id": card.alert_id}},
        "blocks": blocks,
    }


def slack_ladder(
    card: Card, *, revision: int = 1, interactive: bool = False
) -> Iterator[tuple[Detail, Block]]:
    """A card as ever shorter messages, the fullest first; of steps that say the same only one."""
    before: Block | None = None
    for detail in Detail:
        message = slack_message(card, detail=detail, revision=revision, interactive=interactive)
        if message != before:
            yield detail, message
        before = message


def block_key(alert_id: int, revision: int = 1) -> str:
    """The block_id of an alert's first block."""
    return f"al:{alert_id}:{revision}"


def _text_blocks(card: Card) -> list[Block]:
    """The text alone; of a digest each of its alerts, which are told nowhere else."""
    told = [_whole_fact(card, Detail.TEXT_ONLY, _TEXT_BLOCK)]
    if card.is_digest:
        lines = [one_line(card.text), *(f"{each.label}: {each.text}" for each in card.lines)]
        told = list(joined((fitted(line, _TEXT_BLOCK) for line in lines), _TEXT_BLOCK))
    return [
        {"type": "section", "text": {"type": "plain_text", "text": each, "emoji": False}}
        for each in told
    ]


def _numbers(card: Card) -> list[str]:
    """Of each alert of a digest: what they say has no room in one text."""
    return [line.label.partition(" ")[0] for line in card.lines]


def _whole_fact(card: Card, detail: Detail, limit: int) -> str:
    if card.is_digest and detail is Detail.NO_BLOCKS:
        return fitted(f"{one_line(card.text)}: {', '.join(_numbers(card))}", limit)
    if card.is_digest:
        return escaped(digest_text(card, limit))
    told = one_line(card.whole_text) or one_line(f"{card.rule} has fired")
    if detail not in (Detail.TEXT_ONLY, Detail.NO_BLOCKS) or not card.is_alert:
        return fitted(told, limit)
    more = f"\ndetails: /alerts show {card.alert_id}"
    return fitted(told, limit - len(more)) + more
