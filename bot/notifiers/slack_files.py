"""Files to Slack: an address to upload to, the bytes, and word that they are there.

Source: docs.slack.dev, "working with files"; files.upload is gone since 2025-03.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request

from bot.errors import DeliveryError
from bot.notifiers.outcome import NotSent
from bot.notifiers.slack_addresses import is_slacks
from bot.notifiers.slack_answers import CREDENTIALS, DESTINATION, why_of
from bot.notifiers.transport import opener_for, read_failure

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

    from bot.notifiers.slack_client import WriteClient

_TIMEOUT_S = 30.0
_ALLOW = "add the scopes files:write and im:write to the app and install it again"
_MENDS = {"missing_scope": _ALLOW, "no_permission": _ALLOW}
_LATER = "try again in a few minutes"


def upload(
    client: "WriteClient",
    *,
    name: str,
    body: bytes,
    title: str,
    channel: str | None = None,
    thread: str | None = None,
    alt_text: str | None = None,
) -> str:
    """Hand a file to Slack; its id, by which a block may show it.

    channel: where it is shown, by its id; None: nowhere yet.  thread: in which there.
    Raises DeliveryError; where ``retry`` says so, the file surely was not shown.
    """
    told = _asked(
        lambda: client.files_getUploadURLExternal(
            filename=name, length=len(body), alt_txt=alt_text
        ),
        where="files.getUploadURLExternal",
    )
    _put(str(told["upload_url"]), body, api_url=client.base_url)
    number = str(told["file_id"])
    _asked(
        lambda: client.files_completeUploadExternal(
            files=[{"id": number, "title": title}], channel_id=channel, thread_ts=thread
        ),
        where="files.completeUploadExternal",
        shows=channel is not None,
    )
    return number


def send_to(client: "WriteClient", user: str, *, name: str, body: bytes, title: str) -> None:
    """Hand a file to one person, in their conversation with the bot; DeliveryError as above."""
    told = _asked(lambda: client.conversations_open(users=user), where="conversations.open")
    upload(client, name=name, body=body, title=title, channel=str(told["channel"]["id"]))


def _asked(call: "Callable[[], SlackResponse]", *, where: str, shows: bool = False) -> Any:
    """shows: whether the call, once carried out, has shown something to people."""
    try:
        return call()
    except Exception as error:  # the client lets anything through that a broken answer causes
        raise _failed(error, where=where, shows=shows) from error


def _put(url: str, body: bytes, *, api_url: str) -> None:
    """The bytes to where Slack wants them; the token does not go there."""
    where = "the upload address"
    if not is_slacks(url, api_url=api_url):
        raise DeliveryError("is not Slack's", where=where, mend=_LATER, retry=True)
    request = Request(url, body, {"Content-Type": "application/octet-stream"}, method="POST")
    try:
        with opener_for(url).open(request, timeout=_TIMEOUT_S):
            return
    except Exception as error:  # http.client, ssl and urllib share no ancestor
        if isinstance(error, HTTPError):
            error.close()
        raise _failed(error, where=where, shows=False) from error


def _failed(error: Exception, *, where: str, shows: bool) -> DeliveryError:
    code = why_of(error)
    mend = _MENDS.get(code) or CREDENTIALS.get(code) or DESTINATION.get(code) or _LATER
    surely_not = not shows or isinstance(read_failure(error), NotSent) or code in CREDENTIALS
    return DeliveryError(code, where=where, mend=mend, retry=surely_not)
