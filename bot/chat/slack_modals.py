"""Modals of the app: the search form is opened, and the answer to it is put in its place.

Source: docs.slack.dev, views.open and views.update.
"""

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards.slack_text import Block
from bot.chat.answer_slack import words_block
from bot.chat.form import Filled
from bot.chat.slack_form import answer_view, form_view
from bot.notifiers.slack_answers import CONTENT, why_of

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_WAITS_S = (0.2, 0.4, 0.8, 1.6)
"""Slack may take the answer before it has taken the acknowledgement that came first."""


class Modals:
    """client: with the bot token.  rules: the ids of those in force."""

    def __init__(
        self, client: "Callable[[], WriteClient]", *, rules: Callable[[], Sequence[str]]
    ) -> None:
        self._client, self._rules = client, rules
        self._never = Event()
        self._log: FilteringBoundLogger = structlog.get_logger()

    def open(self, trigger: str, filled: Filled) -> bool:
        """Whether the form was opened; a trigger does it once, within three seconds."""
        view = form_view(filled, rules=self._rules())
        try:
            self._client().views_open(trigger_id=trigger, view=view)
        except Exception as error:  # the client lets anything through that a broken answer causes
            self._log.warning("chat.no_form", why=why_of(error))
            return False
        return True

    def show(self, written: Block, *, view_id: str) -> None:
        """An answer in the modal that is there; somebody may have closed it meanwhile."""
        self._note(self._update(written, view_id=view_id))

    def show_behind(self, written: Block, *, external_id: str) -> None:
        """An answer in the modal that an acknowledgement has put over its form."""
        why = self._update(written, external_id=external_id)
        for wait_s in _WAITS_S:
            if why != "not_found":
                break
            self._never.wait(wait_s)
            why = self._update(written, external_id=external_id)
        self._note(why)

    def _update(self, written: Block, **which: Any) -> str | None:
        """Why it was not done; None where it was.  What Slack refuses for its blocks comes as
        words."""
        why = self._updated(written, **which)
        if why not in CONTENT | {"invalid_arguments"}:
            return why
        self._log.error("chat.answer_refused", via="views.update", why=why)
        return self._updated({"blocks": [words_block(written)]}, **which)

    def _updated(self, written: Block, **which: Any) -> str | None:
        try:
            self._client().views_update(view=answer_view(written), **which)
        except Exception as error:  # the client lets anything through that a broken answer causes
            return why_of(error)
        return None

    def _note(self, why: str | None) -> None:
        if why is not None:
            self._log.info("chat.no_modal", why=why)
