"""Whether the socket works: for `bot doctor`, which connects as the bot does and hangs up."""

from collections.abc import Callable
from datetime import timedelta

from bot.chat.slack_gate import REFUSALS
from bot.chat.slack_socket import CONNECTIONS, SlackSocket
from bot.clock import monotonic
from bot.finding import Finding, bad, good
from bot.notifiers.slack_answers import why_of

_PATIENCE = timedelta(seconds=30)
_LOOK_EVERY_S = 0.1
_WHAT = "Socket Mode"


def try_socket(app_token: str, *, api_url: str, sleep: Callable[[float], None]) -> Finding:
    """Two connections, with a hello and a pong on each.

    Not while a bot runs: what people type meanwhile comes to one of these and is not answered.
    """
    began = monotonic()
    socket = SlackSocket(
        app_token=app_token, api_url=api_url, handle=lambda _: None, tell=lambda *_: None
    )
    socket.start()
    try:
        while monotonic() - began < _PATIENCE.total_seconds():
            ears = socket.ears()
            if refused := next((ear.refused for ear in ears if ear.refused), None):
                return bad(_WHAT, f"refused: {refused}", REFUSALS[refused])
            if all(ear.greeted and ear.heard for ear in ears):
                took = f"{monotonic() - began:.1f} s"
                return good(_WHAT, f"{len(ears)} connections, hello and pong within {took}")
            sleep(_LOOK_EVERY_S)
        heard = sum(ear.heard for ear in socket.ears())
        told = f"{heard} of {CONNECTIONS} connections heard from Slack within {_PATIENCE.seconds} s"
        mend = "let the machine reach wss://wss-primary.slack.com (port 443), past any proxy"
        return bad(_WHAT, told, mend)
    finally:
        socket.close()


def ask_for_socket(app_token: str, *, api_url: str) -> Finding:
    """Whether Slack would open a connection, without opening one."""
    from bot.notifiers.slack_client import WriteClient

    client = WriteClient(token=app_token, api_url=api_url, timeout_s=10)
    try:
        client.apps_connections_open(app_token=app_token)
    except Exception as error:  # the client lets anything through that a broken answer causes
        why = why_of(error)
        return bad(_WHAT, f"refused: {why}", REFUSALS.get(why, "check the network, then try again"))
    return good(_WHAT, "Slack opens connections; those of the running bot were left alone")
