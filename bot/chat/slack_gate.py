"""When Slack may be asked again for an address to connect to."""

from collections.abc import Callable
from datetime import timedelta

from bot.clock import monotonic

_FIRST, _LONGEST = timedelta(seconds=1), timedelta(seconds=10)
_REFUSED = timedelta(minutes=1)

REFUSALS = {
    "invalid_auth": "set SLACK_APP_TOKEN to an app-level token (xapp-…) of this app",
    "not_authed": "set SLACK_APP_TOKEN to an app-level token (xapp-…) of this app",
    "not_allowed_token_type": "set SLACK_APP_TOKEN to an app-level token (xapp-…), no bot token",
    "missing_scope": "give the app-level token the scope connections:write, or make a new one",
    "token_revoked": "make a new app-level token and set SLACK_APP_TOKEN to it",
    "token_expired": "make a new app-level token and set SLACK_APP_TOKEN to it",
    "account_inactive": "install the app again, and make a new app-level token",
    "forbidden_team": "ask an admin of the workspace to allow the app",
    "link_disabled": "switch Socket Mode on in the settings of the app, then start the bot again",
}
"""Codes of apps.connections.open and of a disconnect that only an operator mends."""


class NotYet(Exception):
    """Asked again too soon, or for good."""


class Gate:
    """Closed for a growing while after each failure, for a minute after a refusal.

    The longest wait stays far below the half minute in which a deaf bot is to hear again.
    refused: the code of a refusal that lasts; None where there is none.
    """

    def __init__(self, steady: Callable[[], float] = monotonic) -> None:
        self._steady = steady
        self._until = float("-inf")
        self._wait = _FIRST
        self.refused: str | None = None

    def check(self) -> None:
        """NotYet while it is closed."""
        if self._steady() < self._until:
            raise NotYet

    @property
    def is_open(self) -> bool:
        return self._steady() >= self._until

    def open(self) -> None:
        self._wait, self.refused = _FIRST, None

    def close(self, why: str, wanted: timedelta | None = None) -> None:
        """why: Slack's code, or what befell the request.  wanted: how long Slack wants peace."""
        self.refused = why if why in REFUSALS else None
        wait = wanted or (_REFUSED if self.refused else self._wait)
        self._until = self._steady() + wait.total_seconds()
        self._wait = min(2 * self._wait, _LONGEST)

    def shut(self) -> None:
        """For good."""
        self._until = float("inf")
