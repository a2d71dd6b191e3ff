"""Whether tokens, scopes and channels of Slack are as the bot needs them: for `bot doctor`."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigError
from bot.finding import Finding, bad, good, warning
from bot.notifiers.slack_answers import CREDENTIALS, DESTINATION, why_of
from bot.notifiers.slack_scopes import missing, needed
from bot.notifiers.transport import check_address

if TYPE_CHECKING:
    from bot.notifiers.slack_client import WriteClient

_KINDS = {
    "xoxb-": "the bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a token of a person",
    "xoxe": "a token that expires",
}
_MAY_NOT_LOOK = ("missing_scope", "no_permission", "not_allowed_token_type")
_AGAIN = "install the app again"
_PAGE = 999


def check_token(token: str, *, variable: str, begins: str) -> Finding | None:
    """A token of another kind in a variable; None where it is of the right one.

    begins: how the right kind begins.  The token itself is not shown.
    """
    if token.startswith(begins):
        return None
    kind = next((told for start, told in _KINDS.items() if token.startswith(start)), "no token")
    told = f"{variable} holds {kind}"
    mend = f"set it to {_KINDS[begins]} ({begins}…)"
    if token.startswith(tuple({"xoxb-", "xapp-"} - {begins})):
        mend += ", and this one to the other variable: the two are swapped"
    return bad("Slack", told, mend)


def check_slack(
    client: "WriteClient",
    *,
    channels: Mapping[str, str],
    chat: bool,
    groups: bool,
) -> Iterator[Finding]:
    """channels: each with where it is named.  chat, groups: as in slack_scopes.needed."""
    try:
        answer = client.auth_test()
    except Exception as error:  # the client lets anything through that a broken answer causes
        yield _no_answer("Slack", error)
        return
    yield good("Slack", f"{answer.get('user')} in {answer.get('team')}")
    yield _scopes(answer.headers, chat=chat, groups=groups)
    yield from _channels(client, channels)


def client_of(token: str, *, api_url: str) -> "WriteClient":
    """ConfigError on an address that secrets do not go to."""
    from bot.notifiers.slack_client import WriteClient

    check_address(api_url, where="[slack] api_url")
    return WriteClient(token=token, api_url=api_url, timeout_s=10)


def _scopes(headers: Mapping[str, Any], *, chat: bool, groups: bool) -> Finding:
    told = next((str(v) for k, v in headers.items() if k.lower() == "x-oauth-scopes"), None)
    if told is None:
        return good("scopes", "not told by Slack")
    lacking = missing((each.strip() for each in told.split(",")), chat=chat, groups=groups)
    if not lacking:
        count = len(list(needed(chat=chat, groups=groups)))
        return good("scopes", f"all {count} that are needed")
    text = "; ".join(f"without {scope.name} {scope.without}" for scope in lacking)
    mend = f"add them under OAuth & Permissions of the app and {_AGAIN}"
    judged = bad if any(scope.name == "chat:write" for scope in lacking) else warning
    return judged("scopes", text, mend)


def _channels(client: "WriteClient", channels: Mapping[str, str]) -> Iterator[Finding]:
    try:
        listed, private = _listed(client)
    except Exception as error:  # the client lets anything through that a broken answer causes
        if (why := why_of(error)) in _MAY_NOT_LOOK:
            mend = f"add channels:read and groups:read to the app and {_AGAIN}"
            yield warning("channels", f"not looked at, so a wrong name is not seen: {why}", mend)
        else:
            yield _no_answer("channels", error)
        return
    for channel, where in channels.items():
        yield _channel(channel, where, listed, private=private)
    yield from _named_twice(channels, listed)


def _named_twice(
    channels: Mapping[str, str], listed: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """One channel under two names: an alert for both stands there twice."""
    first: dict[str, str] = {}
    for channel in channels:
        found = listed.get(channel.removeprefix("#"))
        known = channel if found is None else first.setdefault(str(found.get("id")), channel)
        if known != channel:
            told = f"is the same as {known}: an alert for both would come twice"
            yield warning(f"channel {channel}", told, f"name it {known} in {channels[channel]} too")


def _listed(client: "WriteClient") -> tuple[dict[str, Mapping[str, Any]], bool]:
    """Channels by name and by id, and whether private ones are among them."""
    try:
        return _all(client, "public_channel,private_channel"), True
    except Exception as error:
        if why_of(error) != "missing_scope":
            raise
    return _all(client, "public_channel"), False


def _all(client: "WriteClient", types: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    cursor = ""
    while True:
        page = client.conversations_list(types=types, limit=_PAGE, cursor=cursor)
        for each in page.get("channels") or []:
            found |= {str(each.get("name")): each, str(each.get("id")): each}
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found


def _channel(
    channel: str, where: str, listed: Mapping[str, Mapping[str, Any]], *, private: bool
) -> Finding:
    what = f"channel {channel}"
    found = listed.get(channel.removeprefix("#"))
    if found is None and not private:
        told = "not found among public channels; private ones are not told without groups:read"
        return warning(what, told, f"correct {where}, or invite the bot there (/invite @alerts)")
    if found is None:
        told = "there is none of this name that the bot can see"
        mend = f"correct {where}; a private channel is seen once the bot is in it (/invite @alerts)"
        return bad(what, told, mend)
    kind = "private" if found.get("is_private") else "public"
    if found.get("is_archived"):
        return bad(what, f"{kind}, archived", DESTINATION["is_archived"])
    if not found.get("is_member", True):
        return bad(what, f"{kind}, the bot is not in it", DESTINATION["not_in_channel"])
    return good(what, f"{kind}, the bot is in it ({where})")


def _no_answer(what: str, error: Exception) -> Finding:
    if isinstance(error, ConfigError):
        raise error
    why = why_of(error)
    if why in CREDENTIALS:
        return bad(what, f"refused: {why}", CREDENTIALS[why])
    if getattr(error, "response", None) is not None and not why.startswith("HTTP"):
        return bad(what, f"refused: {why}", "look the code up at docs.slack.dev")
    return bad(what, f"no answer: {why}", "check the network and [slack] api_url")
