"""Slack's own judgement of blocks, where it can be asked: blocks.validate, which needs no token.

Source: docs.slack.dev, blocks.validate (2026).  Its answer names each mistake by JSON pointer.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.cards import Card
from bot.cards.slack import slack_message
from bot.finding import Finding, good, warning
from bot.notifiers.slack_answers import why_of

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_SHOWN = 3


def check_cards(client: "WriteClient", cards: Sequence[Card]) -> Finding:
    """What Slack says of these cards in their fullest form; nothing where it can not be asked."""
    faults: list[str] = []
    if not cards:
        return good("cards", "not checked: no rule in force has a test that fires")
    for card in cards:
        try:
            client.api_call("blocks.validate", params={"blocks": _blocks(card)})
        except Exception as error:  # the client lets anything through that a broken answer causes
            told = _mistakes(error)
            if told is None:
                return good("cards", f"not checked: Slack did not judge them ({why_of(error)})")
            faults.append(f"{card.rule}: {told}")
    if faults:
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        told = "; ".join(faults[:_SHOWN]) + more
        return warning("cards", told, "report it: these cards go out with less in them")
    return good("cards", f"{len(cards)} kinds of card are as Slack wants them")


def _blocks(card: Card) -> str:
    return json.dumps(slack_message(card)["blocks"])


def _mistakes(error: Exception) -> str | None:
    """The mistakes that an answer lists; None where it lists none, as when it can not be asked."""
    data = getattr(getattr(error, "response", None), "data", None)
    listed = data.get("errors") if isinstance(data, Mapping) else None
    if not isinstance(listed, list) or not listed:
        return None
    return ", ".join(_mistake(each) for each in listed[:_SHOWN] if isinstance(each, dict))


def _mistake(told: Mapping[str, Any]) -> str:
    return f"{told.get('message') or told.get('code')} [{told.get('pointer')}]"
