"""A card that is refused for its content is sent again with less in it, down to its bare text."""

from collections.abc import Callable
from typing import Any

import structlog

from bot.cards import Card
from bot.cards.slack import Detail, slack_ladder
from bot.notifiers.outcome import Outcome, Refused, Sent

Message = dict[str, Any]


def send_degrading(
    card: Card,
    post: Callable[[Message], Outcome],
    *,
    via: str,
    revision: int = 1,
    interactive: bool = False,
) -> Outcome:
    """Post the fullest form of a card that is accepted; Refused where none is.

    post: one attempt.  Only a refusal of the content, which is definite, leads to another.
    interactive: whether clicks reach the bot.
    """
    refusals: list[str] = []
    outcome: Outcome | None = None
    for detail, message in slack_ladder(card, revision=revision, interactive=interactive):
        outcome = post(message)
        if not isinstance(outcome, Refused):
            break
        refusals.append(f"{detail}: {outcome.why}")
        _log_refusal(card, outcome, detail, via)
    assert outcome is not None
    if isinstance(outcome, Sent) and refusals:
        return Sent(channel=outcome.channel, ts=outcome.ts, degraded_by=tuple(refusals))
    return outcome


def _log_refusal(card: Card, refused: Refused, detail: Detail, via: str) -> None:
    log = structlog.get_logger()
    if card.picture is not None and detail is Detail.FULL:  # most likely not looked through yet
        log.info("card.without_picture", alert_id=card.alert_id, pointers=refused.pointers)
        return
    log.error(
        "card.refused",
        via=via,
        alert_id=card.alert_id,
        rule=card.rule,
        detail=detail.value,
        code=refused.why,
        pointers=refused.pointers,
    )
