"""Answers on their way back: by response_url to the asker, into a thread, or as a file by DM."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request

import structlog
from structlog.typing import FilteringBoundLogger

from bot.chat.answer_slack import in_plain_text
from bot.chat.slack_late import LateAnswers
from bot.chat.slack_payloads import Place
from bot.clock import Clock
from bot.notifiers.outcome import NotSent
from bot.notifiers.slack_answers import CONTENT, read_code, wait_of, why_of
from bot.notifiers.transport import opener_for, read_failure

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

Message = dict[str, Any]

USES, LIFE = 5, timedelta(minutes=30)
"""How often and how long a response_url takes answers.  Source: docs.slack.dev."""

_MOST_READ = 10_000  # bytes of what it says back


@dataclass(slots=True, kw_only=True)
class Return:
    """The way back to one question.  since: when it came.  used: how many answers went by its
    response_url."""

    place: Place
    since: datetime
    used: int = field(default=0)

    def url(self, now: datetime) -> str | None:
        """The response_url, as long as it takes answers."""
        lasts = self.used < USES and now - self.since < LIFE
        return self.place.response_url if lasts else None


class Replies:
    """client: with the bot token, for what no response_url takes."""

    def __init__(
        self, client: "Callable[[], WriteClient]", *, clock: Clock, timeout_s: float = 10
    ) -> None:
        self._client, self._clock, self._timeout_s = client, clock, timeout_s
        self._late = LateAnswers()
        self._log: FilteringBoundLogger = structlog.get_logger()

    def reply(
        self, back: Return, message: Message, *, public: bool = False, replaces: bool = False
    ) -> None:
        """Say it once; raises for nothing that Slack or the network does.

        public: for all who read the channel.  replaces: the message whose button was pressed.
        A question without a response_url, as a mention, is answered where it was asked, for all
        who read there.
        """
        if back.place.response_url is None:
            self._post(back.place, message, public=True)
            return
        url = back.url(self._clock())
        how = _how(back.place, public=public, replaces=replaces)
        if url is None or not self._respond(back, url, message, how):
            self._post(back.place, message, public=public)

    def _respond(self, back: Return, url: str, message: Message, how: Message) -> bool:
        """Whether it arrived, or may have; False where another way is to be taken."""
        back.used += 1
        try:
            status, code = _sent(url, {**message, **how}, timeout_s=self._timeout_s)
        except Exception as error:  # http.client, ssl and urllib share no ancestor
            failure = read_failure(error)
            self._log.warning("chat.not_answered", via="response_url", why=failure.why)
            return not isinstance(failure, NotSent)
        if status < 300 and code is None:
            return True
        if self._refused(message, code, via="response_url"):
            again = back.url(self._clock())
            return again is not None and self._respond(back, again, in_plain_text(message), how)
        self._log.warning("chat.not_answered", via="response_url", status=status, why=code)
        return status >= 500

    def _refused(self, message: Message, code: str | None, *, via: str) -> bool:
        """Whether Slack takes not what it holds, so that its words alone are worth a try."""
        if code not in CONTENT or "blocks" not in message:
            return False
        self._log.error("chat.answer_refused", via=via, why=code)
        return True

    def _post(self, place: Place, message: Message, *, public: bool) -> None:
        """Now, or as soon as Slack takes it, without making others wait."""
        waits = self._late.waits(place.channel)
        pause = timedelta(0) if waits else self._post_once(place, message, public=public)
        if pause is not None:
            post = partial(self._post_once, place, message, public=public)
            self._late.add(place.channel, post, pause)

    def _post_once(self, place: Place, message: Message, *, public: bool) -> timedelta | None:
        """How long Slack wants to be left alone before it takes this; None: nothing is left."""
        where: Message = {"channel": place.channel, "thread_ts": place.thread}
        try:
            client = self._client()
            if public:
                client.chat_postMessage(**{"unfurl_links": False, **message, **where})
            else:
                client.chat_postEphemeral(user=place.user, **{**message, **where})
        except Exception as error:  # the client lets anything through that a broken answer causes
            method = "chat.postMessage" if public else "chat.postEphemeral"
            if self._refused(message, why_of(error), via=method):
                return self._post_once(place, in_plain_text(message), public=public)
            pause = wait_of(error)
            event = "chat.not_answered" if pause is None else "chat.answered_late"
            self._log.warning(event, via=method, why=why_of(error))
            return pause
        return None


def _sent(url: str, body: Message, *, timeout_s: float) -> tuple[int, str | None]:
    """The status of the answer, and what it calls its error.  Raises what broke on the way."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    request = Request(url, json.dumps(body).encode(), headers, method="POST")
    try:
        with opener_for(url).open(request, timeout=timeout_s) as answer:
            return answer.status, read_code(answer.read(_MOST_READ))
    except HTTPError as error:
        with error:
            return error.code, read_code(error.read(_MOST_READ))


def _how(place: Place, *, public: bool, replaces: bool) -> Message:
    """Who sees an answer by response_url; one in a thread says in which."""
    if replaces:
        return {"replace_original": True}
    thread = {"thread_ts": place.thread} if place.thread else {}
    kind = "in_channel" if public else "ephemeral"
    return {"response_type": kind, "replace_original": False, **thread}
