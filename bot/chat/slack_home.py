"""The Home tab of the app, one for each person: the search form, newest alerts, mutes, health.

It is made anew each time somebody looks, of the answers that the same commands have elsewhere.
Source: docs.slack.dev, App Home and views.publish.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.cards.actions import Action
from bot.cards.slack_text import Block
from bot.chat.answer import Answer, Button
from bot.chat.answer_slack import slack_buttons
from bot.chat.asker import Asker
from bot.notifiers.slack_answers import why_of

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

SECTIONS = (
    ("Newest alerts", "last 5"),
    ("Your subscriptions", "subs"),
    ("Mutes", "mutes"),
    ("Health", "health"),
)
"""Each with the command that answers it."""

BLOCKS = 48
"""As many as one screen or two hold; Slack takes 100."""
_EACH = (BLOCKS - 1) // len(SECTIONS) - 1
_FIRST = (
    Button(label="Search…", command="", action=Action.FORM),
    Button(label="Help", command="help"),
)


class Home:
    """answer: a typed command.  written: an answer as Slack shows it."""

    def __init__(
        self,
        client: "Callable[[], WriteClient]",
        *,
        answer: Callable[[str, Asker], Answer],
        written: Callable[[Answer], Block],
    ) -> None:
        self._client, self._answer, self._written = client, answer, written

    def show(self, asker: Asker) -> None:
        """Publish it to the one who looks; a refusal is logged, as they can look again."""
        parts = [self._part(title, command, asker) for title, command in SECTIONS]
        blocks = [*slack_buttons(_FIRST), *(block for part in parts for block in part)]
        try:
            self._client().views_publish(
                user_id=asker.user, view={"type": "home", "blocks": blocks}
            )
        except Exception as error:  # the client lets anything through that a broken answer causes
            structlog.get_logger().warning("chat.no_home", why=why_of(error))

    def _part(self, title: str, command: str, asker: Asker) -> list[Block]:
        header = {"type": "header", "text": {"type": "plain_text", "text": title}}
        answer = self._answer(command, asker)
        others = tuple(each for each in answer.buttons if each.action is not Action.FORM)
        return [header, *self._written(replace(answer, buttons=others))["blocks"][:_EACH]]
