"""Alerts to channels of Slack through its Web API, with a bot token."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.cards import Card
from bot.notifiers.ladder import Message, send_degrading
from bot.notifiers.outcome import Outcome, Refused, Sent, Uncertain
from bot.notifiers.slack_answers import METADATA, read_refusal
from bot.notifiers.transport import check_address, read_failure

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

    from bot.notifiers.slack_client import WriteClient


class SlackNotifier:
    """Posts cards.

    token: xoxb-….  api_url: Slack's, or a server on this machine; else plain http is a ConfigError.
    timeout_s: of each step of a request.
    """

    may_repeat = False
    spacing = timedelta(seconds=1)

    def __init__(self, token: str, *, api_url: str, timeout_s: float = 10) -> None:
        check_address(api_url, where="[slack] api_url")
        self._token, self._api_url, self._timeout_s = token, api_url, timeout_s
        self._client: WriteClient | None = None

    def lane(self, channel: str) -> str:
        """Slack counts each channel by itself."""
        return channel

    def send(self, channel: str, card: Card) -> Outcome:
        """Post a card; raises for nothing that Slack or the network does."""
        return send_degrading(card, lambda message: self._post(channel, message), via="slack")

    def _post(self, channel: str, message: Message) -> Outcome:
        """One post, and one more where only the metadata was not accepted.

        The catalogue of metadata events is a matter of Slack's manifest; the key is in the
        block_id too.
        """
        outcome = self._try(channel, message)
        if isinstance(outcome, Refused) and outcome.why in METADATA:
            bare = {key: value for key, value in message.items() if key != "metadata"}
            return self._try(channel, bare)
        return outcome

    def _try(self, channel: str, message: Message) -> Outcome:
        from bot.notifiers.slack_client import SlackApiError

        try:
            answer = self._connected().chat_postMessage(channel=channel, **message)
        except SlackApiError as error:
            return _read(error.response)
        except Exception as error:  # the client lets anything through that a broken answer causes
            return read_failure(error)
        return Sent(channel=_text(answer.get("channel")), ts=_text(answer.get("ts")))

    def _connected(self) -> "WriteClient":
        from bot.notifiers.slack_client import WriteClient

        if self._client is None:
            self._client = WriteClient(
                token=self._token, api_url=self._api_url, timeout_s=self._timeout_s
            )
        return self._client


def _read(answer: "SlackResponse") -> Outcome:
    """The meaning of an answer that is not "ok"; slack_sdk puts prose for what is no JSON."""
    data: Any = answer.data
    if not isinstance(data, dict):
        return Uncertain(why=f"{answer.status_code} without an error of Slack")
    metadata = data.get("response_metadata")
    pointers = metadata.get("messages") if isinstance(metadata, dict) else None
    return read_refusal(
        answer.status_code,
        data.get("error"),
        retry_after=_header(answer, "retry-after"),
        needed=_text(data.get("needed")),
        pointers=[str(each) for each in pointers] if isinstance(pointers, list) else (),
    )


def _header(answer: "SlackResponse", name: str) -> str | None:
    return next((str(v) for k, v in answer.headers.items() if k.lower() == name), None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
