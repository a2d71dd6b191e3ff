"""From an envelope of the socket to the answer in Slack: the one way by which chat acts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger

from bot.cards.actions import Action, action_id, action_of
from bot.chat.answer import Answer, File, Tone
from bot.chat.asker import Asker
from bot.chat.command import Verb
from bot.chat.form import Filled, form_of, line_of
from bot.chat.greeting import asks_nothing
from bot.chat.slack_form import in_a_modal
from bot.chat.slack_home import Home
from bot.chat.slack_modals import Modals
from bot.chat.slack_payloads import (
    Heard,
    Look,
    Opening,
    Press,
    Question,
    Submission,
    read_envelope,
)
from bot.chat.slack_people import People
from bot.chat.slack_replies import Message, Replies, Return
from bot.clock import Clock
from bot.errors import BotError
from bot.notifiers.slack_addresses import is_slacks

_SORRY = Answer(
    headline="That went wrong on my side, and the bot's log says why.  Try it once more.",
    tone=Tone.REFUSED,
)
_TOO_LATE = Answer(
    headline="Slack did not open the form: the bot has three seconds for it.  Try it once more.",
    tone=Tone.REFUSED,
)
_GREETED = Answer(headline="At your service: `/alerts help` tells what can be asked, to you alone.")
_KEPT = "It stands in our direct messages now."


class Conversation:
    """Answers what comes through the authenticated socket.

    modals: opens the search form.
    answer: a typed command.  click: a button's action and value, and the ts of its message.
    written: an answer as Slack shows it.
    knows_ticker: whether our data know it.
    once: whether an event is told for the first time, by its id.  send: a file to somebody.
    api_url: whose Slack it is.
    """

    def __init__(
        self,
        people: People,
        replies: Replies,
        home: Home,
        modals: Modals,
        *,
        answer: Callable[[str, Asker], Answer],
        click: Callable[[str, str, Asker, str | None], Answer | None],
        written: Callable[[Answer], Message],
        knows_ticker: Callable[[str], bool],
        once: Callable[[str], bool],
        send: Callable[[str, File], None],
        api_url: str,
        clock: Clock,
    ) -> None:
        self._people, self._replies, self._home, self._modals = people, replies, home, modals
        self._answer, self._click, self._written = answer, click, written
        self._knows_ticker = knows_ticker
        self._once, self._send, self._api_url, self._clock = once, send, api_url, clock
        self._log: FilteringBoundLogger = structlog.get_logger()

    def handle(self, envelope: Mapping[str, Any]) -> None:
        """Answer an envelope that is acknowledged already; for one that asks nothing, nothing."""
        since = self._clock()
        heard = read_envelope(envelope)
        if heard is None or not self._may_be_answered(heard):
            return
        if isinstance(heard, Question | Look) and heard.event_id and not self._once(heard.event_id):
            return
        answer = self._answered(heard)
        if answer is not None:
            self._reply(heard, Return(place=heard.place, since=since), answer)
        if isinstance(heard, Press) and heard.on_home:
            self._answered(Look(place=heard.place))  # it may show something else now

    def _may_be_answered(self, heard: Heard) -> bool:
        """Whether its answer would go to Slack and nowhere else."""
        url = heard.place.response_url
        if url is None or is_slacks(url, api_url=self._api_url):
            return True
        self._log.error("chat.response_url_refused", user=heard.place.user)
        return False

    def _answered(self, heard: Heard) -> Answer | None:
        try:
            if isinstance(heard, Opening):
                return None if self._modals.open(heard.trigger, self._filled(heard)) else _TOO_LATE
            asker = self._people.asker(heard.place, getattr(heard, "name", None))
            match heard:
                case Question() if _greets_a_channel(heard):
                    return _GREETED
                case Question():
                    return self._answer(_asked(heard), asker)
                case Submission():
                    return self._answer(line_of(heard.filled, is_ticker=self._knows_ticker), asker)
                case Press():
                    done = action_id(Action.PAGE) if _keeps(heard) else heard.action
                    return self._click(done, heard.value, asker, heard.message)
                case Look():
                    self._home.show(asker)
                    return None
        except Exception as error:
            told = error.what if isinstance(error, BotError) else str(error)
            self._log.error("chat.failed", why=f"{type(error).__name__}: {told}")
            return _SORRY

    def _filled(self, wanted: Opening) -> Filled:
        """What the form begins with; empty where a button of old says what it can not hold.

        Slack is asked who it is, for the days of their time zone, only where there may be days.
        """
        if wanted.line is None:
            return {}
        zone = self._people.asker(wanted.place, wanted.name).zone
        return form_of(wanted.line, now=self._clock(), zone=zone) or {}

    def _reply(self, heard: Heard, back: Return, answer: Answer) -> None:
        if answer.file is not None:
            answer = self._with_file(back.place.user, answer, answer.file)
        match heard:
            case Submission():
                written = self._in_blocks(in_a_modal(answer))
                self._modals.show_behind(written, external_id=heard.answer)
            case Press(modal=str(view_id)):
                self._show(heard, view_id, back, answer)
            case _:
                message = self._in_blocks(answer)
                self._replies.reply(back, message, public=answer.public, replaces=answer.replaces)

    def _show(self, press: Press, view_id: str, back: Return, answer: Answer) -> None:
        """In the modal, and in the asker's messages what is to be kept."""
        if _keeps(press) and answer.tone is Tone.GOOD:
            self._replies.reply(back, self._in_blocks(answer), public=True)
            answer = replace(answer, hints=(*answer.hints, _KEPT))
        self._modals.show(self._in_blocks(in_a_modal(answer)), view_id=view_id)

    def _in_blocks(self, answer: Answer) -> Message:
        """As Slack shows it; one that can not be written is answered all the same."""
        try:
            return self._written(answer)
        except Exception as error:
            self._log.error("chat.failed", why=f"{type(error).__name__}: {error}")
            return self._written(_SORRY)

    def _with_file(self, user: str, answer: Answer, file: File) -> Answer:
        """The answer with word of what became of its file."""
        try:
            self._send(user, file)
        except BotError as error:
            hints = (*answer.hints, f"{file.name} could not be sent: {error.what}.  {error.mend}")
            return replace(answer, tone=Tone.REFUSED, hints=hints)
        return replace(answer, lines=(*answer.lines, f"{file.name} is in our direct messages."))


def _greets_a_channel(heard: Question) -> bool:
    """Whether it is a greeting or thanks that others read too, whom all the help would bother."""
    mention = heard.place.response_url is None and not heard.direct
    return mention and any(map(str.isalpha, heard.text)) and asks_nothing(heard.text)


def _asked(heard: Question) -> str:
    """What is asked; who only greets the bot is told what could be."""
    spoken = heard.place.response_url is None
    return Verb.HELP if spoken and asks_nothing(heard.text) else heard.text


def _keeps(press: Press) -> bool:
    """Whether a page is to be kept in messages: what shares it elsewhere does so in a modal."""
    return press.modal is not None and action_of(press.action) is Action.SHARE
