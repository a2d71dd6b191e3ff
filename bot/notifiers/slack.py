"""Alerts to channels of Slack through its Web API, with a bot token."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from bot.cards import Card
from bot.clock import Clock, system_clock
from bot.notifiers.ladder import Message, send_degrading
from bot.notifiers.outcome import Gone, Outcome, Place, Refused, Seen, Sent, Uncertain, Unseen
from bot.notifiers.slack_answers import METADATA, code_of, read_answer, text_of
from bot.notifiers.slack_look import SlackHistory, SlackTime
from bot.notifiers.transport import check_address, read_failure

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

    from bot.notifiers.slack_client import WriteClient

_NO_THREAD = frozenset(
    {"thread_not_found", "cannot_reply_to_message", "invalid_thread_ts", "message_not_found"}
)
_NO_MESSAGE = frozenset({"message_not_found"})
_OF_POSTS_ONLY = ("mrkdwn", "unfurl_links", "unfurl_media")


class SlackNotifier:
    """Posts cards, changes them, and looks what stands in a channel; from any thread.

    token: xoxb-….  api_url: Slack's, or a server on this machine; else plain http is a ConfigError.
    timeout_s: of each step of a request.  clock: the one by which looks are asked for.
    interactive: whether clicks reach the bot; else cards have no buttons.
    spacing: between two messages of a channel; Slack asks for a second.
    edit_spacing: between two changes; Slack takes fifty a minute and more, of a whole workspace.
    """

    may_repeat = False

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        timeout_s: float = 10,
        clock: Clock = system_clock,
        interactive: bool = False,
        spacing: timedelta = timedelta(seconds=1),
        edit_spacing: timedelta = timedelta(seconds=1.2),
    ) -> None:
        check_address(api_url, where="[slack] api_url")
        self.spacing, self.edit_spacing = spacing, edit_spacing
        self._token, self._api_url, self._timeout_s = token, api_url, timeout_s
        self._interactive = interactive
        self._client: WriteClient | None = None
        self._making = Lock()
        self._time = SlackTime(clock)
        self._history = SlackHistory(self._connected, self._time)

    def lane(self, channel: str) -> str:
        """Slack counts each channel by itself."""
        return channel

    def send(
        self,
        channel: str,
        card: Card,
        *,
        revision: int = 1,
        thread: Place | None = None,
        broadcast: bool = False,
    ) -> Outcome:
        """Post a card; raises for nothing that Slack or the network does."""

        def post(message: Message) -> Outcome:
            within = {"thread_ts": thread.ts, "reply_broadcast": broadcast} if thread else {}
            return self._without_metadata(
                message, lambda content: self._post(channel, {**content, **within})
            )

        return self._degrading(card, post, revision)

    def update(self, place: Place, card: Card, *, revision: int) -> Outcome:
        """Change a message; Gone where somebody has deleted it."""

        def change(message: Message) -> Outcome:
            kept = {key: value for key, value in message.items() if key not in _OF_POSTS_ONLY}
            return self._without_metadata(kept, lambda content: self._change(place, content))

        return self._degrading(card, change, revision)

    def look(
        self,
        channel: str,
        *,
        since: datetime,
        after: str | None = None,
        thread: Place | None = None,
    ) -> Seen | Unseen:
        """Read the history of a channel, or of a thread, which a channel's does not list."""
        return self._history.look(channel, since=since, after=after, thread=thread)

    def _degrading(self, card: Card, post: Callable[[Message], Outcome], revision: int) -> Outcome:
        return send_degrading(
            card, post, via="slack", revision=revision, interactive=self._interactive
        )

    def upload(self, *, name: str, body: bytes, title: str, alt_text: str) -> str:
        """Hand a file to Slack, shown nowhere yet; its id.  Raises DeliveryError."""
        from bot.notifiers.slack_files import upload

        return upload(self._connected(), name=name, body=body, title=title, alt_text=alt_text)

    def _without_metadata(self, message: Message, post: Callable[[Message], Outcome]) -> Outcome:
        """One post, and one more where only the metadata was not accepted.

        The catalogue of metadata events is a matter of Slack's manifest; the key is in the
        block_id too.
        """
        outcome = post(message)
        if isinstance(outcome, Refused) and outcome.why in METADATA:
            return post({key: value for key, value in message.items() if key != "metadata"})
        return outcome

    def _post(self, channel: str, message: Message) -> Outcome:
        threaded = "thread_ts" in message
        outcome = self._try(
            lambda client: client.chat_postMessage(channel=channel, **message),
            gone=_NO_THREAD if threaded else frozenset(),
        )
        if isinstance(outcome, Sent):
            if outcome.channel is None or outcome.ts is None:
                return Uncertain(why="ok without a ts")  # a look finds it, where it stands
            self._history.know(channel, outcome.channel)
        return outcome

    def _change(self, place: Place, message: Message) -> Outcome:
        return self._try(
            lambda client: client.chat_update(channel=place.channel, ts=place.ts, **message),
            gone=_NO_MESSAGE,
        )

    def _try(
        self, call: "Callable[[WriteClient], SlackResponse]", *, gone: frozenset[str]
    ) -> Outcome:
        from bot.notifiers.slack_client import SlackApiError

        try:
            answer = call(self._connected())
        except SlackApiError as error:
            self._time.hear(error.response.headers)
            if (code := code_of(error.response)) in gone:
                return Gone(why=str(code))
            return read_answer(error.response)
        except Exception as error:  # the client lets anything through that a broken answer causes
            return read_failure(error)
        self._time.hear(answer.headers)
        return Sent(channel=text_of(answer.get("channel")), ts=text_of(answer.get("ts")))

    def _connected(self) -> "WriteClient":
        from bot.notifiers.slack_client import WriteClient

        with self._making:
            if self._client is None:
                self._client = WriteClient(
                    token=self._token, api_url=self._api_url, timeout_s=self._timeout_s
                )
            return self._client
