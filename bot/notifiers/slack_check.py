"""Whether a bot token can do what the bot needs: for `bot doctor`."""

from collections.abc import Sequence
from typing import Any

from bot.notifiers.slack_answers import CREDENTIALS
from bot.notifiers.transport import check_address

NEEDED_SCOPES = ("chat:write",)


_MAY_NOT_LOOK = ("missing_scope", "no_permission", "not_allowed_token_type")


def check_slack(token: str, *, api_url: str, channels: Sequence[str]) -> tuple[str, str]:
    """What there is to tell, and how to mend it where something is missing."""
    from bot.notifiers.slack_client import SlackApiError, WriteClient

    check_address(api_url, where="[slack] api_url")
    client = WriteClient(token=token, api_url=api_url, timeout_s=10)
    try:
        return _looked(client, channels)
    except SlackApiError as error:
        if code := _code(error):
            return f"refused: {code}", CREDENTIALS.get(code, "look the code up at docs.slack.dev")
        return _no_answer(f"HTTP status {error.response.status_code}")
    except Exception as error:  # the client lets anything through that a broken answer causes
        return _no_answer(type(error).__name__)


def _looked(client: Any, channels: Sequence[str]) -> tuple[str, str]:
    """Raises what the client raises."""
    answer = client.auth_test()
    told = f"{answer.get('user')} in {answer.get('team')}"
    missing = _missing_scopes(answer.headers)
    if missing:
        return f"{told}, without {', '.join(missing)}", "add the scope and install the app again"
    strange = [channel for channel in channels if not _is_there(client, channel)]
    if strange:
        mend = "invite the bot there (/invite @alerts), or correct [alerts] channel"
        return f"{told}, not in {', '.join(strange)}", mend
    return f"{told}, channels {', '.join(channels)}", ""


def _no_answer(why: str) -> tuple[str, str]:
    return f"no answer: {why}", "check the network and [slack] api_url"


def _code(error: Any) -> str | None:
    """Slack's own word for a refusal; slack_sdk puts prose for what is no JSON."""
    data = error.response.data
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and " " not in code else None


def _missing_scopes(headers: Any) -> list[str]:
    told = next((str(v) for k, v in headers.items() if k.lower() == "x-oauth-scopes"), None)
    if told is None:
        return []
    held = {scope.strip() for scope in told.split(",")}
    return [scope for scope in NEEDED_SCOPES if scope not in held]


def _is_there(client: Any, channel: str) -> bool:
    """Whether the bot is a member; unknown counts as yes, where reading channels is not allowed."""
    from bot.notifiers.slack_client import SlackApiError

    name, cursor = channel.lstrip("#"), ""
    try:
        while True:
            page = client.conversations_list(limit=200, cursor=cursor, exclude_archived=True)
            for each in page.get("channels", []):
                if name in (each.get("name"), each.get("id")):
                    return bool(each.get("is_member", True))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False
    except SlackApiError as error:
        if _code(error) in _MAY_NOT_LOOK:
            return True
        raise
