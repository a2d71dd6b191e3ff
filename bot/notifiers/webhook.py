"""Alerts through one incoming webhook of Slack: no token needed, but no way to look what arrived.

A message whose answer was lost stays uncertain; there is no ts, no thread and no update.
"""

import json
from datetime import datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request

from bot.cards import Card
from bot.notifiers.ladder import Message, send_degrading
from bot.notifiers.notifier import WEBHOOK
from bot.notifiers.outcome import Dead, Outcome, Place, Sent, Uncertain, Unseen
from bot.notifiers.slack_answers import read_refusal
from bot.notifiers.transport import check_address, opener_for, read_failure

_ONLY_POSTS = "a webhook can only post"
_READ_BYTES = 1_000  # of an answer, which is a word


class WebhookNotifier:
    """Posts cards to the one channel for which the webhook was made.

    url: a secret, as whoever has it can post.
    """

    may_repeat = True
    spacing = timedelta(seconds=1)
    edit_spacing = timedelta()

    def __init__(self, url: str, *, timeout_s: float = 10) -> None:
        check_address(url, where="SLACK_WEBHOOK_URL")
        self._url, self._timeout_s = url, timeout_s
        self._opener = opener_for(url)

    def lane(self, channel: str) -> str:
        """All channels share the webhook, and so its pace."""
        del channel
        return WEBHOOK

    def send(
        self,
        channel: str,
        card: Card,
        *,
        revision: int = 1,
        thread: Place | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        """Post a card, wherever the webhook leads; raises for nothing that comes back.

        It stands alone: a webhook tells no ts, by which a thread could be named.
        """
        del channel, thread, broadcast
        return send_degrading(card, self._post, via="webhook", revision=revision)

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        """A webhook only posts."""
        del place, card, revision
        return Dead(why=_ONLY_POSTS)

    def look(
        self,
        channel: str,
        *,
        since: datetime,
        after: str | None = None,
        thread: Place | None = None,
    ) -> Unseen:
        """A webhook only posts."""
        del channel, since, after, thread
        return Unseen(why=_ONLY_POSTS, definite=True, mend="set SLACK_BOT_TOKEN instead")

    def _post(self, message: Message) -> Outcome:
        accepted = {key: value for key, value in message.items() if key != "metadata"}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        request = Request(self._url, json.dumps(accepted).encode(), headers, method="POST")
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                word = answer.read().decode("utf-8", "replace").strip()
        except HTTPError as error:
            return _read_error(error)
        except Exception as error:  # http.client, ssl and urllib share no ancestor
            return read_failure(error)
        return Sent() if word == "ok" else Uncertain(why="200 without the word ok")


def _read_error(error: HTTPError) -> Outcome:
    with error:
        try:
            word = error.read(_READ_BYTES).decode("utf-8", "replace").strip()
        except Exception:  # the body broke off; the status stands
            word = ""
        return read_refusal(error.code, word, retry_after=error.headers.get("Retry-After"))
