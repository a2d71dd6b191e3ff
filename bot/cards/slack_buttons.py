"""What people may do with an alert, below its card; only where a click reaches the bot."""

from bot.cards.actions import BUTTON_VALUE, Action, MuteChoice, action_id, mute_choices
from bot.cards.card import Card
from bot.cards.slack_text import Block, plain

_LABEL = 75


def buttons(card: Card, address: str | None) -> list[Block]:
    """Ack, a menu of mutes, the source, its history, thumbs; of what is no alert the source alone.

    Nobody can acknowledge or judge what was not told.

    address: of the source, checked; None where there is none that can be opened.
    """
    source = [_link("Source ↗", address)] if address else []
    if not card.is_alert:
        elements = source
    else:
        ack = {**_button("Ack", Action.ACK, card), "value": _shown(card)}
        votes = [_button("👍", Action.VOTE_UP, card), _button("👎", Action.VOTE_DOWN, card)]
        elements = [
            *([ack] if card.was_told else []),
            _menu("Mute", mute_choices(card.alert_id, has_ticker=card.ticker is not None)),
            *source,
            _button("History", Action.HISTORY, card),
            *(votes if card.was_told else []),
        ]
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(label: str, action: Action, card: Card) -> Block:
    return {
        "type": "button",
        "text": plain(label, _LABEL),
        "action_id": action_id(action),
        "value": str(card.alert_id),
    }


def _shown(card: Card) -> str:
    """The alerts that a card shows, as far as a button holds their numbers."""
    numbers = " ".join(map(str, (card.alert_id, *card.tells)))
    return numbers if len(numbers) <= BUTTON_VALUE else numbers[:BUTTON_VALUE].rpartition(" ")[0]


def _link(label: str, address: str) -> Block:
    return {
        "type": "button",
        "text": plain(label, _LABEL),
        "action_id": action_id(Action.SOURCE),
        "url": address,
    }


def _menu(label: str, choices: tuple[MuteChoice, ...]) -> Block:
    """A menu that shows its name, which an overflow menu does not."""
    options = [{"text": plain(each.label, _LABEL), "value": each.value} for each in choices]
    return {
        "type": "static_select",
        "placeholder": plain(label, _LABEL),
        "action_id": action_id(Action.MUTE),
        "options": options,
    }
