"""What Slack's answers mean for a message: every error code has one class.

Source: docs.slack.dev, chat.postMessage and incoming webhooks, and the facts listed in the docs.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.notifiers.outcome import (
    CredentialsRefused,
    Dead,
    Outcome,
    Parked,
    Refused,
    Uncertain,
    Wait,
)

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

WAIT = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

METADATA = frozenset({"metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema"})
"""Content refused, but for its metadata only."""

CONTENT = METADATA | {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "invalid_attachments",
    "too_many_attachments",
    "no_text",
    "invalid_payload",
}

_INVITE = "invite the bot in that channel (/invite @alerts), or name another channel"
_ARCHIVED = "unarchive the channel in Slack, or name another channel"
DESTINATION: Mapping[str, str] = {
    "channel_not_found": "correct the channel's name, or invite the bot if the channel is private",
    "not_in_channel": _INVITE,
    "is_archived": _ARCHIVED,
    "channel_is_archived": _ARCHIVED,
    "messages_tab_disabled": "switch on the Messages tab of the app's home in Slack",
    "posting_to_general_channel_denied": "let the app post there, or name another channel",
    "action_prohibited": "ask an admin of the workspace to let the app post there",
}
"""Code of a destination that takes nothing: how to mend it.  restricted_action… belongs here."""

_RENEW = "install the app again and set SLACK_BOT_TOKEN to its new token"
_NEW_HOOK = "make a new incoming webhook in Slack and set SLACK_WEBHOOK_URL to it"
CREDENTIALS: Mapping[str, str] = {
    "invalid_auth": "set SLACK_BOT_TOKEN to the bot token (xoxb-…) of the installed app",
    "not_authed": "set SLACK_BOT_TOKEN to the bot token (xoxb-…) of the installed app",
    "account_inactive": _RENEW,
    "token_revoked": _RENEW,
    "token_expired": _RENEW,
    "missing_scope": "add the scope to the app in Slack and install it again",
    "no_service": _NEW_HOOK,
    "no_service_id": _NEW_HOOK,
    "no_active_hooks": _NEW_HOOK,
    "no_team": _NEW_HOOK,
    "team_disabled": _NEW_HOOK,
    "invalid_token": _NEW_HOOK,
}
"""Code of a key that opens nothing any more: how to mend it."""

AMBIGUOUS = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "rollup_error"}
)
"""Slack says itself that some of the operation may have succeeded."""

_CODE = re.compile(r"[a-z][a-z0-9_]{1,80}")
_UNSAID = timedelta(seconds=30)
_LONGEST = timedelta(days=1)


def read_answer(answer: "SlackResponse") -> Outcome:
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
        needed=text_of(data.get("needed")),
        pointers=[str(each) for each in pointers] if isinstance(pointers, list) else (),
    )


def code_of(answer: "SlackResponse") -> str | None:
    """What an answer calls its error."""
    data: Any = answer.data
    return text_of(data.get("error")) if isinstance(data, dict) else None


def read_code(body: bytes) -> str | None:
    """The error that an answer without a client tells, as JSON or as a bare word; None: it is "ok",
    or nothing of Slack's."""
    try:
        told: Any = json.loads(body)
    except ValueError:
        told = {"error": body.decode(errors="replace").strip()}
    code = text_of(told.get("error")) if isinstance(told, dict) else None
    return code if code and code != "ok" and _CODE.fullmatch(code) else None


def why_of(error: Exception) -> str:
    """Slack's own code where it refused, else the kind of the error; no address, no token."""
    answer: Any = getattr(error, "response", None)
    if answer is None:
        return type(error).__name__
    code = code_of(answer)
    return code if code and _CODE.fullmatch(code) else f"HTTP status {answer.status_code}"


def wait_of(error: Exception) -> timedelta | None:
    """How long Slack wants to be left alone where it refused for now only, else None."""
    answer: Any = getattr(error, "response", None)
    meant = None if answer is None else read_answer(answer)
    return meant.after if isinstance(meant, Wait) else None


def text_of(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _header(answer: "SlackResponse", name: str) -> str | None:
    return next((str(v) for k, v in answer.headers.items() if k.lower() == name), None)


def read_refusal(
    status: int,
    code: object,
    *,
    retry_after: str | None = None,
    needed: str | None = None,
    pointers: Sequence[str] = (),
) -> Outcome:
    """The meaning of an answer that is not "ok".

    code: what it calls its error; prose, or nothing, where the answer is not Slack's own.
    pointers: the messages of response_metadata.
    """
    if status == 429 or code in WAIT:
        return Wait(after=read_retry_after(retry_after), why=f"{status} {_word(code)}")
    if status >= 500 or not isinstance(code, str) or not _CODE.fullmatch(code):
        return Uncertain(why=f"{status} {_word(code)}")
    if code in AMBIGUOUS:
        return Uncertain(why=code)
    if code in CONTENT:
        return Refused(why=code, pointers=tuple(pointers))
    if code in DESTINATION or code.startswith("restricted_action"):
        mend = DESTINATION.get(code, DESTINATION["action_prohibited"])
        return Parked(why=code, mend=mend)
    if code in CREDENTIALS:
        mend = CREDENTIALS[code] + (f": {needed}" if needed else "")
        return CredentialsRefused(why=code, mend=mend, needed=needed)
    return Dead(why=code)


def _word(code: object) -> str:
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "without an error of Slack"


def read_retry_after(value: str | None) -> timedelta:
    """How long to wait; 30 s where the answer does not say it in seconds."""
    try:
        seconds = float(value or "")
    except ValueError:
        return _UNSAID
    if not math.isfinite(seconds) or seconds < 0:
        return _UNSAID
    return timedelta(seconds=min(seconds, _LONGEST.total_seconds()))
